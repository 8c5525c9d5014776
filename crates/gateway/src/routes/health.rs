//! Liveness and readiness.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::App;
use crate::error::ApiResult;

/// `GET /healthz`: the process answers.
pub async fn live() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// `GET /readyz`: the database answers as well.
pub async fn ready(State(app): State<Arc<App>>) -> ApiResult<Json<Value>> {
    app.store.ping().await?;
    Ok(Json(json!({ "status": "ready" })))
}
