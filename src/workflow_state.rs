//! Switching workflows on and off for the user.

use crate::api;
use crate::credential_state::{known_credential, take_credential};
use crate::credentials::{is_valid, resolve, selected};
use crate::error::{fail, refuse};
use crate::integrations::of_user;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    Outcome, UNDEFINED, Value, fill, from_bool, list, new_list, new_object, promise, t,
};
use crate::workflow::{integration_of_workflow, is_enabled};

/// `enableWorkflow`.
pub(crate) fn enable(sdk: Sdk, id: Value, options: Value) -> Outcome {
    switch(sdk, id, options, true)
}

/// `disableWorkflow`.
pub(crate) fn disable(sdk: Sdk, id: Value, options: Value) -> Outcome {
    switch(sdk, id, options, false)
}

/// The checks and the request; gives the promise of nothing.
fn switch(sdk: Sdk, id: Value, options: Value, on: bool) -> Outcome {
    sdk.require_user()?;
    let name = integration_of_workflow(sdk, id)?;
    let own = of_user(sdk, name);
    let (mut credential, configuration) = selected(options);
    if credential.is_undefined() && configuration.is_undefined() {
        credential = own.get(t!("credentialId"));
    }
    let selection = resolve(own, credential, configuration, false)?;
    if on && !is_valid(selection.credential) {
        return refuse(
            t!("credential_not_found"),
            t!("Valid credential not found for provided options."),
        );
    }
    if on == is_enabled(selection, id) {
        return if on {
            fail(
                t!("workflow_enabled"),
                fill!(t!("Workflow {} is already enabled for this user."), id),
            )
        } else {
            fail(
                t!("workflow_not_enabled"),
                fill!(t!("Workflow {} cannot be disabled for this user."), id),
            )
        };
    }
    let method = if on { t!("POST") } else { t!("DELETE") };
    let call = api::project_call(sdk, method, fill!(t!("/sdk/workflows/{%}"), id), UNDEFINED)?;
    let (credential, configuration) = (selection.credential_id(), selection.configuration_id());
    let context = list![sdk.0, name, id, credential, configuration, from_bool(on)];
    Ok(api::send(sdk, selection.headers(call))?.then(Step::WorkflowSwitched, context))
}

/// Notes in the state what the server did; the credential may have changed meanwhile, so it is read again.
pub(crate) fn switched(context: Value, _: Value) -> Outcome {
    let (sdk, id, wanted) = (Sdk(context.at(0)), context.at(2), context.at(4));
    let Some(credential) = known_credential(sdk, context.at(1), context.at(3)) else {
        return Ok(UNDEFINED);
    };
    let configurations = credential.items(t!("configurations"));
    let Some(configuration) = configurations.find(t!("id"), wanted) else {
        return Ok(UNDEFINED);
    };
    let all = configuration.get(t!("workflowSettings")).merged(UNDEFINED);
    let workflow = new_object()
        .set(t!("settings"), new_object())
        .merged(all.own(id))
        .set(t!("enabled"), context.at(5));
    all.store(id, workflow);
    let rest = configurations.without(t!("id"), wanted);
    rest.push(
        configuration
            .merged(UNDEFINED)
            .set(t!("workflowSettings"), all),
    );
    take_credential(
        sdk,
        credential.merged(UNDEFINED).set(t!("configurations"), rest),
    );
    Ok(UNDEFINED)
}

/// `updateWorkflowState`: switches several workflows, one after another; failures are part of the result.
pub(crate) fn switch_all(sdk: Sdk, changes: Value, options: Value) -> Outcome {
    switch_next(list![sdk.0, changes, options, changes.keys(), new_list()])
}

/// Switches the first workflow of those left in the context; the promise of the result, if none is.
fn switch_next(context: Value) -> Outcome {
    let (sdk, ids) = (Sdk(context.at(0)), context.at(3));
    if ids.is_empty() {
        return Ok(new_object()
            .set(t!("user"), sdk.user())
            .set(t!("errors"), context.at(4)));
    }
    let id = ids.at(0);
    let switched = promise(switch(
        sdk,
        id,
        context.at(2),
        context.at(1).own(id).is_true(),
    ));
    Ok(switched.then_or(
        Step::WorkflowSwitchedInTurn,
        Step::WorkflowNotSwitched,
        context,
    ))
}

/// The first one left is switched.
pub(crate) fn switched_in_turn(context: Value, _: Value) -> Outcome {
    context.at(3).tell(t!("shift"), UNDEFINED, UNDEFINED);
    switch_next(context)
}

/// The first one left could not be switched.
pub(crate) fn not_switched(context: Value, error: Value) -> Outcome {
    let failure = new_object()
        .set(t!("workflowId"), context.at(3).at(0))
        .add(t!("message"), error.get(t!("message")));
    context.at(4).push(failure);
    switched_in_turn(context, UNDEFINED)
}
