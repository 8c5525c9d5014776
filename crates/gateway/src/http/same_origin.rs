//! The dashboard's API is for the gateway's own pages: a request that changes something must come from one of them.
//!
//! A browser says where a request comes from in `Sec-Fetch-Site` and `Origin`, and no page can change these. A form of
//! another site cannot send JSON. Beside them stands the session cookie's `SameSite=Strict`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use paragon_wire::ErrorCode;

use crate::error::{ApiError, ApiResult};
use crate::state::App;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Middleware around `/dashboard/api`.
pub async fn layer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let checked = if changes {
        check(&app.public_origin(), request.headers())
    } else {
        Ok(())
    };
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// What the browser says of a request's origin must be `own`, and it must say something.
fn check(own: &str, headers: &HeaderMap) -> ApiResult<()> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let (site, origin) = (text("sec-fetch-site"), text(ORIGIN.as_str()));
    let is_own = match (site, origin) {
        (None, None) => false,
        (site, origin) => {
            site.is_none_or(|site| site == "same-origin")
                && origin.is_none_or(|origin| origin == own)
        }
    };
    if !is_own {
        let message = format!(
            "only the dashboard's own pages can send this request: open the dashboard at {own}, the gateway's `public_url`"
        );
        return Err(ApiError::new(ErrorCode::OriginNotAllowed, message));
    }
    let kind = text(CONTENT_TYPE.as_str()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(ApiError::invalid(
        "`content-type` must be `application/json` for every change, even without a body",
    ))
}
