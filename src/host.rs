//! What the host gives: `window` where there is one, and origins.

use crate::value::{GLOBAL, Value, t};

/// The page's `window`; none in Node, Workers and server rendering.
pub(crate) fn window() -> Option<Value> {
    let window = GLOBAL.get(t!("window"));
    window.get(t!("document")).record().map(|_| window)
}

/// Origin of the page, such as `https://app.example.com`.
pub(crate) fn page_origin() -> Value {
    GLOBAL.get(t!("location")).get(t!("origin"))
}

/// Origin of an absolute URL, as the engine's URL parser sees it.
pub(crate) fn origin_of(url: Value) -> Option<Value> {
    match url.construct(t!("URL")) {
        Ok(url) => Some(url.get(t!("origin"))),
        Err(thrown) => {
            thrown.swallow();
            None
        }
    }
}
