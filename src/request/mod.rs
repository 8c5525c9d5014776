//! `request()`: the provider's API through the proxy.

mod answer;
mod body;
mod retry;

use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, Headers};

use self::body::Body;
use self::retry::Retry;
use crate::api::headers_of;
use crate::error::{Outcome, SdkError};
use crate::sdk::Sdk;
use crate::services::Service;
use crate::transport::{self, Call, Reply};
use crate::{js, options, path, timer};

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
    key: Option<String>,
    response_type: ResponseType,
    signal: Option<AbortSignal>,
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
        let prepared = self.prepare_request(integration, path, options);
        let sdk = Rc::clone(self);
        transport::promise(async move {
            let prepared = prepared?;
            let work = sdk.attempts(&prepared);
            timer::bounded(work, prepared.signal.clone(), prepared.timeout_ms).await
        })
    }

    /// The first attempt and its repeats.
    async fn attempts(&self, prepared: &Prepared) -> Outcome<JsValue> {
        let mut repeat = 0;
        loop {
            let error = match self.attempt(prepared).await {
                Err(error) => error,
                done => return done,
            };
            let pause_ms = prepared
                .retry
                .and_then(|retry| retry.pause_ms(&error, repeat));
            let Some(pause_ms) = pause_ms else {
                return Err(error);
            };
            timer::sleep(pause_ms).await;
            repeat += 1;
        }
    }

    /// Sends the request once.
    async fn attempt(&self, prepared: &Prepared) -> Outcome<JsValue> {
        let call = prepared.call.clone();
        match prepared.response_type {
            ResponseType::Json | ResponseType::Text => {
                let reply = self.transport.exchange(call, prepared.key.clone()).await?;
                let is_enveloped = prepared.response_type == ResponseType::Json;
                self.read_reply(reply, is_enveloped).await
            }
            _ => self.attempt_unread(&call, prepared).await,
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
        let own = [
            ("Accept", Some("application/json")),
            ("Content-Type", body.default_type()),
            ("X-Paragon-SDK-Version", Some(crate::sdk::VERSION)),
            ("X-Paragon-Credential", credential.as_deref()),
            ("X-Paragon-Use-Raw-Response", is_raw.then_some("true")),
        ];
        let headers = headers_of(&js::get(options, "headers"), &auth.token, &own)?;
        let method = js::non_empty(options, "method")
            .unwrap_or_else(|| "GET".to_owned())
            .to_ascii_uppercase();
        let key = (method == "GET").then(|| [&url, "\n", &header_text(&headers)].concat());
        let body = body.into_value();
        let retry = Retry::of(&js::get(options, "retry"), &method, &body)?;
        let call = Call {
            method,
            url,
            headers,
            body,
        };
        let (signal, timeout_ms) = (
            options::signal(options),
            options::duration_ms(options, "timeout")?,
        );
        Ok(Prepared {
            call,
            key,
            response_type,
            signal,
            timeout_ms,
            retry,
        })
    }

    /// A request whose body the SDK does not read as text; it is never shared.
    async fn attempt_unread(&self, call: &Call, prepared: &Prepared) -> Outcome<JsValue> {
        let mut request = Cancelling(Some(AbortController::new()?));
        let signal = request.signal(prepared.signal.as_ref());
        let response = transport::send(call, signal.as_ref()).await?;
        let ok = response.ok();
        let response = transport::raw(response);
        let value = match prepared.response_type {
            _ if !ok => {
                let text = transport::read(&response, "text").await?;
                let response = response.unchecked_into::<web_sys::Response>().into();
                self.read_reply(Reply { response, text }, false).await?
            }
            ResponseType::Binary(how) => transport::read(&response, how).await?,
            ResponseType::Stream => js::get(&response, "body"),
            _ => response,
        };
        request.0 = None;
        Ok(value)
    }
}

/// A request that is taken off the wire when nobody waits for it any more.
struct Cancelling(Option<AbortController>);

impl Cancelling {
    /// Aborts with this request or with the app's signal.
    fn signal(&self, app: Option<&AbortSignal>) -> Option<AbortSignal> {
        self.0.as_ref().map(|own| either(&own.signal(), app))
    }
}

impl Drop for Cancelling {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// The headers as one text, the same for equal headers.
fn header_text(headers: &Headers) -> String {
    Array::from(headers)
        .join("\n")
        .as_string()
        .unwrap_or_default()
}

/// A signal that aborts when either does; the first alone where the engine cannot combine them.
fn either(own: &AbortSignal, app: Option<&AbortSignal>) -> AbortSignal {
    let Some(app) = app else {
        return own.clone();
    };
    let class = js_sys::Reflect::get(&js::global(), &"AbortSignal".into()).unwrap_or_default();
    let any = js_sys::Reflect::get(&class, &"any".into())
        .ok()
        .and_then(|any| any.dyn_into::<Function>().ok());
    let both: Array = [JsValue::from(own), JsValue::from(app)]
        .into_iter()
        .collect();
    any.and_then(|any| any.call1(&class, &both).ok())
        .map_or_else(|| app.clone(), JsCast::unchecked_into)
}
