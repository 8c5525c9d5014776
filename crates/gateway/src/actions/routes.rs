//! `/projects/{p}/actions`: the actions, and running one. `POST /projects/{p}/sdk/actions`: the choices of a field.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use paragon_wire::integration::AZURE_DEVOPS;
use serde_json::{Map, Value, json};

use super::service;
use crate::configurations::field_options::{FieldOptionsRequest, field_options};
use crate::error::ApiResult;
use crate::http::json::JsonBody;
use crate::identity::caller::{Caller, Selection};
use crate::state::App;
use paragon_azure_devops::actions::descriptions;

/// The actions by integration, with their schemas.
pub async fn list(_caller: Caller) -> Json<Value> {
    Json(json!({ "actions": { AZURE_DEVOPS: descriptions() }, "errors": [] }))
}

/// Runs an action with the user's account.
pub async fn run(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    JsonBody(body): JsonBody<Map<String, Value>>,
) -> ApiResult<Json<Value>> {
    let output = service::run(&app, &caller, &selection, &body).await?;
    Ok(Json(json!({ "output": output })))
}

/// One page of choices.
pub async fn options(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    JsonBody(request): JsonBody<FieldOptionsRequest>,
) -> ApiResult<Json<Value>> {
    let output = field_options(&app, &caller, &selection, request).await?;
    Ok(Json(json!({ "output": output })))
}
