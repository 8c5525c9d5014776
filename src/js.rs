//! Reading and writing JavaScript values without a serialiser: unknown fields survive and no body is copied.

use js_sys::{Array, Function, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Reflect, js_name = get, catch)]
    fn reflect_get(target: &JsValue, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = Reflect, js_name = set, catch)]
    fn reflect_set(target: &JsValue, key: &str, value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(js_namespace = Reflect, js_name = getOwnPropertyDescriptor, catch)]
    fn own_descriptor(target: &JsValue, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn json_parse(text: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = JSON, js_name = stringify, catch)]
    fn json_stringify(value: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL_THIS: JsValue;
    /// `encodeURIComponent`, which the engine has anyway.
    #[wasm_bindgen(js_name = encodeURIComponent, catch)]
    fn encode_uri_component(text: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(js_name = String, catch)]
    fn string_of(value: &JsValue) -> Result<String, JsValue>;
    #[wasm_bindgen(js_namespace = console, js_name = warn)]
    pub(crate) fn warn(text: &str);
}

/// `globalThis`.
pub(crate) fn global() -> JsValue {
    GLOBAL_THIS.with(Clone::clone)
}

/// Property `key` of an object, `undefined` where there is none.
#[inline(never)]
pub(crate) fn get(target: &JsValue, key: &str) -> JsValue {
    if target.is_object() {
        reflect_get(target, key).unwrap_or(JsValue::UNDEFINED)
    } else {
        JsValue::UNDEFINED
    }
}

/// Own property `key` of an object: a name from outside never reaches `Object.prototype`.
#[inline(never)]
pub(crate) fn own(target: &JsValue, key: &str) -> JsValue {
    if !target.is_object() {
        return JsValue::UNDEFINED;
    }
    own_descriptor(target, key).map_or(JsValue::UNDEFINED, |found| get(&found, "value"))
}

/// Property `key` as text, if it is text.
#[inline(never)]
pub(crate) fn text(target: &JsValue, key: &str) -> Option<String> {
    get(target, key).as_string()
}

/// Whether property `key` is the text `wanted`.
#[inline(never)]
pub(crate) fn is(target: &JsValue, key: &str, wanted: &str) -> bool {
    text(target, key).is_some_and(|text| text == wanted)
}

/// Property `key` as text that is not empty.
#[inline(never)]
pub(crate) fn non_empty(target: &JsValue, key: &str) -> Option<String> {
    text(target, key).filter(|text| !text.is_empty())
}

/// Whether property `key` is truthy.
#[inline(never)]
pub(crate) fn flag(target: &JsValue, key: &str) -> bool {
    get(target, key).is_truthy()
}

/// Property `key` if it is a function.
#[inline(never)]
pub(crate) fn function(target: &JsValue, key: &str) -> Option<Function> {
    get(target, key).dyn_into().ok()
}

/// Sets property `key`; a frozen target stays as it is.
#[inline(never)]
pub(crate) fn set(target: &JsValue, key: &str, value: &JsValue) {
    let _ = reflect_set(target, key, value);
}

/// A plain object with these properties; `undefined` ones are left out.
#[inline(never)]
pub(crate) fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = JsValue::from(Object::new());
    for (key, value) in entries {
        if !value.is_undefined() {
            set(&object, key, value);
        }
    }
    object
}

/// Text as a JavaScript value, absent as `undefined`.
pub(crate) fn optional(text: Option<&str>) -> JsValue {
    text.map_or(JsValue::UNDEFINED, JsValue::from_str)
}

/// The array `value`, or an empty one.
#[inline(never)]
pub(crate) fn list(value: &JsValue) -> Array {
    if Array::is_array(value) {
        value.clone().unchecked_into()
    } else {
        Array::new()
    }
}

/// The array under `key`, or an empty one.
#[inline(never)]
pub(crate) fn items(target: &JsValue, key: &str) -> Array {
    list(&get(target, key))
}

/// Item `index` of `list`.
#[inline(never)]
pub(crate) fn at(list: &Array, index: u32) -> JsValue {
    list.get(index)
}

/// `String(value)`, for texts that name what the app gave.
#[inline(never)]
pub(crate) fn shown(value: &JsValue) -> String {
    string_of(value).unwrap_or_default()
}

/// The text `value`, empty if it is none.
#[inline(never)]
pub(crate) fn string(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}

