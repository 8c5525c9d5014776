//! `completeInstall`: an authorization code that the app got itself becomes a credential.

use super::checks::redirect_url;
use super::{install, is_headless, portal};
use crate::error::refuse;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, UNDEFINED, Value, from_bool, list, new_object, t, text};
use crate::{api, credential_state, integrations};

/// Stores the account; no install event is fired. Gives the promise.
pub(crate) fn complete_install(sdk: Sdk, name: Value, options: Value) -> Outcome {
    if sdk.get(t!("auth")).is_undefined() {
        return refuse(
            t!("user_not_authenticated"),
            t!("Authentication is required"),
        );
    }
    let code = options.get(t!("authorizationCode"));
    if !code.is_true() {
        return refuse(t!("argument_missing"), t!("authorizationCode is required"));
    }
    let redirect_url = redirect_url(options, t!("redirectUrl"), t!(""))?;
    let integration = integrations::validate(sdk, name)?;
    let body = new_object()
        .set(t!("code"), code)
        .set(t!("integrationId"), integration.get(t!("id")))
        .set(t!("redirectUrl"), redirect_url)
        .set(
            t!("integrationOptions"),
            options.get(t!("integrationOptions")).merged(UNDEFINED),
        );
    let shows_portal = options.get(t!("showPortalAfterInstall"));
    let shows_portal = from_bool(shows_portal.is_undefined() || shows_portal.is_true());
    let call = api::project_call(sdk, t!("POST"), text(t!("/sdk/credentials")), body)?;
    Ok(api::send(sdk, call)?.then(Step::InstallCompleted, list![sdk.0, name, shows_portal]))
}

/// The server has the account. Context: instance, name, whether to open the portal for it.
pub(crate) fn completed(context: Value, answer: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    let credential = api::require_object(answer, text(t!("Unable to create credential")))?;
    credential_state::take_credential(sdk, credential);
    if context.at(2).is_true()
        && !is_headless(sdk)
        && let Some(integration) = integrations::find(sdk, context.at(1))
    {
        portal::attach(sdk);
        install::set_modal(sdk, integration, UNDEFINED, new_object());
    }
    Ok(UNDEFINED)
}
