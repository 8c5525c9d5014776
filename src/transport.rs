//! One request on the wire: `fetch`, sharing of identical requests in flight, the shape of errors.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use gloo_net::http::Response;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortController, AbortSignal, Headers};

use crate::error::{ErrorKind, Outcome, SdkError};
use crate::js;

#[wasm_bindgen]
extern "C" {
    // Called with URL and init: building a `Request` first, as gloo's builder does, costs more than the call itself,
    // cannot carry a stream body, and panics where an app has replaced `fetch`.
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &JsValue) -> Result<Promise, JsValue>;
}

/// A request that is ready to be sent.
#[derive(Clone)]
pub(crate) struct Call {
    /// `GET`, `POST` …
    pub(crate) method: String,
    /// Absolute URL.
    pub(crate) url: String,
    /// All headers.
    pub(crate) headers: Headers,
    /// `undefined` for none.
    pub(crate) body: JsValue,
}

/// An answer whose body was read as text.
pub(crate) struct Reply {
    /// The answer, for status and headers.
    pub(crate) response: Response,
    /// The body as a JavaScript string.
    pub(crate) text: JsValue,
}

impl Reply {
    /// Whether the body is declared as JSON (`application/json`; not `problem+json`, as in the reference).
    pub(crate) fn is_json(&self) -> bool {
        self.response
            .headers()
            .get("content-type")
            .is_some_and(|kind| kind.contains("application/json"))
    }

    /// The parsed body; `undefined` if it is empty or no JSON.
    pub(crate) fn json(&self) -> JsValue {
        js::parse(&self.text).unwrap_or(JsValue::UNDEFINED)
    }

    /// Fields that errors made from this answer carry. `retryAfter` is in seconds.
    pub(crate) fn error_fields(&self, body: &JsValue) -> JsValue {
        let request_id =
            js::text(body, "requestId").or_else(|| self.response.headers().get("x-request-id"));
        js::object(&[
            ("status", self.response.status().into()),
            ("code", js::get(body, "code")),
            ("requestId", js::optional(request_id.as_deref())),
            ("retryAfter", self.retry_after_seconds(body)),
            (
                "body",
                if body.is_undefined() {
                    self.text.clone()
                } else {
                    body.clone()
                },
            ),
        ])
    }

    /// From the body's `retryAfterMs` or the `Retry-After` header (seconds or a date).
    fn retry_after_seconds(&self, body: &JsValue) -> JsValue {
        if let Some(ms) = js::get(body, "retryAfterMs").as_f64() {
            return (ms / 1000.0).into();
        }
        let Some(header) = self.response.headers().get("retry-after") else {
            return JsValue::UNDEFINED;
        };
        let header = JsValue::from(header);
        let seconds = js_sys::Number::from(header.clone()).value_of();
        let date_ms = js_sys::Date::parse(&header.as_string().unwrap_or_default());
        let wait = if seconds.is_nan() {
            (date_ms - js_sys::Date::now()) / 1000.0
        } else {
            seconds
        };
        if wait.is_nan() {
            JsValue::UNDEFINED
        } else {
            wait.max(0.0).into()
        }
    }
}

/// Sends `call`; the answer's body is not read.
pub(crate) async fn send(call: &Call, signal: Option<&AbortSignal>) -> Outcome<Response> {
    let init = js::object(&[
        ("method", call.method.as_str().into()),
        ("headers", JsValue::clone(&call.headers)),
        ("body", call.body.clone()),
        (
            "signal",
            signal.map_or(JsValue::UNDEFINED, |signal| JsValue::clone(signal)),
        ),
    ]);
    if js::function(&call.body, "getReader").is_some() {
        js::set(&init, "duplex", &"half".into());
    }
    let answer = JsFuture::from(global_fetch(&call.url, &init)?).await;
    let answer = answer.map_err(no_answer)?;
    Ok(Response::from(answer.unchecked_into::<web_sys::Response>()))
}

/// The JavaScript object behind `response`.
pub(crate) fn raw(response: Response) -> JsValue {
    web_sys::Response::from(response).into()
}

