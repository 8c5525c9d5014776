//! The end of an installation: the new credential is stored, loaded and announced; or it is removed again.

use std::rc::Rc;

use js_sys::{JsString, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::checks::{Feature, redirect_url};
use super::options::ConnectOptions;
use crate::credentials::{SelectedIds, resolve};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::js::{self, Raw};
use crate::model::{Credential, Entity};
use crate::promise::Reply;
use crate::sdk::Sdk;
use crate::services::Service;
use crate::session::segment;

/// What apps hear of an account that was connected, or disconnected.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountEvent {
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    integration_id: Raw,
    integration_type: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    credential_id: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    credential: Raw,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewCredential<'a> {
    integration_id: Raw,
    config: Nothing,
    payload: Raw,
    install_options: &'a Raw,
}

#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewCredentialByCode {
    code: Raw,
    integration_id: Raw,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<String>,
    integration_options: Raw,
}

#[wasm_bindgen]
extern "C" {
    /// The provider's answer, or what the user entered.
    #[wasm_bindgen(extends = Entity)]
    type ProviderAnswer;
    #[wasm_bindgen(method, getter)]
    fn payload(this: &ProviderAnswer) -> JsValue;

    /// The app's options of `completeInstall`.
    type CompleteOptions;
    #[wasm_bindgen(method, getter, js_name = authorizationCode)]
    fn code(this: &CompleteOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = redirectUrl)]
    fn redirect_url(this: &CompleteOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = integrationOptions)]
    fn integration_options(this: &CompleteOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = showPortalAfterInstall)]
    fn shows_portal(this: &CompleteOptions) -> JsValue;
}

impl Sdk {
    /// Loads a credential that the server reported as connected, unless it is known and good, and announces it. `connect`
    /// resolves for a pending one, too: the server said that the sign-in is over.
    pub(crate) async fn connected(self: &Rc<Self>, name: &JsValue, id: JsValue) -> Result<JsValue> {
        let known = self.user_integration_or_empty(name).credential(&id);
        let credential =
            if let Some(known) = known.filter(|known| known.is_valid() && !self.is_gateway()) {
                known
            } else {
                let path = ["/sdk/credentials/", &segment(&id)].concat();
                let credential = js::view(self.send(self.project_call("GET", &path)?).await?);
                self.take_credential(&credential);
                credential
            };
        let event = self.installed(name, &credential);
        self.pending.resolve(name, &event);
        Ok(event)
    }

    /// Posts the provider's answer (or what the user entered) and takes the new credential in. An `id` is that of the
    /// credential that the answer completes.
    pub(crate) fn create_credential(
        self: &Rc<Self>,
        answer: &JsValue,
        id: &JsValue,
        options: &Object,
    ) -> Result<Reply> {
        let path = if id.is_string() {
            ["/sdk/credentials/", &segment(id), "/complete-setup"].concat()
        } else {
            "/sdk/credentials".to_owned()
        };
        let answer: ProviderAnswer = js::view(answer.clone());
        let body = NewCredential {
            integration_id: Raw(answer.integration_id()),
            config: Nothing {},
            payload: Raw(answer.payload()),
            install_options: &Raw::from(options),
        };
        let call = self.project_call("POST", &path)?.body(&body);
        let missing = "Unable to save oauth credentials";
        Ok(self.send_for_credential(call, missing, |_, credential| Ok(credential.into())))
    }

    /// Fires the install event of a good credential and resolves `connect` with what this gives.
    ///
    /// One that is pending leaves `connect` waiting: it is not installed before its set-up is complete.
    pub(crate) fn installed(self: &Rc<Self>, name: &JsValue, credential: &Credential) -> JsValue {
        let event: JsValue = js::to_object(&AccountEvent {
            integration_id: Raw(credential.integration_id()),
            integration_type: Raw(name.clone()),
            credential_id: Raw(credential.id()),
            credential: Raw(js::copied(credential)),
        });
        if credential.is_valid() {
            let has_own = self.pending.has_callback(name, "onInstall");
            let callback = if has_own { "onInstall" } else { "onSuccess" };
            self.announce_by(Event::Install, callback, name, &event);
            self.pending.resolve(name, &event);
        }
        let shows_portal = self.pending.options(name).shows_portal().is_truthy();
        if shows_portal && !self.is_headless.get() {
            self.attach_portal();
            self.merge_modal("shouldShowPortalAfterInstall", &true.into());
        }
        event
    }

