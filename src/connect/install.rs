//! `connect` and `installIntegration`: checks in the reference's order, then the portal or the popup.

use paragon_wire::flow::FlowStatus;

use super::checks::{
    PLAN_TEXT, check_external_id, check_plan, connectable, is_installed, may_open_popup,
    redirect_url,
};
use super::flow::name_of;
use super::{account_type_config, attempt, dropdowns, install_options, methods, portal, redirect};
use crate::error::{cancelled, fail, refuse};
use crate::integrations::{of_user, validate};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    FALSE, Outcome, TRUE, Text, UNDEFINED, Value, fill, from_bool, function, list, new_object,
    promise, t,
};
use crate::{credential_state, credentials, host, sources};

/// Opens the portal for integration `name`, or starts the popup for an installation without portal; gives the promise.
pub(crate) fn connect(sdk: Sdk, name: Value, params: Value) -> Outcome {
    let integration = connectable(sdk, name)?;
    let waiter = super::expect_install(sdk, name, params);
    if let Err(thrown) = open_connect(sdk, name, waiter, integration, params) {
        super::install_failed(sdk, name, waiter, thrown.caught());
    }
    Ok(waiter.get(t!("promise")))
}

fn open_connect(
    sdk: Sdk,
    name: Value,
    waiter: Value,
    integration: Value,
    params: Value,
) -> Outcome {
    if params.get(t!("mapObjectFields")).is_true() {
        check_plan(
            sdk,
            t!("dfm"),
            t!(
                "Dynamic Field Mapping is available on our Enterprise plan. Contact sales@useparagon.com to learn more or upgrade."
            ),
        )?;
    }
    check_external_id(sdk, name, params)?;
    validate(sdk, name)?;
    let redirect_url = redirect_url(params, t!("overrideRedirectUrl"), t!("."))?;
    if host::window().is_none() {
        return refuse(
            t!("no_window"),
            t!("an account can only be connected in a browser page"),
        );
    }
    choose_credential(sdk, name, integration, params)?;
    let signal = params.get(t!("signal"));
    if signal.get(t!("aborted")).is_true() {
        return Err(cancelled(signal.get(t!("reason"))));
    }
    sources::take_connect(sdk, name, params);
    let options = params.merged(new_object().add(t!("overrideRedirectUrl"), redirect_url));
    let signs_in = signs_in(sdk, name, integration, options);
    show_in_portal(sdk, integration, options, signs_in);
    if signs_in {
        start_attempt(sdk, name, waiter, options)?;
    }
    Ok(UNDEFINED)
}

/// Whether `connect` opens the popup itself: in an installation without portal, unless the user has to be asked for
/// values in the portal, before the sign-in or to complete a pending credential. A gateway asks in the popup what is
/// left to ask, and its portal hides in such an installation.
fn signs_in(sdk: Sdk, name: Value, integration: Value, options: Value) -> bool {
    let is_pending = of_user(sdk, name)
        .get(t!("credentialStatus"))
        .is(t!("PENDING"));
    options.get(t!("isApiInstallation")).is_true()
        && (!is_pending || sdk.is_gateway())
        && (super::is_headless(sdk) || may_open_popup(integration, options))
}

/// Tells the portal what to show; the frame is made where one is needed.
fn show_in_portal(sdk: Sdk, integration: Value, options: Value, signs_in: bool) {
    let needs_no_frame = signs_in && sdk.is_gateway();
    if !super::is_headless(sdk) && !needs_no_frame {
        portal::attach(sdk);
    }
    let config = new_object()
        .add(
            t!("mapObjectFields"),
            dropdowns::mapped(options.get(t!("mapObjectFields"))),
        )
        .add(
            t!("overrideRedirectUrl"),
            options.get(t!("overrideRedirectUrl")),
        );
    sdk.get(t!("portal")).set(t!("config"), config);
    let is_api = options.get(t!("isApiInstallation")).is_true();
    let api_options = install_options(options).set(t!("isApiInstallation"), from_bool(is_api));
    let types = options.get(t!("accountType"));
    if types.is_list() {
        api_options.set(t!("selectedMultipleAccountTypes"), types);
    } else if types.is_text() {
        api_options.set(
            t!("selectedAccountConfig"),
            account_type_config(integration, options),
        );
    }
    set_modal(sdk, integration, options, api_options);
}

