//! The page at `/`: what the simulator is, its accounts and its knobs.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::directory::Person;
use super::entra::page_headers;
use super::{Shared, admin};

/// The page.
#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    base: String,
    people: Vec<Person>,
    organizations: Vec<OrganizationRow>,
    knobs: &'static [(&'static str, &'static str)],
}

struct OrganizationRow {
    name: String,
    projects: String,
    items: usize,
    pats: Vec<(String, String)>,
}

/// `GET /`
pub(crate) async fn show(State(inner): State<Shared>) -> Response {
    let page = {
        let state = inner.read();
        let organizations = state
            .organizations
            .values()
            .map(|organization| OrganizationRow {
                name: organization.name.clone(),
                projects: organization
                    .projects
                    .iter()
                    .map(|project| project.name.clone())
                    .collect::<Vec<_>>()
                    .join(", "),
                items: organization.items.len(),
                pats: organization
                    .pats
                    .iter()
                    .map(|pat| (pat.label.clone(), pat.token.clone()))
                    .collect(),
            });
        HomePage {
            base: inner
                .config
                .base_url
                .as_str()
                .trim_end_matches('/')
                .to_owned(),
            people: state.people.clone(),
            organizations: organizations.collect(),
            knobs: admin::KNOBS,
        }
    };
    match page.render() {
        Ok(html) => (page_headers(false), html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `GET /_sandbox/style.css`
pub(crate) async fn style() -> Response {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("templates/style.css"),
    )
        .into_response()
}

/// `GET /_sandbox/form-post.js`
pub(crate) async fn form_post_script() -> Response {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("templates/form-post.js"),
    )
        .into_response()
}
