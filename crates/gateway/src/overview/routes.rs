//! `/dashboard/api/projects/{p}/overview`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::service;
use super::service::{Overview, OverviewQuery};
use crate::error::ApiResult;
use crate::http::project::ProjectInPath;
use crate::http::query::QueryOf;
use crate::operators::Operator;
use crate::state::App;

/// `GET …/overview`: what ran and was called, counted.
pub async fn show(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    QueryOf(query): QueryOf<OverviewQuery>,
) -> ApiResult<Json<Overview>> {
    service::show(&app, &operator, &project, &query)
        .await
        .map(Json)
}
