//! `ApiError`: the one error the HTTP layer knows, and how it becomes a response.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use paragon_wire::{ErrorCode, ErrorDetail, ProviderError};

/// An error to be shown to the caller.
///
/// The body is rendered by [`crate::http::request_id::layer`], which knows the request id.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// Code, which also decides the status.
    pub code: ErrorCode,
    /// What was wrong, where, and what would be right; no secrets.
    pub message: String,
    /// When to try again.
    pub retry_after: Option<Duration>,
    /// Each fault of the input.
    pub faults: Vec<ErrorDetail>,
    /// What the provider said.
    pub provider: Option<Box<ProviderError>>,
    /// Whether a change that was asked for may have been made all the same.
    pub is_in_doubt: bool,
    /// Page on which somebody can change what led to the error.
    pub link: Option<Box<url::Url>>,
    /// For the log only: the cause, never shown to the caller.
    pub detail: Option<String>,
}

/// Result of everything that can end in an [`ApiError`].
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// An error with `code` that says `message`.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retry_after: None,
            faults: Vec::new(),
            provider: None,
            is_in_doubt: false,
            link: None,
            detail: None,
        }
    }

    /// The request is not of the form it must have.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidRequest, message)
    }

    /// The request's body has these faults; the message tells of all of them.
    pub fn faulty(faults: Vec<ErrorDetail>) -> Self {
        let lines = faults
            .iter()
            .map(|fault| format!("{} {}", fault.path, fault.message));
        let lines: Vec<_> = lines.collect();
        Self {
            faults,
            ..Self::invalid(format!("the request body is invalid: {}", lines.join("; ")))
        }
    }

    /// The gateway failed; `detail` goes to the log.
    pub fn internal(detail: impl fmt::Display) -> Self {
        Self::new(
            ErrorCode::Internal,
            "internal error, the log has details under the request ID",
        )
        .with_detail(detail)
    }

    /// Adds what only the log may know.
    #[must_use]
    pub fn with_detail(mut self, detail: impl fmt::Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// Adds an error that only the log may know, with all that caused it.
    #[must_use]
    pub fn with_cause(self, cause: impl Error) -> Self {
        self.with_detail(chain(&cause))
    }

    /// Everything there is to say, for the log alone: code, message, and the detail where there is one.
    pub fn in_full(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{self}: {detail}"),
            None => self.to_string(),
        }
    }

    /// Adds what the provider said.
    #[must_use]
    pub fn with_provider(mut self, provider: ProviderError) -> Self {
        self.provider = Some(Box::new(provider));
        self
    }

    /// Adds the page on which somebody can change what led to the error.
    #[must_use]
    pub fn with_link(mut self, link: Option<url::Url>) -> Self {
        self.link = link.map(Box::new);
        self
    }

    /// Adds when to try again.
    #[must_use]
    pub fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.retry_after = retry_after;
        self
    }

    /// HTTP status of the answer.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.as_str(), self.message)
    }
}

impl Error for ApiError {}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        // A row that cannot be read stays so.
        if matches!(error, sqlx::Error::ColumnDecode { .. }) {
            return Self::internal(chain(&error));
        }
        Self::new(
            ErrorCode::StorageUnavailable,
            "the database is unavailable, try again shortly",
        )
        .with_cause(error)
        .with_retry_after(Some(Duration::from_secs(2)))
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(format_args!("json: {error}"))
    }
}

/// What an error says and what its causes say: of itself, an error often says only which step failed. A cause whose words the
/// one above it has already is not repeated.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(present) = cause {
        let words = present.to_string();
        if !text.ends_with(&words) {
            text = format!("{text}: {words}");
        }
        cause = present.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("it cannot be sent")]
    struct Outer(#[source] Middle);
    #[derive(Debug, thiserror::Error)]
    #[error("no connection: {0}")]
    struct Middle(#[source] std::io::Error);

    #[test]
    fn causes_are_told_once_each() {
        let refused = std::io::Error::other("refused by 10.0.0.1");
        let error = ApiError::invalid("try later").with_cause(Outer(Middle(refused)));
        assert_eq!(
            error.in_full(),
            "invalid_request: try later: it cannot be sent: no connection: refused by 10.0.0.1"
        );
    }

    #[test]
    fn an_error_without_detail_is_told_as_well() {
        let error = ApiError::invalid("no organization is named");
        assert_eq!(error.in_full(), "invalid_request: no organization is named");
    }
}
