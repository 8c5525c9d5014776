//! `/dashboard/api/operators`, and the operator's own password.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::NoContent;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use crate::error::{ApiError, ApiResult};
use crate::http::answers::Created;
use crate::http::json::JsonBody;
use crate::operators::accounts;
use crate::operators::accounts::{Edit, OperatorList};
use crate::operators::{Operator, Role};
use crate::state::App;

/// Role as it stands in JSON.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
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
pub async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
) -> ApiResult<Json<OperatorList>> {
    accounts::list(&app, &operator).await.map(Json)
}

/// Body of `POST`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewOperator")]
pub struct Add {
    email: String,
    role: RoleName,
    #[serde(deserialize_with = "crate::secret_field::deserialize")]
    #[schemars(with = "String", extend("writeOnly" = true))]
    password: SecretString,
}

/// `POST`: adds an operator.
pub async fn add(
    State(app): State<Arc<App>>,
    operator: Operator,
    JsonBody(body): JsonBody<Add>,
) -> ApiResult<Created<OperatorList>> {
    let Add {
        email,
        role,
        password,
    } = body;
    let added = accounts::add(&app, &operator, &email, role.into(), &password).await?;
    Ok(Created(added))
}

/// Body of `PATCH …/{id}`: one of the two.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OperatorPatch")]
pub struct Patch {
    #[serde(default)]
    role: Option<RoleName>,
    #[serde(default)]
    password: Option<Password>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Password(
    #[serde(deserialize_with = "crate::secret_field::deserialize")]
    #[schemars(with = "String", extend("writeOnly" = true))]
    SecretString,
);

/// `PATCH …/{id}`: another role or another password.
pub async fn patch(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<Patch>,
) -> ApiResult<NoContent> {
    let edit = match (body.role, body.password) {
        (Some(role), None) => Edit::Role(role.into()),
        (None, Some(Password(password))) => Edit::Password(password),
        _ => return Err(ApiError::invalid("give either `role` or `password`")),
    };
    accounts::edit(&app, &operator, &id, edit).await?;
    Ok(NoContent)
}

/// `DELETE …/{id}`: removes an operator.
pub async fn delete(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(id): Path<String>,
) -> ApiResult<NoContent> {
    accounts::remove(&app, &operator, &id).await?;
    Ok(NoContent)
}

/// Body of `POST /dashboard/api/password`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[serde(deserialize_with = "crate::secret_field::deserialize")]
    #[schemars(with = "String", extend("writeOnly" = true))]
    present: SecretString,
    #[serde(deserialize_with = "crate::secret_field::deserialize")]
    #[schemars(with = "String", extend("writeOnly" = true))]
    next: SecretString,
}

/// `POST /dashboard/api/password`: the operator's own; every session of theirs ends.
pub async fn change_password(
    State(app): State<Arc<App>>,
    operator: Operator,
    JsonBody(body): JsonBody<ChangePassword>,
) -> ApiResult<NoContent> {
    accounts::change_password(&app, &operator, body.present, &body.next).await?;
    Ok(NoContent)
}
