//! Connecting an account: the portal, the popup, the flow.
//!
//! What an instance ([`crate::sdk`]) keeps of it:
//!
//! | property | |
//! |---|---|
//! | `isHeadless` | whether the app shows its own pages instead of the portal |
//! | `portal` | `frame`, its element; `isContained`, whether it is in the app's container; `isLoaded`; `isOpen`, whether portal-open was fired and portal-close was not; `modal`, what it shows (`nextModalState`); `config`, options of the open integration (`endUserIntegrationConfig`); `overflow`, the body's own style, and `focused`, what had the keyboard, before it was shown; `listener`, what hears the page while there is a frame or an attempt |
//! | `pending` | by integration name, the last `connect`: `{params, waiters}`; a waiter is `{entry, promise, resolve, reject, signal, onAbort}` |
//! | `attempt` | the running flow |
//! | `lastAnswer` | the last `_oauthCallback`, and when it came: `{answer, at}` |

pub(crate) mod attempt;
pub(crate) mod checks;
pub(crate) mod cloud;
pub(crate) mod complete;
pub(crate) mod dropdowns;
pub(crate) mod flow;
pub(crate) mod gateway;
pub(crate) mod install;
pub(crate) mod installed;
pub(crate) mod methods;
pub(crate) mod popup;
pub(crate) mod portal;
pub(crate) mod redirect;
pub(crate) mod uninstall;

use crate::error::cancelled;
use crate::integrations::{name_of, of_user};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    self, NULL, Outcome, Text, UNDEFINED, Value, from_bool, from_number, function, new_deferred,
    new_list, new_object, t, text,
};
use crate::{events, host};

/// For how long the same answer of a provider counts once.
const REPEATED_MS: f64 = 5_000.0;

/// Switches headless mode.
pub(crate) fn set_headless(sdk: Sdk, is_headless: bool) {
    sdk.set(t!("isHeadless"), from_bool(is_headless));
}

/// Whether the app shows its own pages instead of the portal.
pub(crate) fn is_headless(sdk: Sdk) -> bool {
    sdk.get(t!("isHeadless")).is_true()
}

/// Ends everything: the user or the page goes away, `is_leaving`, without withdrawing the flow and closing its popup.
pub(crate) fn end(sdk: Sdk, is_leaving: bool) {
    let attempt = sdk.get(t!("attempt"));
    if is_leaving && attempt.is_true() {
        sdk.set(t!("attempt"), UNDEFINED);
        attempt::leave(attempt);
    }
    cancel_flow(sdk);
    methods::announce_closed(sdk);
    portal::detach(sdk);
    // Taken out first: a callback of the app may connect again.
    let pending = sdk.get(t!("pending"));
    sdk.set(t!("pending"), new_object());
    cancel_waiting(pending, false);
}

/// Hears the page as long as there is a frame or an attempt.
fn watch(sdk: Sdk) {
    let (portal, window) = (sdk.get(t!("portal")), host::window());
    let (listener, frame) = (portal.get(t!("listener")), portal.get(t!("frame")));
    let is_needed = frame.or(sdk.get(t!("attempt"))).is_true();
    let Some(window) = window.filter(|_| is_needed != listener.is_true()) else {
        return;
    };
    let listener = listener.or(function(Step::PageSaid, sdk.0));
    let (method, kept) = if is_needed {
        (t!("addEventListener"), listener)
    } else {
        (t!("removeEventListener"), UNDEFINED)
    };
    portal.set(t!("listener"), kept);
    window.tell(method, text(t!("message")), listener);
    window.tell(method, text(t!("pagehide")), listener);
}

/// An event of the page: a message, or that it goes away.
pub(crate) fn page_said(context: Value, event: Value) -> Outcome {
    let sdk = Sdk(context);
    if event.get(t!("type")).is(t!("pagehide")) {
        end(sdk, true);
    } else {
        portal::heard(sdk, event);
    }
    Ok(UNDEFINED)
}

// The running flow.

/// Where the running flow stands; null without one.
fn flow_status(sdk: Sdk) -> Value {
    sdk.get(t!("attempt")).some().map_or(NULL, attempt::status)
}

