//! `/dashboard/api/projects/{p}/signing-keys`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::Value;

use super::service;
use super::service::{NewKey, Trial};
use crate::error::ApiResult;
use crate::http::json::JsonBody;
use crate::http::project::{Named, ProjectInPath};
use crate::operators::Operator;
use crate::state::App;

/// `GET`: the project's keys.
pub async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
) -> ApiResult<Json<Value>> {
    service::list(&app, &operator, &project).await.map(Json)
}

/// `POST`: adds one, or makes one.
pub async fn add(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    JsonBody(body): JsonBody<NewKey>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let keys = service::add(&app, &operator, &project, &body).await?;
    Ok((StatusCode::CREATED, Json(keys)))
}

/// `DELETE …/{id}`: removes one.
pub async fn remove(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<Value>> {
    service::remove(&app, &operator, &project, &id)
        .await
        .map(Json)
}

/// `POST …/try`: whether a token would be accepted.
pub async fn try_token(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    JsonBody(body): JsonBody<Trial>,
) -> ApiResult<Json<Value>> {
    service::try_token(&app, &operator, &project, &body)
        .await
        .map(Json)
}
