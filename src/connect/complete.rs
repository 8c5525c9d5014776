//! `completeInstall`: an authorization code that the app got itself becomes a credential.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::checks::redirect_url;
use crate::api::ApiCall;
use crate::error::{Outcome, SdkError};
use crate::js;
use crate::sdk::Sdk;

impl Sdk {
    /// Stores the account; no install event is fired.
    pub(crate) fn complete_install(self: &Rc<Self>, name: &JsValue, options: &JsValue) -> Promise {
        let name = name.as_string().unwrap_or_default();
        let call = self.completion(&name, options);
        let shows_portal = js::get(options, "showPortalAfterInstall");
        let shows_portal = shows_portal.is_undefined() || shows_portal.is_truthy();
        let then = move |sdk: &Rc<Self>, credential: JsValue| {
            if !credential.is_object() {
                let text = "Unable to create credential";
                return Err(SdkError::usage("empty_answer", text));
            }
            sdk.take_credential(&credential);
            if shows_portal && !sdk.connect.is_headless() {
                sdk.show_installed(&name);
            }
            Ok(JsValue::UNDEFINED)
        };
        self.call(call, Box::new(then))
    }

    fn completion(&self, name: &str, options: &JsValue) -> Outcome<ApiCall> {
        let Ok(auth) = self.auth() else {
            let text = "Authentication is required";
            return Err(SdkError::usage("user_not_authenticated", text));
        };
        let code = js::get(options, "authorizationCode");
        if !code.is_truthy() {
            let text = "authorizationCode is required";
            return Err(SdkError::usage("argument_missing", text));
        }
        let redirect_url = redirect_url(options, "redirectUrl", "")?;
        let integration = self.validate_action(name)?;
        let more = js::get(options, "integrationOptions");
        let body = js::object(&[
            ("code", code),
            ("integrationId", js::get(&integration, "id")),
            ("redirectUrl", js::optional(redirect_url.as_deref())),
            ("integrationOptions", js::merged(&more, &JsValue::UNDEFINED)),
        ]);
        let path = [&auth.project_path(), "/sdk/credentials"].concat();
        Ok(ApiCall::new("POST", path).json(&body))
    }

    /// Opens the portal for an account that was connected without it.
    fn show_installed(self: &Rc<Self>, name: &str) {
        if let Some(integration) = self.find_integration(name) {
            self.connect.portal.attach(self);
            self.set_modal(&integration, &JsValue::UNDEFINED, js::object(&[]));
        }
    }
}
