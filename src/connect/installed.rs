//! The end of an installation: the new credential is stored, loaded and announced.

use super::{has_callback, is_headless, methods, params_of, portal};
use crate::credential_state::{known_credential, take_credential};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, TRUE, UNDEFINED, Value, fill, list, new_object, t, text};
use crate::{api, credentials, events};

/// Loads a credential that the server reported as connected, unless it is known and good; gives what [`installed`]
/// gives, or the promise of it.
pub(crate) fn connected(sdk: Sdk, name: Value, credential_id: Value) -> Outcome {
    if let Some(known) = known_credential(sdk, name, credential_id)
        && credentials::is_valid(known)
        && !sdk.is_gateway()
    {
        return Ok(finished(sdk, name, known));
    }
    let path = fill!(t!("/sdk/credentials/{%}"), credential_id);
    let answer = api::send(sdk, api::project_call(sdk, t!("GET"), path, UNDEFINED)?)?;
    Ok(answer.then(Step::CredentialLoaded, list![sdk.0, name]))
}

/// The connected credential is here. Context: instance, name.
pub(crate) fn loaded(context: Value, credential: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    take_credential(sdk, credential);
    Ok(finished(sdk, context.at(1), credential))
}

/// [`installed`], and `connect` resolves for a pending credential, too: the server said that the sign-in is over.
fn finished(sdk: Sdk, name: Value, credential: Value) -> Value {
    let event = installed(sdk, name, credential);
    super::install_done(sdk, name, event);
    event
}

/// Posts the provider's answer (or what the user entered) and takes the new credential in; gives the promise of it.
/// An `id` is that of the credential that the answer completes.
pub(crate) fn create_credential(sdk: Sdk, answer: Value, id: Value, options: Value) -> Outcome {
    let path = if id.is_text() {
        fill!(t!("/sdk/credentials/{%}/complete-setup"), id)
    } else {
        text(t!("/sdk/credentials"))
    };
    let body = new_object()
        .set(t!("integrationId"), answer.get(t!("integrationId")))
        .set(t!("config"), new_object())
        .set(t!("payload"), answer.get(t!("payload")))
        .set(t!("installOptions"), options);
    let answer = api::send(sdk, api::project_call(sdk, t!("POST"), path, body)?)?;
    Ok(answer.then(Step::CredentialCreated, sdk.0))
}

/// The credential is made, for the instance `context`.
pub(crate) fn created(context: Value, answer: Value) -> Outcome {
    let credential = api::require_object(answer, text(t!("Unable to save oauth credentials")))?;
    take_credential(Sdk(context), credential);
    Ok(credential)
}

/// Fires the install event of a good credential and resolves `connect` with what this gives.
///
/// One that is pending leaves `connect` waiting: it is not installed before its set-up is complete.
pub(crate) fn installed(sdk: Sdk, name: Value, credential: Value) -> Value {
    let event = new_object()
        .add(t!("integrationId"), credential.get(t!("integrationId")))
        .set(t!("integrationType"), name)
        .add(t!("credentialId"), credential.get(t!("id")))
        .add(t!("credential"), credential.copy());
    if credentials::is_valid(credential) {
        let has_own = has_callback(sdk, name, t!("onInstall"));
        let callback = if has_own {
            t!("onInstall")
        } else {
            t!("onSuccess")
        };
        super::announce(sdk, name, callback, text(events::INSTALL), event);
        super::install_done(sdk, name, event);
    }
    let shows_portal = params_of(sdk, name)
        .get(t!("showPortalAfterInstall"))
        .is_true();
    if shows_portal && !is_headless(sdk) {
        portal::attach(sdk);
        methods::merge_modal(sdk, t!("shouldShowPortalAfterInstall"), TRUE);
    }
    event
}
