//! `connect` and `installIntegration`: checks in the reference's order, then the portal or the popup.

use std::rc::Rc;

use js_sys::Promise;
use paragon_wire::flow::FlowStatus;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::attempt::{Attempt, Wish};
use super::checks::{PLAN_TEXT, may_open_popup, redirect_url};
use super::{account_type_config, cancelled, dropdowns, install_options, methods};
use crate::credentials;
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::sdk::Sdk;
use crate::timer::{self, Listener};
use crate::transport;
use crate::{host, js, options};

impl Sdk {
    /// Opens the portal for integration `name`, or starts the popup for an installation without portal.
    pub(crate) fn connect(self: &Rc<Self>, name: &JsValue, params: &JsValue) -> Promise {
        let name = js::shown(name);
        let integration = match self.connectable(&name) {
            Ok(integration) => integration,
            Err(error) => return Promise::reject(&error.into()),
        };
        let id = self.connect.next_id();
        let aborted = self.on_abort(&name, id, params);
        let promise = self.connect.expect_install(&name, id, params, aborted);
        if let Err(error) = self.open_connect(&name, id, &integration, params) {
            self.connect.install_failed(&name, Some(id), &error.into());
        }
        promise
    }

    /// Rejects the `connect` with this id when the app's signal aborts, whether or not a popup is open.
    fn on_abort(self: &Rc<Self>, name: &str, id: u32, params: &JsValue) -> Option<Listener> {
        let signal = options::signal(params)?;
        let (weak, name, aborted) = (Rc::downgrade(self), name.to_owned(), signal.clone());
        Some(Listener::new(&signal, "abort", move |_| {
            if let Some(sdk) = weak.upgrade() {
                let error = cancelled(aborted.reason()).into();
                sdk.connect.install_failed(&name, Some(id), &error);
            }
        }))
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
        let redirect_url = redirect_url(params, "overrideRedirectUrl", ".")?;
        host::require_window()?;
        if let Some(signal) = options::signal(params).filter(AbortSignal::aborted) {
            return Err(cancelled(signal.reason()));
        }
        self.choose_credential(name, integration, params)?;
        self.sources.take_connect(name, params);
        let options = js::merged(params, &js::object(&[]));
        if let Some(url) = redirect_url {
            js::set(&options, "overrideRedirectUrl", &url.into());
        }
        let signs_in = self.signs_in(name, integration, &options);
        self.show_in_portal(integration, &options, signs_in);
        if signs_in {
            self.start_attempt(name, id, &options)?;
        }
        Ok(())
    }

    /// Whether `connect` opens the popup itself: in an installation without portal, unless the user has to be asked for
    /// values in the portal, before the sign-in or to complete a pending credential. A gateway asks in the popup what is
    /// left to ask, and its portal hides in such an installation.
    fn signs_in(&self, name: &str, integration: &JsValue, options: &JsValue) -> bool {
        let is_pending = js::is(&self.user_integration(name), "credentialStatus", "PENDING");
        js::flag(options, "isApiInstallation")
            && (!is_pending || self.is_gateway())
            && (self.connect.is_headless() || may_open_popup(integration, options))
    }

    /// Tells the portal what to show; the frame is made where one is needed.
    fn show_in_portal(self: &Rc<Self>, integration: &JsValue, options: &JsValue, signs_in: bool) {
        let portal = &self.connect.portal;
        let needs_no_frame = signs_in && self.is_gateway();
        if !self.connect.is_headless() && !needs_no_frame {
            portal.attach(self);
        }
        *portal.integration_config.borrow_mut() = js::object(&[
            (
                "mapObjectFields",
                dropdowns::mapped(&js::get(options, "mapObjectFields")),
            ),
            (
                "overrideRedirectUrl",
                js::get(options, "overrideRedirectUrl"),
            ),
        ]);
        let api_options = install_options(options);
        let is_api = js::flag(options, "isApiInstallation");
        js::set(&api_options, "isApiInstallation", &is_api.into());
        let types = js::get(options, "accountType");
        if js_sys::Array::is_array(&types) {
            js::set(&api_options, "selectedMultipleAccountTypes", &types);
        } else if types.is_string() {
            let account = account_type_config(integration, options);
            js::set(&api_options, "selectedAccountConfig", &account);
        }
        self.set_modal(integration, options, api_options);
    }

    /// Shows `integration` in the portal, with nothing left of what it showed before.
    pub(super) fn set_modal(&self, integration: &JsValue, options: &JsValue, installing: JsValue) {
        let values = js::get(&js::items(integration, "configs").get(0), "values");
        let config = dropdowns::filled(&values, &js::get(options, "dropdowns"));
        *self.connect.portal.modal.borrow_mut() = js::object(&[
            ("integration", integration.clone()),
            ("config", config),
            ("overlayStyle", methods::overlay_style()),
            ("apiInstallationOptions", installing),
            (
                "selectedCredentialId",
                js::get(options, "selectedCredentialId"),
            ),
            ("shouldShowPortalAfterInstall", false.into()),
        ]);
        self.state_changed();
    }

    /// Starts the popup and ties it to the waiting `connect`.
    fn start_attempt(self: &Rc<Self>, name: &str, id: u32, options: &JsValue) -> Outcome<()> {
        let (sdk, retry_name, retry_options) =
            (Rc::clone(self), JsValue::from(name), options.clone());
        let retry = js::callback(move |_| sdk.connect(&retry_name, &retry_options).into());
        let (attempt, promise) = self.start_flow(Wish {
            integration: self.connectable(name)?,
            name: name.to_owned(),
            options: options.clone(),
            install_options: install_options(options),
            retry: retry.into_js_value(),
        })?;
        let (sdk, name) = (Rc::clone(self), name.to_owned());
        timer::spawn(async move {
            if let Err(error) = JsFuture::from(promise).await {
                sdk.attempt_failed(&name, id, &attempt, &error);
            }
        });
        Ok(())
    }

