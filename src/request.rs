//! `request()`: the provider's API through the proxy.

use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, Headers};

use crate::api::headers_of;
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::sdk::Sdk;
use crate::services::Service;
use crate::transport::{self, Call, Reply};
use crate::{js, options, path, timer};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag(value: &JsValue) -> String;
    #[wasm_bindgen(js_namespace = ArrayBuffer, js_name = isView)]
    fn is_view(value: &JsValue) -> bool;
}

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

/// Code of the gateway's answer when the provider no longer accepts the credential.
const NEEDS_RECONNECT: &str = paragon_wire::ErrorCode::CredentialNeedsReconnect.as_str();

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

/// How a body is sent.
enum Body {
    None,
    /// Text or JSON: the proxy finds out the type.
    Text(JsValue),
    /// `FormData` and the like: the engine knows the type.
    SelfDescribing(JsValue),
    /// Bytes and streams.
    Bytes(JsValue),
}

impl Body {
    fn of(body: JsValue) -> Self {
        if body.is_undefined() {
            return Self::None;
        }
        if !body.is_object() {
            return Self::Text(if body.is_string() {
                body
            } else {
                js::stringify(&body)
            });
        }
        if is_view(&body) {
            return Self::Bytes(body);
        }
        match tag(&body).as_str() {
            "[object FormData]"
            | "[object URLSearchParams]"
            | "[object Blob]"
            | "[object File]" => Self::SelfDescribing(body),
            "[object ArrayBuffer]" | "[object SharedArrayBuffer]" | "[object ReadableStream]" => {
                Self::Bytes(body)
            }
            _ => Self::Text(js::stringify(&body)),
        }
    }

    fn default_type(&self) -> Option<&'static str> {
        match self {
            Self::None | Self::Text(_) => Some("auto"),
            Self::SelfDescribing(_) => None,
            Self::Bytes(_) => Some("application/octet-stream"),
        }
    }

    fn into_value(self) -> JsValue {
        match self {
            Self::None => JsValue::UNDEFINED,
            Self::Text(value) | Self::SelfDescribing(value) | Self::Bytes(value) => value,
        }
    }
}

/// A `request()` that is ready to go.
struct Prepared {
    call: Call,
    key: Option<String>,
    response_type: ResponseType,
    signal: Option<AbortSignal>,
    timeout_ms: Option<f64>,
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
            let Prepared {
                call,
                key,
                response_type,
                signal,
                timeout_ms,
            } = prepared?;
            match response_type {
                ResponseType::Json | ResponseType::Text => {
                    let reply = sdk.transport.exchange(call, key);
                    let reply = timer::bounded(reply, signal, timeout_ms).await?;
                    sdk.read_reply(reply, response_type == ResponseType::Json)
                        .await
                }
                other => sdk.request_unread(&call, other, signal, timeout_ms).await,
            }
        })
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
        let call = Call {
            method,
            url,
            headers,
            body: body.into_value(),
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
        })
    }

    /// A request whose body the SDK does not read as text; it is never shared.
    async fn request_unread(
        &self,
        call: &Call,
        response_type: ResponseType,
        signal: Option<AbortSignal>,
        timeout_ms: Option<f64>,
    ) -> Outcome<JsValue> {
        let controller = AbortController::new()?;
        let wire_signal = either(&controller.signal(), signal.as_ref());
        let work = async {
            let response = transport::send(call, Some(&wire_signal)).await?;
            let ok = response.ok();
            let response = transport::raw(response);
            match response_type {
                _ if !ok => {
                    let text = transport::read(&response, "text").await?;
                    let response = response.unchecked_into::<web_sys::Response>().into();
                    self.read_reply(Reply { response, text }, false).await
                }
                ResponseType::Binary(how) => transport::read(&response, how).await,
                ResponseType::Stream => Ok(js::get(&response, "body")),
                _ => Ok(response),
            }
        };
        let result = timer::bounded(work, signal, timeout_ms).await;
        if result.is_err() {
            controller.abort();
        }
        result
    }

    /// The value of an answer, or its error after the user's state was brought up to date.
    async fn read_reply(&self, reply: Reply, is_enveloped: bool) -> Outcome<JsValue> {
        let body = if reply.is_json() {
            reply.json()
        } else {
            JsValue::UNDEFINED
        };
        if reply.response.ok() {
            return Ok(if is_enveloped {
                value_of(&reply, body)
            } else {
                reply.text
            });
        }
        if self.ends_session(&reply, &body) {
            self.refresh_user().await?;
        } else if js::text(&body, "code").as_deref() == Some(NEEDS_RECONNECT)
            && self.refresh_user().await.is_ok()
        {
            // App and portal see the broken connection at once; the app gets this error in any case.
            self.state_changed();
        }
        Err(proxy_error(reply, body))
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

/// Body of a good answer: nothing, JSON without the proxy's envelope, or text.
fn value_of(reply: &Reply, json: JsValue) -> JsValue {
    if js::is_empty(&reply.text) {
        return JsValue::UNDEFINED;
    }
    if json.is_undefined() {
        return reply.text.clone();
    }
    let has_output = js::is_record(&json)
        && js_sys::Object::has_own(json.unchecked_ref::<js_sys::Object>(), &"output".into());
    if has_output {
        js::get(&json, "output")
    } else {
        json
    }
}

/// The error of a proxy answer, with the reference's message and fields.
fn proxy_error(reply: Reply, body: JsValue) -> SdkError {
    let message = proxy_message(&reply, &body);
    let fields = reply.error_fields(&body);
    if body.is_undefined() {
        js::set(&fields, "response", &transport::raw(reply.response));
    } else {
        let shown = if js::is_record(&body) {
            js::merged(&body, &js::object(&[]))
        } else {
            body
        };
        if shown.is_object() {
            let _ = js_sys::Reflect::delete_property(
                shown.unchecked_ref::<js_sys::Object>(),
                &"headers".into(),
            );
        }
        js::set(&fields, "response", &shown);
    }
    ErrorKind::Request { message, fields }.into()
}

fn proxy_message(reply: &Reply, body: &JsValue) -> String {
    if body.is_undefined() {
        return reply.text.as_string().unwrap_or_default();
    }
    let meta = js::get(body, "meta");
    if js::flag(&meta, "isIntegrationError") {
        return js::json_text(&meta);
    }
    let message = js::get(body, "message");
    if let Some(text) = message.as_string() {
        return text;
    }
    if reply.response.status() == 400 && Array::is_array(&message) {
        let mut parts = Vec::new();
        flatten(&message, &mut parts);
        return parts.join(", ");
    }
    js::json_text(body)
}

/// Validation messages: strings, and of objects the values of `constraints`, then those of `children`.
fn flatten(messages: &JsValue, parts: &mut Vec<String>) {
    for message in js::list(messages).iter() {
        if let Some(text) = message.as_string() {
            parts.push(text);
            continue;
        }
        let constraints = js::get(&message, "constraints");
        parts.extend(
            js::keys(&constraints)
                .iter()
                .filter_map(|key| js::text(&constraints, key)),
        );
        flatten(&js::get(&message, "children"), parts);
    }
}
