//! The methods that are there for the portal's frame.

use super::install::flow_failed_in_portal;
use super::installed::{create_credential, installed};
use super::{install_options, is_headless, params_of, portal};
use crate::error::refuse;
use crate::integrations::{find_by_id, name_of};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    GLOBAL, NULL, Outcome, Text, UNDEFINED, Value, fill, list, new_object, promise, t, text,
    throw_again,
};
use crate::{api, events, path};

/// Events that the portal may report, and the callback of `connect` for each.
const CALLBACKS: [(Text, Text); 5] = [
    (events::WORKFLOW_CHANGE, t!("onWorkflowChange")),
    (events::INSTALL, t!("onInstall")),
    (events::UNINSTALL, t!("onUninstall")),
    (events::PORTAL_OPEN, t!("onOpen")),
    (events::PORTAL_CLOSE, t!("onClose")),
];

/// `sendConnectRequest`: an API call in the portal's name; gives the promise of the answer.
pub(crate) fn send_connect_request(sdk: Sdk, path: Value, init: Value, prefix: Value) -> Outcome {
    let auth = sdk.auth()?;
    let path = path::rooted(path)?;
    let is_prefixed = prefix.is_undefined() || prefix.is_true();
    let (base, services) = (
        init.get(t!("baseURLOverride")).non_empty(),
        sdk.get(t!("services")),
    );
    // SECURITY: the token goes to configured services only.
    if let Some(base) = base
        && !services
            .keys()
            .iter()
            .any(|name| services.own(name).same(base))
    {
        return refuse(
            t!("path_refused"),
            t!("baseURLOverride is none of the configured services"),
        );
    }
    let method = init
        .get(t!("method"))
        .non_empty()
        .unwrap_or(text(t!("GET")));
    let body = init.get(t!("body"));
    let call = new_object()
        .set(
            t!("method"),
            method.tell(t!("toUpperCase"), UNDEFINED, UNDEFINED),
        )
        .set(t!("path"), if is_prefixed { auth.path(path) } else { path })
        .add(t!("base"), base.unwrap_or(UNDEFINED))
        .add(
            t!("body"),
            if body.is_object() { body.json() } else { body },
        )
        .add(t!("headers"), init.get(t!("headers")))
        .add(t!("cacheResult"), init.get(t!("cacheResult")))
        .add(
            t!("skipsDefault"),
            init.get(t!("skipDefaultCredentialIdHeader")),
        );
    api::send(sdk, call)
}

/// The project's integration that the server's `integrationId` of `answer` means.
fn integration_of(sdk: Sdk, answer: Value) -> Option<Value> {
    find_by_id(sdk, answer.get(t!("integrationId")).non_empty()?)
}

/// `_oauthCallback`: what a portal got from the user or the provider becomes a credential.
///
/// The same call again within five seconds does nothing. In the cloud's portal a failure is shown there.
pub(crate) fn oauth_callback(sdk: Sdk, answer: Value, id: Value, options: Value) -> Outcome {
    let Some(integration) = integration_of(sdk, answer) else {
        return Ok(UNDEFINED);
    };
    if super::is_repeated(sdk, fill!(t!("{}{}"), answer.json(), id)) {
        return Ok(UNDEFINED);
    }
    let name = name_of(integration);
    let given = options.get(t!("installOptions")).record();
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
    sdk.set(t!("lastAnswer"), UNDEFINED);
    if is_headless(sdk) || sdk.is_gateway() {
        return Err(throw_again(error));
    }
    flow_failed_in_portal(sdk, context.at(1), UNDEFINED, error);
    Ok(UNDEFINED)
}

/// `_oauthErrorCallback`: the provider's refusal, as the portal heard it.
pub(crate) fn oauth_error(sdk: Sdk, message: Value, event: Value) -> Outcome {
    let warning = text(t!("Failed to connect account to Paragon over OAuth"));
    GLOBAL
        .get(t!("console"))
        .tell(t!("warn"), warning, UNDEFINED);
    let data = event.get(t!("data"));
    if let Some(integration) = integration_of(sdk, data) {
        let response = data.get(t!("errorResponse"));
        let error = if response.is_undefined() {
            message
        } else {
            response
        };
        merge_modal(sdk, t!("connectionError"), data);
        super::install_failed(sdk, name_of(integration), UNDEFINED, error);
    }
    Ok(UNDEFINED)
}

