//! App events and workflow triggers.

use crate::credentials::{Selection, is_valid, resolve, selected};
use crate::error::{fail, refuse};
use crate::integrations::{configured, name_of, of_user, shown_values};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, UNDEFINED, Value, fill, new_object, text};
use crate::{api, services};

/// Sends an app event.
pub(crate) fn event(sdk: Sdk, name: Value, payload: Value, options: Value) -> Outcome {
    let (credential, configuration) = selected(options);
    if credential.is_undefined() && !configuration.is_undefined() {
        return refuse(
            "argument_missing",
            "Configuration ID cannot be used without a corresponding Credential ID. Please provide both if using Configuration ID.",
        );
    }
    let path = fill!("/v2{}", sdk.auth()?.path(text("/sdk/events/trigger")));
    let call = call(path, new_object().add("name", name).add("payload", payload))
        .add("credential", credential)
        .add("configuration", configuration);
    Ok(api::send(sdk, call)?.then(Step::Done, UNDEFINED))
}

/// A call of the service for events.
fn call(path: Value, body: Value) -> Value {
    api::call("POST", path)
        .set("service", text(services::EVENTS))
        .add("body", body.json())
}

/// Triggers workflow `id`; gives the promise of its answer.
///
/// # Errors
/// Wrong use is thrown at once; failures of the request reject the promise.
pub(crate) fn run(sdk: Sdk, id: Value, options: Value) -> Outcome {
    if id.non_empty().is_none() {
        return refuse("argument_missing", "workflowId is required.");
    }
    let auth = sdk.require_user()?;
    let selection = selection(sdk, id, options)?;
    let query = options.get("query");
    let query = if query.is_object() {
        query
            .construct("URLSearchParams")?
            .tell("toString", UNDEFINED, UNDEFINED)
    } else {
        text("")
    };
    let body = options.get("body");
    let path = auth.path(fill!("/sdk/triggers/{%}?{}", id, query));
    let call = call(
        path,
        if body.is_undefined() {
            new_object()
        } else {
            body
        },
    )
    .add("headers", options.get("headers"));
    api::send(
        sdk,
        selection.map_or(call, |selection| selection.headers(call)),
    )
}

/// The credential a workflow runs with, if the app selected one.
fn selection(sdk: Sdk, id: Value, options: Value) -> Outcome<Option<Selection>> {
    let name = integration_of_workflow(sdk, id)?;
    let (credential, configuration) = selected(options);
    if credential.is_undefined() && configuration.is_undefined() {
        return Ok(None);
    }
    let selection = resolve(of_user(sdk, name), credential, configuration, true)?;
    if !is_enabled(selection, id) {
        return fail(
            "workflow_not_enabled",
            fill!("Workflow {} is not enabled for this user.", id),
        );
    }
    Ok(Some(selection))
}

/// Name of the integration that workflow `id` belongs to; the user must have a valid credential of it.
pub(crate) fn integration_of_workflow(sdk: Sdk, id: Value) -> Outcome {
    let has_workflow = |one: &Value| shown_values(*one).get("workflowMeta").own(id).is_object();
    let Some(integration) = configured(sdk).iter().find(has_workflow) else {
        return refuse(
            "workflow_not_found",
            "Workflow not found in the configured integrations in your Paragon project.",
        );
    };
    let name = name_of(integration);
    if !of_user(sdk, name)
        .items("allCredentials")
        .iter()
        .any(is_valid)
    {
        return fail(
            "integration_not_enabled",
            fill!("Integration \"{}\" not enabled for workflow.\"", name),
        );
    }
    Ok(name)
}

/// Whether workflow `id` is on in the selected configuration.
pub(crate) fn is_enabled(selection: Selection, id: Value) -> bool {
    selection
        .configuration
        .get("workflowSettings")
        .own(id)
        .get("enabled")
        .is_true()
}
