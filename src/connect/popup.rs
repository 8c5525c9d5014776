//! The popup window: opening it in the click's own task, and sending it on.

use crate::error::refuse;
use crate::host;
use crate::value::{Outcome, Text, Thrown, UNDEFINED, Value, t, text};

/// Size and place, as in the reference client.
const FEATURES: Text = t!("width=500,height=600,left=100,top=150");

/// Opens `url`; `undefined` when the browser blocks it. Must run in the task of the user's click.
///
/// # Errors
/// Outside browsers.
pub(crate) fn open(url: Value) -> Outcome {
    let Some(window) = host::window() else {
        return refuse(
            t!("no_window"),
            t!("an account can only be connected in a browser page"),
        );
    };
    let opened = window
        .invoke(t!("open"), url, text(t!("_blank")), text(FEATURES))
        .unwrap_or_else(Thrown::swallow);
    Ok(opened.record().unwrap_or(UNDEFINED))
}

/// Sends the window to `url`, if that is an http(s) page.
pub(crate) fn go_to(popup: Value, url: Value) {
    let url = url.construct(t!("URL")).unwrap_or_else(Thrown::swallow);
    let protocol = url.get(t!("protocol"));
    if protocol.is(t!("https:")) || protocol.is(t!("http:")) {
        popup.set(t!("location"), url.get(t!("href")));
    }
}
