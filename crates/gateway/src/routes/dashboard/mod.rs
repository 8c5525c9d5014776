//! `/dashboard` and its API.

pub mod audit;
pub mod integration;
pub mod operators;
pub mod projects;
pub mod session;

use axum::response::Response;

use crate::pages::{Framing, page};

/// `GET /dashboard` and what is below it: the page, which reads the path itself.
pub async fn show() -> Response {
    page("dashboard.html", &Framing::Nobody)
}
