//! Futures as promises for the app, made in one place: the machinery exists once, however many methods use it.

use std::future::Future;
use std::pin::Pin;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{future_to_promise, spawn_local};

use crate::error::Result;

type Work<T> = Pin<Box<dyn Future<Output = T>>>;

/// Runs `work`; its failure rejects the promise.
pub(crate) fn of(work: impl Future<Output = Result<JsValue>> + 'static) -> Promise {
    of_boxed(Box::pin(work))
}

fn of_boxed(work: Work<Result<JsValue>>) -> Promise {
    future_to_promise(async move { work.await.map_err(JsValue::from) })
}

/// The promise of what began in the caller's own task; what failed there rejects it.
pub(crate) fn begun(outcome: Result<Promise>) -> Promise {
    outcome.unwrap_or_else(|error| Promise::reject(&error.into()))
}

/// Runs `work` on its own.
pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: Work<()> = Box::pin(work);
    spawn_local(work);
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
