//! What the host gives: `window` where there is one, the page's origin, randomness and the clock.

use js_sys::{Date, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::error::{Outcome, SdkError};
use crate::{js, jwt};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn get_random_values(bytes: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// The page's `window`; none in Node, Workers and server rendering.
pub(crate) fn window() -> Option<web_sys::Window> {
    let window = js::get(&js::global(), "window");
    (window.is_object() && js::get(&window, "document").is_object())
        .then(|| window.unchecked_into())
}

/// The page's `window`, for what cannot be done without.
///
/// # Errors
/// Outside browser pages.
pub(crate) fn require_window() -> Outcome<web_sys::Window> {
    window().ok_or_else(|| {
        SdkError::usage(
            "no_window",
            "an account can only be connected in a browser page",
        )
    })
}

/// Origin of the page, such as `https://app.example.com`.
pub(crate) fn page_origin() -> String {
    js::text(&js::get(&js::global(), "location"), "origin").unwrap_or_default()
}

/// Origin of an absolute URL, as the engine's URL parser sees it.
pub(crate) fn origin_of(url: &str) -> Option<String> {
    web_sys::Url::new(url).ok().map(|url| url.origin())
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> f64 {
    Date::now()
}

/// 32 bytes from the engine's cryptographic generator, base64url without padding.
pub(crate) fn random_id() -> Result<String, JsValue> {
    let bytes = Uint8Array::new_with_length(32);
    get_random_values(&bytes)?;
    Ok(jwt::encode_base64url(&bytes.to_vec()))
}
