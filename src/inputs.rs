//! What a user is asked before and after an account is connected.

use js_sys::Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::Result;
use crate::js;
use crate::model::AccountType;
use crate::sdk::Sdk;

/// An input of the SDK's own.
#[derive(Serialize)]
struct Input<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    required: bool,
}

/// Id and secret of the user's own OAuth app.
const OAUTH_APP: [Input<'static>; 2] = [
    Input {
        id: "clientId",
        title: "Client ID",
        kind: "TEXT_NO_VARS",
        required: true,
    },
    Input {
        id: "clientSecret",
        title: "Client Secret",
        kind: "PASSWORD",
        required: true,
    },
];

impl Sdk {
    /// `getAccountTypeOptions`: the ways in which integration `name` can be connected; a copy.
    pub(crate) fn account_type_options(&self, name: &JsValue) -> Result<Array> {
        let config = self.require_integration(name)?.sdk_config();
        Ok(js::copied(&js::list(config.account_types())))
    }

    /// `getPostOptions`: inputs that integration `name` needs after it is connected; a copy.
    pub(crate) fn post_options(&self, name: &JsValue) -> Result<Array> {
        let config = self.require_integration(name)?.sdk_config();
        Ok(js::copied(&js::list(config.inputs_after())))
    }

    /// `getPreOptions`: inputs that this account type (`default`, where none is named) needs before it is connected; a
    /// copy.
    pub(crate) fn pre_options(&self, name: &JsValue, account_type: &JsValue) -> Result<Array> {
        let integration = self.require_integration(name)?;
        if integration.is_custom() {
            if integration.authentication_type() == "oauth_client_credential" {
                return Ok(OAUTH_APP.iter().map(js::to_object::<JsValue>).collect());
            }
            return Ok(js::copied(&js::list(integration.custom_inputs())));
        }
        let id = if account_type.is_string() {
            account_type.clone()
        } else {
            "default".into()
        };
        let config = integration.sdk_config();
        let mut accounts = js::items::<AccountType>(config.account_types());
        let supplied = accounts.find(|account| account.id() == id);
        let supplied =
            js::list(supplied.map_or(JsValue::UNDEFINED, |account| account.supplied_values()));
        let inputs = if supplied.length() > 0 {
            supplied
        } else {
            js::list(config.inputs_before())
        };
        Ok(js::copied(&inputs))
    }
}
