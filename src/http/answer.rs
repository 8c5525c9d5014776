//! What comes back: an answer whose body was read as text, and the error that a bad one means.

use gloo_net::http::Response;
use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::error::Fields;
use crate::host;
use crate::js::{self, Raw};
use crate::model::Entity;

// The formatter would take the text away.
#[rustfmt::skip]
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, static_string)]
    static OUTPUT: JsString = "output";
}

#[wasm_bindgen]
extern "C" {
    /// The proxy's envelope.
    type Envelope;
    #[wasm_bindgen(method, getter)]
    fn output(this: &Envelope) -> JsValue;

    /// What servers say of an error.
    #[wasm_bindgen(extends = Entity)]
    pub(crate) type ErrorBody;
    #[wasm_bindgen(method, getter)]
    fn meta(this: &ErrorBody) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = retryAfterMs)]
    fn retry_after_ms(this: &ErrorBody) -> JsValue;

    #[wasm_bindgen(extends = ErrorBody)]
    type Meta;
    #[wasm_bindgen(method, getter, js_name = isIntegrationError)]
    fn is_integration_error(this: &Meta) -> JsValue;
}

impl ErrorBody {
    /// `meta`, if it says that the error is the integration's, not the user's.
    pub(crate) fn integration_error(&self) -> Option<JsValue> {
        let meta: Meta = js::view(self.meta());
        meta.is_integration_error().is_truthy().then(|| meta.into())
    }
}

/// An answer. Several callers may hold the same one.
#[derive(Clone)]
pub(crate) struct Answer {
    /// Status and headers.
    pub(crate) response: web_sys::Response,
    /// The body.
    pub(crate) text: JsString,
}

impl Answer {
    fn response(&self) -> Response {
        Response::from(Clone::clone(&self.response))
    }

    /// Whether the status says that all is well.
    pub(crate) fn is_ok(&self) -> bool {
        self.response().ok()
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> u16 {
        self.response().status()
    }

    /// Whether it is declared as `application/json`; not `problem+json`, as in the reference client.
    pub(crate) fn is_json(&self) -> bool {
        const JSON: &[u8] = b"application/json";
        let content_type = self
            .response()
            .headers()
            .get("content-type")
            .unwrap_or_default();
        content_type
            .as_bytes()
            .windows(JSON.len())
            .any(|part| part == JSON)
    }

    /// The parsed body, another value for each caller; `undefined` if it is empty or no JSON.
    pub(crate) fn json(&self) -> JsValue {
        js::parsed(&self.text)
    }

    /// What `request()` resolves with: nothing, JSON without the proxy's envelope, or text.
    pub(crate) fn value(&self) -> JsValue {
        let body = if self.is_json() {
            self.json()
        } else {
            JsValue::UNDEFINED
        };
        if body.is_undefined() {
            return js::text(self.text.clone().into()).map_or(body, JsValue::from);
        }
        if js::is_record(&body) && OUTPUT.with(|key| js::has_own(&body, key)) {
            return body.unchecked_into::<Envelope>().output();
        }
        body
    }

    /// What errors made from this answer carry; `body` is the parsed one, `undefined` if it is no JSON.
    pub(crate) fn fields(&self, body: &JsValue) -> Fields {
        let said: ErrorBody = js::view(body.clone());
        let headers = self.response().headers();
        let request_id = said.request_id();
        let in_body = said.retry_after_ms().as_f64().map(|ms| ms / 1000.0);
        let retry_after = in_body.or_else(|| seconds(&headers.get("retry-after")?));
        Fields {
            status: Raw(self.status().into()),
            code: Raw(said.code()),
            request_id: if request_id.is_undefined() {
                Raw(headers
                    .get("x-request-id")
                    .map_or(request_id, JsValue::from))
            } else {
                Raw(request_id)
            },
            retry_after: Raw(retry_after.map_or(JsValue::UNDEFINED, |wait| wait.max(0.0).into())),
            body: if body.is_undefined() {
                Raw::from(&self.text)
            } else {
                Raw(body.clone())
            },
            ..Fields::default()
        }
    }
}

/// `Retry-After` in seconds: a number of them, or a date (RFC 9110, section 10.2.3).
fn seconds(value: &str) -> Option<f64> {
    let wait = js_sys::Number::from(JsValue::from(value)).value_of();
    let wait = if wait.is_nan() {
        (js_sys::Date::parse(value) - host::now_ms()) / 1000.0
    } else {
        wait
    };
    (!wait.is_nan()).then_some(wait)
}
