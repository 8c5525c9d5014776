//! `/dashboard/api/projects`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::ApiResult;
use crate::operators::{Operator, Right};
use crate::state::App;

/// The gateway's projects, by name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProjectList {
    projects: Vec<ListedProject>,
}

/// A project of the gateway.
#[derive(Debug, Serialize, JsonSchema)]
struct ListedProject {
    id: String,
    /// Name shown to the app's users.
    name: String,
}

/// `GET`: the gateway's projects, by name.
pub async fn list(State(app): State<Arc<App>>, operator: Operator) -> ApiResult<Json<ProjectList>> {
    operator.require(Right::Read)?;
    let mut projects: Vec<_> = app.projects.iter().collect();
    projects.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    let listed = projects.into_iter().map(|project| ListedProject {
        id: project.id.clone(),
        name: project.name.clone(),
    });
    Ok(Json(ProjectList {
        projects: listed.collect(),
    }))
}
