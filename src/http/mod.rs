//! HTTP as the signed-in user: what goes out, what comes back, and the requests on the way.
//!
//! `fetch` is called by its two arguments, as in the reference client: apps and their tests wrap it so. gloo-net's
//! `send` would hand it a `Request`, would lose what it threw, and panics where that is no `Error` of this realm or the
//! answer no `Response` of it, which test runners cause. Bodies stay JavaScript values.

mod answer;
mod flights;
mod outgoing;

pub(crate) use self::answer::{Answer, ErrorBody};
pub(crate) use self::flights::{Flight, Flights};
pub(crate) use self::outgoing::{Head, Outgoing, PROTOCOL_VERSION, can_send_streams, is_stream};

use js_sys::{Function, JsString, Promise};
use wasm_bindgen::prelude::*;
use web_sys::RequestInit;

use crate::error::Error;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn fetch(url: &JsString, init: &RequestInit) -> Result<Promise, JsValue>;

    /// `globalThis`, for `fetch` as a value.
    type Fetching;
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: Fetching;
    #[wasm_bindgen(method, getter, js_name = fetch)]
    fn fetch_function(this: &Fetching) -> Option<Function>;

    /// A promise that goes on with a function of JavaScript.
    type Turn;
    #[wasm_bindgen(method, js_name = then)]
    fn go_on(this: &Turn, next: &Function) -> Promise;
}

/// Sends a request. One whose body the app cannot change any more is sent by the engine alone, right after the caller's
/// task: developer tools note the stack of each `fetch`, and WebAssembly on it costs more than the request.
fn send(url: &JsString, init: &RequestInit) -> Result<Promise, JsValue> {
    match GLOBAL.with(Fetching::fetch_function) {
        Some(function) if !init.get_body().is_object() => {
            let call: Function = function
                .bind2(&JsValue::UNDEFINED, url, init)
                .unchecked_into();
            let turn: Turn = Promise::resolve(&JsValue::UNDEFINED).unchecked_into();
            Ok(turn.go_on(&call))
        }
        _ => fetch(url, init),
    }
}

/// What `fetch` or the reading of a body threw. Both reject with a `TypeError` for want of a connection (Fetch standard,
/// section 5.6); everything else is the app's abort, or its own `fetch`'s.
fn no_answer(thrown: JsValue) -> Error {
    let error = Error::from(thrown.clone());
    if error.name() == "TypeError" {
        let message = error.message().as_string().unwrap_or_default();
        Error::caused("network_error", &message, thrown)
    } else {
        error
    }
}

/// A body that is being read; it stays a JavaScript value.
///
/// # Errors
/// When it breaks off.
pub(crate) async fn read(body: Result<Promise, JsValue>) -> Result<JsValue, Error> {
    body?.await.map_err(no_answer)
}

/// The connection did not take a stream as body: browsers send one over HTTP/2 and later only, and some not at all.
fn stream_not_sent(thrown: JsValue) -> Error {
    Error::caused(
        "body_not_sendable",
        "the body, a stream, could not be sent: the server was not reached, or the connection takes no streams (browsers need HTTP/2); send a Blob or an ArrayBuffer instead",
        thrown,
    )
}
