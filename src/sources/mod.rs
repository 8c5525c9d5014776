//! Data sources: where the options of an input come from.
//!
//! The app may register its own (`setDataSources`, `connect`); the others are the server's. The instance has the app's
//! under `sources`:
//!
//! | property | |
//! |---|---|
//! | `global` | for all integrations: `{dropdowns, mapObjectFields}`, lists and mappings by key |
//! | `specific` | the same for one integration, by its name |
//! | `loaders` | dropdown loaders by key, for all integrations |
//! | `connected` | `mapObjectFields` of `connect`, by integration |

pub(crate) mod field_options;
pub(crate) mod input_sources;

use crate::error::{fail, refuse};
use crate::integrations::find;
use crate::sdk::Sdk;
use crate::value::{GLOBAL, Outcome, Text, UNDEFINED, Value, fill, list, new_list, new_object, t};

/// Tables without entries.
fn new_tables(sdk: Sdk) -> Value {
    let tables = new_object()
        .set(t!("loaders"), new_object())
        .set(t!("connected"), new_object());
    sdk.set(t!("sources"), tables);
    tables
}

/// `setDataSources`: takes the place of everything registered before.
///
/// Entries that are no source are warned about and left out.
pub(crate) fn set(sdk: Sdk, config: Value) -> Outcome {
    let (tables, specific) = (new_tables(sdk), new_object());
    let loaders = tables.get(t!("loaders"));
    tables
        .set(t!("global"), checked(loaders, config))
        .set(t!("specific"), specific);
    let given = config.get(t!("integrationSpecificSources"));
    for name in given.keys().iter() {
        let one = given.own(name);
        if one.is_object() {
            specific.store(name, checked(loaders, one));
        } else {
            warn_unusable(fill!(t!("for integration \"{}\""), name));
        }
    }
    Ok(UNDEFINED)
}

/// What is usable of `{dropdowns, mapObjectFields}`; dropdown loaders go into their table.
fn checked(loaders: Value, config: Value) -> Value {
    let lists = take_dropdowns(loaders, config.get(t!("dropdowns")));
    let (given, mappings) = (config.get(t!("mapObjectFields")), new_object());
    for key in given.keys().iter() {
        let entry = given.own(key);
        if entry.is_object() {
            mappings.store(key, entry);
        } else {
            warn_unusable(fill!(t!("\"{}\""), key));
        }
    }
    new_object()
        .set(t!("dropdowns"), lists)
        .set(t!("mapObjectFields"), mappings)
}

/// Registers the loaders among `dropdowns`; gives the lists.
fn take_dropdowns(loaders: Value, dropdowns: Value) -> Value {
    let lists = new_object();
    for key in dropdowns.keys().iter() {
        let entry = dropdowns.own(key);
        let loader = entry.get(t!("loadOptions"));
        if entry.is_list() {
            lists.store(key, entry);
        } else if loader.is_function() {
            loaders.store(key, loader);
        } else {
            warn_unusable(fill!(t!("\"{}\""), key));
        }
    }
    lists
}

fn warn_unusable(what: Value) {
    let message = fill!(
        t!("Could not load data source {} because a valid source object was not provided"),
        what
    );
    GLOBAL
        .get(t!("console"))
        .tell(t!("warn"), message, UNDEFINED);
}

/// Takes the loaders in the parameters of a `connect` to integration `name`; gives the lists of `dropdowns`.
pub(crate) fn take_connect(sdk: Sdk, name: Value, params: Value) -> Value {
    let tables = sdk
        .get(t!("sources"))
        .record()
        .unwrap_or_else(|| new_tables(sdk));
    let mappings = params.get(t!("mapObjectFields"));
    if mappings.is_object() {
        tables.get(t!("connected")).store(name, mappings);
    }
    take_dropdowns(tables.get(t!("loaders")), params.get(t!("dropdowns")))
}

