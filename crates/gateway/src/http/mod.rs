//! What every route shares: request ids, errors as JSON, CORS, the caller's identity, cookies.

pub mod caller;
pub mod cookie;
pub mod cors;
pub mod json;
pub mod request_id;

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;

/// `Retry-After` in seconds (RFC 9110, 10.2.3); the date form is ignored, Microsoft sends seconds.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}
