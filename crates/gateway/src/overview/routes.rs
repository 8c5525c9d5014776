//! `/dashboard/api/projects/{p}/overview`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde_json::Value;

use super::service;
use super::service::OverviewQuery;
use crate::error::{ApiError, ApiResult};
use crate::http::project::ProjectInPath;
use crate::operators::Operator;
use crate::state::App;

/// `GET …/overview`: what ran and was called, counted.
pub async fn show(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    query: Result<Query<OverviewQuery>, QueryRejection>,
) -> ApiResult<Json<Value>> {
    let Query(query) = query.map_err(|error| ApiError::invalid(error.body_text()))?;
    service::show(&app, &operator, &project, &query)
        .await
        .map(Json)
}
