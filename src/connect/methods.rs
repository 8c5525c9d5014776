//! The methods that are there for the portal's frame.

use super::install::flow_failed_in_portal;
use super::installed::{create_credential, installed};
use super::{install_options, is_headless, params_of, portal};
use crate::error::refuse;
use crate::integrations::{find_by_id, name_of};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    GLOBAL, NULL, Outcome, UNDEFINED, Value, fill, list, new_object, promise, text, throw_again,
};
use crate::{api, events, path};

/// Events that the portal may report, and the callback of `connect` for each.
const CALLBACKS: [(&str, &str); 5] = [
    (events::WORKFLOW_CHANGE, "onWorkflowChange"),
    (events::INSTALL, "onInstall"),
    (events::UNINSTALL, "onUninstall"),
    (events::PORTAL_OPEN, "onOpen"),
    (events::PORTAL_CLOSE, "onClose"),
];

/// `sendConnectRequest`: an API call in the portal's name; gives the promise of the answer.
pub(crate) fn send_connect_request(sdk: Sdk, path: Value, init: Value, prefix: Value) -> Outcome {
    let auth = sdk.auth()?;
    let path = path::rooted(path)?;
    let is_prefixed = prefix.is_undefined() || prefix.is_true();
    let (base, services) = (init.get("baseURLOverride").non_empty(), sdk.get("services"));
    // SECURITY: the token goes to configured services only.
    if let Some(base) = base
        && !services
            .keys()
            .iter()
            .any(|name| services.own(name).same(base))
    {
        return refuse(
            "path_refused",
            "baseURLOverride is none of the configured services",
        );
    }
    let method = init.get("method").non_empty().unwrap_or(text("GET"));
    let body = init.get("body");
    let call = new_object()
        .set("method", method.tell("toUpperCase", UNDEFINED, UNDEFINED))
        .set("path", if is_prefixed { auth.path(path) } else { path })
        .add("base", base.unwrap_or(UNDEFINED))
        .add("body", if body.is_object() { body.json() } else { body })
        .add("headers", init.get("headers"))
        .add("cacheResult", init.get("cacheResult"))
        .add("skipsDefault", init.get("skipDefaultCredentialIdHeader"));
    api::send(sdk, call)
}

/// The project's integration that the server's `integrationId` of `answer` means.
fn integration_of(sdk: Sdk, answer: Value) -> Option<Value> {
    find_by_id(sdk, answer.get("integrationId").non_empty()?)
}

/// `_oauthCallback`: what a portal got from the user or the provider becomes a credential.
///
/// The same call again within five seconds does nothing. In the cloud's portal a failure is shown there.
pub(crate) fn oauth_callback(sdk: Sdk, answer: Value, id: Value, options: Value) -> Outcome {
    let Some(integration) = integration_of(sdk, answer) else {
        return Ok(UNDEFINED);
    };
    if super::is_repeated(sdk, fill!("{}{}", answer.json(), id)) {
        return Ok(UNDEFINED);
    }
    let name = name_of(integration);
    let given = options.get("installOptions").record();
    let install = given.unwrap_or_else(|| install_options(params_of(sdk, name)));
    let created = promise(create_credential(sdk, answer, id, install));
    Ok(created.then_or(Step::AnswerStored, Step::AnswerRefused, list![sdk.0, name]))
}

/// The answer of [`oauth_callback`] is a credential now. Context: instance, name.
pub(crate) fn answer_stored(context: Value, credential: Value) -> Outcome {
    Ok(installed(Sdk(context.at(0)), context.at(1), credential))
}

/// It is none: the same answer counts again.
pub(crate) fn answer_refused(context: Value, error: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    sdk.set("lastAnswer", UNDEFINED);
    if is_headless(sdk) || sdk.is_gateway() {
        return Err(throw_again(error));
    }
    flow_failed_in_portal(sdk, context.at(1), UNDEFINED, error);
    Ok(UNDEFINED)
}

/// `_oauthErrorCallback`: the provider's refusal, as the portal heard it.
pub(crate) fn oauth_error(sdk: Sdk, message: Value, event: Value) -> Outcome {
    let warning = text("Failed to connect account to Paragon over OAuth");
    GLOBAL.get("console").tell("warn", warning, UNDEFINED);
    let data = event.get("data");
    if let Some(integration) = integration_of(sdk, data) {
        let response = data.get("errorResponse");
        let error = if response.is_undefined() {
            message
        } else {
            response
        };
        merge_modal(sdk, "connectionError", data);
        super::install_failed(sdk, name_of(integration), UNDEFINED, error);
    }
    Ok(UNDEFINED)
}

