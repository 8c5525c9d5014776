//! `uninstallIntegration`: removes a credential here and on the server.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::checks::PLAN_TEXT;
use crate::api::ApiCall;
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::sdk::Sdk;
use crate::{credentials, events, js, transport};

impl Sdk {
    /// `uninstallIntegration` as the promise the app gets.
    pub(crate) fn uninstall_promise(self: &Rc<Self>, name: &JsValue, options: &JsValue) -> Promise {
        let (sdk, name, options) = (
            Rc::clone(self),
            name.as_string().unwrap_or_default(),
            options.clone(),
        );
        transport::promise(async move { sdk.uninstall(&name, &options).await })
    }

    pub(crate) async fn uninstall(&self, name: &str, options: &JsValue) -> Outcome<JsValue> {
        let auth = self.require_user()?;
        self.check_plan(true, "headless-cp", PLAN_TEXT)?;
        let integration = self.validate_action(name)?;
        let own = self.user_integration(name);
        let missing = || SdkError::from(ErrorKind::IntegrationNotInstalled(name.to_owned()));
        if js::items(&own, "allCredentials").length() == 0 {
            return Err(missing());
        }
        let credential_id = match js::non_empty(options, "selectedCredentialId") {
            Some(id) => {
                credentials::resolve(&own, Some(&id), None)
                    .map_err(|_| missing())?
                    .credential_id
            }
            None => js::non_empty(&own, "credentialId").ok_or_else(|| {
                SdkError::usage("credential_not_found", "No credential found for uninstall")
            })?,
        };
        let id = js::text(&integration, "id").unwrap_or_default();
        let path = [&auth.project_path(), "/sdk/integrations/", &id].concat();
        self.api(ApiCall {
            credential: Some(credential_id.clone()),
            ..ApiCall::new("DELETE", path)
        })
        .await?;
        self.drop_credential(name, &credential_id);
        let event = js::object(&[
            ("integrationId", id.into()),
            ("integrationType", name.into()),
        ]);
        self.connect
            .callback(name, "onUninstall", &[event.clone(), self.user()]);
        self.events.emit(events::UNINSTALL, &event, &self.user());
        // The cloud's portal counts on it; the gateway's shows what is left to its user.
        if !self.is_gateway() {
            self.clear_modal();
        }
        Ok(JsValue::UNDEFINED)
    }
}