    /// `completeInstall`: an authorization code that the app got itself becomes a credential; no install event is fired.
    pub(crate) fn complete_install(
        self: &Rc<Self>,
        name: JsValue,
        options: &JsValue,
    ) -> Result<Reply> {
        if self.session.auth().is_none() {
            return Err(Error::new(
                "user_not_authenticated",
                "Authentication is required",
            ));
        }
        let options: CompleteOptions = js::options(options)?;
        let code = options.code();
        if !code.is_truthy() {
            return Err(Error::new(
                "argument_missing",
                "authorizationCode is required",
            ));
        }
        let redirect_url = redirect_url(options.redirect_url(), "")?;
        let integration = self.validate_integration(&name)?;
        let body = NewCredentialByCode {
            code: Raw(code),
            integration_id: Raw(integration.id()),
            redirect_url,
            integration_options: Raw(js::merged(
                &options.integration_options(),
                &JsValue::UNDEFINED,
            )),
        };
        let call = self.project_call("POST", "/sdk/credentials")?.body(&body);
        let missing = "Unable to create credential";
        Ok(self.send_for_credential(call, missing, move |sdk, _| {
            let shows_portal = options.shows_portal();
            let shows_portal = shows_portal.is_undefined() || shows_portal.is_truthy();
            if shows_portal
                && !sdk.is_headless.get()
                && let Some(integration) = sdk.find_integration(&name)
            {
                sdk.attach_portal();
                let options: ConnectOptions = js::view(JsValue::UNDEFINED);
                sdk.show_integration(&integration, &options, &Object::new());
            }
            Ok(JsValue::UNDEFINED)
        }))
    }

    /// `uninstallIntegration`: removes the credential that `options` select, else the current one.
    pub(crate) fn uninstall_integration(
        self: &Rc<Self>,
        name: JsValue,
        options: &JsValue,
    ) -> Result<Reply> {
        self.session.require_user()?;
        self.check_plan(Feature::Headless)?;
        let integration = self.validate_integration(&name)?;
        let own = self.user_integration_or_empty(&name);
        let missing = || Error::integration_not_installed(&name);
        if own.credentials().next().is_none() {
            return Err(missing());
        }
        let chosen = SelectedIds {
            configuration: None,
            ..SelectedIds::of(options)?
        };
        let credential_id = if chosen.credential.is_some() {
            let found = match resolve(&own, &chosen, false) {
                // What the user has nowhere means that nothing is installed.
                Err(_) if !self.has_credential(&chosen) => None,
                outcome => outcome?,
            };
            found.ok_or_else(missing)?.credential.id()
        } else {
            let current: JsString = js::text(own.credential_id()).ok_or_else(|| {
                Error::new("credential_not_found", "No credential found for uninstall")
            })?;
            current.into()
        };
        let id = integration.id();
        let path = ["/sdk/integrations/", &js::shown(&id)].concat();
        let call = self.project_call("DELETE", &path)?;
        let named = js::text(credential_id.clone());
        Ok(self.send_then(call.credential(named), move |sdk, _| {
            sdk.drop_credential(&name, &credential_id);
            let event: JsValue = js::to_object(&AccountEvent {
                integration_id: Raw(id),
                integration_type: Raw(name.clone()),
                credential_id: Raw::default(),
                credential: Raw::default(),
            });
            sdk.announce(Event::Uninstall, &name, &event);
            // The cloud's portal, on a host of its own, counts on it; a gateway's shows what is left to its user.
            if sdk.url(Service::Connect) != sdk.url(Service::Api) {
                sdk.clear_modal();
            }
            Ok(JsValue::UNDEFINED)
        }))
    }
}
