//! Workflows in the dashboard: made, saved version by version, deployed and taken back by editors.

use std::sync::Arc;

use paragon_wire::{ErrorCode, ErrorDetail};
use paragon_workflow::{Trigger, Workflow, read, validate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::check::{aside, catalog_of, faults_of_inputs};
use super::service::not_found;
use super::store::edited::{ListedWorkflow, WorkflowChange};
use super::store::versions::VersionRow;
use crate::audit::store::NewAuditEntry;
use crate::clock::rfc3339;
use crate::error::{ApiError, ApiResult};
use crate::integration::editing::entry;
use crate::integration::settings::key;
use crate::operators::{Operator, Right};
use crate::projects::Project;
use crate::state::App;

/// A workflow to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewWorkflow {
    /// Its definition.
    pub definition: Value,
}

/// A version to be saved.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewVersion {
    /// The whole definition.
    pub definition: Value,
    /// Version that was read before the change.
    pub based_on: u32,
}

/// A version to be put in force.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deployment {
    /// Its number.
    pub version: u32,
}

/// The workflows of a project, those of the configuration file first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WorkflowList {
    workflows: Vec<WorkflowSummary>,
}

/// A workflow in the dashboard.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WorkflowSummary {
    id: String,
    /// What it is called.
    description: String,
    info_text: Option<String>,
    /// As the definition has it.
    trigger: Option<Trigger>,
    /// `file` or `dashboard`.
    source: &'static str,
    /// Newest version.
    saved_version: u32,
    /// Version in force.
    deployed_version: Option<u32>,
    saved_at: String,
    /// Who saved it; null for the configuration file.
    saved_by: Option<String>,
}

/// A workflow with the definition of its newest version and the list of its versions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WorkflowDetails {
    #[serde(flatten)]
    summary: WorkflowSummary,
    definition: Workflow,
    versions: Vec<WorkflowVersion>,
}

/// A version of a workflow.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WorkflowVersion {
    version: i64,
    saved_at: String,
    /// Who saved it; null for the configuration file.
    saved_by: Option<String>,
}

/// The definition of one version.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionDefinition {
    version: u32,
    definition: Workflow,
}

/// Every workflow of the project, those of the configuration file first.
///
/// # Errors
/// `RoleNotSufficient`.
pub async fn list(app: &App, operator: &Operator, project: &Project) -> ApiResult<WorkflowList> {
    operator.require(Right::Read)?;
    let rows = app.store.listed_workflows(key(project)).await?;
    let workflows = rows.iter().map(listed).collect();
    Ok(WorkflowList { workflows })
}

/// One workflow with the definition of its newest version and the list of its versions.
///
/// # Errors
/// `RoleNotSufficient`, `WorkflowNotFound`.
pub async fn show(
    app: &App,
    operator: &Operator,
    project: &Project,
    id: &str,
) -> ApiResult<WorkflowDetails> {
    operator.require(Right::Read)?;
    let row = find(app, project, id).await?;
    let definition = definition(app, project, id, row.saved_version).await?;
    let versions = app.store.workflow_versions(&project.id, id).await?;
    Ok(WorkflowDetails {
        summary: listed(&row),
        definition,
        versions: versions.into_iter().map(version).collect(),
    })
}

/// The definition of one version.
///
/// # Errors
/// `RoleNotSufficient`, `WorkflowNotFound`.
pub async fn show_version(
    app: &App,
    operator: &Operator,
    project: &Project,
    id: &str,
    version: u32,
) -> ApiResult<VersionDefinition> {
    operator.require(Right::Read)?;
    let definition = definition(app, project, id, version).await?;
    Ok(VersionDefinition {
        version,
        definition,
    })
}

/// Makes a workflow; its first version is saved, and nothing is in force yet.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest` with every problem, `WorkflowTaken`.
pub async fn create(
    app: &App,
    operator: &Operator,
    project: &Arc<Project>,
    new: NewWorkflow,
) -> ApiResult<WorkflowDetails> {
    operator.require(Right::EditWorkflows)?;
    let workflow = checked(project, new.definition).await?;
    let change = change(app, operator, project, &workflow.id, "workflow.created");
    if !app.store.create_workflow(&change, &workflow).await? {
        let message = format!(
            "the workflow ID `{}` is already taken; choose another ID",
            workflow.id
        );
        return Err(ApiError::new(ErrorCode::WorkflowTaken, message));
    }
    show(app, operator, project, &workflow.id).await
}

/// Saves a version. What is in force stays in force.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest` with every problem, `WorkflowNotFound`, `WorkflowInFile`, `RevisionConflict`.
pub async fn save(
    app: &App,
    operator: &Operator,
    project: &Arc<Project>,
    id: &str,
    new: NewVersion,
) -> ApiResult<WorkflowDetails> {
    operator.require(Right::EditWorkflows)?;
    not_in_file(&find(app, project, id).await?)?;
    let workflow = checked(project, new.definition).await?;
    if workflow.id != id {
        let fault = ErrorDetail {
            path: "/definition/id".into(),
            message: format!("must be `{id}`: the ID of a workflow cannot change"),
        };
        return Err(ApiError::faulty(vec![fault]));
    }
    let change = change(app, operator, project, id, "workflow.saved");
    if !app
        .store
        .save_workflow(&change, new.based_on, &workflow)
        .await?
    {
        return Err(ApiError::new(
            ErrorCode::RevisionConflict,
            "someone else saved another version, and yours was not saved; export yours, review theirs, then edit again",
        ));
    }
    show(app, operator, project, id).await
}

