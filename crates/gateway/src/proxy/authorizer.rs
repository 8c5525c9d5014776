//! What the proxy needs to know of credentials.

use async_trait::async_trait;
use http::HeaderValue;

use crate::error::ApiResult;

/// One credential, as the source of `Authorization` values.
#[async_trait]
pub trait Authorizer: Send + Sync {
    /// The present value (`Bearer …`, `Basic …`), renewed beforehand when it is about to expire.
    ///
    /// # Errors
    /// What the caller is told when there is none.
    async fn authorization(&self) -> ApiResult<HeaderValue>;

    /// A value that is not `rejected`, which the provider refused.
    ///
    /// Any number of callers may ask at once; one renewal serves them all. A credential that cannot be renewed (a
    /// personal access token) gives `rejected` back.
    ///
    /// # Errors
    /// What the caller is told when renewing fails; a dead grant has then been marked by the implementation.
    async fn renew(&self, rejected: &HeaderValue) -> ApiResult<HeaderValue>;

    /// Marks the credential: the provider refused `rejected` though it is as new as can be.
    ///
    /// Does nothing when the credential has another value by now, since the user connected again meanwhile.
    async fn needs_reconnect(&self, rejected: &HeaderValue);
}
