//! The app's own options for the dropdowns and field mappings of the portal.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::js;
use crate::sources::has_loaders;

/// What the portal shows: `values` of an integration's configuration, its dropdowns filled from `dropdowns`.
///
/// An array replaces the options of the input with that key; for an object with `loadOptions` the portal asks the SDK.
pub(super) fn filled(values: &JsValue, dropdowns: &JsValue) -> JsValue {
    if !dropdowns.is_object() {
        return values.clone();
    }
    let values = js::copy(values);
    for input in js::items(&js::get(&values, "sharedMeta"), "inputs") {
        let key = js::text(&input, "key").unwrap_or_default();
        let given = js::own(dropdowns, &key);
        let is_list = Array::is_array(&given);
        if !js::is(&input, "type", "CUSTOM_DROPDOWN")
            || !(is_list || js::function(&given, "loadOptions").is_some())
        {
            continue;
        }
        js::set(&input, "customDropdownOptions", &distinct(&given));
        if !is_list {
            js::set(&input, "refreshOnOpen", &false.into());
        }
    }
    values
}

/// `mapObjectFields` as the portal gets it: of an entry with loaders, which stay here, what its `applicationFields` say.
pub(super) fn mapped(fields: &JsValue) -> JsValue {
    if !fields.is_object() {
        return fields.clone();
    }
    let shown = js::merged(fields, &JsValue::UNDEFINED);
    for key in js::keys(fields) {
        let entry = js::own(fields, &key);
        if has_loaders(&entry) {
            let told = js::object(&[("useBYOFieldMappingOption", true.into())]);
            let told = js::merged(&js::get(&entry, "applicationFields"), &told);
            js::set(&shown, &key, &told);
        }
    }
    shown
}

/// The options of `list` without those whose `value` came before.
fn distinct(list: &JsValue) -> JsValue {
    let (rest, seen) = (Array::new(), Array::new());
    for option in js::list(list) {
        let value = js::get(&option, "value");
        if !seen.includes(&value, 0) {
            seen.push(&value);
            rest.push(&option);
        }
    }
    rest.into()
}
