//! The page at `/`: what the simulator is, its accounts and its knobs.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::directory::Person;
use super::entra::page_headers;

/// The control API in words, shown on the human page.
const KNOBS: &[(&str, &str)] = &[
    (
        "GET /_sandbox/state",
        "Accounts, organizations, apps, personal access tokens, knobs",
    ),
    (
        "GET /_sandbox/requests",
        "Requests so far and their counts per endpoint",
    ),
    ("DELETE /_sandbox/requests", "Forgets them"),
    (
        "PATCH /_sandbox/settings {\"openerPolicy\", \"accessTokenLifetimeSeconds\", \"delayMs\"}",
        "Changes one or more settings",
    ),
    (
        "POST /_sandbox/token-errors {\"code\": 700082, \"times\", \"grantType\", \"status\", \"retryAfterSeconds\", \"claims\"}",
        "The next token answers are this AADSTS error",
    ),
    (
        "POST /_sandbox/authorize-errors {\"code\": 65004, \"times\"}",
        "The next sign-ins come back with this error",
    ),
    (
        "POST /_sandbox/answers {\"face\": \"signInPage\", \"times\", \"retryAfterSeconds\"}",
        "The next Azure DevOps answers are: signInPage, unauthorized, challenges, redirect, notPermitted, insufficientClaims, throttled, throttledText, delayed, stopped, serverError, bindingError, answerLost, answerHeld",
    ),
    (
        "POST /_sandbox/throttle {\"times\": 2, \"retryAfterSeconds\": 1}",
        "The next Azure DevOps calls are answered 429",
    ),
    (
        "POST /_sandbox/users/{key}/expire {}",
        "Access tokens of a person expire now",
    ),
    (
        "POST /_sandbox/users/{key}/revoke {}",
        "Access and refresh tokens and sessions of a person are revoked",
    ),
    (
        "POST /_sandbox/users/{key}/forget-consent {}",
        "Consents of a person are forgotten",
    ),
    (
        "POST /_sandbox/clock {\"advanceSeconds\": 3600}",
        "The simulator's clock moves forward",
    ),
    (
        "POST /_sandbox/hooks/redeliver {}",
        "Everything that was delivered to service hooks is delivered once more",
    ),
    ("POST /_sandbox/reset {}", "Back to the seeded state"),
];

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
            knobs: KNOBS,
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
