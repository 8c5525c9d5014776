//! `/projects/{p}/actions`: the actions, and running one. `POST /projects/{p}/sdk/actions`: the choices of a field.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use paragon_wire::integration::AZURE_DEVOPS;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::service;
use crate::configurations::field_options::{FieldOptions, FieldOptionsRequest, field_options};
use crate::error::{ApiError, ApiResult};
use crate::http::json::JsonBody;
use crate::identity::caller::{Caller, Selection};
use crate::state::App;
use paragon_azure_devops::actions::{Description, descriptions};

/// The actions by integration.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ActionList {
    actions: BTreeMap<&'static str, &'static [Description]>,
    /// Always empty: no integration is named.
    errors: [(); 0],
}

/// What came of a call.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output<T> {
    output: T,
}

/// The actions by integration, with their schemas.
pub async fn list(_caller: Caller) -> Result<Json<ActionList>, ApiError> {
    Ok(Json(ActionList {
        actions: BTreeMap::from([(AZURE_DEVOPS, descriptions())]),
        errors: [],
    }))
}

/// Runs an action with the user's account.
pub async fn run(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    JsonBody(body): JsonBody<Map<String, Value>>,
) -> ApiResult<Json<Output<Value>>> {
    let output = service::run(&app, &caller, &selection, &body).await?;
    Ok(Json(Output { output }))
}

/// One page of choices.
pub async fn options(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    JsonBody(request): JsonBody<FieldOptionsRequest>,
) -> ApiResult<Json<Output<FieldOptions>>> {
    let output = field_options(&app, &caller, &selection, request).await?;
    Ok(Json(Output { output }))
}
