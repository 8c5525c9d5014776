//! What a user is asked before and after an account is connected.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::error::{ErrorKind, Outcome};
use crate::integrations::is_custom;
use crate::js;
use crate::sdk::Sdk;

impl Sdk {
    /// The list under `key` of what the server says about integration `name` for SDKs; a copy.
    pub(crate) fn sdk_options(&self, name: &str, key: &str) -> Outcome<JsValue> {
        let config = js::get(&self.named_integration(name)?, "sdkIntegrationConfig");
        Ok(js::copy(&js::items(&config, key)))
    }

    /// `getPreOptions`: inputs that account type `account_type` needs before it is connected; a copy.
    pub(crate) fn pre_options(&self, name: &str, account_type: &str) -> Outcome<JsValue> {
        let integration = self.named_integration(name)?;
        if is_custom(&integration) {
            if js::is(
                &integration,
                "authenticationType",
                "oauth_client_credential",
            ) {
                return Ok(client_credential_inputs());
            }
            let custom = js::get(&integration, "customIntegration");
            return Ok(js::copy(&js::items(&custom, "inputFields")));
        }
        let config = js::get(&integration, "sdkIntegrationConfig");
        let account = js::find(&js::items(&config, "accountTypes"), "id", account_type);
        let supplied = js::items(&account.unwrap_or_default(), "endUserSuppliedValues");
        let inputs = if supplied.length() > 0 {
            supplied
        } else {
            js::items(&config, "authConfigInputs")
        };
        Ok(js::copy(&inputs))
    }

    /// The project's integration named `name`.
    fn named_integration(&self, name: &str) -> Outcome<JsValue> {
        self.find_integration(name)
            .ok_or_else(|| ErrorKind::IntegrationNotFound(name.to_owned()).into())
    }
}

/// Id and secret of the user's own OAuth app.
fn client_credential_inputs() -> JsValue {
    let input = |id: &str, title: &str, kind: &str| {
        js::object(&[
            ("id", id.into()),
            ("title", title.into()),
            ("type", kind.into()),
            ("required", true.into()),
        ])
    };
    let inputs = Array::new();
    inputs.push(&input("clientId", "Client ID", "TEXT_NO_VARS"));
    inputs.push(&input("clientSecret", "Client Secret", "PASSWORD"));
    inputs.into()
}