/// Shows `integration` in the portal, with nothing left of what it showed before.
pub(crate) fn set_modal(sdk: Sdk, integration: Value, options: Value, installing: Value) {
    let values = integration.items(t!("configs")).at(0).get(t!("values"));
    let modal = methods::empty_modal(integration)
        .add(
            t!("config"),
            dropdowns::filled(values, options.get(t!("dropdowns"))),
        )
        .set(t!("apiInstallationOptions"), installing)
        .add(
            t!("selectedCredentialId"),
            options.get(t!("selectedCredentialId")),
        )
        .set(t!("shouldShowPortalAfterInstall"), FALSE);
    sdk.get(t!("portal")).set(t!("modal"), modal);
    sdk.state_changed();
}

/// Starts the popup and ties it to the waiting `connect`.
fn start_attempt(sdk: Sdk, name: Value, waiter: Value, options: Value) -> Outcome {
    let wish = new_object()
        .set(t!("integration"), connectable(sdk, name)?)
        .set(t!("name"), name)
        .set(t!("options"), options)
        .set(t!("installOptions"), install_options(options))
        .set(
            t!("retry"),
            function(Step::ConnectRetried, list![sdk.0, name, options]),
        );
    let attempt = start_flow(sdk, wish)?;
    let context = list![sdk.0, waiter, attempt];
    Ok(attempt
        .get(t!("promise"))
        .then_or(Step::Done, Step::ConnectFailed, context))
}

/// The popup of a `connect` came to nothing: a failure is shown in the portal, and the promise rejects. Context:
/// instance, waiter, attempt.
///
/// Without portal `onError` does not hear what only the promise of the reference says: that it took too long, and that
/// the new credential cannot be read.
pub(crate) fn connect_failed(context: Value, error: Value) -> Outcome {
    let (sdk, waiter, attempt) = (Sdk(context.at(0)), context.at(1), context.at(2));
    let (entry, status) = (waiter.get(t!("entry")), attempt.get(t!("status")));
    let is = |one: FlowStatus| status.is(name_of(one));
    if is(FlowStatus::Failed) {
        show_failure(sdk, attempt, error);
    }
    if super::is_headless(sdk) && (is(FlowStatus::Expired) || is(FlowStatus::Connected)) {
        super::settle(super::take_waiters(entry, waiter), t!("reject"), error);
    } else {
        super::fail_waiting(entry, waiter, error);
    }
    Ok(UNDEFINED)
}

/// The portal is told of `error`, or of what the popup of `attempt` said in its place.
fn show_failure(sdk: Sdk, attempt: Value, error: Value) {
    methods::merge_modal(
        sdk,
        t!("connectionError"),
        attempt.get(t!("told")).or(super::told(error)),
    );
}

/// The app makes the same `connect` again, in a later click. Context: instance, name, options.
pub(crate) fn retried(context: Value, _: Value) -> Outcome {
    Ok(promise(connect(
        Sdk(context.at(0)),
        context.at(1),
        context.at(2),
    )))
}

/// Opens the popup now, in place of the one that may be open; gives the attempt, whose promise settles with the flow.
pub(crate) fn start_flow(sdk: Sdk, wish: Value) -> Outcome {
    super::cancel_flow(sdk);
    let attempt = attempt::start(sdk, wish)?;
    super::attempt_started(sdk, attempt);
    Ok(attempt)
}

/// `startOAuthFlow`: opens the popup for apps without portal and for the portal.
///
/// # Errors
/// For an unknown integration, and when the browser blocks the popup.
pub(crate) fn start_oauth_flow(sdk: Sdk, name: Value, given: Value, callbacks: Value) -> Outcome {
    let integration = connectable(sdk, name)?;
    if !super::is_headless(sdk) && !may_open_popup(integration, given) {
        return Ok(UNDEFINED);
    }
    let call = list![sdk.0, name, given, callbacks];
    let attempt = begin_oauth_flow(call, integration)?;
    if attempt::is_blocked(attempt) {
        Err(redirect::popup_blocked(
            attempt,
            function(Step::OAuthFlowRetried, call),
        ))
    } else {
        Ok(UNDEFINED)
    }
}

/// The app makes the same call again, in a later click; the promise settles as the callbacks do. Context: the call.
pub(crate) fn oauth_flow_retried(call: Value, _: Value) -> Outcome {
    let begun = connectable(Sdk(call.at(0)), call.at(1))
        .and_then(|integration| begin_oauth_flow(call, integration));
    Ok(promise(begun.map(|attempt| attempt.get(t!("promise")))))
}

