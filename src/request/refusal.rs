//! What an error answer of the proxy means: the state is brought up to date, and the error has the reference's message.

use std::rc::Rc;

use paragon_wire::ErrorCode;
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::http::{Answer, ErrorBody};
use crate::js::{self, Raw};
use crate::sdk::Sdk;

#[wasm_bindgen]
extern "C" {
    /// A message of a failed validation.
    type Violation;
    #[wasm_bindgen(method, getter)]
    fn constraints(this: &Violation) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn children(this: &Violation) -> JsValue;
}

impl Sdk {
    /// The error that the app gets; a user or credential that is no longer good is loaded again first.
    pub(super) async fn refused(self: &Rc<Self>, answer: &Answer) -> Error {
        let body = if answer.is_json() {
            answer.json()
        } else {
            JsValue::UNDEFINED
        };
        let error = proxy_error(answer, &body);
        if self.ends_session(answer, &body) {
            // A failure of the refresh itself is what the app hears.
            return self.refresh_user().await.err().unwrap_or(error);
        }
        let needs_reconnect = ErrorCode::CredentialNeedsReconnect.as_str();
        if js::view::<ErrorBody>(body).code() == needs_reconnect
            && self.refresh_user().await.is_ok()
        {
            // App and portal see the broken connection at once; the app gets this error in any case.
            self.state_changed();
        }
        error
    }
}

/// The error of a proxy answer, with the reference's message and fields.
fn proxy_error(answer: &Answer, body: &JsValue) -> Error {
    let mut fields = answer.fields(body);
    fields.response = if body.is_undefined() {
        Raw::from(&answer.response)
    } else if js::is_record(body) {
        let shown: js_sys::Object = js::merged(body, &JsValue::UNDEFINED);
        js::remove(&shown, "headers");
        Raw::from(&shown)
    } else {
        Raw(body.clone())
    };
    Error::request(&message_of(answer, body), &fields)
}

fn message_of(answer: &Answer, body: &JsValue) -> JsValue {
    if body.is_undefined() {
        return answer.text.clone().into();
    }
    let said: ErrorBody = js::view(body.clone());
    if let Some(meta) = said.integration_error() {
        return js::json(&meta);
    }
    let message = said.message();
    if message.is_string() {
        return message;
    }
    if answer.status() == 400 && js_sys::Array::is_array(&message) {
        let mut parts = Vec::new();
        flatten(message, &mut parts);
        return parts.join(", ").into();
    }
    js::json(body)
}

/// Validation messages: strings, and of objects the values of `constraints`, then those of `children`.
fn flatten(messages: JsValue, parts: &mut Vec<String>) {
    for message in js::list(messages).iter() {
        if let Some(text) = message.as_string() {
            parts.push(text);
            continue;
        }
        let violation: Violation = js::view(message);
        let constraints = violation.constraints();
        let texts = js::keys(&constraints);
        parts.extend(
            texts
                .iter()
                .filter_map(|key| js::own(&constraints, key).as_string()),
        );
        flatten(violation.children(), parts);
    }
}
