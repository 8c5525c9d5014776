//! Runs of a project's workflows: seen by an operator, repeated and ended by an editor.

use paragon_wire::integration::AZURE_DEVOPS;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::{HistoryQuery, RunDetails, RunPage, Whose};
use crate::audit::store::NewAuditEntry;
use crate::error::ApiResult;
use crate::integration::editing::entry;
use crate::operators::{Operator, Right};
use crate::projects::Project;
use crate::runs;
use crate::state::App;

/// A page of a project's runs, newest first, and what its workflows are called.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunsOfProject {
    #[serde(flatten)]
    page: RunPage,
    workflows: Vec<NamedWorkflow>,
}

/// A workflow and what it is called.
#[derive(Debug, Serialize, JsonSchema)]
struct NamedWorkflow {
    id: String,
    description: String,
}

/// A page of runs, newest first.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`.
pub async fn page(
    app: &App,
    operator: &Operator,
    project: &Project,
    query: &HistoryQuery,
) -> ApiResult<RunsOfProject> {
    operator.require(Right::Read)?;
    let page = runs::list(app, all_of(project), query).await?;
    let workflows = app.store.workflows(&project.id, AZURE_DEVOPS).await?;
    let named = workflows.into_iter().map(|row| NamedWorkflow {
        id: row.workflow.id,
        description: row.workflow.description,
    });
    Ok(RunsOfProject {
        page,
        workflows: named.collect(),
    })
}

/// A run with its steps.
///
/// # Errors
/// `RoleNotSufficient`, `RunNotFound`.
pub async fn show(
    app: &App,
    operator: &Operator,
    project: &Project,
    id: &str,
) -> ApiResult<RunDetails> {
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
) -> ApiResult<RunDetails> {
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
) -> ApiResult<RunDetails> {
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
    details: &RunDetails,
) -> ApiResult<()> {
    let entry = NewAuditEntry {
        subject: Some(&details.run.user_id),
        after: Some(json!({ "run": details.run.id, "workflow": details.run.workflow_id })),
        ..entry(app, operator, project, action)
    };
    Ok(app.store.insert_audit_entry(&entry).await?)
}
