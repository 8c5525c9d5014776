//! One request on the wire, and promises for the app. What `fetch` needs from the engine is in `pkg/lib/wire.js`.

use std::future::Future;
use std::pin::Pin;

use gloo_net::http::Response;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::error::Outcome;

#[wasm_bindgen(raw_module = "#wire")]
extern "C" {
    /// The requests in flight of one instance.
    pub(crate) type Wire;
    #[wasm_bindgen(constructor)]
    fn new() -> Wire;
    #[wasm_bindgen(method)]
    fn exchange(
        this: &Wire,
        url: &str,
        init: &JsValue,
        is_shared: bool,
        signal: &JsValue,
        is_kept: bool,
    ) -> Promise;

    /// Forgets the answers that are kept.
    #[wasm_bindgen(method)]
    pub(crate) fn forget(this: &Wire);

    /// A whole `request`: the value of a good answer, and of a bad one what `refused` says.
    #[wasm_bindgen(method)]
    pub(crate) fn request(
        this: &Wire,
        url: &str,
        init: &JsValue,
        is_shared: bool,
        signal: &JsValue,
        ms: Option<f64>,
        is_enveloped: bool,
        refused: &JsValue,
    ) -> Promise;

    /// An answer whose body was read as text.
    pub(crate) type Reply;
    /// Whether the status is a good one.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn ok(this: &Reply) -> bool;
    /// HTTP status.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &Reply) -> u16;
    /// Whether the body is declared as JSON.
    #[wasm_bindgen(method, getter, js_name = isJson)]
    pub(crate) fn is_json(this: &Reply) -> bool;
    /// The `Response`.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn response(this: &Reply) -> JsValue;
    /// The body as text.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn text(this: &Reply) -> JsValue;
    /// The parsed body; `undefined` if it is empty or no JSON.
    #[wasm_bindgen(method)]
    pub(crate) fn json(this: &Reply) -> JsValue;
    /// What `request` resolves with.
    #[wasm_bindgen(method)]
    pub(crate) fn value(this: &Reply, is_enveloped: bool) -> JsValue;
    /// What errors made from this answer carry.
    #[wasm_bindgen(method)]
    pub(crate) fn fields(this: &Reply, body: &JsValue) -> JsValue;

    /// `RequestInit` of a call as the user: the caller's headers, the token, then ours that the caller did not set.
    #[wasm_bindgen(catch, js_name = prepare)]
    pub(crate) fn init(
        method: &str,
        token: &str,
        caller: &JsValue,
        body: &JsValue,
        version: &str,
        content_type: Option<&str>,
        credential: Option<&str>,
        configuration: Option<&str>,
        is_raw: bool,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = open)]
    fn fetch(url: &str, init: &JsValue, signal: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = read)]
    fn read_body(response: &JsValue, how: &str) -> Promise;
    fn pause(ms: f64, signal: &JsValue) -> Promise;

    /// A signal, and the end of what it limits.
    type Limit;
    #[wasm_bindgen(js_name = limit)]
    fn limit_of(signal: &JsValue, ms: Option<f64>) -> Limit;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &Limit) -> JsValue;
    #[wasm_bindgen(method)]
    fn end(this: &Limit, has_body: bool);
}

impl Default for Wire {
    fn default() -> Self {
        Self::new()
    }
}

/// A request that is ready to be sent.
pub(crate) struct Call {
    /// Absolute URL.
    pub(crate) url: String,
    /// `RequestInit`.
    pub(crate) init: JsValue,
    /// Whether identical ones in flight are one request.
    pub(crate) is_shared: bool,
    /// Whether a good answer serves identical ones of the next five seconds, too.
    pub(crate) is_kept: bool,
}

impl Wire {
    /// Sends `call` and reads its answer as text.
    pub(crate) async fn send(&self, call: &Call, signal: &JsValue) -> Outcome<Reply> {
        let reply = self.exchange(&call.url, &call.init, call.is_shared, signal, call.is_kept);
        Ok(JsFuture::from(reply).await?.unchecked_into())
    }
}

/// Sends a request; the answer's body is not read.
pub(crate) async fn open(url: &str, init: &JsValue, signal: &JsValue) -> Outcome<Response> {
    let response = JsFuture::from(fetch(url, init, signal)).await?;
    Ok(Response::from(
        response.unchecked_into::<web_sys::Response>(),
    ))
}

/// The JavaScript object behind `response`.
pub(crate) fn raw(response: Response) -> JsValue {
    web_sys::Response::from(response).into()
}

/// Reads the body of `response` with its method `how`: `text` (a [`Reply`]), `blob` or `arrayBuffer`.
pub(crate) async fn read(response: &JsValue, how: &str) -> Outcome<JsValue> {
    Ok(JsFuture::from(read_body(response, how)).await?)
}

/// Waits, unless `signal` aborts first.
pub(crate) async fn wait(ms: f64, signal: &JsValue) -> Outcome<()> {
    JsFuture::from(pause(ms, signal)).await?;
    Ok(())
}

/// The app's signal and time limit as one signal, until it is dropped.
pub(crate) struct Limited {
    limit: Limit,
    has_body: bool,
}

impl Limited {
    /// Aborts with `signal`, and after `ms` if given.
    pub(crate) fn new(signal: &JsValue, ms: Option<f64>) -> Self {
        Self {
            limit: limit_of(signal, ms),
            has_body: false,
        }
    }

    /// The request was answered, but its body is the app's to read: only the time limit is over.
    pub(crate) fn hand_over(mut self) {
        self.has_body = true;
    }

    /// The one signal; `undefined` where nothing is limited.
    pub(crate) fn signal(&self) -> JsValue {
        self.limit.signal()
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        self.limit.end(self.has_body);
    }
}

/// A promise of what is known already; a promise in `outcome` is followed.
#[inline(never)]
pub(crate) fn settled(outcome: Outcome<JsValue>) -> Promise {
    match outcome {
        Ok(value) => Promise::resolve(&value),
        Err(error) => Promise::reject(&error.into()),
    }
}

/// Runs `work` as a promise whose rejection is always an `Error`.
pub(crate) fn promise(work: impl Future<Output = Outcome<JsValue>> + 'static) -> Promise {
    promise_of(Box::pin(work))
}

/// One instance of the machinery for all promises: it is large.
fn promise_of(work: Pin<Box<dyn Future<Output = Outcome<JsValue>>>>) -> Promise {
    future_to_promise(async move { work.await.map_err(JsValue::from) })
}