/// `onOpen`: the portal is shown.
pub(crate) fn on_open(sdk: Sdk) -> Outcome {
    portal::opened(sdk);
    portal_event(sdk, events::PORTAL_OPEN, t!("onOpen"));
    Ok(UNDEFINED)
}

/// `onClose`: the portal was closed by the user, or closes itself (`is_forced` also during an installation without
/// portal).
pub(crate) fn on_close(sdk: Sdk, is_forced: Value) -> Outcome {
    let installing = sdk
        .get(t!("portal"))
        .get(t!("modal"))
        .get(t!("apiInstallationOptions"));
    let is_api_installation = installing.get(t!("isApiInstallation")).is_true();
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
        portal_event(sdk, events::PORTAL_CLOSE, t!("onClose"));
    }
}

/// The portal shows nothing: a `connect` that asked for it rejects.
pub(crate) fn clear_modal(sdk: Sdk) {
    sdk.get(t!("portal")).set(t!("modal"), empty_modal(NULL));
    sdk.state_changed();
    super::cancel_waiting(sdk.get(t!("pending")), true);
}

/// `nextModalState` of an integration, or null, and nothing more.
pub(crate) fn empty_modal(integration: Value) -> Value {
    let overlay = new_object().set(t!("overflow"), text(t!("auto")));
    new_object()
        .set(t!("integration"), integration)
        .set(t!("overlayStyle"), overlay)
}

fn portal_event(sdk: Sdk, event: Text, callback: Text) {
    let Some(integration) = sdk
        .get(t!("portal"))
        .get(t!("modal"))
        .get(t!("integration"))
        .record()
    else {
        return;
    };
    let name = name_of(integration);
    let body = new_object()
        .add(t!("integrationId"), integration.get(t!("id")))
        .set(t!("integrationType"), name);
    super::announce(sdk, name, callback, text(event), body);
}

/// `setModalState`: merges `part` into what the portal shows.
pub(crate) fn set_modal_state(sdk: Sdk, part: Value) -> Outcome {
    let portal = sdk.get(t!("portal"));
    portal.set(t!("modal"), portal.get(t!("modal")).merged(part));
    sdk.state_changed();
    Ok(UNDEFINED)
}

/// Sets one part of what the portal shows.
pub(crate) fn merge_modal(sdk: Sdk, key: Text, value: Value) {
    let portal = sdk.get(t!("portal"));
    portal.set(
        t!("modal"),
        portal.get(t!("modal")).merged(new_object().set(key, value)),
    );
    sdk.state_changed();
}

/// `updateAuthenticatedUser`: merges `part` into the user; who is signed in stays as it is.
pub(crate) fn update_user(sdk: Sdk, part: Value) -> Outcome {
    if sdk.get(t!("auth")).is_true() {
        let part = part.merged(UNDEFINED);
        // SECURITY: the portal does not say who somebody is.
        for key in [t!("token"), t!("authenticated"), t!("userId")] {
            part.remove(key);
        }
        sdk.set(t!("user"), sdk.own_user().merged(part));
        sdk.state_changed();
    }
    Ok(UNDEFINED)
}

/// `triggerSDKEvent`: fires an event that the portal reports.
pub(crate) fn trigger_event(sdk: Sdk, event: Value) -> Outcome {
    let (kind, name) = (event.get(t!("type")), event.get(t!("integrationType")));
    let Some((_, callback)) = CALLBACKS.iter().find(|(known, _)| kind.is(*known)) else {
        return Ok(UNDEFINED);
    };
    let body = new_object().set(t!("integrationId"), event.get(t!("integrationId")));
    if kind.is(events::WORKFLOW_CHANGE) {
        body.set(t!("workflowId"), event.get(t!("workflowId"))).set(
            t!("workflowStateChange"),
            event.get(t!("workflowStateChange")),
        );
    } else {
        body.set(t!("integrationType"), name);
    }
    super::announce(sdk, name, *callback, kind, body);
    if kind.is(events::INSTALL) {
        super::install_done(sdk, name, body);
    }
    Ok(UNDEFINED)
}
