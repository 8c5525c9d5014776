//! What the proxy needs to know of credentials.

use std::time::Duration;

use async_trait::async_trait;
use http::HeaderValue;
use paragon_wire::ErrorCode;

/// Why there is no `Authorization` value. The text goes to the caller: no secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct AuthorizationError {
    /// Code the caller sees.
    pub code: ErrorCode,
    /// What was wrong and what would be right.
    pub message: String,
    /// When trying again makes sense.
    pub retry_after: Option<Duration>,
}

/// One credential, as the source of `Authorization` values.
#[async_trait]
pub trait Authorizer: Send + Sync {
    /// The present value (`Bearer …`, `Basic …`), renewed beforehand when it is about to expire.
    ///
    /// # Errors
    /// [`AuthorizationError`] when there is none.
    async fn authorization(&self) -> Result<HeaderValue, AuthorizationError>;

    /// A value that is not `rejected`, which the provider refused.
    ///
    /// Any number of callers may ask at once; one renewal serves them all. A credential that cannot be renewed (a
    /// personal access token) gives `rejected` back.
    ///
    /// # Errors
    /// [`AuthorizationError`] when renewing fails; a dead grant has then been marked by the implementation.
    async fn renew(&self, rejected: &HeaderValue) -> Result<HeaderValue, AuthorizationError>;

    /// Marks the credential: the provider refused `rejected` though it is as new as can be.
    ///
    /// Does nothing when the credential has another value by now, since the user connected again meanwhile.
    async fn needs_reconnect(&self, rejected: &HeaderValue);
}
