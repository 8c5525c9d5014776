//! Which sources an input's options come from, in the form that form builders use.

use js_sys::{Array, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{Mapping, has_loaders, server_source};
use crate::js::{self, Raw};
use crate::model::Entity;
use crate::sdk::Sdk;

const DYNAMIC: &str = "DYNAMIC_DATA_SOURCE";

#[wasm_bindgen]
extern "C" {
    /// An input, of a portal or of an action.
    #[wasm_bindgen(extends = Entity, extends = Object)]
    #[derive(Clone, Debug)]
    type Input;
    #[wasm_bindgen(method, getter)]
    fn title(this: &Input) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = sourceType)]
    fn source_type(this: &Input) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn dependencies(this: &Input) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = customDropdownOptions)]
    fn dropdown_options(this: &Input) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = dynamicObjectName)]
    fn object_name(this: &Input) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = valuesSource)]
    fn values_source(this: &Input) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn values(this: &Input) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = supportedKeysSource)]
    fn keys_source(this: &Input) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = supportedOperators)]
    fn supported_operators(this: &Input) -> JsValue;
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sources<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    source: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    supported_operators: Raw,
}

/// A source whose options are known.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixedSource {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    title: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    id: Raw,
    values: Raw,
}

/// A source that is asked by its key. Its functions are there for those who expect them: nothing is left to map.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DynamicSource {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    title: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    cache_key: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    refresh_dependencies: Raw,
    map_refresh_to_values: Raw,
    get_refresh_action_parameters: Raw,
}

