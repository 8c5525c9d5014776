//! Connecting an account: the portal, the popup, the flow.

mod attempt;
mod checks;
mod cloud;
mod complete;
mod dropdowns;
mod flow;
mod gateway;
mod install;
mod installed;
mod methods;
mod popup;
mod portal;
mod release;
mod sse;
mod uninstall;
mod update;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use self::attempt::Attempt;
use self::portal::Portal;
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::integrations::name_of;
use crate::sdk::Sdk;
use crate::timer::{self, Listener};
use crate::{host, js};

pub(crate) use self::attempt::Wish;
pub(crate) use self::checks::redirect_url;
pub(crate) use self::methods::call as call_from_portal;

/// For how long the same answer of a provider counts once.
const REPEATED_MS: f64 = 5_000.0;

/// Portal and running flows of one instance.
#[derive(Default)]
pub(crate) struct Connect {
    /// The portal's frame.
    pub(crate) portal: Portal,
    headless: Cell<bool>,
    attempt: RefCell<Option<Rc<Attempt>>>,
    pending: RefCell<Vec<Pending>>,
    last_id: Cell<u32>,
    /// The last `_oauthCallback`, and when it came.
    last_answer: RefCell<(String, f64)>,
}

/// A `connect` that waits for its installation.
struct Pending {
    name: String,
    /// The app's options, with its callbacks.
    params: JsValue,
    waiters: Vec<Waiter>,
}

/// A promise that `connect` returned and that has not settled.
struct Waiter {
    id: u32,
    resolve: Function,
    reject: Function,
    /// Ends the waiting when the app's signal aborts.
    _aborted: Option<Listener>,
}

impl Connect {
    /// Switches headless mode.
    pub(crate) fn set_headless(&self, headless: bool) {
        self.headless.set(headless);
    }

    /// Whether the app shows its own pages instead of the portal.
    pub(crate) fn is_headless(&self) -> bool {
        self.headless.get()
    }

    /// Sends the state to the portal, if it is there and used.
    pub(crate) fn portal_update(&self, sdk: &Sdk) {
        if !self.headless.get() {
            self.portal.update(sdk);
        }
    }

    /// Where the running flow stands; null without one.
    pub(crate) fn flow_status(&self) -> JsValue {
        self.attempt
            .borrow()
            .as_ref()
            .map_or(JsValue::NULL, |attempt| attempt.status())
    }

    fn attempt_started(&self, attempt: &Rc<Attempt>) {
        if !attempt.is_over() {
            *self.attempt.borrow_mut() = Some(Rc::clone(attempt));
        }
    }

    /// The flow reports a change.
    pub(crate) fn flow_changed(&self, sdk: &Sdk, attempt: &Rc<Attempt>) {
        if !attempt.is_over() {
            self.attempt_started(attempt);
        }
        self.portal_update(sdk);
    }

    /// The flow is over.
    pub(crate) fn attempt_ended(&self, attempt: &Rc<Attempt>) {
        let is_present = self
            .attempt
            .borrow()
            .as_ref()
            .is_some_and(|present| Rc::ptr_eq(present, attempt));
        if is_present {
            self.attempt.take();
        }
    }

    /// Cancels the running flow, if there is one.
    pub(crate) fn cancel_flow(&self) {
        let attempt = self.attempt.take();
        if let Some(attempt) = attempt {
            attempt.abort(JsValue::UNDEFINED);
        }
    }

    /// Stops following the running flow, which goes on in its popup.
    fn leave_flow(&self) {
        let attempt = self.attempt.take();
        if let Some(attempt) = attempt {
            attempt.leave();
        }
    }

    /// Opens the running flow's popup again.
    pub(crate) fn reopen_flow(&self) -> Outcome<()> {
        let attempt = self.attempt.borrow().clone();
        attempt.map_or(Ok(()), |attempt| attempt.reopen())
    }

    /// Id of the credential that API calls carry while a portal is open for its integration.
    pub(crate) fn default_credential(&self, sdk: &Sdk) -> Option<String> {
        let integration = js::get(&self.portal.modal.borrow(), "integration");
        integration.is_object().then(|| {
            js::non_empty(
                &sdk.user_integration(&name_of(&integration)),
                "credentialId",
            )
        })?
    }

    /// Number of the next `connect`.
    fn next_id(&self) -> u32 {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        id
    }

    /// Registers a `connect`: its callbacks take the place of an earlier one's, whose promise waits on.
    fn expect_install(
        &self,
        name: &str,
        id: u32,
        params: &JsValue,
        aborted: Option<Listener>,
    ) -> Promise {
        let (promise, resolve, reject) = timer::deferred();
        let mut all = self.pending.borrow_mut();
        let position = all.iter().position(|one| one.name == name);
        let mut waiters = position
            .map(|index| all.swap_remove(index).waiters)
            .unwrap_or_default();
        waiters.push(Waiter {
            id,
            resolve,
            reject,
            _aborted: aborted,
        });
        all.push(Pending {
            name: name.to_owned(),
            params: params.clone(),
            waiters,
        });
        promise
    }

    /// Options of the `connect` for `name`.
    fn params_of(&self, name: &str) -> JsValue {
        let all = self.pending.borrow();
        all.iter()
            .find(|one| one.name == name)
            .map_or(JsValue::UNDEFINED, |one| one.params.clone())
    }

