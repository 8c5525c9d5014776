//! `/projects/{p}/sdk/me`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::app::App;
use crate::caller::Caller;
use crate::error::ApiResult;
use crate::http::json::JsonBody;
use crate::service::user_state;

/// `GET`: the user.
pub async fn get(State(app): State<Arc<App>>, caller: Caller) -> ApiResult<Json<Value>> {
    user_state::me(&app, &caller).await.map(Json)
}

/// Body of `PATCH`.
#[derive(Debug, Deserialize)]
pub struct Patch {
    meta: Map<String, Value>,
}

/// `PATCH`: merges metadata.
pub async fn patch(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<Patch>,
) -> ApiResult<Json<Value>> {
    user_state::update_meta(&app, &caller, body.meta).await?;
    user_state::me(&app, &caller).await.map(Json)
}
