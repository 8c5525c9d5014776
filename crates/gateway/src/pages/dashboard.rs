//! `/dashboard` and its API.

use axum::response::Response;

use super::files::{Framing, page};

/// `GET /dashboard` and what is below it: the page, which reads the path itself.
pub async fn show() -> Response {
    page("dashboard.html", &Framing::Nobody)
}
