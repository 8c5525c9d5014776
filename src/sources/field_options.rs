//! `getFieldOptions`: the options of one input, from the app's loaders or from the server.

use super::{load_dropdown, load_mapping, loader};
use crate::api;
use crate::credentials::selected;
use crate::error::refuse;
use crate::integrations::validate;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{NULL, Outcome, UNDEFINED, Value, from_number, new_list, new_object, t, text};

/// Gives the promise of `{data, nestedData, nextPageCursor}` for the field that `options` describe.
pub(crate) fn field_options(sdk: Sdk, options: Value) -> Outcome {
    let name = options.get(t!("integration"));
    validate(sdk, name)?;
    let source = options.get(t!("source"));
    let Some(key) = options
        .get(t!("action"))
        .non_empty()
        .or_else(|| source.get(t!("cacheKey")).non_empty())
    else {
        return refuse(
            t!("argument_missing"),
            t!("Either \"action\" or a \"source\" with a cacheKey must be provided."),
        );
    };
    let (cursor, search) = (options.get(t!("cursor")), options.get(t!("search")));
    let parameters = options.items(t!("parameters"));
    let text_cursor = if cursor.is_text() { cursor } else { UNDEFINED };
    let loaded = if let Some(mapping) = source.get(t!("dynamicFieldMappingKey")).non_empty() {
        let options = new_object()
            .add(t!("objectType"), first_value(parameters))
            .add(t!("cursor"), text_cursor)
            .add(t!("search"), search);
        load_mapping(
            sdk,
            name,
            source.get(t!("dynamicFieldMappingType")),
            mapping,
            options,
        )?
    } else if loader(sdk, key).is_some() {
        load_dropdown(sdk, key, text_cursor, search)?
    } else {
        let cursor = if cursor.is_nothing() {
            from_number(0.0)
        } else {
            cursor
        };
        let body = new_object()
            .set(t!("action"), name)
            .set(t!("sourceKey"), key)
            .set(t!("parameters"), parameters)
            .set(
                t!("paginationParameters"),
                new_object()
                    .set(t!("pageCursor"), cursor)
                    .add(t!("search"), search),
            );
        let call = api::project_call(sdk, t!("POST"), text(t!("/sdk/actions")), body)?
            .add(t!("credential"), selected(options).0);
        return Ok(api::send(sdk, call)?.then(Step::OptionsAnswered, UNDEFINED));
    };
    Ok(loaded.then(Step::OptionsLoaded, UNDEFINED))
}

/// The first parameter's value that is not empty.
fn first_value(parameters: Value) -> Value {
    let mut values = parameters
        .iter()
        .filter_map(|parameter| parameter.get(t!("source")).get(t!("value")).some());
    values.next().unwrap_or(UNDEFINED)
}

/// What a loader of the app gave.
pub(crate) fn loaded(_: Value, answer: Value) -> Outcome {
    if !answer.is_object() {
        return refuse(
            t!("empty_answer"),
            t!("the data source's loader gave no options"),
        );
    }
    Ok(page(
        answer.get(t!("options")),
        new_list(),
        answer.get(t!("nextPageCursor")),
    ))
}

/// The server's answer: a list, or `{records, nextPageCursor}`. Records with an `id` are inputs, not options.
pub(crate) fn answered(_: Value, answer: Value) -> Outcome {
    let output = answer.get(t!("output"));
    if !output.is_object() {
        return refuse(t!("empty_answer"), t!("the server gave no options"));
    }
    let records = if output.is_list() {
        output
    } else {
        output.items(t!("records"))
    };
    let (none, cursor) = (new_list(), output.get(t!("nextPageCursor")).or(NULL));
    Ok(if records.at(0).get(t!("id")).is_true() {
        page(none, records, cursor)
    } else {
        page(records, none, cursor)
    })
}

fn page(data: Value, nested: Value, cursor: Value) -> Value {
    new_object()
        .add(t!("data"), data)
        .set(t!("nestedData"), nested)
        .add(t!("nextPageCursor"), cursor)
}
