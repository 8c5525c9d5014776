//! Where the services are: the cloud's defaults, a host's subdomains, single overrides, or one gateway.
//!
//! The URLs, which are used verbatim as prefixes, are properties of one object, by their names in `environments`.

use crate::error::{fail, refuse};
use crate::value::{Outcome, Text, UNDEFINED, Value, fill, made_text, new_object, t, text};

/// The main API.
pub(crate) const API: Text = t!("ZEUS_PUBLIC_URL");
/// Workflow triggers and app events.
pub(crate) const EVENTS: Text = t!("HERMES_PUBLIC_URL");
/// The provider's API behind `request()`.
pub(crate) const PROXY: Text = t!("WORKER_PROXY_PUBLIC_URL");
/// Triggers; falls back to the main API.
pub(crate) const TRIGGER_KIT: Text = t!("API_TRIGGER_KIT_PUBLIC_URL");
/// The portal.
pub(crate) const CONNECT: Text = t!("CONNECT_PUBLIC_URL");
/// Pictures.
pub(crate) const DASHBOARD: Text = t!("DASHBOARD_PUBLIC_URL");
/// Integration icons.
pub(crate) const CDN: Text = t!("CDN_PUBLIC_URL");
/// Only handed to the portal.
pub(crate) const PASSPORT: Text = t!("PASSPORT_PUBLIC_URL");
/// Only handed to the portal.
pub(crate) const PASSPORT_PRODUCTION: Text = t!("PASSPORT_PRODUCTION_URL");

/// Each service's name and its subdomain: of the cloud where that is another one, and of a configured host.
const TABLE: [(Text, Text, Text); 9] = [
    (API, t!("zeus"), t!("zeus")),
    (EVENTS, t!("hermes"), t!("hermes")),
    (PROXY, t!("proxy"), t!("worker-proxy")),
    (TRIGGER_KIT, t!(""), t!("actionkit")),
    (CONNECT, t!("connect"), t!("connect")),
    (DASHBOARD, t!("dashboard"), t!("dashboard")),
    (CDN, t!("cdn"), t!("dashboard")),
    (PASSPORT, t!("passport"), t!("passport")),
    (PASSPORT_PRODUCTION, t!("passport"), t!("passport")),
];

/// Services without which no instance is made, in the order they are reported.
const REQUIRED: [Text; 5] = [CONNECT, DASHBOARD, PASSPORT, PROXY, API];

/// Paragon's cloud.
pub(crate) fn cloud() -> Value {
    let urls = new_object();
    for (name, subdomain, _) in TABLE {
        if subdomain != t!("") {
            urls.set(
                name,
                fill!(t!("https://{}.useparagon.com"), text(subdomain)),
            );
        }
    }
    urls.set(
        CDN,
        text(t!("https://cdn.useparagon.com/latest/dashboard/public")),
    )
}

/// Every service on its subdomain of `host`; a URL is reduced to its host name.
pub(crate) fn on_host(host: Value) -> Outcome {
    let given = host.to_bytes();
    let is_url = host
        .tell(t!("includes"), text(t!("http")), UNDEFINED)
        .is_true();
    let host = if is_url { host_name(&given) } else { &given };
    if host.is_empty() {
        return refuse(t!("invalid_configuration"), t!("host not specified"));
    }
    let (host, urls) = (made_text(host), new_object());
    for (name, _, subdomain) in TABLE {
        urls.set(name, fill!(t!("https://{}.{}"), text(subdomain), host));
    }
    Ok(urls)
}

/// Every service on the one origin of a gateway.
pub(crate) fn on_gateway(origin: Value) -> Outcome {
    let given = origin.to_bytes();
    let origin = given.strip_suffix(b"/").unwrap_or(&given);
    let text = made_text(origin);
    if !is_http_origin(origin) {
        return fail(
            t!("invalid_configuration"),
            fill!(
                t!("gateway must be an origin such as https://connect.example.com, not `{}`"),
                text
            ),
        );
    }
    let urls = new_object();
    for (name, ..) in TABLE {
        urls.set(name, text);
    }
    Ok(urls)
}

/// Replaces the URLs for which `bag` has a text under their name; with `is_whole`, something else there removes it.
pub(crate) fn override_with(urls: Value, bag: Value, is_whole: bool) {
    let keys = bag.keys();
    for (name, ..) in TABLE {
        let given = bag.get(name);
        if given.is_text() {
            urls.set(name, given);
        } else if is_whole && keys.tell(t!("includes"), text(name), UNDEFINED).is_true() {
            urls.remove(name);
        }
    }
}

/// Fails when a service that every instance needs has no URL.
pub(crate) fn require_all(urls: Value) -> Outcome {
    for name in REQUIRED {
        if !urls.get(name).is_true() {
            return fail(
                t!("invalid_configuration"),
                fill!(t!("Paragon SDK error! No `{}` configured."), text(name)),
            );
        }
    }
    Ok(urls)
}

/// Host name of a URL: no scheme, user, port or path.
fn host_name(url: &[u8]) -> &[u8] {
    let start = url
        .windows(3)
        .position(|part| part == b"://")
        .map_or(0, |at| at + 3);
    let authority = url[start..]
        .split(|byte| b"/?#\\".contains(byte))
        .next()
        .unwrap_or_default();
    let host = authority
        .rsplit(|byte| *byte == b'@')
        .next()
        .unwrap_or_default();
    match host.iter().position(|byte| *byte == b']') {
        Some(end) => &host[..=end],
        None => host.split(|byte| *byte == b':').next().unwrap_or_default(),
    }
}

/// `http://` or `https://`, then an authority without user, and nothing else.
fn is_http_origin(text: &[u8]) -> bool {
    let rest = text
        .strip_prefix(b"https://")
        .or_else(|| text.strip_prefix(b"http://"));
    rest.is_some_and(|authority| {
        !authority.is_empty()
            && authority
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_reduced_to_its_host_name() {
        assert_eq!(
            host_name(b"https://u:p@example.com:8443/path"),
            b"example.com"
        );
        assert_eq!(host_name(b"http://[::1]:80/"), b"[::1]");
        assert_eq!(host_name(b"http://"), b"");
    }

    #[test]
    fn a_gateway_is_nothing_but_an_origin() {
        assert!(is_http_origin(b"https://connect.example.com"));
        assert!(is_http_origin(b"http://localhost:4400"));
        for bad in [
            "",
            "connect.example.com",
            "https://",
            "https://a/b",
            "https://u@a",
            "javascript:x",
            "https://a?b",
            "https://a\\b",
        ] {
            assert!(!is_http_origin(bad.as_bytes()), "{bad}");
        }
    }
}
