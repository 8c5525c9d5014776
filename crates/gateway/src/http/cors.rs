//! Cross-origin access: only pages of a project's allowed origins may call its routes.
//!
//! A request without `Origin` (a server, a command line) passes: the user token decides. An `OPTIONS` that is no CORS
//! preflight passes too: official Azure DevOps clients discover resources with it.
//!
//! A page of any other origin gets one answer, the refusal, and may read it: an origin that is missing in the
//! configuration is the commonest mistake of a first integration, and a browser shows an answer without these headers
//! as a network failure. Its preflight therefore passes; nothing behind this layer runs.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use paragon_wire::ErrorCode;

use crate::error::ApiError;
use crate::state::App;

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "x-request-id, retry-after, etag, activityid, x-ms-continuationtoken, x-ratelimit-resource, x-ratelimit-delay, \
     x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset",
);

/// Middleware around the routes below `/projects/{project}` and `/v2/projects/{project}`.
pub async fn layer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(ORIGIN).cloned() else {
        return next.run(request).await;
    };
    let mut response = if is_preflight(&request) {
        preflight(request.headers())
    } else if is_allowed(&app, request.uri().path(), &origin) {
        next.run(request).await
    } else {
        refusal(&origin)
    };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    headers.append(VARY, HeaderValue::from_static("origin"));
    response
}

fn is_allowed(app: &App, path: &str, origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    if origin == app.public_origin() {
        return true;
    }
    let mut segments = path
        .split('/')
        .skip_while(|segment| *segment != "projects")
        .skip(1);
    let project = segments.next().and_then(|id| app.projects.get(id));
    project.is_some_and(|project| project.allows_origin(origin))
}

fn refusal(origin: &HeaderValue) -> Response {
    let shown = origin.to_str().unwrap_or("?");
    let message = format!(
        "the origin `{shown}` is not an allowed origin of the project: add it to `allowed_origins` in the gateway's configuration"
    );
    ApiError::new(ErrorCode::OriginNotAllowed, message).into_response()
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight(asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    // Callers add headers of their own to `request()`; which of them go on is the proxy's business.
    if let Some(names) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    response
}
