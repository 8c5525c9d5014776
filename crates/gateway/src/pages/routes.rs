//! Pages and files.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header::REFERER;
use http::{HeaderMap, Method, Uri};
use paragon_wire::ErrorCode;
use serde::Deserialize;
use url::Url;

use super::files::{Framing, asset, page};
use crate::error::ApiError;
use crate::http::query::QueryOf;
use crate::projects::Project;
use crate::state::App;

/// Query of the portal.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PortalQuery {
    project_id: Option<String>,
}

/// `GET /ui`: the Connect Portal, for frames in pages of allowed origins.
///
/// A client that makes the frame before anybody signs in knows no project and names none. Then the page that the frame is
/// in may show it if any project allows its origin; no other origin is told. A project that does not exist has none.
pub async fn portal(
    State(app): State<Arc<App>>,
    QueryOf(query): QueryOf<PortalQuery>,
    headers: HeaderMap,
) -> Response {
    let mut sources = vec!["'self'".to_owned()];
    match query.project_id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => sources.extend(app.projects.get(id).into_iter().flat_map(frame_sources)),
        None => sources.extend(unnamed_sources(&app, &headers)),
    }
    page("portal.html", &Framing::Sources(sources.join(" ")))
}

/// The origins of the only project, or the one that the request comes from. A forged `Referer` gives nothing: the browser
/// compares the sources with the pages that the frame is in.
fn unnamed_sources(app: &App, headers: &HeaderMap) -> Vec<String> {
    let mut projects = app.projects.iter();
    if let (Some(only), None) = (projects.next(), projects.next()) {
        return frame_sources(only).collect();
    }
    let referrer = headers.get(REFERER).and_then(|value| value.to_str().ok());
    let origin = referrer
        .and_then(|referrer| Url::parse(referrer).ok())
        .map(|url| url.origin().ascii_serialization());
    let mut projects = app.projects.iter();
    // Names below `localhost` may have what ends a source in a policy.
    let is_one_source = |origin: &String| !origin.contains([';', ',']);
    let is_allowed = |origin: &String| projects.any(|project| project.allows_origin(origin));
    origin
        .filter(is_one_source)
        .filter(is_allowed)
        .into_iter()
        .collect()
}

fn frame_sources(project: &Arc<Project>) -> impl Iterator<Item = String> + '_ {
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
