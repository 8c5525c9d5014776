//! `uninstallIntegration`: removes a credential here and on the server.

use super::checks::{PLAN_TEXT, check_plan};
use crate::error::{about, refuse};
use crate::integrations::{of_user, validate};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, UNDEFINED, Value, fill, list, new_object, t, text};
use crate::{api, credential_state, credentials, events, services};

/// Removes the credential that `options` select, else the current one; gives the promise.
pub(crate) fn uninstall(sdk: Sdk, name: Value, options: Value) -> Outcome {
    sdk.require_user()?;
    check_plan(sdk, t!("headless-cp"), PLAN_TEXT)?;
    let integration = validate(sdk, name)?;
    let own = of_user(sdk, name);
    let missing = || about(t!("IntegrationNotInstalledError"), name);
    if own.items(t!("allCredentials")).is_empty() {
        return Err(missing());
    }
    let selected = options.get(t!("selectedCredentialId")).non_empty();
    let credential_id = if let Some(id) = selected {
        match credentials::resolve(own, id, UNDEFINED, false) {
            Ok(selection) => selection.credential_id(),
            Err(thrown) => {
                thrown.swallow();
                return Err(missing());
            }
        }
    } else if let Some(id) = own.get(t!("credentialId")).non_empty() {
        id
    } else {
        return refuse(
            t!("credential_not_found"),
            t!("No credential found for uninstall"),
        );
    };
    let id = integration.get(t!("id"));
    let call = api::project_call(
        sdk,
        t!("DELETE"),
        fill!(t!("/sdk/integrations/{}"), id),
        UNDEFINED,
    )?;
    let answer = api::send(sdk, call.set(t!("credential"), credential_id))?;
    Ok(answer.then(Step::Uninstalled, list![sdk.0, name, id, credential_id]))
}

/// The server has removed the credential. Context: instance, name, ids of integration and credential.
pub(crate) fn uninstalled(context: Value, _: Value) -> Outcome {
    let (sdk, name) = (Sdk(context.at(0)), context.at(1));
    credential_state::drop_credential(sdk, name, context.at(3));
    let event = new_object()
        .set(t!("integrationId"), context.at(2))
        .set(t!("integrationType"), name);
    super::announce(sdk, name, t!("onUninstall"), text(events::UNINSTALL), event);
    // The cloud's portal, on a host of its own, counts on it; a gateway's shows what is left to its user.
    if !sdk.url(services::CONNECT).same(sdk.url(services::API)) {
        super::methods::clear_modal(sdk);
    }
    Ok(UNDEFINED)
}
