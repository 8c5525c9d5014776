//! What the server knows about a connected account: its data, its triggers, its webhook.

use crate::credentials::{find, selected, valid_credential};
use crate::error::{fail, refuse};
use crate::integrations::{configured, name_of, of_user, validate};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, Text, UNDEFINED, Value, fill, t, text};
use crate::{api, services};

/// `getIntegrationAccount`: the connected account, with its access token where that is asked for and allowed.
pub(crate) fn account(sdk: Sdk, name: Value, options: Value) -> Outcome {
    validate(sdk, name)?;
    if of_user(sdk, name)
        .get(t!("credentialId"))
        .non_empty()
        .is_none()
    {
        return refuse(
            t!("credential_not_found"),
            t!("Connect credential not found"),
        );
    }
    let wants_auth = options.get(t!("includeAccountAuth"));
    let wants_auth = if wants_auth.is_undefined() {
        t!("undefined")
    } else if wants_auth.is_true() {
        t!("true")
    } else {
        t!("false")
    };
    let path = fill!(
        t!("/sdk/credentials?integration={%}&includeAccountAuth={}"),
        name,
        text(wants_auth)
    );
    let call = api::project_call(sdk, t!("GET"), path, UNDEFINED)?
        .add(t!("credential"), selected(options).0);
    Ok(api::send(sdk, call)?.then(Step::ObjectAnswered, text(t!("Integration not connected"))))
}

/// An answer that must be an object; else the error has the text `missing`.
pub(crate) fn object_answered(missing: Value, answer: Value) -> Outcome {
    api::require_object(answer, missing)
}

/// `getTriggers`: the triggers of integration `name`.
pub(crate) fn triggers(sdk: Sdk, name: Value, options: Value) -> Outcome {
    validate(sdk, name)?;
    let credential = valid_credential(sdk, name, options)?;
    let call = api::project_call(
        sdk,
        t!("GET"),
        fill!(t!("/triggers?integrations={%}"), name),
        UNDEFINED,
    )?;
    api::send(
        sdk,
        call.set(t!("service"), text(services::TRIGGER_KIT))
            .set(t!("credential"), credential.get(t!("id"))),
    )
}

/// `connectAction`: connects to the resource named `slug`; gives the promise of the credential.
pub(crate) fn connect_resource(sdk: Sdk, slug: Value, payload: Value) -> Outcome {
    sdk.require_user()?;
    let Some(resource) = sdk.own_user().items(t!("resources")).find(t!("slug"), slug) else {
        return fail(
            t!("resource_not_found"),
            fill!(t!("No resource found with name \"{}\"."), slug),
        );
    };
    if !payload.is_object() {
        return refuse(
            t!("argument_invalid"),
            t!("payload must be of type object."),
        );
    }
    let path = fill!(t!("/sdk/resources/{%}/connect"), resource.get(t!("id")));
    let call = api::project_call(sdk, t!("POST"), path, payload)?;
    Ok(api::send(sdk, call)?.then(
        Step::ObjectAnswered,
        fill!(t!("Unable to connect to \"{}\"."), slug),
    ))
}

/// `getCustomWebhookUserManualUrl`: where a user's own webhook calls workflow `id`.
pub(crate) fn webhook_url(sdk: Sdk, id: Value, credential: Value) -> Outcome {
    let project = sdk.require_user()?.project();
    match webhook_path(sdk, id, credential) {
        Ok(path) => Ok(fill!(
            t!("{}/triggers/connect/{%}{}"),
            sdk.url(services::EVENTS),
            project,
            path
        )),
        Err(what) => fail(
            t!("webhook_unavailable"),
            fill!(t!("Unable to {} for \"{}\"."), text(what), id),
        ),
    }
}

/// The part after the project's id, or what could not be done.
fn webhook_path(sdk: Sdk, id: Value, credential: Value) -> Result<Value, Text> {
    let found = |integration: Value| {
        integration
            .items(t!("workflows"))
            .find(t!("id"), id)
            .map(|one| (integration, one))
    };
    let (integration, workflow) = configured(sdk)
        .iter()
        .find_map(found)
        .ok_or(t!("get workflow"))?;
    let name = name_of(integration)
        .non_empty()
        .ok_or(t!("get integration type"))?;
    let (integration_id, credential_id) = match workflow.get(t!("resourceId")).non_empty() {
        Some(resource) => {
            let resource = sdk
                .own_user()
                .items(t!("resources"))
                .find(t!("id"), resource)
                .unwrap_or(UNDEFINED);
            (
                resource.get(t!("integrationId")),
                resource.get(t!("credentialId")),
            )
        }
        None => (
            integration.get(t!("id")),
            known_id(of_user(sdk, name), credential),
        ),
    };
    let integration_id = integration_id.non_empty().ok_or(t!("find integrationId"))?;
    let credential_id = credential_id.non_empty().ok_or(t!("find credentialId"))?;
    let trigger = workflow
        .get(t!("customWebhookTriggerId"))
        .non_empty()
        .ok_or(t!("find a custom webhook"))?;
    Ok(fill!(
        t!("/{}/custom-triggers/{}?id={}"),
        integration_id,
        trigger,
        credential_id
    ))
}

/// Id of the credential that the app's `wanted` means, else `wanted` itself; the current one without.
fn known_id(own: Value, wanted: Value) -> Value {
    match wanted.non_empty() {
        None => own.get(t!("credentialId")),
        Some(wanted) => find(own.items(t!("allCredentials")), wanted)
            .unwrap_or(UNDEFINED)
            .get(t!("id"))
            .or(wanted),
    }
}
