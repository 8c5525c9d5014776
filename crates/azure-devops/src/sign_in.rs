//! The faces of "you are not signed in": Azure DevOps does not always say 401.
//!
//! A dead token is answered by 401, by 203 with a sign-in page, by a redirect to a sign-in page or by a page in place of
//! JSON. All of them may mean the same; the last one is also how a few operations answer.

use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, StatusCode};

use super::absolute_url::AbsoluteUrl;
use super::path_guard::decoded_segments;

/// Number of the message "signed in, but not allowed here" in body or header of a 401.
pub const NOT_AUTHORIZED_MESSAGE: &str = "TF400813";
/// Number of the message of an organization that enforces Conditional Access itself.
pub const CONDITIONAL_ACCESS_MESSAGE: &str = "VS403463";
/// Header in which the service repeats its error message, percent-encoded.
pub const SERVICE_ERROR: HeaderName = HeaderName::from_static("x-tfs-serviceerror");

/// What an answer's status and headers say about the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// The credential was taken; the answer is the caller's.
    Accepted,
    /// The credential was not taken.
    Refused,
    /// A page in place of JSON: one to sign in, or what the operation answers by design. Only the credential's standing tells.
    Page,
    /// A redirect to something else than a sign-in page.
    Redirected,
}

/// Reads an answer to a request for `path` (the provider's own path, without query).
pub fn sign_in(status: StatusCode, headers: &HeaderMap, path: &str) -> SignIn {
    if matches!(
        status,
        StatusCode::UNAUTHORIZED | StatusCode::NON_AUTHORITATIVE_INFORMATION
    ) {
        return SignIn::Refused;
    }
    if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
        let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
        return if location.is_some_and(is_sign_in_page) {
            SignIn::Refused
        } else {
            SignIn::Redirected
        };
    }
    if status.is_success() && is_page(headers) && is_api(path) {
        SignIn::Page
    } else {
        SignIn::Accepted
    }
}

/// Whether text of a 401 (body or [`SERVICE_ERROR`]) says that the user is known but not let in.
pub fn is_not_permitted(headers: &HeaderMap, body: &[u8]) -> bool {
    says(NOT_AUTHORIZED_MESSAGE, headers, body)
}

/// Whether a refusal says that the directory's Conditional Access rules do not let this call through.
pub fn is_conditional_access(headers: &HeaderMap, body: &[u8]) -> bool {
    says(CONDITIONAL_ACCESS_MESSAGE, headers, body)
}

fn says(message: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    let needle = message.as_bytes();
    let holds = |text: &[u8]| text.windows(needle.len()).any(|window| window == needle);
    holds(body)
        || headers
            .get(SERVICE_ERROR)
            .is_some_and(|value| holds(value.as_bytes()))
}

/// An HTML answer that is no download: files may well be HTML.
fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let is_html = essence.eq_ignore_ascii_case("text/html")
        || essence.eq_ignore_ascii_case("application/xhtml+xml");
    is_html && !headers.contains_key(CONTENT_DISPOSITION)
}

fn is_api(path: &str) -> bool {
    decoded_segments(path)
        .iter()
        .any(|segment| segment.eq_ignore_ascii_case("_apis"))
}

fn is_sign_in_page(location: &str) -> bool {
    let location = location
        .strip_prefix("//")
        .map_or_else(|| location.to_owned(), |rest| format!("https://{rest}"));
    let (host, path) = match AbsoluteUrl::parse(&location) {
        Some(url) => (
            url.host_and_port()
                .map(|(host, _)| host)
                .unwrap_or_default(),
            url.path.to_owned(),
        ),
        None => (String::new(), location),
    };
    let path = path.split('?').next().unwrap_or_default();
    let mut places = decoded_segments(path);
    places.push(host);
    places
        .iter()
        .any(|place| is_sign_in_place(&place.to_ascii_lowercase()))
}

