//! Which headers pass, in both directions.

use std::time::Duration;

use http::header::{HeaderMap, HeaderName, RETRY_AFTER};

/// `User-Agent` of every call to a provider.
pub const GATEWAY_AGENT: &str = concat!("paragon-gateway/", env!("CARGO_PKG_VERSION"));
/// Asks Azure DevOps for 401 in place of a redirect to a sign-in page.
pub const FED_AUTH_REDIRECT: HeaderName = HeaderName::from_static("x-tfs-fedauthredirect");

/// Whether `content_type` is `application/json`, with any parameters.
pub fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// `Retry-After` in seconds; the form with a date is not read.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}
