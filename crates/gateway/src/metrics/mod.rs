//! Metrics in the text format of Prometheus, served on a listener of their own, so that they are not public.
//!
//! They are counted with the `metrics` crate, as the workflow engine counts its own. Nothing is counted until
//! [`Metrics::install`]. Labels are routes, methods, outcomes and names of jobs: never a user, a token or a path.

pub mod queue_depths;
mod state;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;

use crate::proxy::calls::Outcome;
use crate::runs::store::RunStatus;
use crate::runs::store::steps::StepStatus;
use crate::state::App;

const HTTP_REQUESTS: &str = "paragon_http_requests_total";
const HTTP_SECONDS: &str = "paragon_http_request_duration_seconds";
const PROXY_CALLS: &str = "paragon_proxy_calls_total";
const PROXY_SECONDS: &str = "paragon_proxy_call_duration_seconds";
const REFRESHES: &str = "paragon_token_refreshes_total";
const RUNS: &str = "paragon_runs_total";
const STEPS: &str = "paragon_steps_total";

/// Bounds of histograms, in seconds.
const SECONDS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];
/// How often what histograms were given is added up, if nobody asks meanwhile.
const UPKEEP: Duration = Duration::from_secs(5);

/// What came of the refresh of a token.
#[derive(Debug, Clone, Copy)]
pub enum Refresh {
    /// There is a new one.
    Refreshed,
    /// Entra ID refused.
    Refused,
    /// Entra ID did not answer.
    Unavailable,
}

/// All metrics of the process.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    process: Collector,
}

impl Metrics {
    /// Begins to count. Once in a process.
    ///
    /// # Errors
    /// Something counts already.
    pub fn install() -> Result<Self, BuildError> {
        let handle = PrometheusBuilder::new()
            .set_buckets(&SECONDS)?
            .install_recorder()?;
        describe();
        let process = Collector::default();
        process.describe();
        Ok(Self { handle, process })
    }

    /// `GET /metrics`.
    pub fn router(self, app: Arc<App>) -> Router {
        let handle = self.handle.clone();
        let upkeep =
            move || -> futures_util::future::BoxFuture<'static, crate::error::ApiResult<()>> {
                let handle = handle.clone();
                Box::pin(async move {
                    handle.run_upkeep();
                    Ok(())
                })
            };
        app.supervisor.repeat("metrics", UPKEEP, Box::new(upkeep));
        Router::new()
            .route("/metrics", get(show))
            .with_state((self, app))
    }
}

async fn show(State((metrics, app)): State<(Metrics, Arc<App>)>) -> Response {
    metrics.process.collect();
    state::collect(&app).await;
    let text = metrics.handle.render();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// Middleware: counts requests by the route that took them.
pub async fn layer(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let method = known(request.method());
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    counter!(HTTP_REQUESTS, "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    histogram!(HTTP_SECONDS, "route" => route).record(began.elapsed().as_secs_f64());
    response
}

/// Anybody can make up methods.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Counts a call through the proxy.
pub fn proxy_call(status: StatusCode, took: Duration) {
    let outcome = Outcome::of(status).as_str();
    counter!(PROXY_CALLS, "outcome" => outcome).increment(1);
    histogram!(PROXY_SECONDS, "outcome" => outcome).record(took.as_secs_f64());
}

/// Counts a refresh.
pub fn refresh(outcome: Refresh) {
    let outcome = match outcome {
        Refresh::Refreshed => "refreshed",
        Refresh::Refused => "refused",
        Refresh::Unavailable => "unavailable",
    };
    counter!(REFRESHES, "outcome" => outcome).increment(1);
}

/// Counts a run that is over.
pub fn run_over(status: RunStatus) {
    counter!(RUNS, "status" => status.as_str()).increment(1);
}

/// Counts an attempt of a step.
pub fn step(status: StepStatus) {
    counter!(STEPS, "status" => status.as_str()).increment(1);
}

fn describe() {
    describe_counter!(HTTP_REQUESTS, "Requests by method, route and status.");
    describe_histogram!(
        HTTP_SECONDS,
        Unit::Seconds,
        "Time until the response began."
    );
    describe_counter!(PROXY_CALLS, "Calls through the proxy by outcome.");
    describe_histogram!(
        PROXY_SECONDS,
        Unit::Seconds,
        "Time until the response of a proxy call began."
    );
    describe_counter!(REFRESHES, "Refreshes of access tokens by outcome.");
    describe_counter!(RUNS, "Workflow runs that ended, by status.");
    describe_counter!(STEPS, "Attempts of workflow steps by status.");
    state::describe();
}
