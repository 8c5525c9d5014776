//! `/dashboard/api/projects/{p}/users` and `…/accounts`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::NoContent;
use schemars::JsonSchema;
use serde::Deserialize;

use super::connected;
use super::connected::UserPage;
use crate::configurations::field_options::{FieldOptions, FieldOptionsRequest};
use crate::error::ApiResult;
use crate::http::json::JsonBody;
use crate::http::project::{Named, ProjectInPath};
use crate::http::query::QueryOf;
use crate::operators::Operator;
use crate::state::App;

/// Query of the list.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct UsersQuery {
    search: Option<String>,
    after: Option<String>,
}

/// `GET …/users`: a page of connected users.
pub async fn list(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    QueryOf(query): QueryOf<UsersQuery>,
) -> ApiResult<Json<UserPage>> {
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
) -> ApiResult<NoContent> {
    connected::disconnect(&app, &operator, &project, &id).await?;
    Ok(NoContent)
}

/// `POST …/accounts/{id}/field-options`: choices of a field as the account has them.
pub async fn choices(
    State(app): State<Arc<App>>,
    operator: Operator,
    ProjectInPath(project): ProjectInPath,
    Path(Named { id }): Path<Named>,
    JsonBody(body): JsonBody<FieldOptionsRequest>,
) -> ApiResult<Json<FieldOptions>> {
    connected::choices(&app, &operator, &project, &id, body)
        .await
        .map(Json)
}
