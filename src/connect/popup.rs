//! The popup window: opening it in the click's own task, talking to it, seeing whether it looks closed.

use wasm_bindgen::prelude::*;

use crate::error::Outcome;
use crate::{host, js};

/// Size and place, as in the reference client.
const FEATURES: &str = "width=500,height=600,left=100,top=150";

/// A window that this page opened.
#[derive(Clone)]
pub(crate) struct Popup(JsValue);

impl Popup {
    /// Opens `url`; none when the browser blocks it. Must run in the task of the user's click.
    ///
    /// # Errors
    /// Outside browsers.
    pub(crate) fn open(url: &str) -> Outcome<Option<Self>> {
        let window = host::require_window()?;
        let open = js::function(&window, "open");
        let opened = open.and_then(|open| {
            open.call3(&window, &url.into(), &"_blank".into(), &FEATURES.into())
                .ok()
        });
        Ok(opened.filter(JsValue::is_object).map(Self))
    }

    /// Whether the window looks closed. Decides nothing: an opener policy makes an open window look so.
    pub(crate) fn looks_closed(&self) -> bool {
        js::flag(&self.0, "closed")
    }

    /// Whether the window knows no opener, so that its pages can send no message.
    pub(crate) fn is_cut_off(&self) -> bool {
        !js::get(&self.0, "opener").is_object()
    }

    /// Whether a message event came from this window.
    pub(crate) fn sent(&self, message: &JsValue) -> bool {
        js::get(message, "source") == self.0
    }

    /// Sends `message` to the window if it shows a page of `origin`.
    pub(crate) fn post(&self, message: &JsValue, origin: &str) {
        if let Some(post) = js::function(&self.0, "postMessage") {
            let _ = post.call2(&self.0, message, &origin.into());
        }
    }

    /// Sends the window to `url`, if that is an http(s) page.
    pub(crate) fn go_to(&self, url: &str) {
        if url.starts_with("https://") || url.starts_with("http://") {
            js::set(&self.0, "location", &url.into());
        }
    }

    /// Closes the window, as far as the browser allows.
    pub(crate) fn close(&self) {
        if let Some(close) = js::function(&self.0, "close") {
            let _ = close.call0(&self.0);
        }
    }
}
