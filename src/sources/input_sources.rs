//! Which sources an input's options come from, in the form that form builders use.

use super::{has_loaders, loader, registered, source_of};
use crate::integrations::find;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{NULL, Outcome, TRUE, UNDEFINED, Value, function, new_list, new_object, text};

const DYNAMIC: &str = "DYNAMIC_DATA_SOURCE";

/// `getSourcesForInput`: the sources of `input` of integration `name`, or null.
pub(crate) fn for_input(sdk: Sdk, name: Value, input: Value) -> Outcome {
    if input.get("type").is("CUSTOM_DROPDOWN") {
        return Ok(dropdown_source(sdk, name, input));
    }
    let Some(integration) = find(sdk, name) else {
        return Ok(NULL);
    };
    let source = source_of(integration, input.get("sourceType"));
    let kind = source.get("type");
    Ok(if kind.is(DYNAMIC) {
        single(source)
    } else if kind.is("FIELD_MAPPER_DATA_SOURCE") {
        field_mapper(sdk, name, input, source)
    } else if kind.is("COMBO_INPUT_DATA_SOURCE") {
        picked(
            "combo",
            source,
            &["mainInputSource", "dependentInputSource"],
        )
    } else if kind.is("DYNAMIC_COMBO_INPUT_DATA_SOURCE") {
        let keys = [
            "mainInputSource",
            "dependentInputSource",
            "variableInputSource",
        ];
        picked("defaultFieldValue", source, &keys)
    } else {
        NULL
    })
}

/// The app's list, else the app's loader, else the input's own options.
fn dropdown_source(sdk: Sdk, name: Value, input: Value) -> Value {
    let (title, key) = (
        input.get("title").or(text("")),
        input.get("key").or(text("")),
    );
    let list = registered(sdk, name, "dropdowns", key);
    if list.is_object() {
        return fixed(title, key, list);
    }
    if loader(sdk, key).is_some() {
        return single(dynamic(title, key, new_list()));
    }
    let own = input.items("customDropdownOptions");
    if own.is_empty() {
        NULL
    } else {
        fixed(title, key, own)
    }
}

fn field_mapper(sdk: Sdk, name: Value, input: Value, source: Value) -> Value {
    let key = input.get("dynamicObjectName").or(text(""));
    let registered = registered(sdk, name, "mapObjectFields", key);
    if !has_loaders(registered) {
        let keys = [
            "recordSource",
            "fieldSource",
            "dependentInputSource",
            "dependentFieldInputSource",
        ];
        let sources = picked("fieldMapper", source, &keys);
        return if registered.is_object() {
            sources.set("mapObjectFieldOptions", registered)
        } else {
            sources
        };
    }
    let sources = picked("fieldMapper", source, &["recordSource", "fieldSource"]);
    for (part, kind) in [
        ("recordSource", "objectTypes"),
        ("fieldSource", "integrationFields"),
    ] {
        if let Some(part) = sources.get(part).record() {
            part.set("dynamicFieldMappingKey", key)
                .set("dynamicFieldMappingType", text(kind));
        }
    }
    let options = registered
        .get("applicationFields")
        .merged(UNDEFINED)
        .set("useBYOFieldMappingOption", TRUE);
    sources.set("mapObjectFieldOptions", options)
}

/// `getSourcesForActionInput`: the sources of an action's `input`, or null.
pub(crate) fn for_action_input(input: Value) -> Outcome {
    let title = input.get("title");
    let from_server =
        |source: Value| dynamic(title, source.get("sourceType"), source.get("dependencies"));
    if let Some(source) = input.get("valuesSource").record() {
        return Ok(single(from_server(source)));
    }
    let values = input.items("values");
    if !values.is_empty() {
        return Ok(fixed(
            title,
            input.get("id"),
            values.iter().map(choice).collect(),
        ));
    }
    let keys = input.get("supportedKeysSource");
    if keys.is_object() && input.get("type").is("CONDITIONAL") {
        let operators = input.get("supportedOperators");
        return Ok(sources("conditional")
            .set("source", from_server(keys))
            .add("supportedOperators", operators));
    }
    Ok(NULL)
}

/// `{label, value}` of a choice, which may be a bare value. The value is text; it is the label where none is given.
fn choice(given: Value) -> Value {
    let value = if given.is_object() {
        given.get("value")
    } else {
        given
    };
    let value = if value.is_text() {
        value
    } else {
        value.json().or(text(""))
    };
    let label = given.get("label");
    new_object()
        .set("label", if label.is_nothing() { value } else { label })
        .set("value", value)
}

fn sources(kind: &'static str) -> Value {
    new_object().set("kind", text(kind))
}

fn single(source: Value) -> Value {
    sources("single").set("source", source)
}

fn fixed(title: Value, id: Value, values: Value) -> Value {
    single(
        new_object()
            .set("type", text("STATIC_ENUM_DATA_SOURCE"))
            .add("title", title)
            .add("id", id)
            .set("values", values),
    )
}

/// A source that is asked by its key. Its functions are there for those who expect them: nothing is left to map.
fn dynamic(title: Value, key: Value, dependencies: Value) -> Value {
    new_object()
        .set("type", text(DYNAMIC))
        .add("title", title)
        .add("cacheKey", key)
        .add("refreshDependencies", dependencies)
        .set(
            "mapRefreshToValues",
            function(Step::ValuesMapped, UNDEFINED),
        )
        .set(
            "getRefreshActionParameters",
            function(Step::ParametersAsked, UNDEFINED),
        )
}

/// `mapRefreshToValues`: the answer has the values' form already.
pub(crate) fn values_mapped(_: Value, answer: Value) -> Outcome {
    Ok(answer)
}

/// `getRefreshActionParameters`: there are none.
pub(crate) fn parameters_asked(_: Value, _: Value) -> Outcome {
    Ok(new_object())
}

/// `kind` and the sources under `keys`, where they are.
fn picked(kind: &'static str, source: Value, keys: &[&'static str]) -> Value {
    let result = sources(kind);
    for key in keys {
        if let Some(part) = source.get(key).record() {
            result.set(key, part);
        }
    }
    result
}
