//! `connect`, `installIntegration` and `uninstallIntegration`: checks in the reference's order, then the portal or
//! the popup.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::attempt::{Attempt, Wish};
use super::{install_options, methods};
use crate::credentials;
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::sdk::{ApiCall, Sdk};
use crate::{events, js, timer, transport};

const PLAN_TEXT: &str = "Headless Connect Portal is available on our Pro plan and above. Contact sales@useparagon.com to learn more or upgrade.";

impl Sdk {
    /// Opens the portal for integration `name`, or starts the popup for an installation without portal.
    pub(crate) fn connect(self: &Rc<Self>, name: &JsValue, params: &JsValue) -> Promise {
        let name = name.as_string().unwrap_or_default();
        let integration = match self.connectable(&name) {
            Ok(integration) => integration,
            Err(error) => return Promise::reject(&error.into()),
        };
        let (id, promise) = self.connect.expect_install(&name, params);
        if let Err(error) = self.open_connect(&name, id, &integration, params) {
            self.connect.install_failed(&name, Some(id), &error.into());
        }
        promise
    }

    fn connectable(&self, name: &str) -> Outcome<JsValue> {
        self.require_user()?;
        self.find_integration(name).ok_or_else(|| {
            SdkError::usage(
                "integration_not_found",
                ["Integration \"", name, "\" not found."].concat(),
            )
        })
    }

    fn open_connect(
        self: &Rc<Self>,
        name: &str,
        id: u32,
        integration: &JsValue,
        params: &JsValue,
    ) -> Outcome<()> {
        self.check_plan(js::flag(params, "mapObjectFields"), "dfm", "Dynamic Field Mapping is available on our Enterprise plan. Contact sales@useparagon.com to learn more or upgrade.")?;
        self.check_external_id(name, params)?;
        self.validate_action(name)?;
        let redirect_url = redirect_url(params)?;
        self.choose_credential(name, params)?;
        let options = js::merged(params, &js::object(&[]));
        if let Some(url) = redirect_url {
            js::set(&options, "overrideRedirectUrl", &url.into());
        }
        let is_api = js::flag(params, "isApiInstallation");
        self.show_in_portal(integration, &options, is_api);
        let selected = js::text(&self.user_integration(name), "credentialStatus");
        if is_api && selected.as_deref() != Some("PENDING") {
            self.start_attempt(name, id, &options)?;
        }
        Ok(())
    }

    /// Tells the portal what to show; the frame is made where one is needed.
    fn show_in_portal(self: &Rc<Self>, integration: &JsValue, options: &JsValue, is_api: bool) {
        let portal = &self.connect.portal;
        let needs_no_frame = is_api && self.services.borrow().is_gateway();
        if !self.connect.is_headless() && !needs_no_frame {
            portal.attach(self);
        }
        *portal.integration_config.borrow_mut() = js::object(&[
            ("mapObjectFields", js::get(options, "mapObjectFields")),
            (
                "overrideRedirectUrl",
                js::get(options, "overrideRedirectUrl"),
            ),
        ]);
        let configs = js::list(&js::get(integration, "configs"));
        *portal.modal.borrow_mut() = js::object(&[
            ("integration", integration.clone()),
            ("config", js::get(&configs.get(0), "values")),
            ("overlayStyle", methods::overlay_style()),
            ("apiInstallationOptions", install_options(options)),
            (
                "selectedCredentialId",
                js::get(options, "selectedCredentialId"),
            ),
        ]);
        self.state_changed();
    }

    /// Starts the popup and ties it to the waiting `connect`.
    fn start_attempt(self: &Rc<Self>, name: &str, id: u32, options: &JsValue) -> Outcome<()> {
        self.start_flow(name, options).map(|promise| {
            let (sdk, name) = (Rc::clone(self), name.to_owned());
            timer::spawn(async move {
                if let Err(error) = JsFuture::from(promise).await {
                    sdk.connect.install_failed(&name, Some(id), &error);
                }
            });
        })
    }

    /// Opens the popup now; the promise settles with the flow.
    fn start_flow(self: &Rc<Self>, name: &str, options: &JsValue) -> Outcome<Promise> {
        let integration = self.connectable(name)?;
        self.connect.cancel_flow();
        let (sdk, retry_name, retry_options) =
            (Rc::clone(self), JsValue::from(name), options.clone());
        let retry = js::callback(move |_| sdk.connect(&retry_name, &retry_options).into());
        let wish = Wish {
            integration,
            name: name.to_owned(),
            options: options.clone(),
            retry: retry.into_js_value(),
        };
        let (attempt, promise) = Attempt::start(self, wish)?;
        self.connect.attempt_started(&attempt);
        Ok(promise)
    }

