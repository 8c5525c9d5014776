//! `request()`: the provider's API through the proxy.

mod answer;
mod body;
mod retry;

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use self::body::Body;
use self::retry::Retry;
use crate::error::{Outcome, SdkError};
use crate::sdk::Sdk;
use crate::services::Service;
use crate::transport::{self, Call, Limited, Reply};
use crate::{js, options, path};

/// What `request()` resolves with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResponseType {
    /// JSON where the answer says so, else text; the proxy's envelope is taken off.
    Json,
    /// The provider's body as text.
    Text,
    /// The body read by the method of this name: `blob` or `arrayBuffer`.
    Binary(&'static str),
    /// The body's `ReadableStream`.
    Stream,
    /// The `Response` itself, body unread.
    Response,
}

impl ResponseType {
    /// Whether the body is read as text, which several callers can share.
    fn is_text(self) -> bool {
        matches!(self, Self::Json | Self::Text)
    }

    /// Whether the app reads the body itself.
    fn is_unread(self) -> bool {
        matches!(self, Self::Stream | Self::Response)
    }

    fn parse(option: &JsValue) -> Outcome<Self> {
        if option.is_undefined() {
            return Ok(Self::Json);
        }
        Ok(match option.as_string().as_deref() {
            Some("json") => Self::Json,
            Some("text") => Self::Text,
            Some("blob") => Self::Binary("blob"),
            Some("arrayBuffer") => Self::Binary("arrayBuffer"),
            Some("stream") => Self::Stream,
            Some("response") => Self::Response,
            _ => {
                let text = "responseType must be json, text, blob, arrayBuffer, stream or response";
                return Err(SdkError::usage("invalid_option", text));
            }
        })
    }
}

/// A `request()` that is ready to go.
struct Prepared {
    call: Call,
    response_type: ResponseType,
    signal: JsValue,
    timeout_ms: Option<f64>,
    retry: Option<Retry>,
}

impl Sdk {
    /// Calls the provider of `integration` at `path`.
    pub(crate) fn request(
        self: &Rc<Self>,
        integration: &JsValue,
        path: &JsValue,
        options: &JsValue,
    ) -> Promise {
        // Prepared before the first await: the app may reuse its options object.
        let prepared = match self.prepare_request(integration, path, options) {
            Ok(prepared) => prepared,
            Err(error) => return transport::settled(Err(error)),
        };
        if prepared.retry.is_none() && prepared.response_type.is_text() {
            return self.request_once(&prepared);
        }
        let sdk = Rc::clone(self);
        transport::promise(async move {
            let limited = Limited::new(&prepared.signal, prepared.timeout_ms);
            let signal = limited.signal();
            let mut repeat = 0;
            loop {
                let error = match sdk.attempt(&prepared, &signal).await {
                    Err(error) => error,
                    Ok(value) => {
                        if prepared.response_type.is_unread() {
                            limited.hand_over();
                        }
                        return Ok(value);
                    }
                };
                let pause_ms = prepared
                    .retry
                    .and_then(|retry| retry.pause_ms(&error, repeat));
                let Some(pause_ms) = pause_ms else {
                    return Err(error);
                };
                transport::wait(pause_ms, &signal).await?;
                repeat += 1;
            }
        })
    }

    /// The usual case, left to the engine as a whole: waiting here would double the time of a small request.
    fn request_once(self: &Rc<Self>, prepared: &Prepared) -> Promise {
        let refused = self.refused.get_or_init(|| {
            let sdk = Rc::downgrade(self);
            js::callback(move |reply| {
                let Some(sdk) = sdk.upgrade() else {
                    return JsValue::UNDEFINED;
                };
                let reply: Reply = reply.unchecked_into();
                transport::promise(async move { sdk.read_reply(&reply, false).await }).into()
            })
        });
        self.wire.request(
            &prepared.call.url,
            &prepared.call.init,
            prepared.call.is_shared,
            &prepared.signal,
            prepared.timeout_ms,
            prepared.response_type == ResponseType::Json,
            refused.as_ref(),
        )
    }

    /// Sends the request once.
    async fn attempt(&self, prepared: &Prepared, signal: &JsValue) -> Outcome<JsValue> {
        let Call { url, init, .. } = &prepared.call;
        let (how, is_enveloped) = match prepared.response_type {
            ResponseType::Json | ResponseType::Text => {
                let reply = self.wire.send(&prepared.call, signal).await?;
                let is_enveloped = prepared.response_type == ResponseType::Json;
                return self.read_reply(&reply, is_enveloped).await;
            }
            ResponseType::Binary(how) => (Some(how), false),
            _ => (None, false),
        };
        let response = transport::open(url, init, signal).await?;
        let is_good = response.ok();
        let response = transport::raw(response);
        if !is_good {
            let reply = transport::read(&response, "text").await?;
            return self.read_reply(reply.unchecked_ref(), is_enveloped).await;
        }
        match how {
            Some(how) => transport::read(&response, how).await,
            None if prepared.response_type == ResponseType::Stream => {
                Ok(js::get(&response, "body"))
            }
            None => Ok(response),
        }
    }

    fn prepare_request(
        &self,
        integration: &JsValue,
        path: &JsValue,
        options: &JsValue,
    ) -> Outcome<Prepared> {
        let auth = self.auth()?;
        let name = integration.as_string().unwrap_or_default();
        if name.is_empty() {
            return Err(SdkError::usage(
                "integration_missing",
                "Integration is required.",
            ));
        }
        let path = path::rooted(&path.as_string().unwrap_or_default())?;
        let prefix = self.url(Service::Proxy);
        let url = [
            &prefix,
            &auth.project_path(),
            "/sdk/proxy/",
            &js::encode(&name),
            &path,
        ]
        .concat();
        let response_type = ResponseType::parse(&js::get(options, "responseType"))?;
        let body = Body::of(js::get(options, "body"));
        let credential = js::non_empty(options, "selectedCredentialId");
        let is_raw = response_type != ResponseType::Json;
        let method = js::non_empty(options, "method")
            .unwrap_or_else(|| "GET".to_owned())
            .to_ascii_uppercase();
        let content_type = body.default_type();
        let body = body.into_value();
        let retry = Retry::of(&js::get(options, "retry"), &method, &body)?;
        let init = transport::init(
            &method,
            &auth.token,
            &js::get(options, "headers"),
            &body,
            crate::sdk::VERSION,
            content_type,
            credential.as_deref(),
            None,
            is_raw,
        )?;
        Ok(Prepared {
            call: Call {
                url,
                init,
                is_shared: method == "GET",
                is_kept: false,
            },
            response_type,
            signal: js::get(options, "signal"),
            timeout_ms: options::duration_ms(options, "timeout")?,
            retry,
        })
    }
}
