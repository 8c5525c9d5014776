//! The keys that user tokens of a project are verified with: those of the configuration file, and those that operators
//! added.

use paragon_wire::ErrorCode;
use url::Url;

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::identity::{
    self, Expectation, KeySource, ProjectKeys, TokenError, UserId, VerifyingKey,
};
use crate::project::Project;
use crate::store::SigningKeyRow;

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
    identity::verify(token, &keys, expected).map_err(|error| match (&error, missing) {
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
    let rows = app.store.signing_keys(&project.id).await?;
    let added: Vec<KeySource> = rows.iter().filter_map(source).collect();
    Ok(app.jwks.keys(project, &added, kid.as_deref()).await)
}

/// A key that was right when it was added.
fn source(row: &SigningKeyRow) -> Option<KeySource> {
    match (&row.public_key, &row.jwks_url) {
        (Some(pem), _) => VerifyingKey::from_pem(pem)
            .ok()
            .map(|key| KeySource::Fixed(vec![key])),
        (None, Some(url)) => Url::parse(url).ok().map(KeySource::Jwks),
        (None, None) => None,
    }
}
