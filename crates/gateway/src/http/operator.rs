//! The operator who is signed in, by the session's cookie.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum_extra::extract::CookieJar;
use http::request::Parts;
use paragon_wire::ErrorCode;

use crate::error::ApiError;
use crate::operators::Operator;
use crate::operators::sessions;
use crate::state::App;

/// The id of the browser's session, if it sends one; nothing says that the session is live.
pub fn session_id(app: &App, jar: &CookieJar) -> Option<String> {
    jar.get(&app.cookies.operator_name())
        .map(|cookie| cookie.value().to_owned())
}

/// The browser's device cookie, if it sends one; nothing says whose it is.
pub fn device(app: &App, jar: &CookieJar) -> Option<String> {
    jar.get(&app.cookies.operator_device_name())
        .map(|cookie| cookie.value().to_owned())
}

impl FromRequestParts<Arc<App>> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let jar = CookieJar::from_headers(&parts.headers);
        let found = match session_id(app, &jar) {
            Some(id) => sessions::operator(app, &id).await?,
            None => None,
        };
        found.ok_or_else(|| {
            ApiError::new(
                ErrorCode::SignInRequired,
                "you are not signed in, or the session has expired; sign in to the dashboard",
            )
        })
    }
}
