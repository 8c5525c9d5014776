//! Gives each request an id, logs its end, and renders [`ApiError`]s with the id.

use std::time::Instant;

use axum::Json;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use paragon_wire::error_code::ErrorMeta;
use paragon_wire::{ErrorBody, header};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::error::ApiError;

/// Id of one request; handlers that show it to people take it as an extension.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Middleware: outermost, so that nothing escapes it.
pub async fn layer(mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    // The path alone: a query may hold what must not be logged.
    let span = tracing::info_span!("request", request.id = %id, method = %request.method(), path = request.uri().path());
    async move {
        let began = Instant::now();
        let mut response = next.run(request).await;
        if let Some(error) = response.extensions_mut().remove::<ApiError>() {
            response = render(&error, &id, &response);
        }
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(header::REQUEST_ID, value);
        }
        let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), duration_ms, "answered");
        response
    }
    .instrument(span)
    .await
}

fn render(error: &ApiError, id: &str, original: &Response) -> Response {
    let status = error.status();
    if status.is_server_error() {
        tracing::error!(
            code = error.code.as_str(),
            detail = error.detail.as_deref(),
            "{}",
            error.message
        );
    } else {
        tracing::info!(
            code = error.code.as_str(),
            detail = error.detail.as_deref(),
            "{}",
            error.message
        );
    }
    let mut response = (status, Json(body(error, id))).into_response();
    for (name, value) in original.headers() {
        response
            .headers_mut()
            .entry(name)
            .or_insert_with(|| value.clone());
    }
    if let Some(after) = error.retry_after {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
    }
    response
}

/// The JSON body of an error.
pub fn body(error: &ApiError, id: &str) -> ErrorBody {
    let meta = error.code.is_integration_error().then(|| ErrorMeta {
        is_integration_error: true,
        message: error.message.clone(),
        code: error.code.as_str().to_owned(),
    });
    ErrorBody {
        message: error.message.clone(),
        code: error.code.as_str().to_owned(),
        status: error.status().as_u16(),
        request_id: id.to_owned(),
        retry_after_ms: error
            .retry_after
            .and_then(|after| u64::try_from(after.as_millis()).ok()),
        details: error.faults.clone(),
        provider: error.provider.as_deref().cloned(),
        meta,
    }
}

/// Answer for a handler that panicked: the request fails, the gateway goes on.
pub fn panicked(_payload: Box<dyn std::any::Any + Send>) -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response
        .extensions_mut()
        .insert(ApiError::internal("a handler panicked"));
    response
}
