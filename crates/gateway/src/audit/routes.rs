//! `/dashboard/api/audit`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::Value;

use super::service;
use crate::error::ApiResult;
use crate::operators::Operator;
use crate::state::App;

/// Query of the log.
#[derive(Debug, Deserialize)]
pub struct AuditQuery {
    project: Option<String>,
    before: Option<i64>,
    limit: Option<i64>,
}

/// `GET`: one page of entries, newest first.
pub async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
    Query(query): Query<AuditQuery>,
) -> ApiResult<Json<Value>> {
    let project = query.project.as_deref();
    service::page(&app, &operator, project, query.before, query.limit)
        .await
        .map(Json)
}
