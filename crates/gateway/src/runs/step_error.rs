//! What a failure of the gateway or of the provider means to a step.

use paragon_wire::ErrorCode;

use crate::error::ApiError;
use paragon_workflow::{Remedy, StepError};

/// The step error of an API error, with what may help.
pub fn step_error(error: &ApiError) -> StepError {
    let after_ms = error
        .retry_after
        .and_then(|time| u64::try_from(time.as_millis()).ok());
    let remedy = match error.code {
        ErrorCode::CredentialNeedsReconnect | ErrorCode::CredentialPending => Remedy::Reconnect,
        ErrorCode::ProviderThrottled | ErrorCode::StorageUnavailable => {
            Remedy::Throttled { after_ms }
        }
        ErrorCode::ProviderUnavailable
        | ErrorCode::ProviderUnreachable
        | ErrorCode::ProviderTimeout
        | ErrorCode::IntegrationMisconfigured
        | ErrorCode::Internal => Remedy::Retry { after_ms },
        _ => Remedy::None,
    };
    if let Some(detail) = &error.detail {
        tracing::warn!(code = error.code.as_str(), detail, "a step failed");
    }
    StepError {
        request_id: error
            .provider
            .as_ref()
            .and_then(|said| said.request_id.clone()),
        ..StepError::new(error.code.as_str(), error.message.clone()).with_remedy(remedy)
    }
}

/// The step error of a database that cannot be used.
pub fn storage(error: &sqlx::Error) -> StepError {
    tracing::error!(detail = %error, "the database cannot be used by a step");
    // Put off, not given up: it may be away for a while.
    StepError::new(StepError::STORAGE, "the database is unavailable")
        .with_remedy(Remedy::Throttled { after_ms: None })
}
