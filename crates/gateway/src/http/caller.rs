//! The authenticated caller of a project's route.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::app::App;
use crate::caller::Caller;
use crate::error::{ApiError, ApiResult};
use crate::http::project::ProjectInPath;
use crate::identity::TokenError;
use crate::project::Project;
use crate::service::signing_keys::{self, refused};

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
    let user = signing_keys::verify(app, &project, token).await?;
    app.limits.request(&project.id, &user)?;
    Ok(Caller { project, user })
}
