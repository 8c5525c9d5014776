//! Which sources an input's options come from, in the form that form builders use.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::js;
use crate::sdk::Sdk;

const STATIC: &str = "STATIC_ENUM_DATA_SOURCE";
const DYNAMIC: &str = "DYNAMIC_DATA_SOURCE";

impl Sdk {
    /// `getSourcesForInput`: the sources of `input` of integration `name`, or null.
    pub(crate) fn sources_for_input(&self, name: &str, input: &JsValue) -> JsValue {
        if js::is(input, "type", "CUSTOM_DROPDOWN") {
            return self.dropdown_source(name, input);
        }
        let key = js::text(input, "sourceType").unwrap_or_default();
        let Ok(source) = self.data_source(name, &key) else {
            return JsValue::NULL;
        };
        let kind = js::text(&source, "type").unwrap_or_default();
        match kind.as_str() {
            DYNAMIC => single(source),
            "FIELD_MAPPER_DATA_SOURCE" => self.field_mapper(name, input, &source),
            "COMBO_INPUT_DATA_SOURCE" => picked(
                "combo",
                &source,
                &["mainInputSource", "dependentInputSource"],
            ),
            "DYNAMIC_COMBO_INPUT_DATA_SOURCE" => picked(
                "defaultFieldValue",
                &source,
                &[
                    "mainInputSource",
                    "dependentInputSource",
                    "variableInputSource",
                ],
            ),
            _ => JsValue::NULL,
        }
    }

    /// The app's list, else the app's loader, else the input's own options.
    fn dropdown_source(&self, name: &str, input: &JsValue) -> JsValue {
        let key = js::text(input, "key").unwrap_or_default();
        let title = js::text(input, "title").unwrap_or_default();
        let list = self.sources.registered(name, "dropdowns", &key);
        if list.is_object() {
            return fixed(title.into(), key.into(), list);
        }
        if self.sources.loader(&key).is_some() {
            return single(dynamic(title.into(), key.into(), Array::new().into()));
        }
        let own = js::items(input, "customDropdownOptions");
        if own.length() > 0 {
            return fixed(title.into(), key.into(), own.into());
        }
        JsValue::NULL
    }

    fn field_mapper(&self, name: &str, input: &JsValue, source: &JsValue) -> JsValue {
        let key = js::text(input, "dynamicObjectName").unwrap_or_default();
        let registered = self.sources.registered(name, "mapObjectFields", &key);
        if !super::has_loaders(&registered) {
            let sources = picked(
                "fieldMapper",
                source,
                &[
                    "recordSource",
                    "fieldSource",
                    "dependentInputSource",
                    "dependentFieldInputSource",
                ],
            );
            if registered.is_object() {
                js::set(&sources, "mapObjectFieldOptions", &registered);
            }
            return sources;
        }
        let sources = picked("fieldMapper", source, &["recordSource", "fieldSource"]);
        for (part, kind) in [
            ("recordSource", "objectTypes"),
            ("fieldSource", "integrationFields"),
        ] {
            let part = js::get(&sources, part);
            js::set(&part, "dynamicFieldMappingKey", &key.as_str().into());
            js::set(&part, "dynamicFieldMappingType", &kind.into());
        }
        let options = js::merged(
            &js::get(&registered, "applicationFields"),
            &js::object(&[("useBYOFieldMappingOption", true.into())]),
        );
        js::set(&sources, "mapObjectFieldOptions", &options);
        sources
    }
}

/// `getSourcesForActionInput`: the sources of an action's `input`, or null.
pub(crate) fn for_action_input(input: &JsValue) -> JsValue {
    let title = js::get(input, "title");
    let from_server = |key: &str| {
        let source = js::get(input, key);
        source.is_object().then(|| {
            let dependencies = js::get(&source, "dependencies");
            dynamic(title.clone(), js::get(&source, "sourceType"), dependencies)
        })
    };
    if let Some(source) = from_server("valuesSource") {
        return single(source);
    }
    let values = js::items(input, "values");
    if values.length() > 0 {
        let values: Array = values.iter().map(|value| choice(&value)).collect();
        return fixed(title, js::get(input, "id"), values.into());
    }
    if js::is(input, "type", "CONDITIONAL")
        && let Some(source) = from_server("supportedKeysSource")
    {
        return js::object(&[
            ("kind", "conditional".into()),
            ("source", source),
            ("supportedOperators", js::get(input, "supportedOperators")),
        ]);
    }
    JsValue::NULL
}

/// `{label, value}` of a choice, which may be a bare value. The value is text; it is the label where none is given.
fn choice(given: &JsValue) -> JsValue {
    let (value, label) = if given.is_object() {
        (js::get(given, "value"), js::get(given, "label"))
    } else {
        (given.clone(), JsValue::UNDEFINED)
    };
    let value = value.as_string().unwrap_or_else(|| js::json_text(&value));
    let label = if label.is_undefined() || label.is_null() {
        value.as_str().into()
    } else {
        label
    };
    js::object(&[("label", label), ("value", value.into())])
}

fn single(source: JsValue) -> JsValue {
    js::object(&[("kind", "single".into()), ("source", source)])
}

fn fixed(title: JsValue, id: JsValue, values: JsValue) -> JsValue {
    single(js::object(&[
        ("type", STATIC.into()),
        ("title", title),
        ("id", id),
        ("values", values),
    ]))
}

/// A source that is asked by its key. Its functions are there for those who expect them: nothing is left to map.
fn dynamic(title: JsValue, key: JsValue, dependencies: JsValue) -> JsValue {
    js::object(&[
        ("type", DYNAMIC.into()),
        ("title", title),
        ("cacheKey", key),
        ("refreshDependencies", dependencies),
        (
            "mapRefreshToValues",
            js::callback(|answer| answer).into_js_value(),
        ),
        (
            "getRefreshActionParameters",
            js::callback(|_| js::object(&[])).into_js_value(),
        ),
    ])
}

/// `kind` and the sources under `keys`, where they are.
fn picked(kind: &str, source: &JsValue, keys: &[&str]) -> JsValue {
    let result = js::object(&[("kind", kind.into())]);
    for key in keys {
        let part = js::get(source, key);
        if part.is_object() {
            js::set(&result, key, &part);
        }
    }
    result
}
