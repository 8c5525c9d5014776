//! `/projects/{p}/sdk/me`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::state;
use super::state::User;
use crate::error::ApiResult;
use crate::http::json::JsonBody;
use crate::identity::caller::Caller;
use crate::state::App;

/// `GET`: the user.
pub async fn get(State(app): State<Arc<App>>, caller: Caller) -> ApiResult<Json<User>> {
    state::me(&app, &caller).await.map(Json)
}

/// Body of `PATCH`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "UserPatch")]
pub struct Patch {
    meta: Map<String, Value>,
}

/// `PATCH`: merges metadata.
pub async fn patch(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<Patch>,
) -> ApiResult<Json<User>> {
    state::update_meta(&app, &caller, body.meta).await?;
    state::me(&app, &caller).await.map(Json)
}
