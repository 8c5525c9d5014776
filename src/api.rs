//! API calls as the signed-in user: JSON in, JSON out.

use std::pin::Pin;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::credentials::Selection;
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::js;
use crate::sdk::{Sdk, VERSION};
use crate::services::Service;
use crate::session::Auth;
use crate::transport::{self, Call, Reply};

/// A call of the API: JSON in, JSON out.
pub(crate) struct ApiCall {
    /// `GET`, `POST` …
    pub(crate) method: String,
    /// Prefix that wins over the service's; one of the configured URLs.
    pub(crate) base: Option<String>,
    /// The service.
    pub(crate) service: Service,
    /// Path after the service's prefix.
    pub(crate) path: String,
    /// `undefined` for none; else what is sent.
    pub(crate) body: JsValue,
    /// Id for `X-Paragon-Credential`.
    pub(crate) credential: Option<String>,
    /// Id for `X-Paragon-Configuration-Id`.
    pub(crate) configuration: Option<String>,
    /// Whether the open portal's credential is left out where `credential` is none.
    pub(crate) skips_default: bool,
    /// Whether the answer may be one that came within the last five seconds.
    pub(crate) is_kept: bool,
    /// The caller's own headers, in any form `fetch` accepts.
    pub(crate) headers: JsValue,
}

impl ApiCall {
    /// A call of the main API without body and credential.
    #[inline(never)]
    pub(crate) fn new(method: &str, path: String) -> Self {
        Self {
            method: method.to_owned(),
            base: None,
            service: Service::Api,
            path,
            body: JsValue::UNDEFINED,
            credential: None,
            skips_default: false,
            is_kept: false,
            configuration: None,
            headers: JsValue::UNDEFINED,
        }
    }

    /// The same with `body` as JSON.
    pub(crate) fn json(mut self, body: &JsValue) -> Self {
        self.body = js::stringify(body);
        self
    }

    /// The same with the headers that name a chosen credential and its configuration.
    pub(crate) fn with(mut self, selection: &Selection) -> Self {
        self.credential = Some(selection.credential_id.clone());
        self.configuration = Some(selection.configuration_id.clone());
        self
    }
}

/// What is made of an answer.
pub(crate) type Then = Box<dyn FnOnce(&Rc<Sdk>, JsValue) -> Outcome<JsValue>>;

/// The answer of an API call. Boxed: as a part of every future that waits for it, it would be there twenty times.
pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Outcome<JsValue>> + 'a>>;

impl Sdk {
    /// A call of the main API whose path, given in parts, is under the project's; `body` is sent as JSON unless it
    /// is `undefined`.
    #[inline(never)]
    pub(crate) fn project_call(
        &self,
        method: &str,
        parts: &[&str],
        body: &JsValue,
        selection: Option<&Selection>,
    ) -> Outcome<ApiCall> {
        let mut path = self.auth()?.project_path();
        for part in parts {
            path.push_str(part);
        }
        let mut call = ApiCall::new(method, path);
        call.body = js::stringify(body);
        call.credential = selection.map(|selection| selection.credential_id.clone());
        call.configuration = selection.map(|selection| selection.configuration_id.clone());
        Ok(call)
    }

    /// One call and what is made of its answer: the promise of most methods.
    ///
    /// In place of an `async` function each, which would be a state machine each.
    pub(crate) fn call(self: &Rc<Self>, call: Outcome<ApiCall>, then: Then) -> Promise {
        let prepared = call.and_then(|call| self.prepare(&self.auth()?, call));
        let sdk = Rc::clone(self);
        transport::promise(async move {
            let answer = sdk.send_prepared(prepared).await?;
            then(&sdk, answer)
        })
    }

    /// [`Sdk::call`] whose answer must be an object; else the error says `missing`.
    pub(crate) fn call_for_object(
        self: &Rc<Self>,
        call: Outcome<ApiCall>,
        missing: String,
        then: Then,
    ) -> Promise {
        let checked = move |sdk: &Rc<Self>, answer: JsValue| {
            if answer.is_object() {
                then(sdk, answer)
            } else {
                Err(SdkError::usage("empty_answer", missing))
            }
        };
        self.call(call, Box::new(checked))
    }

    /// Sends an API call as the signed-in user; `undefined` where the answer has no JSON.
    pub(crate) fn api(&self, call: ApiCall) -> Answer<'_> {
        let prepared = self.auth().and_then(|auth| self.prepare(&auth, call));
        self.send_prepared(prepared)
    }

    /// [`Sdk::api`] for a user who may not be signed in yet.
    pub(crate) fn api_as(&self, auth: &Auth, call: ApiCall) -> Answer<'_> {
        self.send_prepared(self.prepare(auth, call))
    }

    #[inline(never)]
    fn send_prepared(&self, prepared: Outcome<Call>) -> Answer<'_> {
        Box::pin(self.answer(prepared))
    }

    async fn answer(&self, prepared: Outcome<Call>) -> Outcome<JsValue> {
        let epoch = self.epoch();
        let reply = self.wire.send(&prepared?, &JsValue::UNDEFINED).await?;
        if reply.ok() {
            return Ok(reply.json());
        }
        let body = reply.json();
        if self.ends_session(&reply, &body) && self.epoch() == epoch {
            self.logout();
        }
        Err(api_error(&reply, &body))
    }

    /// The request of an API call; identical reads share it, but for the user, who is asked for anew each time.
    fn prepare(&self, auth: &Auth, call: ApiCall) -> Outcome<Call> {
        let services = self.services.borrow();
        let base = call
            .base
            .as_deref()
            .unwrap_or_else(|| services.url(call.service));
        let takes_default =
            call.credential.is_none() && call.service == Service::Api && !call.skips_default;
        let default = if takes_default {
            self.connect.default_credential(self)
        } else {
            None
        };
        let init = transport::init(
            &call.method,
            &auth.token,
            &call.headers,
            &call.body,
            VERSION,
            Some("application/json"),
            call.credential.or(default).as_deref(),
            call.configuration.as_deref(),
            false,
        )?;
        let is_read = call.method == "GET" && !call.path.ends_with("/sdk/me");
        Ok(Call {
            url: [base, &call.path].concat(),
            init,
            is_shared: call.is_kept || is_read,
            is_kept: call.is_kept,
        })
    }

    /// Whether an error answer says that the user token is no longer good.
    ///
    /// The gateway names it by code. The cloud does not: there every 401 and 403 counts, except the reference's
    /// exempt codes and errors of the integration.
    pub(crate) fn ends_session(&self, reply: &Reply, body: &JsValue) -> bool {
        if !matches!(reply.status(), 401 | 403)
            || js::flag(&js::get(body, "meta"), "isIntegrationError")
        {
            return false;
        }
        let code = js::text(body, "code").unwrap_or_default();
        match code.as_str() {
            "token_invalid" | "token_expired" => true,
            "7210" | "7003" | "0704" => false,
            _ if self.is_gateway() => false,
            other => paragon_wire::ErrorCode::ALL
                .iter()
                .all(|known| known.as_str() != other),
        }
    }
}

/// The error of an API call: the reference's message is the JSON text of the body, `{}` for what is no JSON.
fn api_error(reply: &Reply, body: &JsValue) -> SdkError {
    let message = if body.is_undefined() {
        "{}".to_owned()
    } else {
        js::json_text(body)
    };
    ErrorKind::Request {
        message,
        fields: reply.fields(body),
    }
    .into()
}
