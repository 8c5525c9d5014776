//! The project that a path names.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use paragon_wire::ErrorCode;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::ApiError;
use crate::projects::Project;
use crate::state::App;

/// The project of a route with `{project}`.
#[derive(Debug)]
pub struct ProjectInPath(pub Arc<Project>);

/// What else a route with `{id}` names.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Named {
    /// The id, as the path writes it; unchecked.
    pub id: String,
}

impl FromRequestParts<Arc<App>> for ProjectInPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let Path(params) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(|_| ApiError::invalid("the path contains bytes that are not UTF-8"))?;
        let id = params.get("project").map_or("", String::as_str);
        let found = app.projects.get(id).cloned().map(Self);
        found.ok_or_else(|| {
            let message = format!("there is no project `{}`", id.escape_debug());
            ApiError::new(ErrorCode::ProjectNotFound, message)
        })
    }
}
