//! The end of an installation: the new credential is stored, loaded and announced.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::{install_options, told};
use crate::api::ApiCall;
use crate::error::{Outcome, SdkError};
use crate::sdk::Sdk;
use crate::{credentials, events, js};

impl Sdk {
    /// Loads a credential that the server reported as connected, unless it is known and good.
    pub(crate) async fn connected(
        self: &Rc<Self>,
        name: &str,
        credential_id: &str,
    ) -> Outcome<JsValue> {
        let known = self
            .known_credential(name, credential_id)
            .filter(credentials::is_valid);
        let is_gateway = self.is_gateway();
        let credential = if let Some(credential) = known.filter(|_| !is_gateway) {
            credential
        } else {
            let path = [
                &self.auth()?.project_path(),
                "/sdk/credentials/",
                credential_id,
            ]
            .concat();
            let credential = self.api(ApiCall::new("GET", path)).await?;
            self.take_credential(&credential);
            credential
        };
        let event = self.installed(name, &credential);
        // A pending one, too: the server said that the sign-in is over.
        self.connect.install_done(name, &event);
        Ok(event)
    }

    /// Posts the provider's answer (or what the user entered) and takes the new credential in.
    pub(crate) async fn create_credential(
        &self,
        answer: &JsValue,
        id: Option<&str>,
        options: &JsValue,
    ) -> Outcome<JsValue> {
        let prefix = [&self.auth()?.project_path(), "/sdk/credentials"].concat();
        let path = match id {
            Some(id) => [&prefix, "/", &js::encode(id), "/complete-setup"].concat(),
            None => prefix,
        };
        let body = js::object(&[
            ("integrationId", js::get(answer, "integrationId")),
            ("config", js::object(&[])),
            ("payload", js::get(answer, "payload")),
            ("installOptions", options.clone()),
        ]);
        let credential = self.api(ApiCall::new("POST", path).json(&body)).await?;
        if !credential.is_object() {
            return Err(SdkError::usage(
                "empty_answer",
                "Unable to save oauth credentials",
            ));
        }
        self.take_credential(&credential);
        Ok(credential)
    }

    /// `_oauthCallback`: what a portal got from the user or the provider becomes a credential.
    ///
    /// The same call again within five seconds does nothing. In the cloud's portal a failure is shown there.
    pub(crate) async fn oauth_callback(
        self: &Rc<Self>,
        answer: &JsValue,
        id: Option<String>,
        options: &JsValue,
    ) -> Outcome<JsValue> {
        let integration =
            js::text(answer, "integrationId").and_then(|id| self.find_integration_by_id(&id));
        let Some(integration) = integration else {
            return Ok(JsValue::UNDEFINED);
        };
        let given = [js::json_text(answer), id.clone().unwrap_or_default()].concat();
        if self.connect.is_repeated(&given) {
            return Ok(JsValue::UNDEFINED);
        }
        let name = crate::integrations::name_of(&integration);
        let install = js::get(options, "installOptions");
        let install = if install.is_object() {
            install
        } else {
            install_options(&self.connect.params_of(&name))
        };
        let created = self.create_credential(answer, id.as_deref(), &install);
        match created.await {
            Ok(credential) => Ok(self.installed(&name, &credential)),
            Err(error) => {
                self.connect.forget_repeated();
                if self.connect.is_headless() || self.is_gateway() {
                    return Err(error);
                }
                let error = JsValue::from(error);
                self.flow_failed_in_portal(&name, &error, &told(&error));
                Ok(JsValue::UNDEFINED)
            }
        }
    }

    /// `_oauthErrorCallback`: the provider's refusal, as the portal heard it.
    pub(crate) fn oauth_error(&self, message: &JsValue, event: &JsValue) {
        js::warn("Failed to connect account to Paragon over OAuth");
        let data = js::get(event, "data");
        let id = js::text(&data, "integrationId").unwrap_or_default();
        if let Some(integration) = self.find_integration_by_id(&id) {
            let response = js::get(&data, "errorResponse");
            let error = if response.is_undefined() {
                message.clone()
            } else {
                response
            };
            self.set_modal_state(&js::object(&[("connectionError", data)]));
            let name = crate::integrations::name_of(&integration);
            self.connect.install_failed(&name, None, &error);
        }
    }

    /// Fires the install event of a good credential and resolves `connect` with what it returns.
    ///
    /// One that is pending leaves `connect` waiting: it is not installed before its set-up is complete.
    pub(crate) fn installed(self: &Rc<Self>, name: &str, credential: &JsValue) -> JsValue {
        let event = js::object(&[
            ("integrationId", js::get(credential, "integrationId")),
            ("integrationType", name.into()),
            ("credentialId", js::get(credential, "id")),
            ("credential", js::copy(credential)),
        ]);
        if credentials::is_valid(credential) {
            let callback = if self.connect.has_callback(name, "onInstall") {
                "onInstall"
            } else {
                "onSuccess"
            };
            self.connect
                .callback(name, callback, &[event.clone(), self.user()]);
            self.events.emit(events::INSTALL, &event, &self.user());
            self.connect.install_done(name, &event);
        }
        let shows_portal = js::flag(&self.connect.params_of(name), "showPortalAfterInstall");
        if shows_portal && !self.connect.is_headless() {
            self.connect.portal.attach(self);
            self.set_modal_state(&js::object(&[(
                "shouldShowPortalAfterInstall",
                true.into(),
            )]));
        }
        event
    }
}
