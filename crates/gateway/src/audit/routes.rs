//! `/dashboard/api/audit`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

use super::service;
use super::service::AuditPage;
use crate::error::ApiResult;
use crate::http::query::QueryOf;
use crate::operators::Operator;
use crate::state::App;

/// Query of the log.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct AuditQuery {
    project: Option<String>,
    before: Option<i64>,
    limit: Option<i64>,
}

/// `GET`: one page of entries, newest first.
pub async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
    QueryOf(query): QueryOf<AuditQuery>,
) -> ApiResult<Json<AuditPage>> {
    let project = query.project.as_deref();
    service::page(&app, &operator, project, query.before, query.limit)
        .await
        .map(Json)
}