fn attempt_started(sdk: Sdk, attempt: Value) {
    if !attempt::is_over(attempt) {
        sdk.set(t!("attempt"), attempt);
        watch(sdk);
    }
}

/// The flow reports a change.
pub(crate) fn flow_changed(sdk: Sdk, attempt: Value) {
    attempt_started(sdk, attempt);
    portal::update(sdk);
}

/// The flow is over.
pub(crate) fn attempt_ended(sdk: Sdk, attempt: Value) {
    if sdk.get(t!("attempt")).same(attempt) {
        sdk.set(t!("attempt"), UNDEFINED);
    }
    watch(sdk);
}

/// Cancels the running flow, if there is one.
pub(crate) fn cancel_flow(sdk: Sdk) {
    if let Some(attempt) = sdk.get(t!("attempt")).some() {
        sdk.set(t!("attempt"), UNDEFINED);
        attempt::abort(attempt, UNDEFINED);
    }
}

/// Opens the running flow's popup again.
pub(crate) fn reopen_flow(sdk: Sdk) -> Outcome {
    sdk.get(t!("attempt"))
        .some()
        .map_or(Ok(UNDEFINED), attempt::reopen)
}

/// Id of the credential that API calls carry while a portal is open for its integration; `undefined` for none.
pub(crate) fn default_credential(sdk: Sdk) -> Value {
    let open = sdk
        .get(t!("portal"))
        .get(t!("modal"))
        .get(t!("integration"));
    let own = open
        .record()
        .map_or(UNDEFINED, |open| of_user(sdk, name_of(open)));
    own.get(t!("credentialId")).non_empty().unwrap_or(UNDEFINED)
}

// The `connect`s that wait.

/// Registers a `connect`: its callbacks take the place of an earlier one's, whose promise waits on. Gives its waiter.
fn expect_install(sdk: Sdk, name: Value, params: Value) -> Value {
    let pending = sdk.get(t!("pending"));
    let entry = pending.own(name).or(new_object());
    pending.store(name, entry);
    let (waiter, signal) = (new_deferred(), params.get(t!("signal")));
    let on_abort = function(Step::ConnectAborted, waiter);
    signal.tell(t!("addEventListener"), text(t!("abort")), on_abort);
    waiter
        .set(t!("entry"), entry)
        .set(t!("signal"), signal)
        .set(t!("onAbort"), on_abort);
    entry
        .set(t!("params"), params)
        .set(t!("waiters"), entry.items(t!("waiters")).push(waiter));
    waiter
}

/// The app's signal ends the `connect` of this waiter.
pub(crate) fn aborted(waiter: Value, _: Value) -> Outcome {
    let reason = waiter.get(t!("signal")).get(t!("reason"));
    fail_waiting(waiter.get(t!("entry")), waiter, cancelled(reason).caught());
    Ok(UNDEFINED)
}

fn entry_of(sdk: Sdk, name: Value) -> Value {
    sdk.get(t!("pending")).own(name)
}

/// Options of the `connect` for `name`, with its callbacks; `undefined` without one.
pub(crate) fn params_of(sdk: Sdk, name: Value) -> Value {
    entry_of(sdk, name).get(t!("params"))
}

/// Whether the `connect` for `name` has this callback, and it has not run.
pub(crate) fn has_callback(sdk: Sdk, name: Value, callback: Text) -> bool {
    params_of(sdk, name).get(callback).is_function()
}

/// Calls the app's callback of a `connect` with `(event, user)`; each one runs at most once.
pub(crate) fn callback(sdk: Sdk, name: Value, callback: Text, event: Value) {
    call_once(entry_of(sdk, name), callback, event, sdk.user());
}

/// Calls the app's callback of a `connect`, then the listeners of `kind`.
#[inline(never)]
fn announce(sdk: Sdk, name: Value, by: Text, kind: Value, event: Value) {
    callback(sdk, name, by, event);
    events::emit(sdk, kind, event);
}

fn call_once(entry: Value, callback: Text, a: Value, b: Value) {
    let params = entry.get(t!("params"));
    let function = params.get(callback);
    if function.is_function() {
        entry.set(
            t!("params"),
            params.merged(new_object().set(callback, UNDEFINED)),
        );
        function.notify(a, b);
    }
}