/// Puts a version in force, for runs that begin from now on.
///
/// # Errors
/// `RoleNotSufficient`, `WorkflowNotFound`, `WorkflowInFile`; `InvalidRequest` when the version is no longer right.
pub async fn deploy(
    app: &App,
    operator: &Operator,
    project: &Arc<Project>,
    id: &str,
    deployment: Deployment,
) -> ApiResult<WorkflowDetails> {
    operator.require(Right::EditWorkflows)?;
    let row = find(app, project, id).await?;
    not_in_file(&row)?;
    let workflow = definition(app, project, id, deployment.version).await?;
    // What it refers to, such as a secret, may have gone since it was saved.
    checked(project, json!(workflow)).await?;
    let mut change = change(app, operator, project, id, "workflow.deployed");
    change.entry.before = Some(json!({ "version": row.deployed_version }));
    change.entry.after = Some(json!({ "version": deployment.version }));
    if !app
        .store
        .deploy_workflow(&change, deployment.version)
        .await?
    {
        return Err(not_found(id));
    }
    tracing::info!(project.id = %project.id, workflow.id = id, version = deployment.version, operator.id = %operator.id, "workflow deployed");
    show(app, operator, project, id).await
}

/// Takes a workflow out of force. Runs that have begun go on.
///
/// # Errors
/// `RoleNotSufficient`, `WorkflowNotFound`, `WorkflowInFile`.
pub async fn withdraw(
    app: &App,
    operator: &Operator,
    project: &Project,
    id: &str,
) -> ApiResult<WorkflowDetails> {
    operator.require(Right::EditWorkflows)?;
    let row = find(app, project, id).await?;
    not_in_file(&row)?;
    let mut change = change(app, operator, project, id, "workflow.withdrawn");
    change.entry.before = Some(json!({ "version": row.deployed_version }));
    app.store.withdraw_workflow(&change).await?;
    show(app, operator, project, id).await
}

/// Removes a workflow that is not in force, and gives the list of those that are left.
///
/// # Errors
/// `RoleNotSufficient`, `WorkflowNotFound`, `WorkflowInFile`.
pub async fn remove(
    app: &App,
    operator: &Operator,
    project: &Project,
    id: &str,
) -> ApiResult<WorkflowList> {
    operator.require(Right::EditWorkflows)?;
    not_in_file(&find(app, project, id).await?)?;
    let change = change(app, operator, project, id, "workflow.removed");
    app.store.remove_workflow(&change).await?;
    list(app, operator, project).await
}

async fn find(app: &App, project: &Project, id: &str) -> ApiResult<ListedWorkflow> {
    let rows = app.store.listed_workflows(key(project)).await?;
    rows.into_iter()
        .find(|row| row.workflow.id == id)
        .ok_or_else(|| not_found(id))
}

async fn definition(app: &App, project: &Project, id: &str, version: u32) -> ApiResult<Workflow> {
    let found = app.store.workflow_version(&project.id, id, version).await?;
    found.ok_or_else(|| not_found(id))
}

fn not_in_file(row: &ListedWorkflow) -> ApiResult<()> {
    if !row.in_file {
        return Ok(());
    }
    let message = format!(
        "`{}` is defined in the gateway's configuration file; change it there, or copy it to edit the copy here",
        row.workflow.id
    );
    Err(ApiError::new(ErrorCode::WorkflowInFile, message))
}

/// The workflow, if nothing is wrong with it. Paths are those in the request's body.
async fn checked(project: &Arc<Project>, definition: Value) -> ApiResult<Workflow> {
    let project = Arc::clone(project);
    aside(move || check(&project, &definition)).await?
}

fn check(project: &Project, definition: &Value) -> ApiResult<Workflow> {
    let told = |path: &str, message: String| ErrorDetail {
        path: format!("/definition{path}"),
        message,
    };
    let mut workflow = read(definition).map_err(|problems| {
        let faults = problems.into_iter();
        ApiError::faulty(faults.map(|one| told(&one.path, one.message)).collect())
    })?;
    // The store counts.
    workflow.version = None;
    let problems = validate(&workflow, &catalog_of(project));
    let mut faults: Vec<_> = problems
        .into_iter()
        .map(|one| told(&one.path, one.message))
        .collect();
    faults.extend(faults_of_inputs(&workflow.inputs).map(|one| told(&one.path, one.message)));
    if faults.is_empty() {
        return Ok(workflow);
    }
    Err(ApiError::faulty(faults))
}

fn change<'a>(
    app: &App,
    operator: &'a Operator,
    project: &'a Project,
    id: &'a str,
    action: &'a str,
) -> WorkflowChange<'a> {
    WorkflowChange {
        key: key(project),
        id,
        entry: NewAuditEntry {
            subject: Some(id),
            ..entry(app, operator, project, action)
        },
    }
}

fn listed(row: &ListedWorkflow) -> WorkflowSummary {
    WorkflowSummary {
        id: row.workflow.id.clone(),
        description: row.workflow.description.clone(),
        info_text: row.workflow.info_text.clone(),
        trigger: row.workflow.trigger.clone(),
        source: if row.in_file { "file" } else { "dashboard" },
        saved_version: row.saved_version,
        deployed_version: row.deployed_version,
        saved_at: rfc3339(row.saved_at),
        saved_by: row.author.clone(),
    }
}

fn version(row: VersionRow) -> WorkflowVersion {
    WorkflowVersion {
        version: row.version,
        saved_at: rfc3339(row.created_at),
        saved_by: row.author,
    }
}
