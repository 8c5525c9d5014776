//! Pages and files.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::{HeaderMap, Method, Uri};
use paragon_wire::ErrorCode;
use serde::Deserialize;

use crate::app::App;
use crate::error::ApiError;
use crate::pages::{Framing, asset, page};
use crate::project::Project;

/// Query of the portal.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PortalQuery {
    project_id: Option<String>,
}

/// `GET /ui`: the Connect Portal, for frames in pages of allowed origins.
///
/// The client does not always know its project when it makes the frame, and names none; then the origins of all
/// projects may. One that does not exist has none.
pub async fn portal(State(app): State<Arc<App>>, Query(query): Query<PortalQuery>) -> Response {
    let named = query.project_id.as_deref().filter(|id| !id.is_empty());
    let projects = app.projects.iter();
    let projects = projects.filter(|project| named.is_none_or(|id| project.id == id));
    let mut sources = vec!["'self'".to_owned()];
    sources.extend(projects.flat_map(|project| frame_sources(project)));
    sources.dedup();
    page("portal.html", &Framing::Sources(sources.join(" ")))
}

fn frame_sources(project: &Project) -> impl Iterator<Item = String> + '_ {
    let local: &[&str] = if project.allow_localhost {
        &[
            "http://localhost:*",
            "http://127.0.0.1:*",
            "https://localhost:*",
            "http://*.localhost:*",
        ]
    } else {
        &[]
    };
    project
        .allowed_origins
        .iter()
        .cloned()
        .chain(local.iter().map(|source| (*source).to_owned()))
}

/// `GET /`: the demo app in development, else what this server is.
pub async fn home(State(app): State<Arc<App>>) -> Response {
    if app.demo.is_some() {
        return page("demo.html", &Framing::Nobody);
    }
    Redirect::temporary("/healthz").into_response()
}

/// Any other path: a built file, or 404.
pub async fn fallback(uri: Uri, headers: HeaderMap) -> Response {
    asset(uri.path(), &headers)
}

/// A route of a project that this version does not have.
pub async fn unknown(method: Method, uri: Uri) -> ApiError {
    let path: String = uri.path().chars().take(200).collect();
    ApiError::new(
        ErrorCode::RouteNotFound,
        format!(
            "this gateway has no route `{method} {}`",
            path.escape_debug()
        ),
    )
}
