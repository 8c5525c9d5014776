//! Which sources an input's options come from, in the form that form builders use.

use super::{has_loaders, loader, registered, source_of};
use crate::integrations::find;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    NULL, Outcome, TRUE, Text, UNDEFINED, Value, function, new_list, new_object, t, text,
};

const DYNAMIC: Text = t!("DYNAMIC_DATA_SOURCE");

/// `getSourcesForInput`: the sources of `input` of integration `name`, or null.
pub(crate) fn for_input(sdk: Sdk, name: Value, input: Value) -> Outcome {
    if input.get(t!("type")).is(t!("CUSTOM_DROPDOWN")) {
        return Ok(dropdown_source(sdk, name, input));
    }
    let Some(integration) = find(sdk, name) else {
        return Ok(NULL);
    };
    let source = source_of(integration, input.get(t!("sourceType")));
    let kind = source.get(t!("type"));
    Ok(if kind.is(DYNAMIC) {
        single(source)
    } else if kind.is(t!("FIELD_MAPPER_DATA_SOURCE")) {
        field_mapper(sdk, name, input, source)
    } else if kind.is(t!("COMBO_INPUT_DATA_SOURCE")) {
        picked(
            t!("combo"),
            source,
            &[t!("mainInputSource"), t!("dependentInputSource")],
        )
    } else if kind.is(t!("DYNAMIC_COMBO_INPUT_DATA_SOURCE")) {
        let keys = [
            t!("mainInputSource"),
            t!("dependentInputSource"),
            t!("variableInputSource"),
        ];
        picked(t!("defaultFieldValue"), source, &keys)
    } else {
        NULL
    })
}

/// The app's list, else the app's loader, else the input's own options.
fn dropdown_source(sdk: Sdk, name: Value, input: Value) -> Value {
    let (title, key) = (
        input.get(t!("title")).or(text(t!(""))),
        input.get(t!("key")).or(text(t!(""))),
    );
    let list = registered(sdk, name, t!("dropdowns"), key);
    if list.is_object() {
        return fixed(title, key, list);
    }
    if loader(sdk, key).is_some() {
        return single(dynamic(title, key, new_list()));
    }
    let own = input.items(t!("customDropdownOptions"));
    if own.is_empty() {
        NULL
    } else {
        fixed(title, key, own)
    }
}

fn field_mapper(sdk: Sdk, name: Value, input: Value, source: Value) -> Value {
    let key = input.get(t!("dynamicObjectName")).or(text(t!("")));
    let registered = registered(sdk, name, t!("mapObjectFields"), key);
    if !has_loaders(registered) {
        let keys = [
            t!("recordSource"),
            t!("fieldSource"),
            t!("dependentInputSource"),
            t!("dependentFieldInputSource"),
        ];
        let sources = picked(t!("fieldMapper"), source, &keys);
        return if registered.is_object() {
            sources.set(t!("mapObjectFieldOptions"), registered)
        } else {
            sources
        };
    }
    let sources = picked(
        t!("fieldMapper"),
        source,
        &[t!("recordSource"), t!("fieldSource")],
    );
    for (part, kind) in [
        (t!("recordSource"), t!("objectTypes")),
        (t!("fieldSource"), t!("integrationFields")),
    ] {
        if let Some(part) = sources.get(part).record() {
            part.set(t!("dynamicFieldMappingKey"), key)
                .set(t!("dynamicFieldMappingType"), text(kind));
        }
    }
    let options = registered
        .get(t!("applicationFields"))
        .merged(UNDEFINED)
        .set(t!("useBYOFieldMappingOption"), TRUE);
    sources.set(t!("mapObjectFieldOptions"), options)
}

/// `getSourcesForActionInput`: the sources of an action's `input`, or null.
pub(crate) fn for_action_input(input: Value) -> Outcome {
    let title = input.get(t!("title"));
    let from_server = |source: Value| {
        dynamic(
            title,
            source.get(t!("sourceType")),
            source.get(t!("dependencies")),
        )
    };
    if let Some(source) = input.get(t!("valuesSource")).record() {
        return Ok(single(from_server(source)));
    }
    let values = input.items(t!("values"));
    if !values.is_empty() {
        return Ok(fixed(
            title,
            input.get(t!("id")),
            values.iter().map(choice).collect(),
        ));
    }
    let keys = input.get(t!("supportedKeysSource"));
    if keys.is_object() && input.get(t!("type")).is(t!("CONDITIONAL")) {
        let operators = input.get(t!("supportedOperators"));
        return Ok(sources(t!("conditional"))
            .set(t!("source"), from_server(keys))
            .add(t!("supportedOperators"), operators));
    }
    Ok(NULL)
}

/// `{label, value}` of a choice, which may be a bare value. The value is text; it is the label where none is given.
fn choice(given: Value) -> Value {
    let value = if given.is_object() {
        given.get(t!("value"))
    } else {
        given
    };
    let value = if value.is_text() {
        value
    } else {
        value.json().or(text(t!("")))
    };
    let label = given.get(t!("label"));
    new_object()
        .set(t!("label"), if label.is_nothing() { value } else { label })
        .set(t!("value"), value)
}

fn sources(kind: Text) -> Value {
    new_object().set(t!("kind"), text(kind))
}

fn single(source: Value) -> Value {
    sources(t!("single")).set(t!("source"), source)
}

fn fixed(title: Value, id: Value, values: Value) -> Value {
    single(
        new_object()
            .set(t!("type"), text(t!("STATIC_ENUM_DATA_SOURCE")))
            .add(t!("title"), title)
            .add(t!("id"), id)
            .set(t!("values"), values),
    )
}

/// A source that is asked by its key. Its functions are there for those who expect them: nothing is left to map.
fn dynamic(title: Value, key: Value, dependencies: Value) -> Value {
    new_object()
        .set(t!("type"), text(DYNAMIC))
        .add(t!("title"), title)
        .add(t!("cacheKey"), key)
        .add(t!("refreshDependencies"), dependencies)
        .set(
            t!("mapRefreshToValues"),
            function(Step::ValuesMapped, UNDEFINED),
        )
        .set(
            t!("getRefreshActionParameters"),
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
fn picked(kind: Text, source: Value, keys: &[Text]) -> Value {
    let result = sources(kind);
    for key in keys {
        if let Some(part) = source.get(*key).record() {
            result.set(*key, part);
        }
    }
    result
}
