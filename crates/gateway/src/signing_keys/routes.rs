//! `/dashboard/api/projects/{p}/signing-keys`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::service;
use super::service::{AddedKey, NewKey, SigningKeys, Trial, TrialResult};
use crate::error::ApiResult;
use crate::http::answers::Created;
use crate::http::json::JsonBody;
use crate::http::project::{Named, ProjectInPath};
use crate::operators::Operator;
use crate::state::App;

/// `GET`: the project's keys.
pub async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
) -> ApiResult<Json<SigningKeys>> {
    service::list(&app, &operator, &project).await.map(Json)
}

/// `POST`: adds one, or makes one.
pub async fn add(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    JsonBody(body): JsonBody<NewKey>,
) -> ApiResult<Created<AddedKey>> {
    let keys = service::add(&app, &operator, &project, &body).await?;
    Ok(Created(keys))
}

/// `DELETE …/{id}`: removes one.
pub async fn remove(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<SigningKeys>> {
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
) -> ApiResult<Json<TrialResult>> {
    service::try_token(&app, &operator, &project, &body)
        .await
        .map(Json)
}
