//! `/dashboard/api/projects/{p}/workflows`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Deserialize;

use super::check::{Draft, DraftCheck, WorkflowCatalog};
use super::editing::{
    Deployment, NewVersion, NewWorkflow, VersionDefinition, WorkflowDetails, WorkflowList,
};
use super::step_test::{StepTest, StepTestResult};
use super::{check, editing, step_test};
use crate::error::ApiResult;
use crate::http::answers::Created;
use crate::http::json::JsonBody;
use crate::http::project::{Named, ProjectInPath};
use crate::operators::Operator;
use crate::state::App;

/// A version of a workflow.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct NamedVersion {
    id: String,
    version: u32,
}

/// `GET`: every workflow.
pub async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
) -> ApiResult<Json<WorkflowList>> {
    editing::list(&app, &operator, &project).await.map(Json)
}

/// `POST`: makes one.
pub async fn create(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    JsonBody(body): JsonBody<NewWorkflow>,
) -> ApiResult<Created<WorkflowDetails>> {
    let made = editing::create(&app, &operator, &project, body).await?;
    Ok(Created(made))
}

/// `GET …/{id}`: one with its newest definition and its versions.
pub async fn show(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<WorkflowDetails>> {
    editing::show(&app, &operator, &project, &id)
        .await
        .map(Json)
}

/// `PUT …/{id}`: saves a version.
pub async fn save(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
    JsonBody(body): JsonBody<NewVersion>,
) -> ApiResult<Json<WorkflowDetails>> {
    editing::save(&app, &operator, &project, &id, body)
        .await
        .map(Json)
}

/// `DELETE …/{id}`: removes it.
pub async fn remove(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<WorkflowList>> {
    editing::remove(&app, &operator, &project, &id)
        .await
        .map(Json)
}

/// `GET …/{id}/versions/{n}`: the definition of a version.
pub async fn show_version(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(NamedVersion { id, version }): Path<NamedVersion>,
) -> ApiResult<Json<VersionDefinition>> {
    editing::show_version(&app, &operator, &project, &id, version)
        .await
        .map(Json)
}

/// `PUT …/{id}/deployment`: puts a version in force.
pub async fn deploy(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
    JsonBody(body): JsonBody<Deployment>,
) -> ApiResult<Json<WorkflowDetails>> {
    editing::deploy(&app, &operator, &project, &id, body)
        .await
        .map(Json)
}

/// `DELETE …/{id}/deployment`: takes it out of force.
pub async fn withdraw(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<WorkflowDetails>> {
    editing::withdraw(&app, &operator, &project, &id)
        .await
        .map(Json)
}

/// `POST …/workflow-drafts/check`: what is wrong with a draft, and what its steps may refer to.
pub async fn check(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    JsonBody(body): JsonBody<Draft>,
) -> ApiResult<Json<DraftCheck>> {
    check::check(&app, &operator, &project, body)
        .await
        .map(Json)
}

/// `POST …/workflow-drafts/test`: tries one step of a draft.
pub async fn test_step(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    JsonBody(body): JsonBody<StepTest>,
) -> ApiResult<Json<StepTestResult>> {
    step_test::run(&app, &operator, &project, &body)
        .await
        .map(Json)
}

/// `GET /dashboard/api/workflow-catalog`: what there is to choose from.
pub async fn catalog(operator: Operator) -> ApiResult<Json<WorkflowCatalog>> {
    check::catalog(&operator).map(Json)
}