/// Reads the body of `response` with its method `how`: `text`, `blob` or `arrayBuffer`.
pub(crate) async fn read(response: &JsValue, how: &str) -> Outcome<JsValue> {
    let method = js::get(response, how).unchecked_into::<Function>();
    let promise = method.call0(response)?;
    let body = JsFuture::from(Promise::resolve(&promise)).await;
    body.map_err(no_answer)
}

/// `fetch` and the reading of a body reject with a `TypeError` when the connection fails (Fetch standard, 5.6).
fn no_answer(thrown: JsValue) -> SdkError {
    if js::is(&thrown, "name", "TypeError") {
        ErrorKind::Network(thrown).into()
    } else {
        thrown.into()
    }
}

/// Sends `call` and reads the body as text: `{response, text}`, the form that several callers can share.
async fn exchange(call: Call, signal: AbortSignal) -> Outcome<JsValue> {
    let response = raw(send(&call, Some(&signal)).await?);
    let text = read(&response, "text").await?;
    Ok(js::object(&[("response", response), ("text", text)]))
}

fn reply(shared: &JsValue) -> Reply {
    let response = js::get(shared, "response").unchecked_into::<web_sys::Response>();
    Reply {
        response: response.into(),
        text: js::get(shared, "text"),
    }
}

/// Requests in flight that later identical ones join.
#[derive(Default)]
pub(crate) struct Transport {
    in_flight: RefCell<Vec<Rc<Flight>>>,
}

/// One request on the wire and how many wait for it.
struct Flight {
    key: Option<String>,
    promise: Promise,
    controller: AbortController,
    waiting: Cell<usize>,
}

impl Transport {
    /// Sends `call` and gives its answer; with a `key`, joins the request in flight that has the same key.
    ///
    /// Dropping the future leaves the request to the other waiters; the last one to leave aborts it.
    pub(crate) async fn exchange(
        self: &Rc<Self>,
        call: Call,
        key: Option<String>,
    ) -> Outcome<Reply> {
        let flight = self.join(call, key)?;
        flight.waiting.set(flight.waiting.get() + 1);
        let seat = Seat {
            transport: self,
            flight: &flight,
        };
        let shared = JsFuture::from(flight.promise.clone()).await;
        self.forget(&flight);
        drop(seat);
        Ok(reply(&shared?))
    }

    fn join(self: &Rc<Self>, call: Call, key: Option<String>) -> Outcome<Rc<Flight>> {
        if key.is_some() {
            let in_flight = self.in_flight.borrow();
            if let Some(flight) = in_flight.iter().find(|flight| flight.key == key) {
                return Ok(Rc::clone(flight));
            }
        }
        let controller = AbortController::new()?;
        let promise = promise(exchange(call, controller.signal()));
        let flight = Rc::new(Flight {
            key,
            promise,
            controller,
            waiting: Cell::new(0),
        });
        self.in_flight.borrow_mut().push(Rc::clone(&flight));
        Ok(flight)
    }

    fn forget(&self, flight: &Rc<Flight>) {
        self.in_flight
            .borrow_mut()
            .retain(|other| !Rc::ptr_eq(other, flight));
    }
}

/// A caller that waits for a flight; its place is given up when it is dropped.
struct Seat<'a> {
    transport: &'a Transport,
    flight: &'a Rc<Flight>,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.flight.waiting.set(self.flight.waiting.get() - 1);
        let in_flight = self
            .transport
            .in_flight
            .borrow()
            .iter()
            .any(|other| Rc::ptr_eq(other, self.flight));
        if self.flight.waiting.get() == 0 && in_flight {
            self.transport.forget(self.flight);
            self.flight.controller.abort();
        }
    }
}

/// Runs `work` as a promise whose rejection is always an `Error`.
pub(crate) fn promise(work: impl Future<Output = Outcome<JsValue>> + 'static) -> Promise {
    promise_of(Box::pin(work))
}

/// A promise of what is known already; a promise in `outcome` is followed.
#[inline(never)]
pub(crate) fn settled(outcome: Outcome<JsValue>) -> Promise {
    match outcome {
        Ok(value) => Promise::resolve(&value),
        Err(error) => Promise::reject(&error.into()),
    }
}

/// One instance of the machinery for all promises: it is large.
fn promise_of(work: Pin<Box<dyn Future<Output = Outcome<JsValue>>>>) -> Promise {
    future_to_promise(async move { work.await.map_err(JsValue::from) })
}
