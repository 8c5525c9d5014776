//! Runs of a project's workflows: seen by an operator, repeated and ended by an editor.

use paragon_wire::integration::AZURE_DEVOPS;
use serde_json::{Value, json};

use super::{HistoryQuery, Whose};
use crate::audit::store::NewAuditEntry;
use crate::error::ApiResult;
use crate::integration::editing::entry;
use crate::operators::{Operator, Right};
use crate::projects::Project;
use crate::runs;
use crate::state::App;

/// A page of runs, newest first: `{"runs", "next", "workflows"}`, the last with `id` and `description` of each.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`.
pub async fn page(
    app: &App,
    operator: &Operator,
    project: &Project,
    query: &HistoryQuery,
) -> ApiResult<Value> {
    operator.require(Right::Read)?;
    let mut page = runs::list(app, all_of(project), query).await?;
    let workflows = app.store.workflows(&project.id, AZURE_DEVOPS).await?;
    page["workflows"] = workflows
        .iter()
        .map(|row| json!({ "id": row.workflow.id, "description": row.workflow.description }))
        .collect();
    Ok(page)
}

/// A run with its steps.
///
/// # Errors
/// `RoleNotSufficient`, `RunNotFound`.
pub async fn show(app: &App, operator: &Operator, project: &Project, id: &str) -> ApiResult<Value> {
    operator.require(Right::Read)?;
    runs::show(app, all_of(project), id).await
}

/// Repeats a run and gives the new one.
///
/// # Errors
/// `RoleNotSufficient`, `RunNotFound`.
pub async fn replay(
    app: &App,
    operator: &Operator,
    project: &Project,
    id: &str,
) -> ApiResult<Value> {
    operator.require(Right::ManageRuns)?;
    let run = runs::replay(app, all_of(project), id).await?;
    note(app, operator, project, "run.replayed", &run).await?;
    Ok(run)
}

/// Ends a run.
///
/// # Errors
/// `RoleNotSufficient`, `RunNotFound`.
pub async fn cancel(
    app: &App,
    operator: &Operator,
    project: &Project,
    id: &str,
) -> ApiResult<Value> {
    operator.require(Right::ManageRuns)?;
    let run = runs::cancel(app, all_of(project), id).await?;
    note(app, operator, project, "run.cancelled", &run).await?;
    Ok(run)
}

const fn all_of(project: &Project) -> Whose<'_> {
    Whose {
        project: project.id.as_str(),
        user: None,
    }
}

async fn note(
    app: &App,
    operator: &Operator,
    project: &Project,
    action: &str,
    run: &Value,
) -> ApiResult<()> {
    let entry = NewAuditEntry {
        subject: run["userId"].as_str(),
        after: Some(json!({ "run": run["id"], "workflow": run["workflowId"] })),
        ..entry(app, operator, project, action)
    };
    Ok(app.store.insert_audit_entry(&entry).await?)
}
