//! What apps say of an account that is to be connected, and what portal and server get to know of it.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use crate::js;
use crate::model::{AccountType, Integration};

#[wasm_bindgen]
extern "C" {
    /// The app's options of `connect` and `installIntegration`, with its callbacks.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type ConnectOptions;
    #[wasm_bindgen(method, getter, js_name = mapObjectFields)]
    pub(crate) fn mappings(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn dropdowns(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = overrideRedirectUrl)]
    pub(crate) fn redirect_url(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = overrideRedirectUrl)]
    pub(crate) fn set_redirect_url(this: &ConnectOptions, url: &str);
    #[wasm_bindgen(method, getter, js_name = userProvidedIntegrationConfig)]
    pub(crate) fn provided_config(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = endUserSuppliedValues)]
    pub(crate) fn supplied_values(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = isApiInstallation)]
    pub(crate) fn is_api_installation(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = isApiInstallation)]
    pub(crate) fn set_api_installation(this: &ConnectOptions, value: bool);
    #[wasm_bindgen(method, getter, js_name = showPortalAfterInstall)]
    pub(crate) fn shows_portal(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = showPortalAfterInstall)]
    pub(crate) fn set_shows_portal(this: &ConnectOptions, value: bool);
    #[wasm_bindgen(method, getter, js_name = bypassPostOAuthPrompt)]
    pub(crate) fn bypasses_prompt(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = bypassPostOAuthPrompt)]
    pub(crate) fn set_bypasses_prompt(this: &ConnectOptions, value: bool);
    #[wasm_bindgen(method, getter, js_name = allowMultipleCredentials)]
    pub(crate) fn allows_several(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = allowMultipleCredentials)]
    pub(crate) fn set_allows_several(this: &ConnectOptions, value: bool);
    #[wasm_bindgen(method, getter, js_name = selectedCredentialId)]
    pub(crate) fn selected_credential_id(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = externalId)]
    pub(crate) fn external_id(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = externalId)]
    pub(crate) fn set_external_id(this: &ConnectOptions, label: &JsValue);
    #[wasm_bindgen(method, getter)]
    pub(crate) fn organization(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = accountType)]
    pub(crate) fn account_type(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn signal(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = oauthTimeout)]
    pub(crate) fn oauth_timeout(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = oauthTimeout)]
    pub(crate) fn set_oauth_timeout(this: &ConnectOptions, ms: &JsValue);
    #[wasm_bindgen(method, getter, js_name = onStatus)]
    pub(crate) fn on_status(this: &ConnectOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = rejectOnClose)]
    pub(crate) fn rejects_on_close(this: &ConnectOptions) -> JsValue;
}

/// The options that portal and server get as `installOptions`.
const INSTALL_OPTIONS: [&str; 9] = [
    "isApiInstallation",
    "showPortalAfterInstall",
    "bypassPostOAuthPrompt",
    "allowMultipleCredentials",
    "selectedCredentialId",
    "selectedConfigurationId",
    "accountType",
    "externalId",
    "organization",
];

impl ConnectOptions {
    /// What portal and server get to know of them.
    pub(crate) fn install_options(&self) -> Object {
        let options = Object::new();
        for key in INSTALL_OPTIONS {
            let value = js::field(self, key);
            if !value.is_undefined() {
                js::set(&options, &key.into(), &value);
            }
        }
        options
    }

    /// The account type that they mean, as the server described it.
    pub(crate) fn account_type_of(&self, integration: &Integration) -> Option<AccountType> {
        let types = js::list(integration.sdk_config().account_types());
        let given = self.account_type();
        let listed = js::list(given.clone());
        let only = if listed.length() == 1 {
            listed.get(0)
        } else {
            JsValue::UNDEFINED
        };
        let named = js::text(given.clone()).map(|text| JsValue::from(text.trim()));
        let is_left_out =
            !given.is_truthy() || (js_sys::Array::is_array(&given) && listed.length() == 0);
        let wanted = if let Some(named) = named {
            named
        } else if only.is_string() {
            only
        } else if is_left_out && is_default_and_own_app(&types) {
            "default".into()
        } else {
            return None;
        };
        js::items::<AccountType>(types.into()).find(|one| one.id() == wanted)
    }
}

/// Whether the choice is merely between the project's app and an app of the user's own.
fn is_default_and_own_app(types: &Array) -> bool {
    let id = |index| js::view::<AccountType>(types.get(index)).id();
    types.length() == 2 && id(0) == "default" && id(1) == "user-configured-oauth"
}
