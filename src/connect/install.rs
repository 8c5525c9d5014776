//! `connect` and `installIntegration`: checks in the reference's order, then the portal or the popup.

use super::checks::{
    PLAN_TEXT, check_external_id, check_plan, connectable, is_installed, may_open_popup,
    redirect_url,
};
use super::{account_type_config, attempt, dropdowns, install_options, methods, portal};
use crate::error::{blocked, cancelled, fail, refuse};
use crate::integrations::{of_user, validate};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    FALSE, Outcome, TRUE, UNDEFINED, Value, fill, from_bool, function, list, new_object, promise,
};
use crate::{credential_state, credentials, host, sources};

/// Opens the portal for integration `name`, or starts the popup for an installation without portal; gives the promise.
pub(crate) fn connect(sdk: Sdk, name: Value, params: Value) -> Outcome {
    let integration = connectable(sdk, name)?;
    let waiter = super::expect_install(sdk, name, params);
    if let Err(thrown) = open_connect(sdk, name, waiter, integration, params) {
        super::install_failed(sdk, name, waiter, thrown.caught());
    }
    Ok(waiter.get("promise"))
}

fn open_connect(
    sdk: Sdk,
    name: Value,
    waiter: Value,
    integration: Value,
    params: Value,
) -> Outcome {
    if params.get("mapObjectFields").is_true() {
        check_plan(
            sdk,
            "dfm",
            "Dynamic Field Mapping is available on our Enterprise plan. Contact sales@useparagon.com to learn more or upgrade.",
        )?;
    }
    check_external_id(sdk, name, params)?;
    validate(sdk, name)?;
    let redirect_url = redirect_url(params, "overrideRedirectUrl", ".")?;
    choose_credential(sdk, name, integration, params)?;
    if host::window().is_none() {
        return refuse(
            "no_window",
            "an account can only be connected in a browser page",
        );
    }
    let signal = params.get("signal");
    if signal.get("aborted").is_true() {
        return Err(cancelled(signal.get("reason")));
    }
    sources::take_connect(sdk, name, params);
    let options = params.merged(new_object().add("overrideRedirectUrl", redirect_url));
    let is_api = params.get("isApiInstallation").is_true();
    show_in_portal(sdk, integration, options, is_api);
    // A gateway's flow completes a pending account, too; with the cloud, the portal asks for what is missing.
    let is_pending = of_user(sdk, name).get("credentialStatus").is("PENDING");
    if is_api && (sdk.is_gateway() || !is_pending) {
        start_attempt(sdk, name, waiter, options)?;
    }
    Ok(UNDEFINED)
}

/// Tells the portal what to show; the frame is made where one is needed.
fn show_in_portal(sdk: Sdk, integration: Value, options: Value, is_api: bool) {
    let needs_no_frame = is_api && sdk.is_gateway();
    if !super::is_headless(sdk) && !needs_no_frame {
        portal::attach(sdk);
    }
    let config = new_object()
        .add("mapObjectFields", options.get("mapObjectFields"))
        .add("overrideRedirectUrl", options.get("overrideRedirectUrl"));
    sdk.get("portal").set("config", config);
    let api_options = install_options(options).set("isApiInstallation", from_bool(is_api));
    let types = options.get("accountType");
    if types.is_list() {
        api_options.set("selectedMultipleAccountTypes", types);
    } else if types.is_text() {
        api_options.set(
            "selectedAccountConfig",
            account_type_config(integration, options),
        );
    }
    set_modal(sdk, integration, options, api_options);
}

/// Shows `integration` in the portal, with nothing left of what it showed before.
pub(crate) fn set_modal(sdk: Sdk, integration: Value, options: Value, installing: Value) {
    let values = integration.items("configs").at(0).get("values");
    let modal = methods::empty_modal(integration)
        .add(
            "config",
            dropdowns::filled(values, options.get("dropdowns")),
        )
        .set("apiInstallationOptions", installing)
        .add("selectedCredentialId", options.get("selectedCredentialId"))
        .set("shouldShowPortalAfterInstall", FALSE);
    sdk.get("portal").set("modal", modal);
    sdk.state_changed();
}