    /// `startOAuthFlow`: the portal's way to open the popup.
    pub(crate) fn start_oauth_flow(
        self: &Rc<Self>,
        name: &JsValue,
        options: &JsValue,
        callbacks: &JsValue,
    ) -> Outcome<()> {
        let name = name.as_string().unwrap_or_default();
        let integration = self.connectable(&name)?;
        if !self.connect.is_headless() && !may_open_popup(&integration, options) {
            return Ok(());
        }
        let own = self.connect.params_of(&name);
        let options = js::merged(&js::merged(&own, options), &js::object(&[]));
        let limit = js::get(callbacks, "oauthTimeout");
        if !limit.is_undefined() {
            js::set(&options, "oauthTimeout", &limit);
        }
        let promise = self.start_flow(&name, &options)?;
        let (sdk, callbacks) = (Rc::clone(self), callbacks.clone());
        timer::spawn(async move {
            let (function, value) = match JsFuture::from(promise).await {
                Ok(result) => ("onSuccess", result),
                Err(error) => {
                    sdk.flow_failed_in_portal(&name, &error);
                    ("onError", error)
                }
            };
            if let Some(function) = js::function(&callbacks, function) {
                js::call(&function, &[value]);
            }
        });
        Ok(())
    }

    /// A failure is shown in the portal and ends `connect`; a cancelled or blocked popup can be tried again there.
    fn flow_failed_in_portal(&self, name: &str, error: &JsValue) {
        let kind = js::text(error, "name").unwrap_or_default();
        if kind == "OAuthCancelledError" || kind == "OAuthBlockedError" {
            return self.state_changed();
        }
        let shown = js::object(&[
            ("message", js::get(error, "message")),
            ("code", js::get(error, "code")),
        ]);
        self.set_modal_state(&js::object(&[("connectionError", shown)]));
        self.connect.install_failed(name, None, error);
    }

    fn check_plan(&self, is_wanted: bool, feature: &str, text: &'static str) -> Outcome<()> {
        let features = js::list(&js::get(
            &self.session.borrow().project,
            "accessibleFeatures",
        ));
        let has = features.includes(&feature.into(), 0);
        if is_wanted && !has && !self.services.borrow().is_gateway() {
            return Err(SdkError::usage("plan_required", text));
        }
        Ok(())
    }

    fn check_external_id(&self, name: &str, params: &JsValue) -> Outcome<()> {
        let fail = |text: String| Err(SdkError::usage("external_id_invalid", text));
        let Some(external) = js::text(params, "externalId") else {
            return Ok(());
        };
        if external.trim().is_empty() {
            return fail("`externalId` must not be an empty or whitespace-only string.".to_owned());
        }
        if js::flag(params, "selectedCredentialId") {
            return fail("`externalId` cannot be used together with `selectedCredentialId`. `externalId` labels a new credential at install time; `selectedCredentialId` (UUID, externalId, or `ext:<value>`) targets an existing credential for re-authentication.".to_owned());
        }
        let own = js::list(&js::get(&self.user_integration(name), "allCredentials"));
        if own
            .iter()
            .any(|one| js::text(&one, "externalId").as_ref() == Some(&external))
        {
            return fail(
                [
                    "A credential with externalId \"",
                    &external,
                    "\" already exists for integration \"",
                    name,
                    "\". Use `selectedCredentialId: \"ext:",
                    &external,
                    "\"` to re-authenticate it.",
                ]
                .concat(),
            );
        }
        Ok(())
    }

    /// Makes the credential that the app named the selected one.
    fn choose_credential(&self, name: &str, params: &JsValue) -> Outcome<()> {
        let credential = js::non_empty(params, "selectedCredentialId");
        let configuration = js::non_empty(params, "selectedConfigurationId");
        if credential.is_none() && configuration.is_none() {
            return Ok(());
        }
        let own = self.user_integration(name);
        let selection =
            credentials::resolve(&own, credential.as_deref(), configuration.as_deref())?;
        self.select_credential(name, &selection);
        Ok(())
    }