#[derive(Serialize)]
struct Choice {
    label: Raw,
    value: Raw,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoadersAsked {
    #[serde(rename = "useBYOFieldMappingOption")]
    uses_loaders: bool,
}

/// What the portal gets to know of a mapping that asks the app's loaders, which stay here.
pub(crate) fn application_fields(mapping: &Mapping) -> Object {
    let asked: JsValue = js::to_object(&LoadersAsked { uses_loaders: true });
    js::merged(&mapping.application_fields(), &asked)
}

impl Sdk {
    /// `getSourcesForInput`: the sources of `input` of integration `name`, or null.
    pub(crate) fn sources_for_input(&self, name: &JsValue, input: &JsValue) -> JsValue {
        let input: Input = js::view(input.clone());
        if input.kind() == "CUSTOM_DROPDOWN" {
            return self.dropdown_source(name, &input);
        }
        let Some(integration) = self.find_integration(name) else {
            return JsValue::NULL;
        };
        let source = server_source(&integration, &input.source_type());
        let kind = js::view::<Entity>(source.clone()).kind();
        match kind.as_string().as_deref() {
            Some(DYNAMIC) => single(source),
            Some("FIELD_MAPPER_DATA_SOURCE") => self.field_mapper(name, &input, &source),
            Some("COMBO_INPUT_DATA_SOURCE") => picked(
                "combo",
                &source,
                &["mainInputSource", "dependentInputSource"],
            ),
            Some("DYNAMIC_COMBO_INPUT_DATA_SOURCE") => picked(
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
    fn dropdown_source(&self, name: &JsValue, input: &Input) -> JsValue {
        let (title, key) = (or_empty(input.title()), or_empty(input.key()));
        if let Some(list) = self.sources.dropdown_list(name, &key) {
            return fixed(title, key, list);
        }
        if self.sources.dropdown_loader(&key).is_some() {
            return single(dynamic(title, key, Array::new().into()));
        }
        let own = js::list(input.dropdown_options());
        if own.length() == 0 {
            JsValue::NULL
        } else {
            fixed(title, key, own.into())
        }
    }

    fn field_mapper(&self, name: &JsValue, input: &Input, source: &JsValue) -> JsValue {
        let key = or_empty(input.object_name());
        let registered = self.sources.mapping(name, &key);
        let Some(mapping) = registered.as_ref().filter(|mapping| has_loaders(mapping)) else {
            let keys = [
                "recordSource",
                "fieldSource",
                "dependentInputSource",
                "dependentFieldInputSource",
            ];
            let sources = picked("fieldMapper", source, &keys);
            if let Some(mapping) = &registered {
                js::set(&sources, &"mapObjectFieldOptions".into(), mapping);
            }
            return sources;
        };
        let sources = picked("fieldMapper", source, &["recordSource", "fieldSource"]);
        for (part, kind) in [
            ("recordSource", "objectTypes"),
            ("fieldSource", "integrationFields"),
        ] {
            let part = js::field(&sources, part);
            if part.is_object() {
                js::set(&part, &"dynamicFieldMappingKey".into(), &key);
                js::set(&part, &"dynamicFieldMappingType".into(), &kind.into());
            }
        }
        let options = application_fields(mapping);
        js::set(&sources, &"mapObjectFieldOptions".into(), &options);
        sources
    }
}

/// `getSourcesForActionInput`: the sources of an action's `input`, or null.
pub(crate) fn sources_for_action_input(input: &JsValue) -> JsValue {
    let input: Input = js::view(input.clone());
    let from_server =
        |source: Input| dynamic(input.title(), source.source_type(), source.dependencies());
    if let Some(source) = js::object(input.values_source()) {
        return single(from_server(source));
    }
    let values = js::list(input.values());
    if values.length() > 0 {
        let choices: Array = values.iter().map(|value| choice(&value)).collect();
        return fixed(input.title(), input.id(), choices.into());
    }
    if let Some(keys) = js::object(input.keys_source())
        && input.kind() == "CONDITIONAL"
    {
        return js::to_object(&Sources {
            kind: "conditional",
            source: Raw(from_server(keys)),
            supported_operators: Raw(input.supported_operators()),
        });
    }
    JsValue::NULL
}

/// `{label, value}` of a choice, which may be a bare value. The value is text; it is the label where none is given.
fn choice(given: &JsValue) -> JsValue {
    let fields: Input = js::view(given.clone());
    let value = if given.is_object() {
        fields.value()
    } else {
        given.clone()
    };
    let value = if value.is_string() {
        value
    } else {
        or_empty(js::json(&value))
    };
    let label = fields.label();
    let is_labeled = !label.is_undefined() && !label.is_null();
    js::to_object(&Choice {
        label: Raw(if is_labeled { label } else { value.clone() }),
        value: Raw(value),
    })
}

fn or_empty(value: JsValue) -> JsValue {
    js::truthy(value).unwrap_or_else(|| "".into())
}

fn single(source: JsValue) -> JsValue {
    js::to_object(&Sources {
        kind: "single",
        source: Raw(source),
        ..Sources::default()
    })
}

fn fixed(title: JsValue, id: JsValue, values: JsValue) -> JsValue {
    single(js::to_object(&FixedSource {
        kind: "STATIC_ENUM_DATA_SOURCE",
        title: Raw(title),
        id: Raw(id),
        values: Raw(values),
    }))
}

fn dynamic(title: JsValue, key: JsValue, dependencies: JsValue) -> JsValue {
    let as_it_is = Closure::<dyn FnMut(JsValue) -> JsValue>::new(|answer| answer);
    let no_parameters = Closure::<dyn FnMut() -> JsValue>::new(|| Object::new().into());
    js::to_object(&DynamicSource {
        kind: DYNAMIC,
        title: Raw(title),
        cache_key: Raw(key),
        refresh_dependencies: Raw(dependencies),
        map_refresh_to_values: Raw(as_it_is.into_js_value()),
        get_refresh_action_parameters: Raw(no_parameters.into_js_value()),
    })
}

/// `kind` and the sources under `keys`, where they are.
fn picked(kind: &str, source: &JsValue, keys: &[&str]) -> JsValue {
    let result: JsValue = js::to_object(&Sources {
        kind,
        ..Sources::default()
    });
    for key in keys {
        let part = js::field(source, key);
        if part.is_object() {
            js::set(&result, &(*key).into(), &part);
        }
    }
    result
}
