//! `/dashboard/api/projects/{p}/runs`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::dashboard::RunsOfProject;
use super::{HistoryQuery, RunDetails, dashboard};
use crate::error::ApiResult;
use crate::http::project::{Named, ProjectInPath};
use crate::http::query::QueryOf;
use crate::operators::Operator;
use crate::state::App;

/// `GET …/runs`: a page of runs.
pub async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    QueryOf(query): QueryOf<HistoryQuery>,
) -> ApiResult<Json<RunsOfProject>> {
    dashboard::page(&app, &operator, &project, &query)
        .await
        .map(Json)
}

/// `GET …/runs/{id}`: a run with its steps.
pub async fn show(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<RunDetails>> {
    dashboard::show(&app, &operator, &project, &id)
        .await
        .map(Json)
}

/// `POST …/runs/{id}/replay`: repeats it.
pub async fn replay(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<RunDetails>> {
    dashboard::replay(&app, &operator, &project, &id)
        .await
        .map(Json)
}

/// `DELETE …/runs/{id}`: ends it.
pub async fn cancel(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<RunDetails>> {
    dashboard::cancel(&app, &operator, &project, &id)
        .await
        .map(Json)
}
