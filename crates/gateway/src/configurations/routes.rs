//! `/projects/{p}/sdk/credentials/{id}/configurations`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::NoContent;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::service;
use crate::error::ApiResult;
use crate::http::json::JsonBody;
use crate::http::project::Named;
use crate::identity::caller::{Caller, Selection};
use crate::state::App;
use crate::users::state::Credential;

/// Body of `POST`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "NewConfiguration")]
pub struct Create {
    #[serde(default)]
    external_id: Option<String>,
}

/// `POST`: one more configuration.
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
    JsonBody(body): JsonBody<Create>,
) -> ApiResult<Json<Credential>> {
    service::create(&app, &caller, &id, body.external_id.as_deref())
        .await
        .map(Json)
}

/// Body of `PATCH`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "ConfigurationPatch")]
pub struct Patch {
    meta: Map<String, Value>,
}

/// `PATCH`: merges metadata into the configuration that the header names.
pub async fn patch(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    Path(Named { id }): Path<Named>,
    JsonBody(body): JsonBody<Patch>,
) -> ApiResult<Json<Credential>> {
    service::update_meta(&app, &caller, &selection.of_credential(id), body.meta)
        .await
        .map(Json)
}

/// `DELETE`: the configuration that the header names, unless it is the default one.
pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    Path(Named { id }): Path<Named>,
) -> ApiResult<NoContent> {
    service::delete(&app, &caller, &selection.of_credential(id)).await?;
    Ok(NoContent)
}
