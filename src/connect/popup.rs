//! The popup window: opened in the click's own task, sent on, closed.

use wasm_bindgen::prelude::*;
use web_sys::MessageEvent;

use crate::error::{Error, Result};
use crate::{host, js};

/// Size and place, as in the reference client.
const FEATURES: &str = "width=500,height=600,left=100,top=150";

#[wasm_bindgen]
extern "C" {
    /// A window that may be of another origin: what can be done with it is little, and may throw.
    type OtherWindow;
    #[wasm_bindgen(method, getter, catch)]
    fn closed(this: &OtherWindow) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn opener(this: &OtherWindow) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, setter, catch)]
    fn set_location(this: &OtherWindow, url: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn close(this: &OtherWindow) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = postMessage)]
    fn post_message(this: &OtherWindow, message: &JsValue, origin: &str) -> Result<(), JsValue>;
}

/// The window in which the user signs in.
pub(crate) struct Popup(OtherWindow);

impl Popup {
    /// Opens `url`; none where the browser blocks it. Must run in the task of the user's click.
    ///
    /// # Errors
    /// Outside of browsers.
    pub(crate) fn open(url: &str) -> Result<Option<Self>> {
        let (window, _) = host::page().ok_or_else(no_window)?;
        let opened = window.open_with_url_and_target_and_features(url, "_blank", FEATURES);
        let opened = opened.ok().flatten().map(JsValue::from);
        Ok(opened.and_then(js::object).map(Self))
    }

    /// Whether it looks closed. Decides nothing: an opener policy makes an open window look so.
    pub(crate) fn looks_closed(&self) -> bool {
        self.0.closed().is_ok_and(|closed| closed.is_truthy())
    }

    /// Whether it can still reach the app's page: the provider's pages may have cut it off.
    pub(crate) fn has_opener(&self) -> bool {
        self.0.opener().is_ok_and(|opener| opener.is_object())
    }

    /// Whether `message` comes from this window.
    pub(crate) fn sent(&self, message: &MessageEvent) -> bool {
        let source = message.source().map(JsValue::from);
        source.is_some_and(|source| js::is_same(&source, &self.0))
    }

    /// Sends it to `url`, if that is an http(s) page.
    pub(crate) fn go_to(&self, url: &str) {
        if let Ok(url) = web_sys::Url::new(url)
            && matches!(url.protocol().as_str(), "https:" | "http:")
        {
            let _ = self.0.set_location(&url.href());
        }
    }

    /// Sends `message` to it, if it shows a page of `origin`.
    pub(crate) fn post(&self, message: &JsValue, origin: &str) {
        let _ = self.0.post_message(message, origin);
    }

    /// Closes it.
    pub(crate) fn close(&self) {
        let _ = self.0.close();
    }
}

/// The refusal of connecting where there is no page.
pub(crate) fn no_window() -> Error {
    Error::new(
        "no_window",
        "an account can only be connected in a browser page",
    )
}
