//! Data sources: where the options of an input come from. The app may register its own; the others are the server's.

mod field_options;
mod input_sources;
pub(crate) mod registry;

use wasm_bindgen::prelude::*;

pub(crate) use self::input_sources::{application_fields, sources_for_action_input};
pub(crate) use self::registry::{Registry, has_loaders};
use crate::error::{Error, Result};
use crate::js;
use crate::model::Integration;
use crate::sdk::Sdk;

#[wasm_bindgen]
extern "C" {
    /// A field mapping of the app.
    #[wasm_bindgen(extends = js_sys::Object)]
    pub(crate) type Mapping;
    #[wasm_bindgen(method, getter, js_name = objectTypes)]
    fn object_types(this: &Mapping) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = integrationFields)]
    fn integration_fields(this: &Mapping) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = applicationFields)]
    pub(crate) fn application_fields(this: &Mapping) -> JsValue;

    /// A loader of a field mapping.
    type Loader;
    #[wasm_bindgen(method, getter)]
    fn get(this: &Loader) -> JsValue;

    /// What a loader is asked for.
    type OptionsQuery;
    #[wasm_bindgen(method, getter, js_name = objectType)]
    fn object_type(this: &OptionsQuery) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn cursor(this: &OptionsQuery) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn search(this: &OptionsQuery) -> JsValue;
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ObjectType {
    object_type: js::Raw,
}

impl Sdk {
    /// `_loadCustomDropdownOptions`: calls the app's dropdown loader registered under `key`; gives what it returns.
    ///
    /// # Errors
    /// Where there is none; what it throws.
    pub(crate) fn load_dropdown(
        &self,
        key: &JsValue,
        cursor: &JsValue,
        search: &JsValue,
    ) -> Result<JsValue> {
        let Some(loader) = self.sources.dropdown_loader(key) else {
            return Err(loader_not_found("No dropdown loader found for key: ", key));
        };
        Ok(loader.call2(&JsValue::UNDEFINED, cursor, search)?)
    }

    /// `_fetchBYOFieldMappingOptions`: calls a field-mapping loader of the app; `kind` is `objectTypes` or
    /// `integrationFields`, `options` are `{objectType, cursor, search}`.
    ///
    /// # Errors
    /// Where there is none; what it throws.
    pub(crate) fn load_mapping(
        &self,
        name: &JsValue,
        kind: &JsValue,
        key: &JsValue,
        options: &JsValue,
    ) -> Result<JsValue> {
        let missing = || loader_not_found("No dynamic field mapping loader found for key: ", key);
        let mapping = self
            .sources
            .mapping_with_loaders(name, key)
            .ok_or_else(missing)?;
        let query: OptionsQuery = js::options(options)?;
        let (cursor, search) = (query.cursor(), query.search());
        let (loader, object_type) = match kind.as_string().as_deref() {
            Some("objectTypes") => (mapping.object_types(), None),
            Some("integrationFields") => {
                let Some(object_type) = js::truthy(query.object_type()) else {
                    return Err(Error::new(
                        "argument_missing",
                        "objectType is required for integrationFields",
                    ));
                };
                (mapping.integration_fields(), Some(object_type))
            }
            _ => {
                let end = ". Must be 'objectTypes' or 'integrationFields'";
                let message = ["Invalid type: ", &js::shown(kind), end].concat();
                return Err(Error::new("argument_invalid", &message));
            }
        };
        let get = js::function(js::view::<Loader>(loader.clone()).get()).ok_or_else(missing)?;
        Ok(match object_type {
            None => get.call2(&loader, &cursor, &search)?,
            Some(object_type) => {
                let about: JsValue = js::to_object(&ObjectType {
                    object_type: js::Raw(object_type),
                });
                get.call3(&loader, &about, &cursor, &search)?
            }
        })
    }

    /// `getDataSourceOptions`: the server's data source `key` of integration `name`; a copy, `undefined` where there is
    /// none.
    pub(crate) fn data_source(&self, name: &JsValue, key: &JsValue) -> Result<JsValue> {
        let integration = self.named_integration(name, "integration_not_found", ".")?;
        Ok(server_source(&integration, key))
    }
}

fn loader_not_found(text: &str, key: &JsValue) -> Error {
    Error::new("loader_not_found", &[text, &js::shown(key)].concat())
}

/// A copy of the server's data source `key`.
fn server_source(integration: &Integration, key: &JsValue) -> JsValue {
    js::copied(&js::own(&integration.sdk_config().data_sources(), key))
}
