//! The built pages, embedded in the binary (read from disk in debug builds), and the headers they are served with.

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    REFERRER_POLICY, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use paragon_wire::ErrorCode;

use crate::connect::PageData;
use crate::error::ApiError;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../www/dist"]
#[allow_missing = true]
struct Built;

/// Content codings of the files that the build compresses, best first, each with the ending of its files.
const CODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];
const PLACEHOLDER: &str = "<!--page-data-->";
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'";

/// Who may show a page in a frame.
#[derive(Debug, Clone)]
pub enum Framing {
    /// Nobody.
    Nobody,
    /// Pages of these sources (CSP source expressions).
    Sources(String),
}

/// A page of the gateway.
pub fn page(file: &str, framing: &Framing) -> Response {
    match text(file) {
        Some(html) => html_response(html, framing),
        None => not_built(),
    }
}

/// The popup's page with its data.
pub fn popup(data: &PageData, status: StatusCode) -> Response {
    let (Some(html), Ok(json)) = (text("connect.html"), serde_json::to_string(data)) else {
        return not_built();
    };
    // Inside a script element only `<` can end it; U+2028 and U+2029 are legal in JSON.
    let json = json.replace('<', "\\u003c");
    let element = format!("<script type=\"application/json\" id=\"page-data\">{json}</script>");
    let mut response = html_response(html.replacen(PLACEHOLDER, &element, 1), &Framing::Nobody);
    *response.status_mut() = status;
    response
}

/// The popup's page about an error, with its status and when to try again.
pub fn popup_error(error: &ApiError) -> Response {
    let mut response = popup(&PageData::error(error, None), error.status());
    if let Some(after) = error.retry_after {
        let seconds = HeaderValue::from(after.as_secs().max(1));
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

/// A file beside the pages, compressed if `request` accepts that. The build puts a hash of their content into the names of
/// those under `assets/`. Pages are never compressed: some have data of a user in them.
pub fn asset(path: &str, request: &HeaderMap) -> Response {
    let path = path.trim_start_matches('/');
    let is_internal = std::path::Path::new(path)
        .extension()
        .is_some_and(|extension| {
            ["html", "br", "gz"]
                .iter()
                .any(|internal| extension.eq_ignore_ascii_case(internal))
        });
    let Some(file) = Built::get(path).filter(|_| !is_internal) else {
        return ApiError::new(ErrorCode::RouteNotFound, "route not found").into_response();
    };
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    let kind = HeaderValue::from_str(file.metadata.mimetype())
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, HeaderValue::from_static(cache)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (RESOURCE_POLICY, HeaderValue::from_static("cross-origin")),
    ];
    let packed = CODINGS
        .into_iter()
        .filter(|(coding, _)| accepts(request, coding))
        .find_map(|(coding, ending)| Some((coding, Built::get(&format!("{path}.{ending}"))?)));
    let (coding, data) = match packed {
        Some((coding, packed)) => (Some(coding), packed.data),
        None => (None, file.data),
    };
    let mut response = (headers, Body::from(data.into_owned())).into_response();
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// Whether `Accept-Encoding` of `request` allows `coding` (RFC 9110, 12.5.3): by its name, else by `*`.
fn accepts(request: &HeaderMap, coding: &str) -> bool {
    let values = request.get_all(ACCEPT_ENCODING);
    let entries = values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let (mut named, mut other) = (None, false);
    for entry in entries {
        let mut parts = entry.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| {
            part.to_ascii_lowercase()
                .strip_prefix("q=")
                .map(str::parse::<f32>)
        });
        let is_allowed = match quality {
            None => true,
            Some(quality) => quality.is_ok_and(|quality| quality > 0.0),
        };
        if name.eq_ignore_ascii_case(coding) {
            named = Some(is_allowed);
        } else if name == "*" {
            other = is_allowed;
        }
    }
    named.unwrap_or(other)
}

fn text(file: &str) -> Option<String> {
    String::from_utf8(Built::get(file)?.data.into_owned()).ok()
}

fn html_response(html: String, framing: &Framing) -> Response {
    let ancestors = match framing {
        Framing::Nobody => "'none'",
        Framing::Sources(sources) => sources.as_str(),
    };
    let mut response = html.into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        PERMISSIONS_POLICY,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    );
    match framing {
        Framing::Nobody => {
            headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        }
        // A cross-origin isolated app shows only frames that ask for both; the pages load nothing from elsewhere.
        Framing::Sources(_) => {
            headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
            headers.insert(EMBEDDER_POLICY, HeaderValue::from_static("require-corp"));
        }
    }
    let policy = HeaderValue::from_str(&format!("{POLICY}; frame-ancestors {ancestors}"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        policy.unwrap_or(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        )),
    );
    response
}

fn not_built() -> Response {
    ApiError::internal("this binary was built without the pages: run `cargo xtask build`")
        .into_response()
}

#[cfg(test)]
#[allow(
    dead_code,
    clippy::print_stdout,
    reason = "the build script prints to cargo, and is asked here for what it decides"
)]
#[path = "../../build.rs"]
mod build;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_without_its_pages_is_not_built() {
        let folder = tempfile::tempdir().expect("a folder");
        let page = folder.path().join("connect.html");
        let refusal = build::refusal("release", &page).expect("it is refused");
        assert!(refusal.contains("cargo xtask build"), "{refusal}");
        // While it is developed, pages are read from the disk, and may come later.
        assert_eq!(build::refusal("debug", &page), None);
        std::fs::write(&page, "<!doctype html>").expect("a page");
        assert_eq!(build::refusal("release", &page), None);
    }

    #[test]
    fn a_coding_is_accepted_by_its_name_or_by_the_wildcard() {
        let accepts = |value: &'static str, coding| {
            let headers =
                HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            accepts(&headers, coding)
        };
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("GZIP;q=0.5", "gzip"));
        assert!(accepts("*", "br"));
        assert!(!accepts("gzip", "br"));
        assert!(!accepts("br;q=0, *", "br"));
        assert!(!accepts("br; q=0.000", "br"));
        assert!(!accepts("br;q=x", "br"));
        assert!(!accepts("identity", "gzip"));
        assert!(!super::accepts(&HeaderMap::new(), "br"));
    }
}
