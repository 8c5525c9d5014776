//! The authenticated caller of a project's route.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::project::ProjectInPath;
use crate::error::{ApiError, ApiResult};
use crate::identity::TokenError;
use crate::identity::caller::Caller;
use crate::projects::Project;
use crate::signing_keys;
use crate::signing_keys::in_force::refused;
use crate::state::App;

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let ProjectInPath(project) = ProjectInPath::from_request_parts(parts, app).await?;
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let (scheme, token) = header
            .and_then(|value| value.split_once(' '))
            .ok_or_else(|| refused(&TokenError::Missing))?;
        if scheme.eq_ignore_ascii_case("basic") {
            return Err(refused(&TokenError::Basic));
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(refused(&TokenError::Missing));
        }
        authenticate(app, project, token.trim()).await
    }
}

/// Verifies a user token for a project, and counts the request for its user.
///
/// # Errors
/// Those of the token; `RateLimited`.
pub async fn authenticate(app: &App, project: Arc<Project>, token: &str) -> ApiResult<Caller> {
    let user = signing_keys::in_force::verify(app, &project, token).await?;
    app.limits.request(&project.id, &user)?;
    Ok(Caller::verified(project, user))
}
