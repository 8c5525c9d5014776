//! A body of `request()` and its type: what the engine can send goes out as it is, other objects as JSON.

use js_sys::JSON;
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};
use crate::{http, js};

#[wasm_bindgen]
extern "C" {
    /// `[object FormData]` and the like, for objects of every realm.
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag(value: &JsValue) -> String;
    #[wasm_bindgen(js_namespace = ArrayBuffer, js_name = isView)]
    fn is_view(value: &JsValue) -> bool;
}

const BYTES: Option<&str> = Some("application/octet-stream");
/// The type of texts and JSON: the proxy infers what the provider wants.
pub(super) const AUTO: Option<&str> = Some("auto");

/// A body as it is sent, and its type.
type BodyAndType = (Option<JsValue>, Option<&'static str>);

/// The body as it is sent, and its `Content-Type` where the engine knows none.
///
/// # Errors
/// For what JSON cannot hold, and for streams that are not the web's.
pub(super) fn of(body: JsValue) -> Result<BodyAndType> {
    if body.is_undefined() {
        return Ok((None, AUTO));
    }
    if body.is_string() {
        return Ok((Some(body), AUTO));
    }
    if !body.is_object() {
        return as_json(&body);
    }
    if http::is_stream(&body) && !http::can_send_streams() {
        return Err(Error::new(
            "body_not_sendable",
            "body is a stream, which this engine cannot send: give a Blob or an ArrayBuffer",
        ));
    }
    if is_view(&body) || http::is_stream(&body) {
        return Ok((Some(body), BYTES));
    }
    match tag(&body).as_str() {
        "[object FormData]" | "[object URLSearchParams]" | "[object Blob]" | "[object File]" => {
            Ok((Some(body), None))
        }
        "[object ArrayBuffer]" | "[object SharedArrayBuffer]" => Ok((Some(body), BYTES)),
        _ if is_read_in_pieces(&body) => Err(Error::new(
            "body_not_sendable",
            "body is a Node stream or an iterator, which `fetch` cannot send: give `Readable.toWeb(stream)`, a Blob or an ArrayBuffer",
        )),
        _ => as_json(&body),
    }
}

/// Whether it is a stream of Node's, or another async iterator.
fn is_read_in_pieces(body: &JsValue) -> bool {
    let iterator = js_sys::Reflect::get(body, &js_sys::Symbol::async_iterator());
    js::field(body, "pipe").is_function() || iterator.is_ok_and(|iterator| iterator.is_function())
}

fn as_json(body: &JsValue) -> Result<BodyAndType> {
    Ok((Some(JSON::stringify(body)?.into()), AUTO))
}