/// Starts the popup and ties it to the waiting `connect`.
fn start_attempt(sdk: Sdk, name: Value, waiter: Value, options: Value) -> Outcome {
    let wish = new_object()
        .set("integration", connectable(sdk, name)?)
        .set("name", name)
        .set("options", options)
        .set("installOptions", install_options(options))
        .set(
            "retry",
            function(Step::ConnectRetried, list![sdk.0, name, options]),
        );
    let attempt = start_flow(sdk, wish)?;
    Ok(attempt
        .get("promise")
        .then_or(Step::Done, Step::ConnectFailed, waiter))
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
    let is_headless = super::is_headless(sdk);
    if !is_headless && !may_open_popup(integration, given) {
        return Ok(UNDEFINED);
    }
    // The portal leaves out what cannot be sent to it, such as the app's callbacks and signal.
    let base = if is_headless {
        UNDEFINED
    } else {
        super::params_of(sdk, name)
    };
    let options = base
        .merged(given)
        .add("oauthTimeout", callbacks.get("oauthTimeout"));
    let wish = new_object()
        .set("integration", integration)
        .set("name", name)
        .set("options", options)
        .set("installOptions", given.merged(UNDEFINED));
    let attempt = start_flow(sdk, wish)?;
    let is_blocked = attempt::is_blocked(attempt);
    let context = list![sdk.0, name, callbacks, from_bool(is_blocked)];
    attempt
        .get("promise")
        .then_or(Step::FlowConnected, Step::FlowFailed, context);
    if is_blocked {
        Err(blocked(UNDEFINED))
    } else {
        Ok(UNDEFINED)
    }
}

/// The flow of [`start_oauth_flow`] made an account. Context: instance, name, callbacks, whether the popup was blocked.
pub(crate) fn flow_connected(context: Value, result: Value) -> Outcome {
    context.at(2).get("onSuccess").notify(result, UNDEFINED);
    Ok(UNDEFINED)
}

/// The same without one.
pub(crate) fn flow_failed(context: Value, error: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    if context.at(3).is_true() {
        // Thrown already.
        sdk.state_changed();
    } else {
        flow_failed_in_portal(sdk, context.at(1), error);
        context.at(2).get("onError").notify(error, UNDEFINED);
    }
    Ok(UNDEFINED)
}

/// A failure is shown in the portal and ends `connect`; a cancelled one can be tried again there.
pub(crate) fn flow_failed_in_portal(sdk: Sdk, name: Value, error: Value) {
    if error.get("name").is("OAuthCancelledError") {
        return sdk.state_changed();
    }
    let shown = new_object()
        .add("message", error.get("message"))
        .add("code", error.get("code"));
    methods::merge_modal(sdk, "connectionError", shown);
    super::install_failed(sdk, name, UNDEFINED, error);
}

/// Makes the credential that the app named the selected one; the first, where none is.
fn choose_credential(sdk: Sdk, name: Value, integration: Value, params: Value) -> Outcome {
    let own = of_user(sdk, name);
    let (mut credential, configuration) = credentials::selected(params);
    if credential.is_undefined() && configuration.is_undefined() {
        let first = own.items("allCredentials").at(0);
        if own.get("credentialId").is_true() || !first.is_object() {
            return Ok(UNDEFINED);
        }
        credential = first.get("id");
    }
    let selection = credentials::resolve(own, credential, configuration, false)?;
    let owner = selection.credential.get("integrationId");
    if !owner.same(integration.get("id")) {
        let text = "Credential with ID \"{}\" is not a valid {} account.";
        return fail(
            "credential_not_found",
            fill!(text, selection.credential_id(), name),
        );
    }
    credential_state::select_credential(sdk, name, selection);
    Ok(UNDEFINED)
}

/// `installIntegration`: checks are thrown at once, the popup opens before this returns; gives the promise.
pub(crate) fn install(sdk: Sdk, name: Value, params: Value) -> Outcome {
    sdk.require_user()?;
    let has = |key: &'static str| params.get(key).is_true();
    if has("bypassPostOAuthPrompt") && has("showPortalAfterInstall") {
        return refuse(
            "invalid_option",
            "Could not use both `bypassPostOAuthPrompt` and `showPortalAfterInstall` as true at the same time.",
        );
    }
    check_external_id(sdk, name, params)?;
    check_plan(sdk, "headless-cp", PLAN_TEXT)?;
    validate(sdk, name)?;
    if is_installed(sdk, name) && !has("allowMultipleCredentials") {
        let text = fill!("Integration \"{}\" is already installed.", name);
        return fail("integration_already_installed", text);
    }
    if portal::is_open(sdk) {
        portal::close(sdk);
    }
    let defaults = new_object()
        .set("showPortalAfterInstall", FALSE)
        .set("bypassPostOAuthPrompt", FALSE)
        .set("allowMultipleCredentials", FALSE);
    let params = defaults.merged(params).set("isApiInstallation", TRUE);
    Ok(promise(connect(sdk, name, params)))
}
