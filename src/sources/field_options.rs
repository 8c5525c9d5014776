//! `getFieldOptions`: the options of one input, from the app's loaders or from the server.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::api::ApiCall;
use crate::error::{Outcome, fail};
use crate::sdk::Sdk;
use crate::{js, transport};

/// Where the options come from.
enum Origin {
    /// What a loader of the app returned: a promise or its value.
    Loader(JsValue),
    Server(ApiCall),
}

impl Sdk {
    /// Gives `{data, nestedData, nextPageCursor}` for the field that `options` describe.
    pub(crate) fn field_options(self: &Rc<Self>, options: &JsValue) -> Promise {
        match self.field_origin(options) {
            Err(error) => transport::settled(Err(error)),
            Ok(Origin::Server(call)) => {
                let then = |_: &Rc<Self>, answer| server_page(&js::get(&answer, "output"));
                self.call(Ok(call), Box::new(then))
            }
            Ok(Origin::Loader(answer)) => transport::promise(async move {
                let answer = JsFuture::from(Promise::resolve(&answer)).await?;
                if !answer.is_object() {
                    let text = "the data source's loader gave no options";
                    return fail("empty_answer", &[text]);
                }
                let cursor = js::get(&answer, "nextPageCursor");
                let none = Array::new().into();
                Ok(page(js::get(&answer, "options"), none, cursor))
            }),
        }
    }

    fn field_origin(&self, options: &JsValue) -> Outcome<Origin> {
        let name = js::text(options, "integration").unwrap_or_default();
        self.validate_action(&name)?;
        let source = js::get(options, "source");
        let key = js::non_empty(options, "action").or_else(|| js::non_empty(&source, "cacheKey"));
        let Some(key) = key else {
            let text = "Either \"action\" or a \"source\" with a cacheKey must be provided.";
            return fail("argument_missing", &[text]);
        };
        let (cursor, search) = (js::get(options, "cursor"), js::get(options, "search"));
        let text_cursor = if cursor.is_string() {
            cursor.clone()
        } else {
            JsValue::UNDEFINED
        };
        if let Some(mapping) = js::non_empty(&source, "dynamicFieldMappingKey") {
            let kind = js::text(&source, "dynamicFieldMappingType").unwrap_or_default();
            let options = js::object(&[
                ("objectType", first_value(&js::items(options, "parameters"))),
                ("cursor", text_cursor),
                ("search", search),
            ]);
            let answer = self
                .sources
                .load_mapping(&name, &kind, &mapping, &options)?;
            return Ok(Origin::Loader(answer));
        }
        if self.sources.loader(&key).is_some() {
            let answer = self.sources.load_dropdown(&key, &text_cursor, &search)?;
            return Ok(Origin::Loader(answer));
        }
        let cursor = if cursor.is_undefined() || cursor.is_null() {
            0.into()
        } else {
            cursor
        };
        let body = js::object(&[
            ("action", name.into()),
            ("sourceKey", key.into()),
            ("parameters", js::items(options, "parameters").into()),
            (
                "paginationParameters",
                js::object(&[("pageCursor", cursor), ("search", search)]),
            ),
        ]);
        let mut call = self.project_call("POST", &["/sdk/actions"], &body, None)?;
        call.credential = js::non_empty(options, "selectedCredentialId");
        Ok(Origin::Server(call))
    }
}

/// The first parameter's value that is not empty.
fn first_value(parameters: &Array) -> JsValue {
    let values = parameters
        .iter()
        .map(|parameter| js::get(&js::get(&parameter, "source"), "value"));
    let mut filled = values.filter(JsValue::is_truthy);
    filled.next().unwrap_or_default()
}

/// The server's answer: a list, or `{records, nextPageCursor}`. Records with an `id` are inputs, not options.
fn server_page(output: &JsValue) -> Outcome<JsValue> {
    if !output.is_object() {
        return fail("empty_answer", &["the server gave no options"]);
    }
    let records = if Array::is_array(output) {
        js::list(output)
    } else {
        js::items(output, "records")
    };
    let cursor = js::get(output, "nextPageCursor");
    let cursor = if cursor.is_truthy() {
        cursor
    } else {
        JsValue::NULL
    };
    let none = JsValue::from(Array::new());
    Ok(if js::flag(&records.get(0), "id") {
        page(none, records.into(), cursor)
    } else {
        page(records.into(), none, cursor)
    })
}

fn page(data: JsValue, nested: JsValue, cursor: JsValue) -> JsValue {
    js::object(&[
        ("data", data),
        ("nestedData", nested),
        ("nextPageCursor", cursor),
    ])
}
