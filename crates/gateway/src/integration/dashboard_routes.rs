//! `/dashboard/api/projects/{p}/integration`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::client_secrets::NewSecret;
use super::connection_test::{ConnectionTest, TestRequest};
use super::editing::{IntegrationSettings, NewSettings, PermissionList};
use super::{client_secrets, connection_test, editing};
use crate::error::ApiResult;
use crate::http::answers::Created;
use crate::http::json::JsonBody;
use crate::http::project::{Named, ProjectInPath};
use crate::operators::Operator;
use crate::state::App;

/// `GET`: the settings in force, without secrets.
pub async fn get(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
) -> ApiResult<Json<IntegrationSettings>> {
    editing::read(&app, &operator, &project).await.map(Json)
}

/// `PUT`: client id, permissions, active or not.
pub async fn put(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    JsonBody(body): JsonBody<NewSettings>,
) -> ApiResult<Json<IntegrationSettings>> {
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
) -> ApiResult<Created<IntegrationSettings>> {
    let settings = client_secrets::add(&app, &operator, &project, body).await?;
    Ok(Created(settings))
}

/// `DELETE …/secrets/{id}`: removes a client secret.
pub async fn remove_secret(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<IntegrationSettings>> {
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
) -> ApiResult<Json<ConnectionTest>> {
    connection_test::run(&app, &operator, &project, body)
        .await
        .map(Json)
}

/// `GET /dashboard/api/permissions`: what can be asked for.
pub async fn permissions(operator: Operator) -> ApiResult<Json<PermissionList>> {
    editing::permissions(&operator).map(Json)
}
