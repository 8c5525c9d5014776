//! What the package's JavaScript calls: numbers are handles (`pkg/lib/values.js`), 0 is a pending error.

use wasm_bindgen::prelude::*;

use crate::sdk::Sdk;
use crate::value::{Outcome, Value};
use crate::{methods, options, steps};

fn handle(outcome: Outcome) -> i32 {
    outcome.map_or(0, Value::handle)
}

/// An instance for `environment`: nothing, a host, an environments object or our options. It sends by `wire`, and
/// signs in from storage if it `restores`.
#[wasm_bindgen]
pub fn open(environment: i32, restores: i32, wire: i32) -> i32 {
    handle(options::construct(
        Value::from(environment),
        restores != 0,
        Value::from(wire),
    ))
}

/// Name of the method numbered `index`; `undefined` after the last.
#[wasm_bindgen]
pub fn name(index: i32) -> i32 {
    methods::name(index).handle()
}

/// Calls a method of the instance.
#[wasm_bindgen]
pub fn call(method: i32, sdk: i32, a: i32, b: i32, c: i32, d: i32) -> i32 {
    let values = [a, b, c, d].map(Value::from);
    handle(methods::call(method, Sdk(Value::from(sdk)), values))
}

/// Goes on with what `context` waited for.
#[wasm_bindgen]
pub fn resume(step: i32, context: i32, value: i32) -> i32 {
    handle(steps::run(step, Value::from(context), Value::from(value)))
}
