//! App events and workflow triggers.

use crate::credentials::{Selection, is_valid, resolve, selected};
use crate::error::{fail, refuse};
use crate::integrations::{configured, name_of, of_user, shown_values};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, UNDEFINED, Value, fill, new_object, t, text};
use crate::{api, services};

/// Sends an app event.
pub(crate) fn event(sdk: Sdk, name: Value, payload: Value, options: Value) -> Outcome {
    let (credential, configuration) = selected(options);
    if credential.is_undefined() && !configuration.is_undefined() {
        return refuse(
            t!("argument_missing"),
            t!(
                "Configuration ID cannot be used without a corresponding Credential ID. Please provide both if using Configuration ID."
            ),
        );
    }
    let path = fill!(
        t!("/v2{}"),
        sdk.auth()?.path(text(t!("/sdk/events/trigger")))
    );
    let call = call(
        path,
        new_object()
            .add(t!("name"), name)
            .add(t!("payload"), payload),
    )
    .add(t!("credential"), credential)
    .add(t!("configuration"), configuration);
    Ok(api::send(sdk, call)?.then(Step::Done, UNDEFINED))
}

/// A call of the service for events.
fn call(path: Value, body: Value) -> Value {
    api::call(t!("POST"), path)
        .set(t!("service"), text(services::EVENTS))
        .add(t!("body"), body.json())
}

/// Triggers workflow `id`; gives the promise of its answer.
///
/// # Errors
/// Wrong use is thrown at once; failures of the request reject the promise.
pub(crate) fn run(sdk: Sdk, id: Value, options: Value) -> Outcome {
    if id.non_empty().is_none() {
        return refuse(t!("argument_missing"), t!("workflowId is required."));
    }
    let auth = sdk.require_user()?;
    let selection = selection(sdk, id, options)?;
    let query = options.get(t!("query"));
    let query = if query.is_object() {
        query
            .construct(t!("URLSearchParams"))?
            .tell(t!("toString"), UNDEFINED, UNDEFINED)
    } else {
        text(t!(""))
    };
    let body = options.get(t!("body"));
    let path = auth.path(fill!(t!("/sdk/triggers/{%}?{}"), id, query));
    let call = call(
        path,
        if body.is_undefined() {
            new_object()
        } else {
            body
        },
    )
    .add(t!("headers"), options.get(t!("headers")));
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
            t!("workflow_not_enabled"),
            fill!(t!("Workflow {} is not enabled for this user."), id),
        );
    }
    Ok(Some(selection))
}

/// Name of the integration that workflow `id` belongs to; the user must have a valid credential of it.
pub(crate) fn integration_of_workflow(sdk: Sdk, id: Value) -> Outcome {
    let has_workflow = |one: &Value| {
        shown_values(*one)
            .get(t!("workflowMeta"))
            .own(id)
            .is_object()
    };
    let Some(integration) = configured(sdk).iter().find(has_workflow) else {
        return refuse(
            t!("workflow_not_found"),
            t!("Workflow not found in the configured integrations in your Paragon project."),
        );
    };
    let name = name_of(integration);
    if !of_user(sdk, name)
        .items(t!("allCredentials"))
        .iter()
        .any(is_valid)
    {
        return fail(
            t!("integration_not_enabled"),
            fill!(t!("Integration \"{}\" not enabled for workflow.\""), name),
        );
    }
    Ok(name)
}

/// Whether workflow `id` is on in the selected configuration.
pub(crate) fn is_enabled(selection: Selection, id: Value) -> bool {
    selection
        .configuration
        .get(t!("workflowSettings"))
        .own(id)
        .get(t!("enabled"))
        .is_true()
}
