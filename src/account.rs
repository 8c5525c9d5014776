//! What the server knows about a connected account: its data, its triggers, its webhook.

use crate::credentials::{find, selected, valid_credential};
use crate::error::{fail, refuse};
use crate::integrations::{configured, name_of, of_user, validate};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, UNDEFINED, Value, fill, text};
use crate::{api, services};

/// `getIntegrationAccount`: the connected account, with its access token where that is asked for and allowed.
pub(crate) fn account(sdk: Sdk, name: Value, options: Value) -> Outcome {
    validate(sdk, name)?;
    if of_user(sdk, name).get("credentialId").non_empty().is_none() {
        return refuse("credential_not_found", "Connect credential not found");
    }
    let wants_auth = options.get("includeAccountAuth");
    let wants_auth = if wants_auth.is_undefined() {
        "undefined"
    } else if wants_auth.is_true() {
        "true"
    } else {
        "false"
    };
    let path = fill!(
        "/sdk/credentials?integration={%}&includeAccountAuth={}",
        name,
        text(wants_auth)
    );
    let call =
        api::project_call(sdk, "GET", path, UNDEFINED)?.add("credential", selected(options).0);
    Ok(api::send(sdk, call)?.then(Step::ObjectAnswered, text("Integration not connected")))
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
        "GET",
        fill!("/triggers?integrations={%}", name),
        UNDEFINED,
    )?;
    api::send(
        sdk,
        call.set("service", text(services::TRIGGER_KIT))
            .set("credential", credential.get("id")),
    )
}

/// `connectAction`: connects to the resource named `slug`; gives the promise of the credential.
pub(crate) fn connect_resource(sdk: Sdk, slug: Value, payload: Value) -> Outcome {
    sdk.require_user()?;
    let Some(resource) = sdk.own_user().items("resources").find("slug", slug) else {
        return fail(
            "resource_not_found",
            fill!("No resource found with name \"{}\".", slug),
        );
    };
    if !payload.is_object() {
        return refuse("argument_invalid", "payload must be of type object.");
    }
    let path = fill!("/sdk/resources/{%}/connect", resource.get("id"));
    let call = api::project_call(sdk, "POST", path, payload)?;
    Ok(api::send(sdk, call)?.then(
        Step::ObjectAnswered,
        fill!("Unable to connect to \"{}\".", slug),
    ))
}

/// `getCustomWebhookUserManualUrl`: where a user's own webhook calls workflow `id`.
pub(crate) fn webhook_url(sdk: Sdk, id: Value, credential: Value) -> Outcome {
    let project = sdk.require_user()?.project();
    match webhook_path(sdk, id, credential) {
        Ok(path) => Ok(fill!(
            "{}/triggers/connect/{%}{}",
            sdk.url(services::EVENTS),
            project,
            path
        )),
        Err(what) => fail(
            "webhook_unavailable",
            fill!("Unable to {} for \"{}\".", text(what), id),
        ),
    }
}

/// The part after the project's id, or what could not be done.
fn webhook_path(sdk: Sdk, id: Value, credential: Value) -> Result<Value, &'static str> {
    let found = |integration: Value| {
        integration
            .items("workflows")
            .find("id", id)
            .map(|one| (integration, one))
    };
    let (integration, workflow) = configured(sdk)
        .iter()
        .find_map(found)
        .ok_or("get workflow")?;
    let name = name_of(integration)
        .non_empty()
        .ok_or("get integration type")?;
    let (integration_id, credential_id) = match workflow.get("resourceId").non_empty() {
        Some(resource) => {
            let resource = sdk
                .own_user()
                .items("resources")
                .find("id", resource)
                .unwrap_or(UNDEFINED);
            (resource.get("integrationId"), resource.get("credentialId"))
        }
        None => (
            integration.get("id"),
            known_id(of_user(sdk, name), credential),
        ),
    };
    let integration_id = integration_id.non_empty().ok_or("find integrationId")?;
    let credential_id = credential_id.non_empty().ok_or("find credentialId")?;
    let trigger = workflow
        .get("customWebhookTriggerId")
        .non_empty()
        .ok_or("find a custom webhook")?;
    Ok(fill!(
        "/{}/custom-triggers/{}?id={}",
        integration_id,
        trigger,
        credential_id
    ))
}

/// Id of the credential that the app's `wanted` means, else `wanted` itself; the current one without.
fn known_id(own: Value, wanted: Value) -> Value {
    match wanted.non_empty() {
        None => own.get("credentialId"),
        Some(wanted) => find(own.items("allCredentials"), wanted)
            .unwrap_or(UNDEFINED)
            .get("id")
            .or(wanted),
    }
}
