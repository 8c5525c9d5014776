//! Workflows of a project: which there are, and switching them on and off for a user.

use paragon_wire::ErrorCode;
use paragon_wire::integration::AZURE_DEVOPS;

use crate::configurations;
use crate::credentials::access;
use crate::credentials::store::CredentialStatus;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::{EndUser, Selection};
use crate::state::App;
use paragon_workflow::Workflow;

/// The project's workflow with this id.
///
/// # Errors
/// `WorkflowNotFound`.
pub async fn find(app: &App, project: &str, id: &str) -> ApiResult<Workflow> {
    let rows = app.store.workflows(project, AZURE_DEVOPS).await?;
    let found = rows.into_iter().find(|row| row.workflow.id == id);
    found.map(|row| row.workflow).ok_or_else(|| not_found(id))
}

/// The error for a workflow that the project does not have.
pub fn not_found(id: &str) -> ApiError {
    let shown: String = id.chars().take(100).collect();
    ApiError::new(
        ErrorCode::WorkflowNotFound,
        format!("the project has no workflow `{}`", shown.escape_debug()),
    )
}

/// Ids of the workflows that new accounts and configurations begin with.
pub async fn enabled_by_default(app: &App, project: &str) -> ApiResult<Vec<String>> {
    let rows = app.store.workflows(project, AZURE_DEVOPS).await?;
    let ids = rows
        .into_iter()
        .filter(|row| row.workflow.default_enabled)
        .map(|row| row.workflow.id);
    Ok(ids.collect())
}

/// Switches a workflow on or off in one configuration of the user.
///
/// # Errors
/// `WorkflowAlreadyEnabled`, `WorkflowNotEnabled` when it stands like that already; what [`configurations::service::select`] has.
pub async fn switch(
    app: &App,
    caller: &EndUser,
    selection: &Selection,
    id: &str,
    enabled: bool,
) -> ApiResult<()> {
    let (project, user) = (&caller.project.id, &caller.user);
    let workflow = find(app, project, id).await?;
    let selected = configurations::service::select(app, caller, selection).await?;
    if enabled && selected.credential.status != CredentialStatus::Valid {
        return Err(access::unusable(selected.credential.status));
    }
    let configuration = selected.configuration.id;
    // Switched on it is written down as an event, too.
    app.limits.stored(project, user, 0)?;
    let now = app.clock.now();
    let switched = app
        .store
        .switch_workflow(project, user, configuration, &workflow.id, enabled, now)
        .await?;
    if !switched {
        return Err(if enabled {
            let message = format!("workflow `{id}` is already switched on for this user");
            ApiError::new(ErrorCode::WorkflowAlreadyEnabled, message)
        } else {
            not_enabled(id)
        });
    }
    tracing::info!(workflow.id = id, configuration.id = %configuration, enabled, "workflow switched");
    Ok(())
}

/// The error for a workflow that is off.
pub fn not_enabled(id: &str) -> ApiError {
    let message = format!("workflow `{id}` is not switched on for this user");
    ApiError::new(ErrorCode::WorkflowNotEnabled, message)
}