/// What the app registered under `kind` and `key`, for integration `name` before all others.
fn registered(sdk: Sdk, name: Value, kind: Text, key: Value) -> Value {
    let tables = sdk.get(t!("sources"));
    let own = tables.get(t!("specific")).own(name).get(kind).own(key);
    if own.is_undefined() {
        tables.get(t!("global")).get(kind).own(key)
    } else {
        own
    }
}

/// The dropdown loader registered under `key`.
pub(crate) fn loader(sdk: Sdk, key: Value) -> Option<Value> {
    sdk.get(t!("sources")).get(t!("loaders")).own(key).some()
}

/// Whether a field mapping asks the app's loaders.
fn has_loaders(mapping: Value) -> bool {
    mapping.get(t!("objectTypes")).is_object() && mapping.get(t!("integrationFields")).is_object()
}

/// The field mapping with loaders that integration `name` has under `key`.
fn mapping(sdk: Sdk, name: Value, key: Value) -> Option<Value> {
    let connected = sdk
        .get(t!("sources"))
        .get(t!("connected"))
        .own(name)
        .own(key);
    let mapping = if has_loaders(connected) {
        connected
    } else {
        registered(sdk, name, t!("mapObjectFields"), key)
    };
    has_loaders(mapping).then_some(mapping)
}

/// Calls the dropdown loader registered under `key`; gives what it returns.
pub(crate) fn load_dropdown(sdk: Sdk, key: Value, cursor: Value, search: Value) -> Outcome {
    match loader(sdk, key) {
        Some(loader) => ask(loader, UNDEFINED, list![cursor, search]),
        None => fail(
            t!("loader_not_found"),
            fill!(t!("No dropdown loader found for key: {}"), key),
        ),
    }
}

/// Calls a loader with `this` and all of its arguments, also those at the end that are `undefined`.
fn ask(loader: Value, this: Value, arguments: Value) -> Outcome {
    loader.invoke(t!("apply"), this, arguments, UNDEFINED)
}

/// Calls a field-mapping loader: `kind` is `objectTypes` or `integrationFields`, `options` are
/// `{objectType, cursor, search}`.
pub(crate) fn load_mapping(
    sdk: Sdk,
    name: Value,
    kind: Value,
    key: Value,
    options: Value,
) -> Outcome {
    let missing = || {
        fail(
            t!("loader_not_found"),
            fill!(t!("No dynamic field mapping loader found for key: {}"), key),
        )
    };
    let Some(mapping) = mapping(sdk, name, key) else {
        return missing();
    };
    let arguments = new_list();
    let loader = if kind.is(t!("objectTypes")) {
        mapping.get(t!("objectTypes"))
    } else if kind.is(t!("integrationFields")) {
        let Some(object) = options.get(t!("objectType")).some() else {
            return refuse(
                t!("argument_missing"),
                t!("objectType is required for integrationFields"),
            );
        };
        arguments.push(new_object().set(t!("objectType"), object));
        mapping.get(t!("integrationFields"))
    } else {
        let message = t!("Invalid type: {}. Must be 'objectTypes' or 'integrationFields'");
        return fail(t!("argument_invalid"), fill!(message, kind));
    };
    arguments
        .push(options.get(t!("cursor")))
        .push(options.get(t!("search")));
    let get = loader.get(t!("get"));
    if get.is_function() {
        ask(get, loader, arguments)
    } else {
        missing()
    }
}

/// `getDataSourceOptions`: the server's data source `key` of integration `name`; a copy, `undefined` where there is
/// none.
pub(crate) fn data_source(sdk: Sdk, name: Value, key: Value) -> Outcome {
    match find(sdk, name) {
        Some(integration) => Ok(source_of(integration, key)),
        None => fail(
            t!("integration_not_found"),
            fill!(t!("Integration \"{}\" not found."), name),
        ),
    }
}

fn source_of(integration: Value, key: Value) -> Value {
    integration
        .get(t!("sdkIntegrationConfig"))
        .get(t!("dataSources"))
        .own(key)
        .copy()
}