/// A host or a segment (the simulator serves hosts under paths) that belongs to signing in.
fn is_sign_in_place(place: &str) -> bool {
    let is_profile_server =
        place.starts_with("spsprod") && place.ends_with(".vssps.visualstudio.com");
    is_profile_server
        || matches!(
            place,
            "_signin" | "_signedin" | "login.microsoftonline.com" | "login.live.com"
        )
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn answer(status: u16, headers: &[(HeaderName, &'static str)]) -> SignIn {
        answer_for("/P/_apis/wit/wiql", status, headers)
    }

    fn answer_for(path: &str, status: u16, headers: &[(HeaderName, &'static str)]) -> SignIn {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect();
        let status = StatusCode::from_u16(status).unwrap_or_else(|error| panic!("{error}"));
        sign_in(status, &headers, path)
    }

    #[test]
    fn every_face_of_a_refusal_is_seen() {
        assert_eq!(answer(401, &[]), SignIn::Refused);
        assert_eq!(answer(203, &[(CONTENT_TYPE, "text/html")]), SignIn::Refused);
        assert_eq!(
            answer(203, &[(CONTENT_TYPE, "application/json")]),
            SignIn::Refused
        );
        assert_eq!(
            answer(200, &[(CONTENT_TYPE, "text/html; charset=utf-8")]),
            SignIn::Page
        );
        assert_eq!(answer(201, &[(CONTENT_TYPE, "Text/HTML")]), SignIn::Page);
        for page in [
            "https://dev.azure.com/contoso/_signin?realm=x",
            "/contoso/_signin",
            "https://spsprodeus1.vssps.visualstudio.com/_signin",
            "https://spsprodweu3.vssps.visualstudio.com/x",
            "https://login.microsoftonline.com/common/oauth2/authorize",
            "//login.live.com/x",
            "http://localhost:4401/login.microsoftonline.com/x",
            "https://dev.azure.com/_SignIn",
        ] {
            assert_eq!(answer(302, &[(LOCATION, page)]), SignIn::Refused, "{page}");
        }
    }

    #[test]
    fn other_redirects_are_no_refusal() {
        for place in [
            "http://169.254.169.254/",
            "https://evil.example/?x=/_signin",
            "/contoso/elsewhere",
            "https://evil.example/#login.live.com",
            "https://spsprod.evil.example/",
        ] {
            assert_eq!(
                answer(307, &[(LOCATION, place)]),
                SignIn::Redirected,
                "{place}"
            );
        }
        assert_eq!(answer(302, &[]), SignIn::Redirected);
        assert_eq!(answer(300, &[]), SignIn::Redirected);
    }

    #[test]
    fn ordinary_answers_are_accepted() {
        assert_eq!(
            answer(200, &[(CONTENT_TYPE, "application/json")]),
            SignIn::Accepted
        );
        assert_eq!(answer(304, &[]), SignIn::Accepted);
        for status in [204, 400, 403, 404, 409, 412, 429, 500, 503] {
            assert_eq!(
                answer(status, &[(CONTENT_TYPE, "text/html")]),
                if status < 300 {
                    SignIn::Page
                } else {
                    SignIn::Accepted
                },
                "{status}"
            );
        }
        let file = [
            (CONTENT_TYPE, "text/html"),
            (CONTENT_DISPOSITION, "attachment; filename=a.html"),
        ];
        assert_eq!(answer(200, &file), SignIn::Accepted);
        assert_eq!(
            answer_for("/P/_packaging/x", 200, &[(CONTENT_TYPE, "text/html")]),
            SignIn::Accepted
        );
    }

    #[test]
    fn not_permitted_is_read_from_body_and_header() {
        let mut headers = HeaderMap::new();
        assert!(!is_not_permitted(&headers, b"TF40081"));
        assert!(is_not_permitted(
            &headers,
            b"{\"message\":\"TF400813: no\"}"
        ));
        headers.insert(
            SERVICE_ERROR,
            HeaderValue::from_static("TF400813%3a+The+user"),
        );
        assert!(is_not_permitted(&headers, b""));
    }
}