/// Item `index` of `list` as text, empty if it is none.
#[inline(never)]
pub(crate) fn text_at(list: &Array, index: u32) -> String {
    list.get(index).as_string().unwrap_or_default()
}

/// Position of the first object in `list` whose property `key` is the text `wanted`.
#[inline(never)]
pub(crate) fn position(list: &Array, key: &str, wanted: &str) -> Option<u32> {
    (0..list.length()).find(|index| is(&list.get(*index), key, wanted))
}

/// The first object in the array `list` whose property `key` is the text `wanted`.
#[inline(never)]
pub(crate) fn find(list: &Array, key: &str, wanted: &str) -> Option<JsValue> {
    position(list, key, wanted).map(|index| list.get(index))
}

/// The objects of `list` whose property `key` is not the text `unwanted`.
#[inline(never)]
pub(crate) fn without(list: &Array, key: &str, unwanted: &str) -> Array {
    let rest = Array::new();
    for item in list.iter() {
        if !is(&item, key, unwanted) {
            rest.push(&item);
        }
    }
    rest
}

/// `{...base, ...patch}` as a new object.
#[inline(never)]
pub(crate) fn merged(base: &JsValue, patch: &JsValue) -> JsValue {
    let target = Object::new();
    for source in [base, patch] {
        if source.is_object() {
            Object::assign(&target, source.unchecked_ref());
        }
    }
    target.into()
}

/// A copy of the object `base` with property `key` set.
#[inline(never)]
pub(crate) fn with(base: &JsValue, key: &str, value: &JsValue) -> JsValue {
    let copy = merged(base, &JsValue::UNDEFINED);
    set(&copy, key, value);
    copy
}

/// Whether `value` is an object other than an array.
pub(crate) fn is_record(value: &JsValue) -> bool {
    value.is_object() && !Array::is_array(value)
}

/// Own enumerable keys of `value`.
#[inline(never)]
pub(crate) fn keys(value: &JsValue) -> Vec<String> {
    if !value.is_object() {
        return Vec::new();
    }
    Object::keys(value.unchecked_ref::<Object>())
        .iter()
        .filter_map(|key| key.as_string())
        .collect()
}

/// The engine's `JSON.parse`; the text is not copied into WebAssembly memory.
pub(crate) fn parse(text: &JsValue) -> Option<JsValue> {
    json_parse(text).ok()
}

/// The engine's `JSON.stringify`; `undefined` for what JSON cannot hold.
pub(crate) fn stringify(value: &JsValue) -> JsValue {
    json_stringify(value).unwrap_or(JsValue::UNDEFINED)
}

/// The JSON text of `value` as a Rust string.
pub(crate) fn json_text(value: &JsValue) -> String {
    stringify(value).as_string().unwrap_or_default()
}

/// A deep copy of JSON-like `value`.
#[inline(never)]
pub(crate) fn copy(value: &JsValue) -> JsValue {
    if value.is_object() {
        parse(&stringify(value)).unwrap_or(JsValue::UNDEFINED)
    } else {
        value.clone()
    }
}

/// `text` as one component of a URL.
pub(crate) fn encode(text: &str) -> String {
    encode_uri_component(text).unwrap_or_default()
}

/// A number as text, by the engine: Rust's formatting is large.
pub(crate) fn number_text(number: u32) -> String {
    stringify(&number.into()).as_string().unwrap_or_default()
}

/// Whether a JavaScript string is empty, without copying it.
pub(crate) fn is_empty(text: &JsValue) -> bool {
    text.dyn_ref::<JsString>()
        .is_none_or(|text| text.length() == 0)
}

/// Calls `function`, swallowing what it throws: an app's callback must not break the SDK.
pub(crate) fn call(function: &Function, arguments: &[JsValue]) {
    let list: Array = arguments.iter().collect();
    let _ = Reflect::apply(function, &JsValue::UNDEFINED, &list);
}

/// A Rust function as JavaScript sees it: one argument, one result.
pub(crate) type Callback = Closure<dyn FnMut(JsValue) -> JsValue>;

/// `run` as a JavaScript function; it must be kept as long as it may be called, or handed to the engine.
pub(crate) fn callback(run: impl FnMut(JsValue) -> JsValue + 'static) -> Callback {
    // Boxed here, so that all callbacks share one instance of the machinery.
    let run: Box<dyn FnMut(JsValue) -> JsValue> = Box::new(run);
    Closure::wrap(run)
}
