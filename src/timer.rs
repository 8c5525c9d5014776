//! Waiting: a timer that is cleared when it is dropped, and an upper bound on a future.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortSignal;

use crate::error::{ErrorKind, Outcome};
use crate::js::{self, Callback};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(run: &Function, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// A promise and the function that resolves it.
pub(crate) fn deferred() -> (Promise, Function, Function) {
    let mut ends = None;
    let promise = Promise::new(&mut |resolve, reject| ends = Some((resolve, reject)));
    let (resolve, reject) = ends.unwrap_or_else(|| (Function::default(), Function::default()));
    (promise, resolve, reject)
}

/// A running timer; dropping it stops it.
pub(crate) struct Timer(JsValue);

impl Timer {
    /// Calls `run` (a function that needs no owner) after `ms`.
    fn start(run: &Function, ms: f64) -> Self {
        Self(set_timeout(run, ms))
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.0);
    }
}

/// Resolves after `ms`; dropping the future stops the timer.
pub(crate) async fn sleep(ms: f64) {
    let (promise, resolve, _) = deferred();
    let _timer = Timer::start(&resolve, ms);
    let _ = JsFuture::from(promise).await;
}

/// An event listener that is removed when it is dropped.
pub(crate) struct Listener {
    target: JsValue,
    event: &'static str,
    handler: Callback,
}

impl Listener {
    /// Calls `handler` for each `event` of `target`.
    pub(crate) fn new(
        target: &JsValue,
        event: &'static str,
        mut handler: impl FnMut(JsValue) + 'static,
    ) -> Self {
        let handler = js::callback(move |event| {
            handler(event);
            JsValue::UNDEFINED
        });
        Self::change(target, "addEventListener", event, handler.as_ref());
        Self {
            target: target.clone(),
            event,
            handler,
        }
    }

    fn change(target: &JsValue, method: &str, event: &str, handler: &JsValue) {
        if let Some(method) = js::function(target, method) {
            let _ = method.call2(target, &event.into(), handler);
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        Self::change(
            &self.target,
            "removeEventListener",
            self.event,
            self.handler.as_ref(),
        );
    }
}

/// Resolves with the reason once `signal` aborts; never without a signal.
pub(crate) async fn aborted(signal: Option<AbortSignal>) -> JsValue {
    let Some(signal) = signal else {
        return std::future::pending().await;
    };
    if !signal.aborted() {
        let (promise, resolve, _) = deferred();
        let _listener = Listener::new(&signal, "abort", move |_| js::call(&resolve, &[]));
        let _ = JsFuture::from(promise).await;
    }
    signal.reason()
}

/// `work`, unless `signal` aborts (its reason is the error) or `timeout_ms` pass first.
pub(crate) async fn bounded<T>(
    work: impl Future<Output = Outcome<T>>,
    signal: Option<AbortSignal>,
    timeout_ms: Option<f64>,
) -> Outcome<T> {
    let mut result = Err(ErrorKind::Timeout.into());
    {
        let work = pin!(async { result = work.await });
        limit(work, signal, timeout_ms).await?;
    }
    result
}

/// The part of [`bounded`] that is the same for all types.
async fn limit(
    mut work: Pin<&mut dyn Future<Output = ()>>,
    signal: Option<AbortSignal>,
    timeout_ms: Option<f64>,
) -> Outcome<()> {
    let mut abort = pin!(aborted(signal));
    let mut timeout = pin!(sleep_for(timeout_ms));
    poll_fn(move |context| {
        if let Poll::Ready(reason) = abort.as_mut().poll(context) {
            return Poll::Ready(Err(reason.into()));
        }
        if timeout.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(ErrorKind::Timeout.into()));
        }
        work.as_mut().poll(context).map(Ok)
    })
    .await
}

/// Resolves after `ms`; never without a number.
async fn sleep_for(ms: Option<f64>) {
    match ms {
        Some(ms) => sleep(ms).await,
        None => std::future::pending().await,
    }
}

/// Runs `work` on its own until `signal` aborts; then it is dropped.
pub(crate) fn spawn_until(signal: AbortSignal, mut work: Pin<Box<dyn Future<Output = ()>>>) {
    spawn(async move { drop(limit(work.as_mut(), Some(signal), None).await) });
}

/// Runs `work` on its own.
pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    spawn_local(work);
}
