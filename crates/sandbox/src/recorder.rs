//! Remembers which requests came in, so that tests can count them. No query values, headers or bodies are kept.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;

use super::Shared;

/// How many requests are remembered.
const KEPT: usize = 5_000;

/// What is remembered of a request.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecordedRequest {
    pub(crate) at: String,
    pub(crate) method: String,
    pub(crate) host: String,
    /// Path below the host segment, without the query string.
    pub(crate) path: String,
    pub(crate) status: u16,
    /// Only for the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) grant_type: Option<String>,
}

/// Put on a response by the token endpoint, so that refreshes can be counted.
#[derive(Debug, Clone)]
pub(crate) struct GrantType(pub(crate) String);

/// Middleware: waits as long as the delay knob says, answers, remembers.
pub(crate) async fn record(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let (host, path) = split_host(request.uri().path());
    if host.is_empty() || host == "_sandbox" {
        return next.run(request).await;
    }
    let delay_ms = shared.read().knobs.delay_ms;
    if delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    }
    let response = next.run(request).await;
    let record = RecordedRequest {
        at: shared.now().to_string(),
        method,
        host,
        path,
        status: response.status().as_u16(),
        grant_type: response
            .extensions()
            .get::<GrantType>()
            .map(|grant| grant.0.clone()),
    };
    remember(&shared, record);
    response
}

fn split_host(path: &str) -> (String, String) {
    let path = path.trim_start_matches('/');
    let (host, rest) = path.split_once('/').unwrap_or((path, ""));
    (host.to_owned(), format!("/{rest}"))
}

fn remember(shared: &Shared, record: RecordedRequest) {
    let mut state = shared.write();
    if state.requests.len() >= KEPT {
        state.requests.pop_front();
    }
    state.requests.push_back(record);
}
