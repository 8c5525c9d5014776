//! The account and configuration that a request's headers name.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use paragon_wire::header;

use crate::identity::caller::Selection;

impl<S: Send + Sync> FromRequestParts<S> for Selection {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self {
            credential: value(&parts.headers, header::CREDENTIAL),
            configuration: value(&parts.headers, header::CONFIGURATION),
        })
    }
}

/// A header that names nothing is as good as absent. One that cannot be read must not be: another account would be used.
fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    let bytes = headers.get(name)?.as_bytes();
    // Browsers write each character below 256 as one byte, other clients UTF-8.
    let text = String::from_utf8(bytes.to_vec())
        .unwrap_or_else(|_| bytes.iter().copied().map(char::from).collect());
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn every_spelling_names_what_it_says() {
        let read = |bytes: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert("x", HeaderValue::from_bytes(bytes).expect("a value"));
            value(&headers, "x")
        };
        assert_eq!(read(b" main ").as_deref(), Some("main"));
        assert_eq!(read("ext:köln".as_bytes()).as_deref(), Some("ext:köln"));
        assert_eq!(read(b"ext:k\xf6ln").as_deref(), Some("ext:köln"));
        assert_eq!(read(b"  "), None);
        assert_eq!(value(&HeaderMap::new(), "x"), None);
    }
}
