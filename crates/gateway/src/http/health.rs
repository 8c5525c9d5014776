//! Liveness and readiness.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::{Value, json};

use crate::error::ApiResult;
use crate::state::App;

/// `GET /healthz`: the process answers.
pub async fn live() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// `GET /readyz`: the database answers as well, and what the gateway does of itself is being done. 503 where it is not: a
/// load balancer sends requests to other gateways then, and an operator finds the reason in the log.
pub async fn ready(State(app): State<Arc<App>>) -> ApiResult<(StatusCode, Json<Value>)> {
    app.store.ping().await?;
    let health = app.supervisor.health();
    let is_ready = health.iter().all(|(_, health)| health.is_good());
    let background = health.into_iter().map(|(name, health)| {
        json!({
            "name": name,
            "good": health.is_good(),
            "passes": health.passes,
            "failures": health.failures,
            "panics": health.panics,
        })
    });
    let (status, word) = if is_ready {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    };
    let body = json!({ "status": word, "background": background.collect::<Vec<_>>() });
    Ok((status, Json(body)))
}