/// Takes waiters out: all, or this one.
fn take_waiters(entry: Value, which: Value) -> Value {
    let (taken, left) = (new_list(), new_list());
    for waiter in entry.items(t!("waiters")).iter() {
        let is_meant = which.is_undefined() || waiter.same(which);
        (if is_meant { taken } else { left }).push(waiter);
    }
    if !taken.is_empty() {
        entry.set(t!("waiters"), left);
    }
    taken
}

#[inline(never)]
fn settle(waiters: Value, how: Text, value: Value) {
    for waiter in waiters.iter() {
        let signal = waiter.get(t!("signal"));
        signal.tell(
            t!("removeEventListener"),
            text(t!("abort")),
            waiter.get(t!("onAbort")),
        );
        waiter.tell(how, value, UNDEFINED);
    }
}

/// The account of `name` is connected: every `connect` that waits for it resolves with `result`.
pub(crate) fn install_done(sdk: Sdk, name: Value, result: Value) {
    settle(
        take_waiters(entry_of(sdk, name), UNDEFINED),
        t!("resolve"),
        result,
    );
}

/// The `connect` for `name` failed (this waiter's, or all): its `onError` runs and its promise rejects.
pub(crate) fn install_failed(sdk: Sdk, name: Value, which: Value, error: Value) {
    fail_waiting(entry_of(sdk, name), which, error);
}

fn fail_waiting(entry: Value, which: Value, error: Value) {
    let failed = take_waiters(entry, which);
    if !failed.is_empty() {
        call_once(entry, t!("onError"), error, UNDEFINED);
        settle(failed, t!("reject"), error);
    }
}

/// An error as the portal gets it: a frame of another origin cannot be sent one with all its fields.
fn told(error: Value) -> Value {
    new_object()
        .add(t!("name"), error.get(t!("name")))
        .add(t!("message"), error.get(t!("message")))
        .add(t!("code"), error.get(t!("code")))
}

/// Every `connect` of `pending` rejects as cancelled; after closing the portal, `is_closing`, those that asked for it.
fn cancel_waiting(pending: Value, is_closing: bool) {
    for name in pending.keys().iter() {
        let entry = pending.own(name);
        if !is_closing || entry.get(t!("params")).get(t!("rejectOnClose")).is_true() {
            fail_waiting(entry, UNDEFINED, cancelled(UNDEFINED).caught());
        }
    }
}

/// Whether `answer` came within the last five seconds; asking counts as coming.
fn is_repeated(sdk: Sdk, answer: Value) -> bool {
    let (last, now) = (sdk.get(t!("lastAnswer")), value::now_ms());
    sdk.set(
        t!("lastAnswer"),
        new_object()
            .set(t!("answer"), answer)
            .set(t!("at"), from_number(now)),
    );
    last.get(t!("answer")).same(answer) && now - last.get(t!("at")).to_number() < REPEATED_MS
}

// What portal and server get to know of the app's options.

/// The options that portal and server get as `installOptions`.
pub(crate) fn install_options(params: Value) -> Value {
    let options = new_object();
    for key in [
        t!("isApiInstallation"),
        t!("showPortalAfterInstall"),
        t!("bypassPostOAuthPrompt"),
        t!("allowMultipleCredentials"),
        t!("selectedCredentialId"),
        t!("selectedConfigurationId"),
        t!("accountType"),
        t!("externalId"),
    ] {
        options.add(key, params.get(key));
    }
    options
}

/// The account type that the options mean, as the server described it; `undefined` if they mean none.
pub(crate) fn account_type_config(integration: Value, options: Value) -> Value {
    let types = integration
        .get(t!("sdkIntegrationConfig"))
        .items(t!("accountTypes"));
    let given = options.get(t!("accountType"));
    let only = given.list();
    let is_pair = || {
        types.len() == 2
            && types.at(0).get(t!("id")).is(t!("default"))
            && types.at(1).get(t!("id")).is(t!("user-configured-oauth"))
    };
    let wanted = if given.is_text() {
        given
    } else if only.len() == 1 && only.at(0).is_text() {
        only.at(0)
    } else if is_pair() {
        text(t!("default"))
    } else {
        return UNDEFINED;
    };
    types.find(t!("id"), wanted).unwrap_or(UNDEFINED)
}
