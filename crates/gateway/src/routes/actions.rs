//! `POST /projects/{p}/sdk/actions`: the choices of a field.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::App;
use crate::caller::{Caller, Selection};
use crate::error::ApiResult;
use crate::http::json::JsonBody;
use crate::service::field_options::{FieldOptionsRequest, field_options};

/// One page of choices.
pub async fn run(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    JsonBody(request): JsonBody<FieldOptionsRequest>,
) -> ApiResult<Json<Value>> {
    let output = field_options(&app, &caller, &selection, request).await?;
    Ok(Json(json!({ "output": output })))
}