/// `onOpen`: the portal is shown.
pub(crate) fn on_open(sdk: Sdk) -> Outcome {
    portal::opened(sdk);
    portal_event(sdk, events::PORTAL_OPEN, "onOpen");
    Ok(UNDEFINED)
}

/// `onClose`: the portal was closed by the user, or closes itself (`is_forced` also during an installation without
/// portal).
pub(crate) fn on_close(sdk: Sdk, is_forced: Value) -> Outcome {
    let installing = sdk.get("portal").get("modal").get("apiInstallationOptions");
    let is_api_installation = installing.get("isApiInstallation").is_true();
    announce_closed(sdk);
    if is_forced.is_true() || !is_api_installation {
        super::cancel_flow(sdk);
        clear_modal(sdk);
    }
    Ok(UNDEFINED)
}

/// Hides the portal; portal-close is fired if it was open.
pub(crate) fn announce_closed(sdk: Sdk) {
    if portal::closed(sdk) {
        portal_event(sdk, events::PORTAL_CLOSE, "onClose");
    }
}

/// The portal shows nothing: a `connect` that asked for it rejects.
pub(crate) fn clear_modal(sdk: Sdk) {
    sdk.get("portal").set("modal", empty_modal(NULL));
    sdk.state_changed();
    super::cancel_waiting(sdk.get("pending"), true);
}

/// `nextModalState` of an integration, or null, and nothing more.
pub(crate) fn empty_modal(integration: Value) -> Value {
    let overlay = new_object().set("overflow", text("auto"));
    new_object()
        .set("integration", integration)
        .set("overlayStyle", overlay)
}

fn portal_event(sdk: Sdk, event: &'static str, callback: &'static str) {
    let Some(integration) = sdk.get("portal").get("modal").get("integration").record() else {
        return;
    };
    let name = name_of(integration);
    let body = new_object()
        .add("integrationId", integration.get("id"))
        .set("integrationType", name);
    super::announce(sdk, name, callback, text(event), body);
}

/// `setModalState`: merges `part` into what the portal shows.
pub(crate) fn set_modal_state(sdk: Sdk, part: Value) -> Outcome {
    let portal = sdk.get("portal");
    portal.set("modal", portal.get("modal").merged(part));
    sdk.state_changed();
    Ok(UNDEFINED)
}

/// Sets one part of what the portal shows.
pub(crate) fn merge_modal(sdk: Sdk, key: &'static str, value: Value) {
    let portal = sdk.get("portal");
    portal.set(
        "modal",
        portal.get("modal").merged(new_object().set(key, value)),
    );
    sdk.state_changed();
}

/// `updateAuthenticatedUser`: merges `part` into the user; who is signed in stays as it is.
pub(crate) fn update_user(sdk: Sdk, part: Value) -> Outcome {
    if sdk.get("auth").is_true() {
        let part = part.merged(UNDEFINED);
        // SECURITY: the portal does not say who somebody is.
        for key in ["token", "authenticated", "userId"] {
            part.remove(key);
        }
        sdk.set("user", sdk.own_user().merged(part));
        sdk.state_changed();
    }
    Ok(UNDEFINED)
}

/// `triggerSDKEvent`: fires an event that the portal reports.
pub(crate) fn trigger_event(sdk: Sdk, event: Value) -> Outcome {
    let (kind, name) = (event.get("type"), event.get("integrationType"));
    let Some((_, callback)) = CALLBACKS.iter().find(|(known, _)| kind.is(known)) else {
        return Ok(UNDEFINED);
    };
    let body = new_object().set("integrationId", event.get("integrationId"));
    if kind.is(events::WORKFLOW_CHANGE) {
        body.set("workflowId", event.get("workflowId"))
            .set("workflowStateChange", event.get("workflowStateChange"));
    } else {
        body.set("integrationType", name);
    }
    super::announce(sdk, name, callback, kind, body);
    if kind.is(events::INSTALL) {
        super::install_done(sdk, name, body);
    }
    Ok(UNDEFINED)
}
