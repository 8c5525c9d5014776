//! `/dashboard/api/projects/{p}/users` and `…/accounts`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::connected;
use crate::configurations::field_options::FieldOptionsRequest;
use crate::error::ApiResult;
use crate::http::json::JsonBody;
use crate::http::project::{Named, ProjectInPath};
use crate::operators::Operator;
use crate::state::App;

/// Query of the list.
#[derive(Debug, Deserialize)]
pub struct UsersQuery {
    search: Option<String>,
    after: Option<String>,
}

/// `GET …/users`: a page of connected users.
pub async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Query(query): Query<UsersQuery>,
) -> ApiResult<Json<Value>> {
    let (search, after) = (query.search.as_deref(), query.after.as_deref());
    connected::page(&app, &operator, &project, search, after)
        .await
        .map(Json)
}

/// `DELETE …/accounts/{id}`: disconnects an account.
pub async fn disconnect(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<StatusCode> {
    connected::disconnect(&app, &operator, &project, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/accounts/{id}/field-options`: choices of a field as the account has them.
pub async fn choices(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
    JsonBody(body): JsonBody<FieldOptionsRequest>,
) -> ApiResult<Json<Value>> {
    connected::choices(&app, &operator, &project, &id, body)
        .await
        .map(Json)
}
