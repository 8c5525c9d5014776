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

use axum::response::Response;

use crate::pages::{Framing, page};

/// `GET /dashboard` and what is below it: the page, which reads the path itself.
pub async fn show() -> Response {
    page("dashboard.html", &Framing::Nobody)
}
