//! The `Host` header: exactly one, and in `dev` one that names this machine.
//!
//! Two hosts, or none, are read differently by a proxy in front and by what is behind it. In `dev` anybody's page could
//! have its own name resolve to 127.0.0.1 and then read what it asks for as one of its own origin (DNS rebinding); but
//! it cannot send another name than its own.
//!
//! Source: RFC 9112, 3.2; RFC 9113, 8.3.1; OWASP "Host header injection".

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::HOST;
use http::uri::Authority;
use http::{StatusCode, Version};
use url::{Host, Url};

use crate::error::ApiError;
use crate::loopback::is_loopback;

/// Middleware: a request without one valid host is refused.
pub async fn layer(request: Request, next: Next) -> Response {
    match named(&request) {
        Ok(_) => next.run(request).await,
        Err(fault) => ApiError::invalid(fault).into_response(),
    }
}

/// Whether `request` names this machine, or the host of `own`.
pub fn is_local(request: &Request, own: &Url) -> bool {
    let Ok(Some(authority)) = named(request) else {
        return false;
    };
    let Ok(host) = Host::parse(authority.host()) else {
        return false;
    };
    let is_own = own.host().is_some_and(|own| own.to_owned() == host);
    let host = match &host {
        Host::Domain(name) => Host::Domain(name.as_str()),
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
    };
    is_own || is_loopback(&host)
}

/// What a program on this machine answers to a request for another name.
pub fn misdirected() -> Response {
    let text = "this program serves only this machine; open it at http://localhost and its port";
    (StatusCode::MISDIRECTED_REQUEST, text).into_response()
}

/// The host that the request is for; `None` in HTTP/1.0 without one.
fn named(request: &Request) -> Result<Option<Authority>, &'static str> {
    let mut values = request.headers().get_all(HOST).iter();
    let (first, second) = (values.next(), values.next());
    if second.is_some() {
        return Err("the request has more than one `Host`");
    }
    let written = first
        .map(|value| {
            Authority::try_from(value.as_bytes())
                .ok()
                .filter(|authority| !authority.as_str().contains('@'))
                .ok_or("`Host` is not a valid host, with or without a port")
        })
        .transpose()?;
    // That of an absolute address, or HTTP/2's `:authority`.
    let asked = request.uri().authority();
    match (asked, written) {
        (Some(asked), Some(written))
            if request.version() >= Version::HTTP_2 && *asked != written =>
        {
            Err("`Host` and `:authority` contradict each other")
        }
        (Some(asked), Some(_)) => Ok(Some(asked.clone())),
        // HTTP/1.1 wants the header beside an absolute address, too.
        (Some(asked), None) if request.version() != Version::HTTP_11 => Ok(Some(asked.clone())),
        (None, Some(written)) => Ok(Some(written)),
        (None, None) if request.version() < Version::HTTP_11 => Ok(None),
        (_, None) => Err("the request has no `Host`"),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(version: Version, uri: &str, hosts: &[&str]) -> Request {
        let mut request = Request::new(Body::empty());
        *request.version_mut() = version;
        *request.uri_mut() = uri.parse().expect("an address");
        for host in hosts {
            let value = http::HeaderValue::try_from(*host).expect("a value");
            request.headers_mut().append(HOST, value);
        }
        request
    }

    #[test]
    fn one_host_is_wanted() {
        let of = |version, uri, hosts: &[&str]| {
            let named = named(&request(version, uri, hosts));
            named.map(|named| named.map(|authority| authority.to_string()))
        };
        let x = Ok(Some("x".to_owned()));
        assert_eq!(of(Version::HTTP_11, "/", &["x"]), x);
        assert_eq!(of(Version::HTTP_11, "http://x/", &["y"]), x);
        assert_eq!(of(Version::HTTP_10, "/", &[]), Ok(None));
        assert_eq!(of(Version::HTTP_2, "http://x/", &[]), x);
        assert_eq!(of(Version::HTTP_2, "http://x/", &["x"]), x);
        for hosts in [
            &[][..],
            &["x", "x"],
            &["x", "y"],
            &[""],
            &["x y"],
            &["a@x"],
            &["x/y"],
            &["x, y"],
        ] {
            assert!(of(Version::HTTP_11, "/", hosts).is_err(), "{hosts:?}");
        }
        assert!(of(Version::HTTP_11, "http://x/", &[]).is_err());
        assert!(of(Version::HTTP_2, "http://x/", &["y"]).is_err());
        assert!(of(Version::HTTP_2, "/", &[]).is_err());
    }

    #[test]
    fn names_of_this_machine_are_told_from_others() {
        let own = Url::parse("http://desk.example:4400").expect("an address");
        let is_local = |host| is_local(&request(Version::HTTP_11, "/", &[host]), &own);
        for host in [
            "localhost:4400",
            "LocalHost",
            "app.localhost:1",
            "127.0.0.1:4400",
            "[::1]:4400",
            "desk.example",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "evil.example:4400",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.7",
            "0.0.0.0:4400",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }
}