/// Opens the popup of a `startOAuthFlow`, `{instance, name, options, callbacks}`; gives the attempt.
fn begin_oauth_flow(call: Value, integration: Value) -> Outcome {
    let (sdk, name, given, callbacks) = (Sdk(call.at(0)), call.at(1), call.at(2), call.at(3));
    // The portal leaves out what cannot be sent to it, such as the app's callbacks and signal.
    let base = if super::is_headless(sdk) {
        UNDEFINED
    } else {
        super::params_of(sdk, name)
    };
    let options = base
        .merged(given)
        .add(t!("oauthTimeout"), callbacks.get(t!("oauthTimeout")));
    let wish = new_object()
        .set(t!("integration"), integration)
        .set(t!("name"), name)
        .set(t!("options"), options)
        .set(t!("installOptions"), given.merged(UNDEFINED))
        .set(t!("retry"), function(Step::OAuthFlowRetried, call));
    let attempt = start_flow(sdk, wish)?;
    let context = list![sdk.0, name, callbacks, attempt];
    attempt
        .get(t!("promise"))
        .then_or(Step::FlowConnected, Step::FlowFailed, context);
    Ok(attempt)
}

/// The flow of [`start_oauth_flow`] made an account. Context: instance, name, callbacks, attempt.
pub(crate) fn flow_connected(context: Value, result: Value) -> Outcome {
    context.at(2).get(t!("onSuccess")).notify(result, UNDEFINED);
    Ok(UNDEFINED)
}

/// The same without one.
pub(crate) fn flow_failed(context: Value, error: Value) -> Outcome {
    let (sdk, attempt) = (Sdk(context.at(0)), context.at(3));
    if error.get(t!("name")).is(t!("OAuthBlockedError")) {
        // Thrown already.
        sdk.state_changed();
    } else {
        flow_failed_in_portal(sdk, context.at(1), attempt, error);
        context.at(2).get(t!("onError")).notify(error, UNDEFINED);
    }
    Ok(UNDEFINED)
}

/// A failure is shown in the portal and ends `connect`; a cancelled one can be tried again there. `attempt` is
/// `undefined` where there was no popup.
pub(crate) fn flow_failed_in_portal(sdk: Sdk, name: Value, attempt: Value, error: Value) {
    if error.get(t!("name")).is(t!("OAuthCancelledError")) {
        return sdk.state_changed();
    }
    show_failure(sdk, attempt, error);
    super::install_failed(sdk, name, UNDEFINED, error);
}

/// Makes the credential that the app named the selected one; the first, where none is.
fn choose_credential(sdk: Sdk, name: Value, integration: Value, params: Value) -> Outcome {
    let own = of_user(sdk, name);
    let (mut credential, configuration) = credentials::selected(params);
    if credential.is_undefined() && configuration.is_undefined() {
        let first = own.items(t!("allCredentials")).at(0);
        if own.get(t!("credentialId")).is_true() || !first.is_object() {
            return Ok(UNDEFINED);
        }
        credential = first.get(t!("id"));
    }
    let selection = credentials::resolve(own, credential, configuration, false)?;
    let owner = selection.credential.get(t!("integrationId"));
    if !owner.same(integration.get(t!("id"))) {
        let text = t!("Credential with ID \"{}\" is not a valid {} account.");
        return fail(
            t!("credential_not_found"),
            fill!(text, selection.credential_id(), name),
        );
    }
    credential_state::select_credential(sdk, name, selection);
    Ok(UNDEFINED)
}

/// `installIntegration`: checks are thrown at once, the popup opens before this returns; gives the promise.
pub(crate) fn install(sdk: Sdk, name: Value, params: Value) -> Outcome {
    sdk.require_user()?;
    let has = |key: Text| params.get(key).is_true();
    if has(t!("bypassPostOAuthPrompt")) && has(t!("showPortalAfterInstall")) {
        return refuse(
            t!("invalid_option"),
            t!(
                "Could not use both `bypassPostOAuthPrompt` and `showPortalAfterInstall` as true at the same time."
            ),
        );
    }
    check_external_id(sdk, name, params)?;
    check_plan(sdk, t!("headless-cp"), PLAN_TEXT)?;
    validate(sdk, name)?;
    if is_installed(sdk, name) && !has(t!("allowMultipleCredentials")) {
        let text = fill!(t!("Integration \"{}\" is already installed."), name);
        return fail(t!("integration_already_installed"), text);
    }
    if portal::is_open(sdk) {
        portal::close(sdk);
    }
    let defaults = new_object()
        .set(t!("showPortalAfterInstall"), FALSE)
        .set(t!("bypassPostOAuthPrompt"), FALSE)
        .set(t!("allowMultipleCredentials"), FALSE);
    let params = defaults.merged(params).set(t!("isApiInstallation"), TRUE);
    Ok(promise(connect(sdk, name, params)))
}
