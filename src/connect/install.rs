//! `connect` and `installIntegration`: checks in the reference's order, then the popup or the portal.

use std::rc::Rc;

use js_sys::Promise;
use paragon_wire::flow::FlowStatus;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::attempt::{Attempt, Target};
use super::checks::{Feature, may_open_popup, redirect_url};
use super::options::ConnectOptions;
use super::pending::Waiter;
use super::popup::no_window;
use crate::credentials::{SelectedIds, Selection, resolve};
use crate::error::{Error, Result};
use crate::model::Integration;
use crate::sdk::Sdk;
use crate::{host, js, promise};

/// Sets one of the flags of the options.
type SetFlag = fn(&ConnectOptions, bool);

impl Sdk {
    /// `connect`: opens the portal for integration `name`, or starts the popup for an installation without portal.
    ///
    /// # Errors
    /// Without a user, and for an unknown integration. What fails later is heard by `onError`, too.
    pub(crate) fn connect(self: &Rc<Self>, name: &JsValue, options: &JsValue) -> Result<Promise> {
        let integration = self.connectable(name)?;
        let options: ConnectOptions = js::options(options)?;
        let waiter = self.pending.expect(name, &options);
        if let Err(error) = self.open(name, &waiter, &integration, &options) {
            waiter.fail(&error);
        }
        Ok(waiter.promise())
    }

    /// Nothing changes before everything is checked, and the popup, if there is to be one, is open.
    fn open(
        self: &Rc<Self>,
        name: &JsValue,
        waiter: &Rc<Waiter>,
        integration: &Integration,
        options: &ConnectOptions,
    ) -> Result<()> {
        if options.mappings().is_truthy() {
            self.check_plan(Feature::FieldMapping)?;
        }
        self.check_external_id(name, options)?;
        self.validate_integration(name)?;
        if let Some(url) = redirect_url(options.redirect_url(), ".")? {
            options.set_redirect_url(&url);
        }
        if host::page().is_none() {
            return Err(no_window());
        }
        let selection = self.chosen_selection(name, integration, options)?;
        if let Some(signal) = js::object::<AbortSignal>(options.signal())
            && signal.aborted()
        {
            return Err(Error::oauth_cancelled(signal.reason()));
        }
        let attempt = if self.signs_in(name, integration, options) {
            Some(self.open_popup(name, integration, options, waiter)?)
        } else {
            None
        };
        if attempt.as_ref().is_none_or(|attempt| !attempt.is_blocked()) {
            if let Some(selection) = selection {
                self.select_credential(name, &selection);
            }
            self.sources.take_connect(name, options);
            self.show_in_portal(integration, options, attempt.is_some());
        }
        if let Some(attempt) = attempt {
            attempt.begin();
        }
        Ok(())
    }

    /// Whether `connect` opens the popup itself: in an installation without portal, unless the user has to be asked for
    /// values in the portal, before the sign-in or to complete a pending credential. A gateway asks in the popup what is
    /// left to ask, and its portal hides in such an installation.
    fn signs_in(
        &self,
        name: &JsValue,
        integration: &Integration,
        options: &ConnectOptions,
    ) -> bool {
        let is_pending = self.user_integration_or_empty(name).credential_status() == "PENDING";
        options.is_api_installation().is_truthy()
            && (!is_pending || self.is_gateway())
            && (self.is_headless.get() || may_open_popup(integration, options))
    }

    /// Opens the popup and ties its outcome to the waiting `connect`.
    fn open_popup(
        self: &Rc<Self>,
        name: &JsValue,
        integration: &Integration,
        options: &ConnectOptions,
        waiter: &Rc<Waiter>,
    ) -> Result<Rc<Attempt>> {
        let again = (Rc::downgrade(self), name.clone(), options.clone());
        let attempt = Attempt::open(
            self,
            Target {
                integration: integration.clone(),
                name: name.clone(),
                options: options.clone(),
                install_options: options.install_options(),
                retry: js::callback(move |_| {
                    let (sdk, name, options) = &again;
                    sdk.upgrade().map_or(JsValue::UNDEFINED, |sdk| {
                        promise::begun(sdk.connect(name, options)).into()
                    })
                }),
            },
        )?;
        let (waiter, same) = (Rc::clone(waiter), Rc::clone(&attempt));
        promise::spawn(async move {
            if let Err(error) = same.outcome().await {
                same.sdk().connect_failed(&waiter, &same, &error.into());
            }
        });
        Ok(attempt)
    }

