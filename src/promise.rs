//! Futures as promises for the app, made in one place: the machinery exists once, however many methods use it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{future_to_promise, spawn_local};

use crate::error::{Error, Result};

/// Work in a box: what waits for it holds an address, whatever it is made of.
pub(crate) type Work<T> = Pin<Box<dyn Future<Output = T>>>;

/// The result of a method, which is still to come.
pub(crate) type Reply = Work<Result<JsValue>>;

/// Work that came to nothing before it began.
pub(crate) fn failed(error: Error) -> Reply {
    Box::pin(std::future::ready(Err(error)))
}

/// The promise of a method: it is rejected with what the checks of the method refuse, too.
pub(crate) fn of_method(checked: Result<Reply>) -> Promise {
    match checked {
        Ok(reply) => of_boxed(reply),
        Err(error) => settled(Err(error)),
    }
}

/// Runs `work`; its failure rejects the promise.
///
/// As in an `async` function of JavaScript, what comes before the first wait happens in the caller's own task: popups
/// open in the task of a click, and what the app gave is read before it may change.
pub(crate) fn of(work: impl Future<Output = Result<JsValue>> + 'static) -> Promise {
    of_boxed(Box::pin(work))
}

fn of_boxed(mut work: Reply) -> Promise {
    match begin(&mut work) {
        Poll::Ready(outcome) => settled(outcome),
        Poll::Pending => future_to_promise(async move { work.await.map_err(JsValue::from) }),
    }
}

/// The promise of what began in the caller's own task; what failed there rejects it.
pub(crate) fn begun(outcome: Result<Promise>) -> Promise {
    settled(outcome.map(JsValue::from))
}

/// The promise of a value, which may be a promise itself.
pub(crate) fn settled(outcome: Result<JsValue>) -> Promise {
    match outcome {
        Ok(value) => Promise::resolve(&value),
        Err(error) => Promise::reject(&error.into()),
    }
}

/// Runs `work` on its own, begun in the caller's task as well.
pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) {
    spawn_boxed(Box::pin(work));
}

fn spawn_boxed(mut work: Work<()>) {
    if begin(&mut work).is_pending() {
        spawn_local(work);
    }
}

/// The first step of `work`. Nothing wakes it before it runs on its own, which begins with a look at what came meanwhile.
fn begin<T>(work: &mut Work<T>) -> Poll<T> {
    work.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// A promise that is settled from outside.
pub(crate) struct Deferred {
    /// The promise.
    pub(crate) promise: Promise,
    resolve: Function,
    reject: Function,
}

impl Deferred {
    /// A promise that nothing has settled.
    pub(crate) fn new() -> Self {
        let (mut resolve, mut reject) = (JsValue::UNDEFINED, JsValue::UNDEFINED);
        let promise = Promise::new(&mut |to_resolve, to_reject| {
            (resolve, reject) = (to_resolve.into(), to_reject.into());
        });
        Self {
            promise,
            resolve: resolve.unchecked_into(),
            reject: reject.unchecked_into(),
        }
    }

    /// Settles it; what comes after the first outcome counts nothing.
    pub(crate) fn settle(&self, outcome: Result<JsValue>) {
        let (how, value) = match outcome {
            Ok(value) => (&self.resolve, value),
            Err(error) => (&self.reject, error.into()),
        };
        let _ = how.call1(&JsValue::UNDEFINED, &value);
    }
}
