//! Data sources: where the options of an input come from.
//!
//! The app may register its own (`setDataSources`, `connect`); the others are the server's.

mod field_options;
mod input_sources;

use std::cell::RefCell;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use crate::error::{Outcome, fail};
use crate::js;
use crate::sdk::Sdk;

pub(crate) use self::input_sources::for_action_input;

/// The app's sources.
#[derive(Default)]
pub(crate) struct Sources {
    /// For all integrations: `{dropdowns, mapObjectFields}`, lists and mappings by key.
    global: RefCell<JsValue>,
    /// The same for one integration, by its name.
    specific: RefCell<JsValue>,
    /// Dropdown loaders by key, for all integrations.
    loaders: RefCell<JsValue>,
    /// `mapObjectFields` of `connect`, by integration.
    connected: RefCell<JsValue>,
}

impl Sources {
    /// `setDataSources`: takes the place of everything registered before.
    ///
    /// Entries that are no source are warned about and left out.
    pub(crate) fn set(&self, config: &JsValue) {
        *self.loaders.borrow_mut() = js::object(&[]);
        *self.connected.borrow_mut() = js::object(&[]);
        *self.global.borrow_mut() = self.checked(config);
        let specific = js::object(&[]);
        let given = js::get(config, "integrationSpecificSources");
        for name in js::keys(&given) {
            let one = js::get(&given, &name);
            if one.is_object() {
                js::set(&specific, &name, &self.checked(&one));
            } else {
                warn_unusable("for integration ", &name);
            }
        }
        *self.specific.borrow_mut() = specific;
    }

    /// What is usable of `{dropdowns, mapObjectFields}`; dropdown loaders go into their table.
    fn checked(&self, config: &JsValue) -> JsValue {
        let (lists, mappings) = (js::object(&[]), js::object(&[]));
        self.take_dropdowns(&js::get(config, "dropdowns"), &lists);
        let given = js::get(config, "mapObjectFields");
        for key in js::keys(&given) {
            let entry = js::get(&given, &key);
            if entry.is_object() {
                js::set(&mappings, &key, &entry);
            } else {
                warn_unusable("", &key);
            }
        }
        js::object(&[("dropdowns", lists), ("mapObjectFields", mappings)])
    }

    /// Registers the loaders among `dropdowns` and copies the lists into `lists`.
    fn take_dropdowns(&self, dropdowns: &JsValue, lists: &JsValue) {
        for key in js::keys(dropdowns) {
            let entry = js::get(dropdowns, &key);
            if Array::is_array(&entry) {
                js::set(lists, &key, &entry);
            } else if let Some(loader) = js::function(&entry, "loadOptions") {
                js::set(&self.loaders.borrow(), &key, &loader);
            } else {
                warn_unusable("", &key);
            }
        }
    }

    /// Takes the loaders in the parameters of a `connect` to integration `name`; gives the lists of `dropdowns`.
    pub(crate) fn take_connect(&self, name: &str, params: &JsValue) -> JsValue {
        for table in [&self.loaders, &self.connected] {
            if table.borrow().is_undefined() {
                *table.borrow_mut() = js::object(&[]);
            }
        }
        let lists = js::object(&[]);
        self.take_dropdowns(&js::get(params, "dropdowns"), &lists);
        let mappings = js::get(params, "mapObjectFields");
        if mappings.is_object() {
            js::set(&self.connected.borrow(), name, &mappings);
        }
        lists
    }

    /// What the app registered under `kind` and `key`, for integration `name` before all others.
    fn registered(&self, name: &str, kind: &str, key: &str) -> JsValue {
        let own = js::get(&js::own(&self.specific.borrow(), name), kind);
        let own = js::own(&own, key);
        if own.is_undefined() {
            js::own(&js::get(&self.global.borrow(), kind), key)
        } else {
            own
        }
    }

    /// The dropdown loader registered under `key`.
    fn loader(&self, key: &str) -> Option<Function> {
        js::own(&self.loaders.borrow(), key).dyn_into().ok()
    }

    /// The field mapping with loaders that integration `name` has under `key`.
    fn mapping(&self, name: &str, key: &str) -> Option<JsValue> {
        let connected = js::own(&js::own(&self.connected.borrow(), name), key);
        if has_loaders(&connected) {
            return Some(connected);
        }
        Some(self.registered(name, "mapObjectFields", key)).filter(has_loaders)
    }

    /// Calls the dropdown loader registered under `key`; gives what it returns.
    pub(crate) fn load_dropdown(
        &self,
        key: &str,
        cursor: &JsValue,
        search: &JsValue,
    ) -> Outcome<JsValue> {
        match self.loader(key) {
            Some(loader) => Ok(loader.call2(&JsValue::UNDEFINED, cursor, search)?),
            None => fail(
                "loader_not_found",
                &["No dropdown loader found for key: ", key],
            ),
        }
    }

    /// Calls a field-mapping loader: `kind` is `objectTypes` or `integrationFields`, `options` are
    /// `{objectType, cursor, search}`.
    pub(crate) fn load_mapping(
        &self,
        name: &str,
        kind: &str,
        key: &str,
        options: &JsValue,
    ) -> Outcome<JsValue> {
        let Some(mapping) = self.mapping(name, key) else {
            let text = "No dynamic field mapping loader found for key: ";
            return fail("loader_not_found", &[text, key]);
        };
        let arguments = Array::new();
        if kind == "integrationFields" {
            let object = js::get(options, "objectType");
            if !object.is_truthy() {
                return fail(
                    "argument_missing",
                    &["objectType is required for integrationFields"],
                );
            }
            arguments.push(&js::object(&[("objectType", object)]));
        } else if kind != "objectTypes" {
            let text = ". Must be 'objectTypes' or 'integrationFields'";
            return fail("argument_invalid", &["Invalid type: ", kind, text]);
        }
        arguments.push(&js::get(options, "cursor"));
        arguments.push(&js::get(options, "search"));
        let loader = js::get(&mapping, kind);
        match js::function(&loader, "get") {
            Some(get) => Ok(get.apply(&loader, &arguments)?),
            None => fail(
                "loader_not_found",
                &["No dynamic field mapping loader found for key: ", key],
            ),
        }
    }
}

impl Sdk {
    /// The server's data source `key` of integration `name`; a copy, `undefined` where there is none.
    pub(crate) fn data_source(&self, name: &str, key: &str) -> Outcome<JsValue> {
        let Some(integration) = self.find_integration(name) else {
            return fail(
                "integration_not_found",
                &["Integration \"", name, "\" not found."],
            );
        };
        let config = js::get(&integration, "sdkIntegrationConfig");
        Ok(js::copy(&js::own(&js::get(&config, "dataSources"), key)))
    }
}

/// Whether a field mapping asks the app's loaders.
pub(crate) fn has_loaders(mapping: &JsValue) -> bool {
    js::get(mapping, "objectTypes").is_object() && js::get(mapping, "integrationFields").is_object()
}

fn warn_unusable(what: &str, key: &str) {
    let text = [
        "Could not load data source ",
        what,
        "\"",
        key,
        "\" because a valid source object was not provided",
    ];
    js::warn(&text.concat());
}
