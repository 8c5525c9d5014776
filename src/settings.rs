//! User settings: of an integration, and of its workflows.

use crate::api;
use crate::credential_state::take_credential;
use crate::credentials::{Selection, valid_selection};
use crate::error::fail;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, UNDEFINED, Value, fill, list, new_list, new_object, t};

/// `updateIntegrationUserSettings`: merges `patch` into the settings shared by all workflows.
pub(crate) fn update(sdk: Sdk, name: Value, patch: Value, options: Value) -> Outcome {
    sdk.require_user()?;
    let selection = valid_selection(sdk, name, options)?;
    let settings = selection
        .configuration
        .get(t!("sharedSettings"))
        .merged(patch);
    save(
        sdk,
        name,
        selection,
        new_object().set(t!("sharedSettings"), settings),
    )
}

/// `updateWorkflowUserSettings`: merges `patch` into the settings of workflow `id`.
pub(crate) fn update_workflow(
    sdk: Sdk,
    name: Value,
    id: Value,
    patch: Value,
    options: Value,
) -> Outcome {
    sdk.require_user()?;
    let selection = valid_selection(sdk, name, options)?;
    let all = selection
        .configuration
        .get(t!("workflowSettings"))
        .merged(UNDEFINED);
    let Some(old) = all.own(id).record() else {
        let message = t!("Workflow with ID \"{}\" was not found in the current configuration.");
        return fail(t!("workflow_not_found"), fill!(message, id));
    };
    all.store(
        id,
        old.merged(UNDEFINED)
            .set(t!("settings"), old.get(t!("settings")).merged(patch)),
    );
    save(
        sdk,
        name,
        selection,
        new_object().set(t!("workflowSettings"), all),
    )
}

/// Sends what changes of the selected configuration; gives the promise of `{userState, errors}`.
fn save(sdk: Sdk, name: Value, selection: Selection, config: Value) -> Outcome {
    let path = fill!(t!("/sdk/credentials/{}"), selection.credential_id());
    let call = api::project_call(
        sdk,
        t!("PATCH"),
        path,
        new_object().set(t!("config"), config),
    )?;
    Ok(api::send(sdk, selection.headers(call))?.then(Step::SettingsSaved, list![sdk.0, name]))
}

/// The server has the settings.
pub(crate) fn saved(context: Value, answer: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    let credential = api::require_object(
        answer,
        fill!(t!("Failed to update settings for {}."), context.at(1)),
    )?;
    take_credential(sdk, credential);
    Ok(new_object()
        .set(t!("userState"), sdk.user())
        .set(t!("errors"), credential.get(t!("errors")).or(new_list())))
}
