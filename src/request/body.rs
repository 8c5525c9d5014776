//! Request bodies stay JavaScript values: what the engine can send goes out as it is, other objects as JSON.

use wasm_bindgen::prelude::*;

use crate::js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag(value: &JsValue) -> String;
    #[wasm_bindgen(js_namespace = ArrayBuffer, js_name = isView)]
    fn is_view(value: &JsValue) -> bool;
}

/// How a body is sent.
pub(super) enum Body {
    None,
    /// Text or JSON: the proxy finds out the type.
    Text(JsValue),
    /// `FormData` and the like: the engine knows the type.
    SelfDescribing(JsValue),
    /// Bytes and streams.
    Bytes(JsValue),
}

impl Body {
    pub(super) fn of(body: JsValue) -> Self {
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

    /// `Content-Type` where the caller gives none.
    pub(super) fn default_type(&self) -> Option<&'static str> {
        match self {
            Self::None | Self::Text(_) => Some("auto"),
            Self::SelfDescribing(_) => None,
            Self::Bytes(_) => Some("application/octet-stream"),
        }
    }

    /// What `fetch` gets.
    pub(super) fn into_value(self) -> JsValue {
        match self {
            Self::None => JsValue::UNDEFINED,
            Self::Text(value) | Self::SelfDescribing(value) | Self::Bytes(value) => value,
        }
    }
}
