//! How the OAuth client's requests are sent, and what a failed one was.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::StatusCode;
use oauth2::{HttpRequest, HttpResponse, RequestTokenError};

use super::EntraError;
use super::client::TokenFailure;
use crate::error::chain;
use crate::json_input;

const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// No answer, or none that can be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("{0}")]
    Reqwest(#[from] reqwest::Error),
    #[error("{0}")]
    Http(#[from] http::Error),
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
}

/// Status and `Retry-After` of the last answer, which the OAuth library does not hand out.
pub(super) type Seen = Arc<Mutex<Option<(StatusCode, Option<Duration>)>>>;

/// What sends the OAuth library's requests, and what it notes.
pub(super) fn sender(
    http: &reqwest::Client,
) -> (
    Seen,
    impl Fn(HttpRequest) -> BoxFuture<'static, Result<HttpResponse, HttpError>> + use<>,
) {
    let seen = Seen::default();
    let (http, note) = (http.clone(), Arc::clone(&seen));
    let send = move |request: HttpRequest| -> BoxFuture<'static, _> {
        let (http, note) = (http.clone(), Arc::clone(&note));
        Box::pin(async move { send(&http, &note, request).await })
    };
    (seen, send)
}

/// Sends a request and notes status and `Retry-After` of the answer.
async fn send(
    http: &reqwest::Client,
    note: &Seen,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let (parts, body) = request.into_parts();
    let response = http
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body)
        .send()
        .await
        .map_err(reqwest::Error::without_url)?;
    let retry_after = crate::proxy::headers::retry_after(response.headers());
    if let Ok(mut note) = note.lock() {
        *note = Some((response.status(), retry_after));
    }
    let mut answer = http::Response::builder().status(response.status());
    if let Some(kind) = response.headers().get(http::header::CONTENT_TYPE) {
        answer = answer.header(http::header::CONTENT_TYPE, kind);
    }
    let body = read(response).await?;
    Ok(answer.body(json_input::readable(&body).into_owned())?)
}

/// The body of an answer, which must not be endless.
pub(super) async fn read(response: reqwest::Response) -> Result<Vec<u8>, HttpError> {
    read_limited(response, MAX_ANSWER_BYTES).await
}

/// The same, of `most` bytes: what is longer is never held.
pub(crate) async fn read_limited(
    mut response: reqwest::Response,
    most: usize,
) -> Result<Vec<u8>, HttpError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(reqwest::Error::without_url)?
    {
        if bytes.len() + chunk.len() > most {
            return Err(HttpError::TooLong(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What a failed token request was.
pub(super) fn failure(
    error: RequestTokenError<HttpError, EntraError>,
    seen: &Seen,
) -> TokenFailure {
    let seen = seen.lock().ok().and_then(|seen| *seen);
    let busy = seen.is_some_and(|(status, _)| {
        status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
    });
    let retry_after = seen.and_then(|(_, retry_after)| retry_after);
    match error {
        RequestTokenError::ServerResponse(error) if !busy => TokenFailure::Refused {
            error: Box::new(error),
        },
        RequestTokenError::ServerResponse(error) => TokenFailure::Unavailable {
            reason: error.to_string(),
            retry_after,
        },
        RequestTokenError::Request(error) => TokenFailure::Unavailable {
            reason: chain(&error),
            retry_after,
        },
        // The body of an answer that cannot be parsed may hold tokens: it goes nowhere.
        RequestTokenError::Parse(error, _) => TokenFailure::Unavailable {
            reason: format!("unreadable answer at `{}`", error.path()),
            retry_after,
        },
        RequestTokenError::Other(reason) => TokenFailure::Unavailable {
            reason,
            retry_after,
        },
    }
}
