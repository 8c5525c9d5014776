//! `/dashboard/api/projects/{p}/runs`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde_json::Value;

use super::{HistoryQuery, dashboard};
use crate::error::{ApiError, ApiResult};
use crate::http::project::{Named, ProjectInPath};
use crate::operators::Operator;
use crate::state::App;

/// `GET …/runs`: a page of runs.
pub async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    query: Result<Query<HistoryQuery>, QueryRejection>,
) -> ApiResult<Json<Value>> {
    let Query(query) = query.map_err(|error| ApiError::invalid(error.body_text()))?;
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
) -> ApiResult<Json<Value>> {
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
) -> ApiResult<Json<Value>> {
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
) -> ApiResult<Json<Value>> {
    dashboard::cancel(&app, &operator, &project, &id)
        .await
        .map(Json)
}
