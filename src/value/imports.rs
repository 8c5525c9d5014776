//! What `pkg/lib/values.js` gives: numbers in and out, so that nothing is converted on the way.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "#values")]
extern "C" {
    pub(crate) fn literal(text: i32) -> i32;
    pub(crate) fn string(at: i32, length: i32) -> i32;
    pub(crate) fn read(value: i32, at: i32, room: i32) -> i32;
    pub(crate) fn number(value: f64) -> i32;
    pub(crate) fn float(value: i32) -> f64;
    pub(crate) fn integer(value: i32) -> i32;
    pub(crate) fn fill(text: i32, a: i32, b: i32, c: i32) -> i32;
    pub(crate) fn kind(value: i32) -> i32;
    pub(crate) fn extent(value: i32) -> i32;
    pub(crate) fn truth(value: i32) -> i32;
    pub(crate) fn is(value: i32, text: i32) -> i32;
    pub(crate) fn same(a: i32, b: i32) -> i32;
    pub(crate) fn get(target: i32, text: i32) -> i32;
    pub(crate) fn own(target: i32, key: i32) -> i32;
    pub(crate) fn set(target: i32, text: i32, value: i32) -> i32;
    pub(crate) fn add(target: i32, text: i32, value: i32) -> i32;
    pub(crate) fn store(target: i32, key: i32, value: i32);
    pub(crate) fn remove(target: i32, text: i32);
    pub(crate) fn object() -> i32;
    pub(crate) fn merged(base: i32, patch: i32) -> i32;
    pub(crate) fn keys(value: i32) -> i32;
    pub(crate) fn json(value: i32) -> i32;
    pub(crate) fn parse(value: i32) -> i32;
    pub(crate) fn copy(value: i32) -> i32;
    pub(crate) fn array() -> i32;
    pub(crate) fn list(value: i32) -> i32;
    pub(crate) fn length(value: i32) -> i32;
    pub(crate) fn item(value: i32, index: i32) -> i32;
    pub(crate) fn push(target: i32, value: i32) -> i32;
    pub(crate) fn position(value: i32, text: i32, wanted: i32) -> i32;
    pub(crate) fn without(value: i32, text: i32, unwanted: i32) -> i32;
    pub(crate) fn invoke(target: i32, text: i32, a: i32, b: i32, c: i32) -> i32;
    pub(crate) fn apply(callee: i32, a: i32, b: i32) -> i32;
    pub(crate) fn construct(text: i32, value: i32) -> i32;
    pub(crate) fn callback(step: i32, context: i32) -> i32;
    pub(crate) fn then(promise: i32, step: i32, failed: i32, context: i32) -> i32;
    pub(crate) fn settled(value: i32) -> i32;
    pub(crate) fn deferred() -> i32;
    pub(crate) fn raise(text: i32, message: i32, fields: i32);
    pub(crate) fn rethrow(value: i32);
    pub(crate) fn caught() -> i32;
    pub(crate) fn now() -> f64;
    pub(crate) fn random() -> i32;
}
