//! What the host gives: `window` where there is one, and origins.

use crate::value::{GLOBAL, Value};

/// The page's `window`; none in Node, Workers and server rendering.
pub(crate) fn window() -> Option<Value> {
    let window = GLOBAL.get("window");
    window.get("document").record().map(|_| window)
}

/// Origin of the page, such as `https://app.example.com`.
pub(crate) fn page_origin() -> Value {
    GLOBAL.get("location").get("origin")
}

/// Origin of an absolute URL, as the engine's URL parser sees it.
pub(crate) fn origin_of(url: Value) -> Option<Value> {
    match url.construct("URL") {
        Ok(url) => Some(url.get("origin")),
        Err(thrown) => {
            thrown.swallow();
            None
        }
    }
}
