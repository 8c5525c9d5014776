//! What the app registered: lists and loaders for dropdowns, field mappings.

use std::cell::RefCell;

use js_sys::{Array, Function, JsString, Object};
use wasm_bindgen::prelude::*;

use super::Mapping;
use crate::error::Result;
use crate::{host, js};

#[wasm_bindgen]
extern "C" {
    /// What `setDataSources` is given, as a whole or for one integration; of the options of `connect` the same fields.
    #[wasm_bindgen(extends = Object)]
    type Config;
    #[wasm_bindgen(method, getter)]
    fn dropdowns(this: &Config) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = mapObjectFields)]
    fn mappings(this: &Config) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = integrationSpecificSources)]
    fn of_integrations(this: &Config) -> JsValue;

    /// An entry of `dropdowns` that is no list.
    type Dropdown;
    #[wasm_bindgen(method, getter, js_name = loadOptions)]
    fn load_options(this: &Dropdown) -> JsValue;
}

/// Lists and mappings by their keys.
#[derive(Default)]
struct Sources {
    dropdowns: Object,
    mappings: Object,
}

/// All sources of an instance.
#[derive(Default)]
pub(crate) struct Registry {
    /// For all integrations.
    global: RefCell<Sources>,
    /// For one integration, by its name; these come first.
    specific: RefCell<Vec<(JsString, Sources)>>,
    /// Dropdown loaders by key, for all integrations.
    loaders: RefCell<Object>,
    /// `mapObjectFields` of `connect`, by integration.
    connected: RefCell<Object>,
    /// What the portal shows of an integration, filled in from the dropdowns of `connect`.
    filled: RefCell<Object>,
}

impl Registry {
    /// `setDataSources`: takes the place of everything registered before. Entries that are no source are warned about
    /// and left out.
    pub(crate) fn replace(&self, config: &JsValue) -> Result<()> {
        let config: Config = js::options(config)?;
        self.loaders.take();
        self.connected.take();
        self.global.replace(self.checked(&config));
        let given = config.of_integrations();
        let mut specific = Vec::new();
        for name in js::keys(&given) {
            match js::object::<Config>(js::own(&given, &name)) {
                Some(config) => specific.push((name, self.checked(&config))),
                None => warn_unusable(&["for integration \"", &String::from(&name), "\""].concat()),
            }
        }
        self.specific.replace(specific);
        Ok(())
    }

    /// What is usable of a configuration; dropdown loaders go into their table.
    fn checked(&self, config: &Config) -> Sources {
        let (dropdowns, mappings) = (self.take_dropdowns(&config.dropdowns()), Object::new());
        let given = config.mappings();
        for key in js::keys(&given) {
            let entry = js::own(&given, &key);
            if entry.is_object() {
                js::set(&mappings, &key, &entry);
            } else {
                warn_unusable_key(&key);
            }
        }
        Sources {
            dropdowns,
            mappings,
        }
    }

    /// Registers the loaders among `dropdowns`; gives the lists.
    fn take_dropdowns(&self, dropdowns: &JsValue) -> Object {
        let lists = Object::new();
        for key in js::keys(dropdowns) {
            let entry = js::own(dropdowns, &key);
            if Array::is_array(&entry) {
                js::set(&lists, &key, &entry);
            } else if let Some(loader) = loader_of(&entry) {
                js::set(&self.loaders.borrow(), &key, &loader);
            } else {
                warn_unusable_key(&key);
            }
        }
        lists
    }

    /// Takes the loaders in the options of a `connect` to integration `name`.
    pub(crate) fn take_connect(&self, name: &JsValue, options: &JsValue) {
        let options: Config = js::view(options.clone());
        let mappings = options.mappings();
        if mappings.is_object() {
            js::set(&self.connected.borrow(), name, &mappings);
        }
        self.take_dropdowns(&options.dropdowns());
    }

    /// What the portal shows of integration `name` since dropdowns were filled in; `undefined` where none were.
    pub(crate) fn filled(&self, name: &JsValue) -> JsValue {
        js::own(&self.filled.borrow(), name)
    }

    /// Keeps what was filled in.
    pub(crate) fn keep_filled(&self, name: &JsValue, values: &JsValue) {
        js::set(&self.filled.borrow(), name, values);
    }

    /// The integrations are loaded again: nothing is filled in.
    pub(crate) fn forget_filled(&self) {
        self.filled.take();
    }

    /// What `part` of the sources has, for integration `name` before all others.
    fn registered(&self, name: &JsValue, part: impl Fn(&Sources) -> JsValue) -> JsValue {
        let specific = self.specific.borrow();
        let own = specific
            .iter()
            .find(|(known, _)| name == known.as_ref() as &JsValue);
        let own = own.map_or(JsValue::UNDEFINED, |(_, sources)| part(sources));
        if own.is_undefined() {
            part(&self.global.borrow())
        } else {
            own
        }
    }

    /// The app's list for the dropdown `key`.
    pub(super) fn dropdown_list(&self, name: &JsValue, key: &JsValue) -> Option<JsValue> {
        let list = self.registered(name, |sources| js::own(&sources.dropdowns, key));
        list.is_object().then_some(list)
    }

    /// The dropdown loader registered under `key`.
    pub(super) fn dropdown_loader(&self, key: &JsValue) -> Option<Function> {
        js::function(js::own(&self.loaders.borrow(), key))
    }

    /// The app's field mapping `key`.
    pub(super) fn mapping(&self, name: &JsValue, key: &JsValue) -> Option<Mapping> {
        js::object(self.registered(name, |sources| js::own(&sources.mappings, key)))
    }

    /// The field mapping with loaders that integration `name` has under `key`, that of `connect` before all others.
    pub(super) fn mapping_with_loaders(&self, name: &JsValue, key: &JsValue) -> Option<Mapping> {
        let connected = js::own(&js::own(&self.connected.borrow(), name), key);
        let connected = js::object::<Mapping>(connected).filter(has_loaders);
        connected.or_else(|| self.mapping(name, key).filter(has_loaders))
    }
}

/// The function of an entry of `dropdowns` that loads its options.
pub(crate) fn loader_of(entry: &JsValue) -> Option<Function> {
    js::function(js::view::<Dropdown>(entry.clone()).load_options())
}

/// Whether a field mapping asks the app's loaders.
pub(crate) fn has_loaders(mapping: &Mapping) -> bool {
    mapping.object_types().is_object() && mapping.integration_fields().is_object()
}

fn warn_unusable_key(key: &JsString) {
    warn_unusable(&["\"", &String::from(key), "\""].concat());
}

fn warn_unusable(what: &str) {
    let end = " because a valid source object was not provided";
    host::warn(&["Could not load data source ", what, end].concat());
}
