//! `getFieldOptions`: the options of one input, from the app's loaders or from the server.

use std::rc::Rc;

use js_sys::{Array, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::OptionsQuery;
use crate::credentials::SelectedIds;
use crate::error::{Error, Result};
use crate::js::{self, Raw};
use crate::model::Entity;
use crate::sdk::Sdk;

#[wasm_bindgen]
extern "C" {
    /// The field, as the app describes it.
    #[wasm_bindgen(extends = OptionsQuery, extends = js_sys::Object)]
    type Field;
    #[wasm_bindgen(method, getter)]
    fn integration(this: &Field) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn action(this: &Field) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn source(this: &Field) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn parameters(this: &Field) -> JsValue;

    /// Where the field's options come from; of a parameter, its value.
    #[wasm_bindgen(extends = Entity)]
    type Source;
    #[wasm_bindgen(method, getter, js_name = cacheKey)]
    fn cache_key(this: &Source) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = dynamicFieldMappingKey)]
    fn mapping_key(this: &Source) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = dynamicFieldMappingType)]
    fn mapping_kind(this: &Source) -> JsValue;

    /// What a loader of the app or the server answers.
    type Answer;
    #[wasm_bindgen(method, getter)]
    fn options(this: &Answer) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn output(this: &Answer) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn records(this: &Answer) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = nextPageCursor)]
    fn next_page_cursor(this: &Answer) -> JsValue;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MappingQuery {
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    object_type: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    cursor: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    search: Raw,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServerQuery {
    action: Raw,
    source_key: Raw,
    parameters: Raw,
    pagination_parameters: Pagination,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    page_cursor: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    search: Raw,
}

/// One page of options; records that are inputs, not options, are `nested_data`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    data: Raw,
    nested_data: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    next_page_cursor: Raw,
}

impl Sdk {
    /// Gives `{data, nestedData, nextPageCursor}` for the field that `options` describe.
    pub(crate) async fn field_options(self: Rc<Self>, options: JsValue) -> Result<JsValue> {
        let field: Field = js::options(&options)?;
        let name = field.integration();
        self.validate_integration(&name)?;
        let source: Source = js::view(field.source());
        let Some(key) = js::text(field.action()).or_else(|| js::text(source.cache_key())) else {
            return Err(Error::new(
                "argument_missing",
                "Either \"action\" or a \"source\" with a cacheKey must be provided.",
            ));
        };
        let cursor = field.cursor();
        let text_cursor = if cursor.is_string() {
            cursor
        } else {
            JsValue::UNDEFINED
        };
        let loaded = if let Some(mapping) = js::text(source.mapping_key()) {
            let query: JsValue = js::to_object(&MappingQuery {
                object_type: Raw(first_value(field.parameters())),
                cursor: Raw(text_cursor),
                search: Raw(field.search()),
            });
            self.load_mapping(&name, &source.mapping_kind(), &mapping, &query)?
        } else if self.sources.dropdown_loader(&key).is_some() {
            self.load_dropdown(&key, &text_cursor, &field.search())?
        } else {
            return self.server_options(&field, name, key.into()).await;
        };
        let Some(answer) = js::object::<Answer>(Promise::resolve(&loaded).await?) else {
            return Err(Error::new(
                "empty_answer",
                "the data source's loader gave no options",
            ));
        };
        Ok(js::to_object(&Page {
            data: Raw(answer.options()),
            nested_data: Raw(Array::new().into()),
            next_page_cursor: Raw(answer.next_page_cursor()),
        }))
    }

    /// The server's answer: a list, or `{records, nextPageCursor}`.
    async fn server_options(
        self: &Rc<Self>,
        field: &Field,
        name: JsValue,
        key: JsValue,
    ) -> Result<JsValue> {
        let cursor = field.cursor();
        let is_first = cursor.is_undefined() || cursor.is_null();
        let query = ServerQuery {
            action: Raw(name),
            source_key: Raw(key),
            parameters: Raw(js::list(field.parameters()).into()),
            pagination_parameters: Pagination {
                page_cursor: Raw(if is_first { 0.into() } else { cursor }),
                search: Raw(field.search()),
            },
        };
        let chosen = SelectedIds::of(field)?.credential;
        let call = self.project_call("POST", "/sdk/actions")?.body(&query);
        let call = call.credential(chosen);
        let answer: Answer = js::view(self.send(call).await?);
        let Some(output) = js::object::<Answer>(answer.output()) else {
            return Err(Error::new("empty_answer", "the server gave no options"));
        };
        let cursor = js::truthy(output.next_page_cursor()).unwrap_or(JsValue::NULL);
        let list: JsValue = output.into();
        let records = if Array::is_array(&list) {
            js::list(list)
        } else {
            js::list(list.unchecked_into::<Answer>().records())
        };
        let are_inputs = js::view::<Entity>(records.get(0)).id().is_truthy();
        let (data, nested) = if are_inputs {
            (Array::new(), records)
        } else {
            (records, Array::new())
        };
        Ok(js::to_object(&Page {
            data: Raw(data.into()),
            nested_data: Raw(nested.into()),
            next_page_cursor: Raw(cursor),
        }))
    }
}

/// The first parameter's value that is not empty.
fn first_value(parameters: JsValue) -> JsValue {
    let mut values = js::items::<Field>(parameters)
        .filter_map(|parameter| js::truthy(js::view::<Source>(parameter.source()).value()));
    values.next().unwrap_or_default()
}