    fn has_callback(&self, name: &str, callback: &str) -> bool {
        js::function(&self.params_of(name), callback).is_some()
    }

    /// Calls the app's callback of a `connect`; each one runs at most once.
    pub(crate) fn callback(&self, name: &str, callback: &str, arguments: &[JsValue]) {
        let function = {
            let mut all = self.pending.borrow_mut();
            let Some(pending) = all.iter_mut().find(|one| one.name == name) else {
                return;
            };
            let function = js::function(&pending.params, callback);
            pending.params = js::merged(&pending.params, &js::object(&[]));
            js::set(&pending.params, callback, &JsValue::UNDEFINED);
            function
        };
        if let Some(function) = function {
            js::call(&function, arguments);
        }
    }

    /// Whether `answer` came within the last five seconds; asking counts as coming.
    fn is_repeated(&self, answer: &str) -> bool {
        let now = host::now_ms();
        let (before, at) = self.last_answer.replace((answer.to_owned(), now));
        before == answer && now - at < REPEATED_MS
    }

    /// The next answer counts, whatever it is.
    fn forget_repeated(&self) {
        self.last_answer.take();
    }

    /// Takes the waiters of `name`: all, or the one with this id.
    fn take_waiters(&self, name: &str, id: Option<u32>) -> Vec<Waiter> {
        let mut all = self.pending.borrow_mut();
        let Some(pending) = all.iter_mut().find(|one| one.name == name) else {
            return Vec::new();
        };
        let (taken, left) = pending
            .waiters
            .drain(..)
            .partition(|one| id.is_none_or(|id| one.id == id));
        pending.waiters = left;
        taken
    }

    fn install_done(&self, name: &str, result: &JsValue) {
        for waiter in self.take_waiters(name, None) {
            js::call(&waiter.resolve, std::slice::from_ref(result));
        }
    }

    /// The `connect` for `name` failed (the one with this id, or all): its `onError` runs and its promise rejects.
    fn install_failed(&self, name: &str, id: Option<u32>, error: &JsValue) {
        let failed = self.take_waiters(name, id);
        if failed.is_empty() {
            return;
        }
        self.callback(name, "onError", std::slice::from_ref(error));
        reject(failed, error);
    }

    /// The `connect` for `name` with this id rejects; no callback runs.
    fn reject_waiters(&self, name: &str, id: u32, error: &JsValue) {
        reject(self.take_waiters(name, Some(id)), error);
    }

    /// The portal was closed: a `connect` that asked for it rejects.
    pub(crate) fn settle_closed(&self) {
        let names: Vec<String> = {
            let all = self.pending.borrow();
            let wants = |one: &&Pending| js::flag(&one.params, "rejectOnClose");
            all.iter()
                .filter(wants)
                .map(|one| one.name.clone())
                .collect()
        };
        for name in names {
            self.install_failed(&name, None, &cancelled(JsValue::UNDEFINED).into());
        }
    }

    /// Nobody will answer any more: every `connect` that waits rejects, and all callbacks are forgotten.
    fn settle_all(&self) {
        let names: Vec<String> = {
            let all = self.pending.borrow();
            all.iter().map(|one| one.name.clone()).collect()
        };
        for name in names {
            self.install_failed(&name, None, &cancelled(JsValue::UNDEFINED).into());
        }
        self.pending.take();
    }
}

/// The error of a `connect` that was given up, for `reason`.
fn cancelled(reason: JsValue) -> SdkError {
    ErrorKind::OAuthCancelled(reason).into()
}

fn reject(waiters: Vec<Waiter>, error: &JsValue) {
    for waiter in waiters {
        js::call(&waiter.reject, std::slice::from_ref(error));
    }
}

/// An error as the portal gets it: a frame of another origin cannot be sent one with all its fields.
pub(crate) fn told(error: &JsValue) -> JsValue {
    js::object(&[
        ("name", js::get(error, "name")),
        ("message", js::get(error, "message")),
        ("code", js::get(error, "code")),
    ])
}

/// The options that portal and server get as `installOptions`.
pub(crate) fn install_options(params: &JsValue) -> JsValue {
    let options = js::object(&[]);
    for key in [
        "isApiInstallation",
        "showPortalAfterInstall",
        "bypassPostOAuthPrompt",
        "allowMultipleCredentials",
        "selectedCredentialId",
        "selectedConfigurationId",
        "accountType",
        "externalId",
    ] {
        let value = js::get(params, key);
        if !value.is_undefined() {
            js::set(&options, key, &value);
        }
    }
    options
}

/// The account type that the options mean, as the server described it; `undefined` if they mean none.
pub(crate) fn account_type_config(integration: &JsValue, options: &JsValue) -> JsValue {
    let types = js::items(
        &js::get(integration, "sdkIntegrationConfig"),
        "accountTypes",
    );
    let given = js::get(options, "accountType");
    let wanted = given.as_string().or_else(|| {
        let several = js::list(&given);
        (several.length() == 1).then(|| several.get(0).as_string())?
    });
    let wanted = wanted.or_else(|| {
        let is_pair = types.length() == 2
            && js::is(&types.get(0), "id", "default")
            && js::is(&types.get(1), "id", "user-configured-oauth");
        is_pair.then(|| "default".to_owned())
    });
    let found = wanted.and_then(|id| js::find(&types, "id", &id));
    found.unwrap_or(JsValue::UNDEFINED)
}
