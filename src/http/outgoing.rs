//! What goes out: headers under the user's token, and which requests are the same.

use std::rc::Rc;

use gloo_net::http::{Headers, Request};
use js_sys::{JsString, Object};
use wasm_bindgen::prelude::*;
use web_sys::RequestInit;

use crate::error::Result;
use crate::js;
use crate::session::Auth;

/// Version of the protocol that this SDK speaks.
pub(crate) const PROTOCOL_VERSION: &str = "2.4.0";

/// What a call says in its headers.
#[derive(Default)]
pub(crate) struct Head {
    /// The caller's own, in any form that `fetch` takes. They win, except over the token.
    pub(crate) given: Option<Object>,
    /// Type of the body; none where the engine knows it.
    pub(crate) content_type: Option<&'static str>,
    /// Credential that the call is for.
    pub(crate) credential: Option<JsString>,
    /// Configuration that the call is for.
    pub(crate) configuration: Option<JsString>,
    /// Whether the provider's answer is wanted as it came.
    pub(crate) is_raw: bool,
}

impl Head {
    /// All headers of the call.
    ///
    /// # Errors
    /// When what the app gave is no header. It is said here, since `fetch` would say it as if there were no connection.
    fn headers(&self, auth: &Auth) -> Result<web_sys::Headers> {
        let headers = match &self.given {
            Some(given) => web_sys::Headers::new_with_str_sequence_sequence(given)?,
            None => web_sys::Headers::new()?,
        };
        let text = |id: &Option<JsString>| id.as_ref().map(String::from);
        let (credential, configuration) = (text(&self.credential), text(&self.configuration));
        let own = [
            ("Accept", Some("application/json")),
            ("X-Paragon-SDK-Version", Some(PROTOCOL_VERSION)),
            ("Content-Type", self.content_type),
            ("X-Paragon-Credential", credential.as_deref()),
            ("X-Paragon-Configuration-Id", configuration.as_deref()),
            ("X-Paragon-Use-Raw-Response", self.is_raw.then_some("true")),
        ];
        for (name, value) in own {
            if let Some(value) = value
                && !headers.has(name)?
            {
                headers.set(name, value)?;
            }
        }
        headers.set("Authorization", &auth.authorization)?;
        Ok(headers)
    }

    /// Whether nothing makes it differ from the head of a plain GET by `request()`.
    fn is_plain(&self) -> bool {
        self.given.is_none()
            && self.content_type == Some("auto")
            && self.credential.is_none()
            && self.configuration.is_none()
            && !self.is_raw
    }
}

/// A request that is ready to go.
pub(crate) struct Outgoing {
    /// Who sends it.
    pub(crate) auth: Rc<Auth>,
    pub(crate) url: JsString,
    pub(crate) init: RequestInit,
    /// Whether it changes nothing, so that an equal one that is on the way may stand in for it.
    pub(crate) is_get: bool,
}

impl Outgoing {
    /// A request with this body: a text, or whatever `fetch` can send; `undefined` for none.
    ///
    /// # Errors
    /// For headers that the engine refuses.
    pub(crate) fn new(
        auth: &Rc<Auth>,
        url: JsString,
        method: &str,
        head: &Head,
        body: Option<&JsValue>,
    ) -> Result<Self> {
        let is_get = method == "GET";
        let init = if is_get && body.is_none() && head.is_plain() {
            copied(plain_get(auth, head)?)
        } else {
            init(auth, method, head, body)?
        };
        Ok(Self {
            auth: Rc::clone(auth),
            url,
            init,
            is_get,
        })
    }

    /// The same request, to be sent once more.
    pub(crate) fn again(&self) -> Self {
        Self {
            auth: Rc::clone(&self.auth),
            url: self.url.clone(),
            init: copied(&self.init),
            is_get: self.is_get,
        }
    }

    /// Whether the body goes out while it is made.
    pub(crate) fn sends_stream(&self) -> bool {
        is_stream(&self.init.get_body())
    }

    /// The same text for requests of a user to one URL that are equal.
    pub(crate) fn key(&self) -> String {
        let mut key = String::new();
        let headers = self.init.get_headers();
        for (name, value) in Headers::from_raw(headers.unchecked_into()).entries() {
            key.extend([name.as_str(), ":", &value, "\n"]);
        }
        key + &self.init.get_body().as_string().unwrap_or_default()
    }
}

fn copied(init: &RequestInit) -> RequestInit {
    Object::assign(&Object::new(), init).unchecked_into()
}

fn plain_get<'a>(auth: &'a Auth, head: &Head) -> Result<&'a RequestInit> {
    if auth.plain_get.get().is_none() {
        let made = init(auth, "GET", head, None)?;
        let _ = auth.plain_get.set(made);
    }
    // INVARIANT: it was set above.
    Ok(auth.plain_get.get_or_init(RequestInit::new))
}

/// Whether `value` is a stream of this realm or another.
pub(crate) fn is_stream(value: &JsValue) -> bool {
    js::field(value, "getReader").is_function()
}

/// Whether the engine sends streams. One that does not makes a text of them, and says so by its type (Fetch standard,
/// section 5.3).
pub(crate) fn can_send_streams() -> bool {
    let init = RequestInit::new();
    init.set_method("POST");
    let Ok(stream) = web_sys::ReadableStream::new() else {
        return false;
    };
    init.set_body(&stream);
    init.unchecked_ref::<StreamInit>().set_duplex("half");
    let probe = web_sys::Request::new_with_str_and_init("https://invalid.invalid", &init);
    probe.is_ok_and(|probe| !Request::from(probe).headers().has("content-type"))
}

#[wasm_bindgen]
extern "C" {
    /// `RequestInit` with what web-sys does not know.
    #[wasm_bindgen(extends = RequestInit)]
    type StreamInit;
    #[wasm_bindgen(method, setter)]
    fn set_duplex(this: &StreamInit, value: &str);
}

fn init(auth: &Auth, method: &str, head: &Head, body: Option<&JsValue>) -> Result<RequestInit> {
    let init = RequestInit::new();
    init.set_method(method);
    let headers = head.headers(auth)?;
    init.set_headers(&headers);
    if let Some(body) = body {
        init.set_body(body);
        if is_stream(body) {
            // A stream goes out while it is made, which `fetch` wants to be told.
            init.unchecked_ref::<StreamInit>().set_duplex("half");
        }
    }
    Ok(init)
}