    /// The popup of a `connect` came to nothing: a failure is shown in the portal, and the promise rejects.
    ///
    /// Without portal `onError` does not hear what only the promise of the reference says: that it took too long, and
    /// that the new credential cannot be read.
    fn attempt_failed(&self, name: &str, id: u32, attempt: &Attempt, error: &JsValue) {
        let status = attempt.flow.borrow().status();
        if status == FlowStatus::Failed {
            self.show_failure(&attempt.told(error));
        }
        let is_quiet = self.connect.is_headless()
            && matches!(status, FlowStatus::Expired | FlowStatus::Connected);
        if is_quiet {
            self.connect.reject_waiters(name, id, error);
        } else {
            self.connect.install_failed(name, Some(id), error);
        }
    }

    fn show_failure(&self, told: &JsValue) {
        self.set_modal_state(&js::object(&[("connectionError", told.clone())]));
    }

    /// Opens the popup now, in place of the one that may be open; the promise settles with the flow.
    pub(crate) fn start_flow(self: &Rc<Self>, wish: Wish) -> Outcome<(Rc<Attempt>, Promise)> {
        self.connect.cancel_flow();
        let (attempt, promise) = Attempt::start(self, wish)?;
        self.connect.attempt_started(&attempt);
        Ok((attempt, promise))
    }

    /// `startOAuthFlow`: opens the popup for apps without portal and for the portal; the promise settles with it.
    ///
    /// # Errors
    /// For an unknown integration, and when the browser blocks the popup.
    pub(crate) fn start_oauth_flow(
        self: &Rc<Self>,
        name: &JsValue,
        given: &JsValue,
        callbacks: &JsValue,
    ) -> Outcome<Promise> {
        let retry = self.retry_of_flow(name, given, callbacks);
        let name = name.as_string().unwrap_or_default();
        let integration = self.connectable(&name)?;
        let is_headless = self.connect.is_headless();
        if !is_headless && !may_open_popup(&integration, given) {
            return Ok(Promise::resolve(&JsValue::UNDEFINED));
        }
        // The portal leaves out what cannot be sent to it, such as the app's callbacks and signal.
        let base = if is_headless {
            JsValue::UNDEFINED
        } else {
            self.connect.params_of(&name)
        };
        let options = js::merged(&base, given);
        let limit = js::get(callbacks, "oauthTimeout");
        if !limit.is_undefined() {
            js::set(&options, "oauthTimeout", &limit);
        }
        let (attempt, promise) = self.start_flow(Wish {
            integration,
            name: name.clone(),
            options,
            install_options: js::merged(given, &JsValue::UNDEFINED),
            retry: retry.clone(),
        })?;
        let is_blocked = attempt.flow.borrow().is_blocked();
        let (sdk, callbacks, settled) = (Rc::clone(self), callbacks.clone(), promise.clone());
        timer::spawn(async move {
            let (function, value) = match JsFuture::from(settled).await {
                // Thrown already.
                Err(_) if is_blocked => return sdk.state_changed(),
                Ok(result) => ("onSuccess", result),
                Err(error) => {
                    sdk.flow_failed_in_portal(&name, &error, &attempt.told(&error));
                    ("onError", error)
                }
            };
            if let Some(function) = js::function(&callbacks, function) {
                js::call(&function, &[value]);
            }
        });
        if is_blocked {
            return Err(ErrorKind::OAuthBlocked(retry).into());
        }
        Ok(promise)
    }

    /// What makes the same flow again in a later click; its promise settles as the callbacks do.
    fn retry_of_flow(
        self: &Rc<Self>,
        name: &JsValue,
        given: &JsValue,
        callbacks: &JsValue,
    ) -> JsValue {
        let sdk = Rc::clone(self);
        let (name, given, callbacks) = (name.clone(), given.clone(), callbacks.clone());
        let retry = js::callback(move |_| {
            let started = sdk.start_oauth_flow(&name, &given, &callbacks);
            transport::settled(started.map(JsValue::from)).into()
        });
        retry.into_js_value()
    }

    /// A failure is shown in the portal and ends `connect`; a cancelled one can be tried again there.
    pub(super) fn flow_failed_in_portal(&self, name: &str, error: &JsValue, told: &JsValue) {
        if js::is(error, "name", "OAuthCancelledError") {
            return self.state_changed();
        }
        self.show_failure(told);
        self.connect.install_failed(name, None, error);
    }

    /// Makes the credential that the app named the selected one; the first, where none is.
    fn choose_credential(
        &self,
        name: &str,
        integration: &JsValue,
        params: &JsValue,
    ) -> Outcome<()> {
        let own = self.user_integration(name);
        let configuration = js::non_empty(params, "selectedConfigurationId");
        let mut credential = js::non_empty(params, "selectedCredentialId");
        if credential.is_none() && configuration.is_none() {
            let first = js::items(&own, "allCredentials").get(0);
            if js::flag(&own, "credentialId") || !first.is_object() {
                return Ok(());
            }
            credential = js::text(&first, "id");
        }
        let selection =
            credentials::resolve(&own, credential.as_deref(), configuration.as_deref())?;
        let id = &selection.credential_id;
        let owner = self.known_credential(name, id).unwrap_or_default();
        if js::text(&owner, "integrationId") != js::text(integration, "id") {
            let parts = [
                "Credential with ID \"",
                id,
                "\" is not a valid ",
                name,
                " account.",
            ];
            return Err(SdkError::usage("credential_not_found", parts.concat()));
        }
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
        if self.is_installed(&text) && !js::flag(params, "allowMultipleCredentials") {
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
}