    /// The popup of a `connect` came to nothing: a failure is shown in the portal, and the promise rejects.
    ///
    /// Without portal `onError` does not hear what only the promise of the reference says: that it took too long, and
    /// that the new credential cannot be read.
    fn connect_failed(self: &Rc<Self>, waiter: &Rc<Waiter>, attempt: &Attempt, error: &Error) {
        let status = attempt.status();
        if status == FlowStatus::Failed {
            self.show_failure(attempt.failure_message(), error);
        }
        if self.is_headless.get() && matches!(status, FlowStatus::Expired | FlowStatus::Connected) {
            waiter.reject(error);
        } else {
            waiter.fail(error);
        }
    }

    /// The credential that the app named; the first, where none is named and none is current.
    fn chosen_selection(
        &self,
        name: &JsValue,
        integration: &Integration,
        options: &JsValue,
    ) -> Result<Option<Selection>> {
        let own = self.user_integration_or_empty(name);
        let mut chosen = SelectedIds::of(options)?;
        if chosen.is_empty() {
            let first = own.credentials().next();
            let Some(first) = first.filter(|_| !own.credential_id().is_truthy()) else {
                return Ok(None);
            };
            chosen.credential = js::text(first.id());
        }
        if own.credentials().next().is_none() {
            return Ok(None);
        }
        let found = resolve(&own, &chosen, false)?;
        let id = match &found {
            Some(found) => found.credential.id(),
            None => chosen.credential.map_or(JsValue::UNDEFINED, JsValue::from),
        };
        let is_owner = |found: &Selection| found.credential.integration_id() == integration.id();
        if let Some(selection) = found.filter(is_owner) {
            return Ok(Some(selection));
        }
        let message = [
            "Credential with ID \"",
            &js::shown(&id),
            "\" is not a valid ",
            &js::shown(name),
            " account.",
        ];
        Err(Error::new("credential_not_found", &message.concat()))
    }

    /// `installIntegration`: checks are thrown at once, the popup opens before this returns.
    ///
    /// # Errors
    /// For wrong use.
    pub(crate) fn install_integration(
        self: &Rc<Self>,
        name: &JsValue,
        options: &JsValue,
    ) -> Result<Promise> {
        self.session.require_user()?;
        let options: ConnectOptions = js::options(options)?;
        self.close_portal();
        if options.bypasses_prompt().is_truthy() && options.shows_portal().is_truthy() {
            return Err(Error::new(
                "invalid_option",
                "Could not use both `bypassPostOAuthPrompt` and `showPortalAfterInstall` as true at the same time.",
            ));
        }
        self.check_external_id(name, &options)?;
        self.check_plan(Feature::Headless)?;
        self.validate_integration(name)?;
        let is_installed = self.user_integration_or_empty(name).is_installed();
        if is_installed && !options.allows_several().is_truthy() {
            let message = [
                "Integration \"",
                &js::shown(name),
                "\" is already installed.",
            ]
            .concat();
            return Err(Error::new("integration_already_installed", &message));
        }
        let defaults: [(JsValue, SetFlag); 3] = [
            (options.shows_portal(), ConnectOptions::set_shows_portal),
            (
                options.bypasses_prompt(),
                ConnectOptions::set_bypasses_prompt,
            ),
            (options.allows_several(), ConnectOptions::set_allows_several),
        ];
        for (given, set) in defaults {
            if given.is_undefined() {
                set(&options, false);
            }
        }
        options.set_api_installation(true);
        Ok(promise::begun(self.connect(name, &options)))
    }
}
