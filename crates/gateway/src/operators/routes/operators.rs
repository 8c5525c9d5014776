//! `/dashboard/api/operators`, and the operator's own password.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{ApiError, ApiResult};
use crate::http::json::JsonBody;
use crate::operators::accounts;
use crate::operators::accounts::Edit;
use crate::operators::{Operator, Role};
use crate::state::App;

/// Role as it stands in JSON.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RoleName {
    Viewer,
    Editor,
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Viewer => Self::Viewer,
            RoleName::Editor => Self::Editor,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// `GET`: every operator.
pub async fn list(State(app): State<Arc<App>>, operator: Operator) -> ApiResult<Json<Value>> {
    accounts::list(&app, &operator).await.map(Json)
}

/// Body of `POST`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Add {
    email: String,
    role: RoleName,
    #[serde(deserialize_with = "crate::secret_field::deserialize")]
    password: SecretString,
}

/// `POST`: adds an operator.
pub async fn add(
    State(app): State<Arc<App>>,
    operator: Operator,
    JsonBody(body): JsonBody<Add>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let Add {
        email,
        role,
        password,
    } = body;
    let added = accounts::add(&app, &operator, &email, role.into(), &password).await?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// Body of `PATCH …/{id}`: one of the two.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    #[serde(default)]
    role: Option<RoleName>,
    #[serde(default)]
    password: Option<Password>,
}

#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Password(#[serde(deserialize_with = "crate::secret_field::deserialize")] SecretString);

/// `PATCH …/{id}`: another role or another password.
pub async fn patch(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<Patch>,
) -> ApiResult<StatusCode> {
    let edit = match (body.role, body.password) {
        (Some(role), None) => Edit::Role(role.into()),
        (None, Some(Password(password))) => Edit::Password(password),
        _ => return Err(ApiError::invalid("give either `role` or `password`")),
    };
    accounts::edit(&app, &operator, &id, edit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE …/{id}`: removes an operator.
pub async fn delete(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    accounts::remove(&app, &operator, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Body of `POST /dashboard/api/password`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[serde(deserialize_with = "crate::secret_field::deserialize")]
    present: SecretString,
    #[serde(deserialize_with = "crate::secret_field::deserialize")]
    next: SecretString,
}

/// `POST /dashboard/api/password`: the operator's own; every session of theirs ends.
pub async fn change_password(
    State(app): State<Arc<App>>,
    operator: Operator,
    JsonBody(body): JsonBody<ChangePassword>,
) -> ApiResult<StatusCode> {
    accounts::change_password(&app, &operator, body.present, &body.next).await?;
    Ok(StatusCode::NO_CONTENT)
}
