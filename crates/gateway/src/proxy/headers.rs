//! Which headers pass, in both directions.
//!
//! An allow list each. Towards the provider, because every proxy on the way believes headers of its own about who
//! called (`X-ARR-ClientCert`, `Client-IP`, `X-Azure-ClientIP`), and nobody knows them all. Towards the browser, because
//! the provider's headers would otherwise act on the gateway's origin.

use std::time::Duration;

use http::header::{
    self, ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_TYPE, DATE, HeaderMap,
    HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT,
};

/// `User-Agent` of every call to a provider.
pub const GATEWAY_AGENT: &str = concat!("paragon-gateway/", env!("CARGO_PKG_VERSION"));
/// Asks Azure DevOps for 401 in place of a redirect to a sign-in page.
pub const FED_AUTH_REDIRECT: HeaderName = HeaderName::from_static("x-tfs-fedauthredirect");

/// Request headers that pass; all others stop here.
///
/// What a body is, which form of an answer is wanted, conditions, ranges, pages of results, and what Microsoft's own
/// clients send beside them to correlate calls or to keep sign-in pages away. In none of them can a caller name a
/// client, a certificate, a host, a path, another method or another user.
///
/// Source: `azure-devops-node-api`, `azure-devops` for Python, the REST reference of Azure DevOps Services.
const REQUEST_KEPT: &[&str] = &[
    "accept",
    "accept-language",
    "content-encoding",
    "content-range",
    "content-type",
    // Dashboards and wiki pages are changed with one of these two.
    "etag",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    // Analytics speaks OData.
    "odata-maxversion",
    "odata-version",
    "prefer",
    "range",
    "x-ms-continuationtoken",
    "x-tfs-session",
    "x-vss-e2eid",
    "x-vss-forcemsapassthrough",
    "x-vss-reauthenticationaction",
];

/// Response headers that pass; all others stop here.
const RESPONSE_KEPT: &[&str] = &[
    "accept-ranges",
    "activityid",
    "allow",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-range",
    "content-type",
    "etag",
    "last-modified",
    "retry-after",
    "vary",
    "x-ms-continuationtoken",
];
const RESPONSE_KEPT_PREFIX: &str = "x-ratelimit-";

/// Headers of the request to the provider, but for `Authorization`.
///
/// `automatic_content_type` is used for a body whose type is absent or `auto`; `None` says that there is no body.
pub fn request_headers(
    caller: &HeaderMap,
    automatic_content_type: Option<&'static str>,
) -> HeaderMap {
    let named = named_by_connection(caller);
    let passes = |name: &HeaderName| {
        REQUEST_KEPT.contains(&name.as_str())
            && !named.iter().any(|dropped| dropped == name.as_str())
    };
    let kept = caller.iter().filter(|(name, _)| passes(name));
    let mut headers: HeaderMap = kept
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    set_content_type(&mut headers, automatic_content_type);
    headers
        .entry(ACCEPT)
        .or_insert(HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(USER_AGENT, HeaderValue::from_static(GATEWAY_AGENT));
    headers.insert(FED_AUTH_REDIRECT, HeaderValue::from_static("Suppress"));
    headers
}

/// Puts the provider's credential into `headers`, marked so that it is not logged or indexed by HTTP/2.
pub fn set_authorization(headers: &mut HeaderMap, authorization: &HeaderValue) {
    let mut authorization = authorization.clone();
    authorization.set_sensitive(true);
    headers.insert(AUTHORIZATION, authorization);
}

/// Headers of the answer to the caller.
///
/// `location` turns the provider's URL into one of the gateway's; without one the header is dropped.
pub fn response_headers(
    provider: &HeaderMap,
    location: impl Fn(&str) -> Option<String>,
) -> HeaderMap {
    let named = named_by_connection(provider);
    let passes = |name: &HeaderName| {
        let is_kept = RESPONSE_KEPT.contains(&name.as_str())
            || name.as_str().starts_with(RESPONSE_KEPT_PREFIX);
        is_kept && !named.iter().any(|dropped| dropped == name.as_str())
    };
    let kept = provider.iter().filter(|(name, _)| passes(name));
    let mut headers: HeaderMap = kept
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let url = provider
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
        .and_then(location);
    if let Some(url) = url.and_then(|url| HeaderValue::try_from(url).ok()) {
        headers.insert(header::LOCATION, url);
    }
    // What the provider sends is data: nothing of it may run as a page of the gateway's origin or stay in a cache.
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
}

/// Whether `content_type` is `application/json`, with any parameters.
pub fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// How long `Retry-After` asks to wait: a number of seconds, or a time, of which one that is past asks for nothing.
///
/// A time is compared with the answer's own `Date`: the clocks of the two sides may differ.
///
/// Source: RFC 9110, sections 10.2.3 and 5.6.7.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| Some(headers.get(name)?.to_str().ok()?.trim());
    let asked = text(RETRY_AFTER)?;
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    let now = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    let now = now.unwrap_or_else(|| jiff::Timestamp::now().into());
    Some(until.duration_since(now).unwrap_or_default())
}

/// Names that `Connection` declares hop-by-hop (RFC 9110, 7.6.1), in lower case.
fn named_by_connection(headers: &HeaderMap) -> Vec<String> {
    let values = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect()
}

fn set_content_type(headers: &mut HeaderMap, automatic: Option<&'static str>) {
    let present = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_auto = present.is_some_and(|value| value.trim_ascii().eq_ignore_ascii_case(b"auto"));
    match automatic {
        Some(automatic) if is_auto || present.is_none() => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(automatic));
        }
        None if is_auto => {
            headers.remove(CONTENT_TYPE);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
