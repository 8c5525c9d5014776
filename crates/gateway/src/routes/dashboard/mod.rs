//! `/dashboard` and its API.

pub mod audit;
pub mod integration;
pub mod operators;
pub mod overview;
pub mod projects;
pub mod runs;
pub mod session;
pub mod sign_in;
pub mod signing_keys;
pub mod users;
pub mod workflows;

use std::sync::Arc;

use axum::response::Response;
use paragon_wire::ErrorCode;

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::pages::{Framing, page};
use crate::project::Project;

/// `GET /dashboard` and what is below it: the page, which reads the path itself.
pub async fn show() -> Response {
    page("dashboard.html", &Framing::Nobody)
}

/// The project that a path names.
fn find_project(app: &App, id: &str) -> ApiResult<Arc<Project>> {
    app.projects.get(id).cloned().ok_or_else(|| {
        let message = format!("there is no project `{}`", id.escape_debug());
        ApiError::new(ErrorCode::ProjectNotFound, message)
    })
}