    /// `installIntegration`: checks are thrown at once, the popup opens before this returns.
    pub(crate) fn install(self: &Rc<Self>, name: &JsValue, params: &JsValue) -> Outcome<Promise> {
        self.require_user()?;
        if js::flag(params, "bypassPostOAuthPrompt") && js::flag(params, "showPortalAfterInstall") {
            let text = "Could not use both `bypassPostOAuthPrompt` and `showPortalAfterInstall` as true at the same time.";
            return Err(SdkError::usage("invalid_option", text));
        }
        let text = name.as_string().unwrap_or_default();
        self.check_external_id(&text, params)?;
        self.check_plan(true, "headless-cp", PLAN_TEXT)?;
        self.validate_action(&text)?;
        if self.is_installed(&text)
            && !js::flag(params, "allowMultipleCredentials")
            && !js::flag(params, "selectedCredentialId")
        {
            let text = ["Integration \"", &text, "\" is already installed."].concat();
            return Err(SdkError::usage("integration_already_installed", text));
        }
        if self.connect.portal.is_open() {
            self.close_portal();
        }
        let defaults = js::object(&[
            ("showPortalAfterInstall", false.into()),
            ("bypassPostOAuthPrompt", false.into()),
            ("allowMultipleCredentials", false.into()),
        ]);
        let params = js::merged(
            &js::merged(&defaults, params),
            &js::object(&[("isApiInstallation", true.into())]),
        );
        Ok(self.connect(name, &params))
    }

    fn is_installed(&self, name: &str) -> bool {
        let own = self.user_integration(name);
        js::flag(&own, "enabled") && js::list(&js::get(&own, "allCredentials")).length() > 0
    }

    /// `uninstallIntegration` as the promise the app gets.
    pub(crate) fn uninstall_promise(self: &Rc<Self>, name: &JsValue, options: &JsValue) -> Promise {
        let (sdk, name, options) = (
            Rc::clone(self),
            name.as_string().unwrap_or_default(),
            options.clone(),
        );
        transport::promise(async move { sdk.uninstall(&name, &options).await })
    }

    async fn uninstall(&self, name: &str, options: &JsValue) -> Outcome<JsValue> {
        let auth = self.require_user()?;
        self.check_plan(true, "headless-cp", PLAN_TEXT)?;
        let integration = self.validate_action(name)?;
        let own = self.user_integration(name);
        let missing = || SdkError::from(ErrorKind::IntegrationNotInstalled(name.to_owned()));
        if js::list(&js::get(&own, "allCredentials")).length() == 0 {
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
            credential: Some(&credential_id),
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
        Ok(JsValue::UNDEFINED)
    }

    /// Loads a credential that the server reported as connected, unless it is known and good.
    pub(crate) async fn connected(
        self: &Rc<Self>,
        name: &str,
        credential_id: &str,
    ) -> Outcome<JsValue> {
        let known = self
            .known_credential(name, credential_id)
            .filter(credentials::is_valid);
        let is_gateway = self.services.borrow().is_gateway();
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
        Ok(self.installed(name, &credential))
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

    /// `_oauthCallback`: account types without popup, from the portal.
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
        let name = crate::integrations::name_of(&integration);
        let given = js::get(options, "installOptions");
        let install = if given.is_object() {
            given
        } else {
            install_options(&self.connect.params_of(&name))
        };
        let credential = self
            .create_credential(answer, id.as_deref(), &install)
            .await?;
        Ok(self.installed(&name, &credential))
    }

    /// Fires the install event of a good credential; gives what `connect` resolves with.
    fn installed(self: &Rc<Self>, name: &str, credential: &JsValue) -> JsValue {
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
        }
        let shows_portal = js::flag(&self.connect.params_of(name), "showPortalAfterInstall");
        self.connect.install_done(name, &event);
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

/// Whether the popup may open without asking the user for inputs first.
fn may_open_popup(integration: &JsValue, options: &JsValue) -> bool {
    let account = super::account_type_config(integration, options);
    let supplied = js::list(&js::get(&account, "endUserSuppliedValues")).length();
    !js::flag(integration, "needPreOauthInputs")
        || (js::text(&account, "scheme").as_deref() == Some("oauth") && supplied == 0)
}

/// The app's redirect URL with a scheme.
fn redirect_url(params: &JsValue) -> Outcome<Option<String>> {
    let Some(url) = js::non_empty(params, "overrideRedirectUrl") else {
        return Ok(None);
    };
    if !url.contains('.') && !url.starts_with("http") {
        return Err(SdkError::usage(
            "invalid_option",
            [&url, " is not valid url."].concat(),
        ));
    }
    Ok(Some(if url.starts_with("http") {
        url
    } else {
        ["https://", &url].concat()
    }))
}
