//! Liveness and readiness.

use std::sync::Arc;

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response as Described, StatusCode as Status};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::ApiResult;
use crate::state::App;

/// The process answers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Alive {
    /// `ok`.
    status: &'static str,
    version: &'static str,
}

/// What the gateway does of itself.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Readiness {
    /// `ready` or `not ready`.
    status: &'static str,
    background: Vec<BackgroundJob>,
}

/// One background job.
#[derive(Debug, Serialize, JsonSchema)]
struct BackgroundJob {
    name: &'static str,
    good: bool,
    passes: u64,
    failures: u64,
    panics: u64,
}

/// Whether the gateway can serve: the status says it, too.
#[derive(Debug)]
pub enum Ready {
    /// 200.
    Yes(Readiness),
    /// 503.
    No(Readiness),
}

impl IntoResponse for Ready {
    fn into_response(self) -> Response {
        match self {
            Self::Yes(answer) => Json(answer).into_response(),
            Self::No(answer) => (StatusCode::SERVICE_UNAVAILABLE, Json(answer)).into_response(),
        }
    }
}

impl OperationOutput for Ready {
    type Inner = Readiness;

    fn inferred_responses(
        context: &mut GenContext,
        operation: &mut Operation,
    ) -> Vec<(Option<Status>, Described)> {
        let answers = [200, 503].map(|status| {
            let answer = Json::<Readiness>::operation_response(context, operation);
            answer.map(|answer| (Some(Status::Code(status)), answer))
        });
        answers.into_iter().flatten().collect()
    }
}

/// `GET /healthz`: the process answers.
pub async fn live() -> Json<Alive> {
    Json(Alive {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// `GET /readyz`: the database answers as well, and what the gateway does of itself is being done. 503 where it is not: a
/// load balancer sends requests to other gateways then, and an operator finds the reason in the log.
pub async fn ready(State(app): State<Arc<App>>) -> ApiResult<Ready> {
    app.store.ping().await?;
    let health = app.supervisor.health();
    let is_ready = health.iter().all(|(_, health)| health.is_good());
    let background = health.into_iter().map(|(name, health)| BackgroundJob {
        name,
        good: health.is_good(),
        passes: health.passes,
        failures: health.failures,
        panics: health.panics,
    });
    let background = background.collect();
    let answer = |status| Readiness { status, background };
    Ok(if is_ready {
        Ready::Yes(answer("ready"))
    } else {
        Ready::No(answer("not ready"))
    })
}
