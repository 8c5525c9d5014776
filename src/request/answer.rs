//! What the app gets of the proxy's answer: its value, or an error with the reference's message.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::error::{ErrorKind, Outcome, SdkError};
use crate::js;
use crate::sdk::Sdk;
use crate::transport::Reply;

/// Code of the gateway's answer when the provider no longer accepts the credential.
const NEEDS_RECONNECT: &str = paragon_wire::ErrorCode::CredentialNeedsReconnect.as_str();

impl Sdk {
    /// The value of an answer, or its error after the user's state was brought up to date.
    pub(super) async fn read_reply(&self, reply: &Reply, is_enveloped: bool) -> Outcome<JsValue> {
        if reply.ok() {
            return Ok(reply.value(is_enveloped));
        }
        let body = if reply.is_json() {
            reply.json()
        } else {
            JsValue::UNDEFINED
        };
        if self.ends_session(reply, &body) {
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

/// The error of a proxy answer, with the reference's message and fields.
fn proxy_error(reply: &Reply, body: JsValue) -> SdkError {
    let message = proxy_message(reply, &body);
    let fields = reply.fields(&body);
    if body.is_undefined() {
        js::set(&fields, "response", &reply.response());
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
        return reply.text().as_string().unwrap_or_default();
    }
    let meta = js::get(body, "meta");
    if js::flag(&meta, "isIntegrationError") {
        return js::json_text(&meta);
    }
    let message = js::get(body, "message");
    if let Some(text) = message.as_string() {
        return text;
    }
    if reply.status() == 400 && Array::is_array(&message) {
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
