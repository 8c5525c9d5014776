//! Why the proxy gave no answer of the provider's.

use std::time::Duration;

use paragon_wire::ErrorCode;

use paragon_azure_devops::RoutingError;

use super::egress::EgressError;
use crate::error::ApiError;

/// Failures of the proxy itself; answers of the provider, also its errors, are passed on instead.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The path is refused; nothing was sent.
    #[error(transparent)]
    Path(#[from] RoutingError),
    /// The method is refused; nothing was sent.
    #[error("method `{method}` is not proxied; use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS")]
    Method {
        /// The caller's method.
        method: String,
    },
    /// The request body passes the limit.
    #[error("the request body is larger than {limit_bytes} bytes")]
    BodyTooLarge {
        /// Largest body taken.
        limit_bytes: u64,
    },
    /// The caller's body broke off or stood still.
    #[error("the request body did not arrive completely")]
    BodyIncomplete,
    /// There is no credential to send.
    #[error("{}", .0.message)]
    Authorization(ApiError),
    /// The provider refused the credential, also after renewing it.
    #[error("the provider no longer accepts the credential; the user must connect again")]
    CredentialNeedsReconnect,
    /// The provider accepts the credential, but not for this request.
    #[error(
        "the provider refuses this request although it accepts the credential: the account lacks a permission, or the operation does not support this kind of credential"
    )]
    RequestRefused,
    /// The provider refused the request, and did not say whether it still accepts the credential.
    #[error(
        "the provider refused the request, and whether it still accepts the credential is unknown; try again shortly"
    )]
    CredentialUnclear,
    /// The credential was renewed, but the body had been streamed and cannot be sent again.
    #[error("the access token was refreshed during the upload; send the request again")]
    SendAgain,
    /// The provider knows the user but does not let them in.
    #[error(
        "the provider denies this user access to the organization, or the organization does not allow this app"
    )]
    ProviderForbidden,
    /// A redirect, which is never followed.
    #[error("the provider answered with a redirect (status {status}), which is not followed")]
    ProviderRedirectRefused {
        /// Status of the answer.
        status: u16,
    },
    /// The provider took too long to answer.
    #[error("the provider timed out to answer")]
    ProviderTimeout,
    /// No connection, or it broke before the answer.
    #[error("the provider cannot be reached: {0}")]
    ProviderUnreachable(#[source] EgressError),
    /// A status that ends no HTTP exchange: 101, although no upgrade was asked for, or a number that HTTP does not have.
    #[error("the provider answered with status {status}, which is not a final response")]
    ProviderAnswerNotFinal {
        /// Status of the answer.
        status: u16,
    },
    /// An answer that must be rewritten cannot be read.
    #[error("the provider's answer cannot be read")]
    ProviderAnswerUnreadable,
}

impl ProxyError {
    /// The code the caller sees.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Path(_) => ErrorCode::ProxyPathRefused,
            Self::Method { .. } => ErrorCode::InvalidRequest,
            Self::BodyIncomplete => ErrorCode::BodyIncomplete,
            Self::BodyTooLarge { .. } => ErrorCode::BodyTooLarge,
            Self::Authorization(error) => error.code,
            Self::CredentialNeedsReconnect => ErrorCode::CredentialNeedsReconnect,
            Self::ProviderForbidden | Self::RequestRefused => ErrorCode::ProviderForbidden,
            Self::ProviderRedirectRefused { .. } => ErrorCode::ProviderRedirectRefused,
            Self::ProviderTimeout => ErrorCode::ProviderTimeout,
            Self::ProviderUnreachable(_) | Self::ProviderAnswerNotFinal { .. } => {
                ErrorCode::ProviderUnreachable
            }
            Self::SendAgain | Self::CredentialUnclear | Self::ProviderAnswerUnreadable => {
                ErrorCode::ProviderUnavailable
            }
        }
    }
}

impl From<ApiError> for ProxyError {
    fn from(error: ApiError) -> Self {
        Self::Authorization(error)
    }
}

impl From<ProxyError> for ApiError {
    fn from(error: ProxyError) -> Self {
        match error {
            ProxyError::Authorization(error) => error,
            ProxyError::SendAgain => told(&error).with_retry_after(Some(Duration::ZERO)),
            _ => told(&error),
        }
    }
}

/// The failure in its own words, with its causes for the log.
fn told(error: &ProxyError) -> ApiError {
    ApiError::new(error.code(), error.to_string()).with_cause(error)
}

impl From<EgressError> for ProxyError {
    fn from(error: EgressError) -> Self {
        match error {
            EgressError::Timeout => Self::ProviderTimeout,
            EgressError::TooLarge { .. } => Self::ProviderAnswerUnreadable,
            other => Self::ProviderUnreachable(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_its_code() {
        let authorization = ApiError::new(ErrorCode::CredentialPending, "not set up")
            .with_retry_after(Some(Duration::from_secs(3)));
        let passed_on = ApiError::from(ProxyError::from(authorization.clone()));
        assert_eq!(passed_on.code, ErrorCode::CredentialPending);
        assert_eq!(passed_on.retry_after, Some(Duration::from_secs(3)));
        let refused = EgressError::AddressRefused {
            host: "x".to_owned(),
        };
        let cases = [
            (
                ProxyError::Path(RoutingError::Backslash),
                ErrorCode::ProxyPathRefused,
            ),
            (
                ProxyError::Method {
                    method: "TRACE".to_owned(),
                },
                ErrorCode::InvalidRequest,
            ),
            (
                ProxyError::BodyTooLarge { limit_bytes: 1 },
                ErrorCode::BodyTooLarge,
            ),
            (ProxyError::BodyIncomplete, ErrorCode::BodyIncomplete),
            (
                ProxyError::Authorization(authorization),
                ErrorCode::CredentialPending,
            ),
            (
                ProxyError::CredentialNeedsReconnect,
                ErrorCode::CredentialNeedsReconnect,
            ),
            (ProxyError::SendAgain, ErrorCode::ProviderUnavailable),
            (ProxyError::ProviderForbidden, ErrorCode::ProviderForbidden),
            (ProxyError::RequestRefused, ErrorCode::ProviderForbidden),
            (
                ProxyError::CredentialUnclear,
                ErrorCode::ProviderUnavailable,
            ),
            (
                ProxyError::ProviderRedirectRefused { status: 302 },
                ErrorCode::ProviderRedirectRefused,
            ),
            (
                ProxyError::from(EgressError::Timeout),
                ErrorCode::ProviderTimeout,
            ),
            (ProxyError::from(refused), ErrorCode::ProviderUnreachable),
            (
                ProxyError::from(EgressError::TooLarge { limit_bytes: 1 }),
                ErrorCode::ProviderUnavailable,
            ),
            (
                ProxyError::ProviderAnswerUnreadable,
                ErrorCode::ProviderUnavailable,
            ),
            (
                ProxyError::ProviderAnswerNotFinal { status: 101 },
                ErrorCode::ProviderUnreachable,
            ),
        ];
        for (error, code) in cases {
            assert_eq!(error.code(), code, "{error}");
        }
    }
}
