//! The keys that user tokens of a project are verified with: those of the configuration file, and those that operators
//! added.

use crate::error::{ApiError, ApiResult};
use crate::identity::{self, Expectation, ProjectKeys, TokenError, UserId};
use crate::projects::Project;
use crate::state::App;
use paragon_wire::ErrorCode;

/// The user that a token speaks for.
///
/// # Errors
/// `TokenExpired`, `TokenInvalid`; `StorageUnavailable` when keys cannot be had now.
pub async fn verify(app: &App, project: &Project, token: &str) -> ApiResult<UserId> {
    let ProjectKeys { keys, missing } = keys_for(app, project, token).await?;
    let expected = Expectation {
        project: &project.id,
        audience: project.audience.as_deref(),
        now: app.clock.now(),
    };
    let verified = app.verified_tokens.verify(token, &keys, expected);
    verified.map_err(|error| match (&error, missing) {
        // It may be signed with a key that cannot be had now: nobody is signed out for that.
        (TokenError::UnknownKey | TokenError::Signature, Some(missing)) => ApiError::new(
            ErrorCode::StorageUnavailable,
            "the project's signing keys cannot be fetched",
        )
        .with_detail(missing),
        _ => refused(&error),
    })
}

/// The error for a token that is refused.
pub fn refused(error: &TokenError) -> ApiError {
    let code = if *error == TokenError::Expired {
        ErrorCode::TokenExpired
    } else {
        ErrorCode::TokenInvalid
    };
    ApiError::new(code, error.to_string())
}

async fn keys_for(app: &App, project: &Project, token: &str) -> ApiResult<ProjectKeys> {
    let kid = identity::key_id(token);
    let added = app.store.added_keys(&project.id).await?;
    Ok(app.jwks.keys(project, &added, kid.as_deref()).await)
}
