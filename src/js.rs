//! JavaScript values as the SDK reads and makes them: views that cannot fail, copies, texts.

use js_sys::{Array, Function, JSON, JsString, Object, Reflect};
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::*;

use crate::error::Error;

#[wasm_bindgen(module = "/pkg/lib/copy.js")]
extern "C" {
    /// A deep copy of what came as JSON; of what holds itself, an error.
    #[wasm_bindgen(catch, js_name = copy)]
    fn try_copy(value: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// `String(value)`, whatever it is.
    #[wasm_bindgen(js_name = String)]
    pub(crate) fn shown(value: &JsValue) -> String;

    /// `JSON.parse` of text that stays on the JavaScript side.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse_json(text: &JsValue) -> Result<JsValue, JsValue>;
}

/// `value` as a view of its fields; of what is no object, a view of an empty one.
pub(crate) fn view<T: JsCast>(value: JsValue) -> T {
    object_or_empty(value).unchecked_into()
}

fn object_or_empty(value: JsValue) -> JsValue {
    if value.is_object() {
        value
    } else {
        Object::new().into()
    }
}

/// `value`, if it is an object or a list.
pub(crate) fn object<T: JsCast>(value: JsValue) -> Option<T> {
    value.is_object().then(|| value.unchecked_into())
}

/// Whether both are the same value (`===`).
pub(crate) fn is_same(one: &JsValue, other: &JsValue) -> bool {
    one == other
}

/// Whether `value` is an object other than a list.
pub(crate) fn is_record(value: &JsValue) -> bool {
    value.is_object() && !Array::is_array(value)
}

/// `value`, if it is a list; else an empty one.
pub(crate) fn list(value: JsValue) -> Array {
    if Array::is_array(&value) {
        value.unchecked_into()
    } else {
        Array::new()
    }
}

/// The items of `value` as views; none, if it is no list.
pub(crate) fn items<T: JsCast>(value: JsValue) -> impl Iterator<Item = T> {
    list(value).into_iter().map(view)
}

/// `value`, if it is a text that is not empty.
pub(crate) fn text(value: JsValue) -> Option<JsString> {
    let text: JsString = value.is_string().then(|| value.unchecked_into())?;
    (text.length() > 0).then_some(text)
}

/// A text of the app, which may leave it out; an empty one counts as left out.
///
/// # Errors
/// For what is there and no text.
pub(crate) fn optional_text(value: JsValue, name: &str) -> Result<Option<JsString>, Error> {
    if value.is_string() || value.is_undefined() || value.is_null() {
        return Ok(text(value));
    }
    let message = [name, " must be a string"].concat();
    Err(Error::new("argument_invalid", &message))
}

/// `value`, if it is a function.
pub(crate) fn function(value: JsValue) -> Option<Function> {
    value.is_function().then(|| value.unchecked_into())
}

/// `value`, unless it is falsy.
pub(crate) fn truthy(value: JsValue) -> Option<JsValue> {
    value.is_truthy().then_some(value)
}

/// Field `key` of whatever `value` is; `undefined` where there is none, or where reading it throws.
pub(crate) fn field(value: &JsValue, key: &str) -> JsValue {
    if value.is_object() {
        Reflect::get(value, &key.into()).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

/// Whether `value` is an object with a field `key` of its own.
pub(crate) fn has_own(value: &JsValue, key: &JsValue) -> bool {
    value.is_object() && Object::has_own(value.unchecked_ref::<Object>(), key)
}

/// Own field `key`: for names from outside, which never reach `Object.prototype`.
pub(crate) fn own(value: &JsValue, key: &JsValue) -> JsValue {
    if has_own(value, key) {
        Reflect::get(value, key).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

/// Sets field `key`; what is frozen stays as it is.
pub(crate) fn set(target: &JsValue, key: &JsValue, value: &JsValue) {
    let _ = Reflect::set(target, key, value);
}

/// Removes field `key`.
pub(crate) fn remove(target: &JsValue, key: &str) {
    let _ = Reflect::delete_property(target.unchecked_ref::<Object>(), &key.into());
}

/// Own enumerable keys; none, if `value` is no object.
pub(crate) fn keys(value: &JsValue) -> Vec<JsString> {
    if value.is_object() {
        Object::keys(value.unchecked_ref::<Object>())
            .iter()
            .map(JsCast::unchecked_into)
            .collect()
    } else {
        Vec::new()
    }
}

/// `{...base, ...patch}`; what is no object adds nothing.
pub(crate) fn merged<T: JsCast>(base: &JsValue, patch: &JsValue) -> T {
    let object = Object::new();
    for source in [base, patch] {
        if source.is_object() {
            Object::assign(&object, source.unchecked_ref());
        }
    }
    object.unchecked_into()
}

/// A shallow copy of the app's option bag, `{}` of what is none: what a getter of the app throws is an error here, and
/// nowhere later.
///
/// # Errors
/// What a getter throws.
pub(crate) fn options<T: JsCast>(given: &JsValue) -> Result<T, JsValue> {
    let object = Object::new();
    if given.is_object() {
        Object::try_assign(&object, given.unchecked_ref())?;
    }
    Ok(object.unchecked_into())
}

/// The JSON text of `value`; `undefined` for what JSON cannot hold.
pub(crate) fn json(value: &JsValue) -> JsValue {
    JSON::stringify(value).map_or(JsValue::UNDEFINED, JsValue::from)
}

/// The value of a JSON text; `undefined` for what is none.
pub(crate) fn parsed(text: &JsValue) -> JsValue {
    parse_json(text).unwrap_or_default()
}

/// A deep copy of what came as JSON.
pub(crate) fn copy(value: &JsValue) -> JsValue {
    try_copy(value).unwrap_or_default()
}

/// A deep copy of what JSON can hold; functions are left out.
pub(crate) fn copied<T: JsCast>(value: &JsValue) -> T {
    if value.is_object() {
        parsed(&json(value)).unchecked_into()
    } else {
        value.clone().unchecked_into()
    }
}

/// `value` as a plain JavaScript object.
///
/// Fields that are `None` are left out if they say so, else `undefined`.
pub(crate) fn to_object<T: JsCast>(value: &impl Serialize) -> T {
    // INVARIANT: structs of texts, numbers, flags and `Raw` values always serialize.
    serde_wasm_bindgen::to_value(value)
        .unwrap_or_default()
        .unchecked_into()
}

/// A JavaScript value inside of a struct for [`to_object`]: it passes as it is.
#[derive(Clone, Default)]
pub(crate) struct Raw(pub(crate) JsValue);

impl Raw {
    /// For `skip_serializing_if`.
    pub(crate) fn is_undefined(&self) -> bool {
        self.0.is_undefined()
    }
}

impl<T: AsRef<JsValue>> From<&T> for Raw {
    fn from(value: &T) -> Self {
        Self(value.as_ref().clone())
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_wasm_bindgen::preserve::serialize(&self.0, serializer)
    }
}

/// Calls a function of the app; what it throws is swallowed: it must not break the SDK.
pub(crate) fn notify(callback: &Function, first: &JsValue, second: &JsValue) {
    let _ = callback.call2(&JsValue::UNDEFINED, first, second);
}

/// A function for the app that may be called at any time, also while it runs.
pub(crate) fn callback(run: impl Fn(JsValue) -> JsValue + 'static) -> Function {
    let run: Box<dyn Fn(JsValue) -> JsValue> = Box::new(run);
    Closure::wrap(run).into_js_value().unchecked_into()
}
