//! The authenticated caller of a project's route.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use http::header::AUTHORIZATION;
use http::request::Parts;
use paragon_wire::ErrorCode;

use crate::app::App;
use crate::caller::Caller;
use crate::error::{ApiError, ApiResult};
use crate::identity::TokenError;
use crate::project::Project;
use crate::service::signing_keys::{self, refused};

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let project = project(parts, app).await?;
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = header
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let (_, token) = token.ok_or_else(|| refused(&TokenError::Missing))?;
        authenticate(app, project, token.trim()).await
    }
}

async fn project(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Arc<Project>> {
    let Path(params) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
        .await
        .map_err(|_| ApiError::invalid("the path has bytes that are not UTF-8"))?;
    let id = params.get("project").map_or("", String::as_str);
    app.projects.get(id).cloned().ok_or_else(|| {
        ApiError::new(
            ErrorCode::ProjectNotFound,
            format!("there is no project `{}`", id.escape_debug()),
        )
    })
}

/// Verifies a user token for a project.
pub async fn authenticate(app: &App, project: Arc<Project>, token: &str) -> ApiResult<Caller> {
    let user = signing_keys::verify(app, &project, token).await?;
    Ok(Caller { project, user })
}
