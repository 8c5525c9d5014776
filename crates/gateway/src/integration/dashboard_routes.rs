//! `/dashboard/api/projects/{p}/integration`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::Value;

use super::client_secrets::NewSecret;
use super::connection_test::TestRequest;
use super::editing::NewSettings;
use super::{client_secrets, connection_test, editing};
use crate::error::ApiResult;
use crate::http::json::JsonBody;
use crate::http::project::{Named, ProjectInPath};
use crate::operators::Operator;
use crate::state::App;

/// `GET`: the settings in force, without secrets.
pub async fn get(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
) -> ApiResult<Json<Value>> {
    editing::read(&app, &operator, &project).await.map(Json)
}

/// `PUT`: client id, permissions, active or not.
pub async fn put(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    JsonBody(body): JsonBody<NewSettings>,
) -> ApiResult<Json<Value>> {
    editing::save(&app, &operator, &project, body)
        .await
        .map(Json)
}

/// `POST …/secrets`: adds a client secret.
pub async fn add_secret(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    JsonBody(body): JsonBody<NewSecret>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let settings = client_secrets::add(&app, &operator, &project, body).await?;
    Ok((StatusCode::CREATED, Json(settings)))
}

/// `DELETE …/secrets/{id}`: removes a client secret.
pub async fn remove_secret(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<Value>> {
    client_secrets::remove(&app, &operator, &project, &id)
        .await
        .map(Json)
}

/// `POST …/test`: asks Entra ID.
pub async fn test(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    JsonBody(body): JsonBody<TestRequest>,
) -> ApiResult<Json<Value>> {
    connection_test::run(&app, &operator, &project, body)
        .await
        .map(Json)
}

/// `GET /dashboard/api/permissions`: what can be asked for.
pub async fn permissions(operator: Operator) -> ApiResult<Json<Value>> {
    editing::permissions(&operator).map(Json)
}
