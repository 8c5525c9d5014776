//! Whether a credential whose request was refused still works: asked with a cheap call of the gateway's own.
//!
//! Azure DevOps answers some operations with a page by design (a build report) and refuses some for reasons that have
//! nothing to do with the token. An account that works must not be marked dead for that.

use http::HeaderValue;

use crate::azure_devops::{ApiCallError, ApiCaller, discovery};

use super::forward::ProxyContext;

/// What the cheap call was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The credential is known, though it may be let in nowhere.
    Good,
    /// The credential is refused here, too.
    Refused,
    /// No answer that says either.
    Unknown,
}

/// Asks for the credential with this `Authorization` value.
pub(super) async fn standing(context: &ProxyContext<'_>, authorization: &HeaderValue) -> Standing {
    let caller = ApiCaller {
        client: context.client,
        hosts: context.hosts,
        authorization,
    };
    match discovery::verify(caller, context.organization).await {
        Ok(())
        | Err(
            ApiCallError::NotPermitted | ApiCallError::ConditionalAccess | ApiCallError::NotFound,
        ) => Standing::Good,
        Err(ApiCallError::Unauthenticated) => Standing::Refused,
        Err(
            ApiCallError::Unavailable { .. }
            | ApiCallError::Unexpected { .. }
            | ApiCallError::HostClosed { .. }
            | ApiCallError::Egress(_),
        ) => Standing::Unknown,
    }
}
