//! `/dashboard/api/projects`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::error::ApiResult;
use crate::operators::{Operator, Right};
use crate::state::App;

/// `GET`: the gateway's projects, by name.
pub async fn list(State(app): State<Arc<App>>, operator: Operator) -> ApiResult<Json<Value>> {
    operator.require(Right::Read)?;
    let mut projects: Vec<_> = app.projects.iter().collect();
    projects.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    let projects: Vec<Value> = projects
        .iter()
        .map(|project| json!({ "id": project.id, "name": project.name }))
        .collect();
    Ok(Json(json!({ "projects": projects })))
}
