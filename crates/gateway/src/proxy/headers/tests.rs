//! The header filters as tables.

use proptest::prelude::*;

use super::*;

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let line = |(name, value): &(&str, &str)| {
        let name = HeaderName::try_from(*name).unwrap_or_else(|error| panic!("{name}: {error}"));
        (
            name,
            HeaderValue::try_from(*value).unwrap_or_else(|error| panic!("{value}: {error}")),
        )
    };
    lines.iter().map(line).collect()
}

#[test]
fn a_callers_identity_and_route_stay_behind() {
    let dropped = [
        "authorization",
        "cookie",
        "cookie2",
        "host",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-forwarded-anything",
        "x-real-ip",
        "via",
        "x-tfs-impersonate",
        "x-tfs-impersonateidentity",
        "x-vss-impersonate",
        "origin",
        "referer",
        "user-agent",
        "accept-encoding",
        "x-paragon-credential",
        "x-paragon-proxy-url",
        "x-paragon-use-raw-response",
        "x-original-url",
        "x-rewrite-url",
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
        "sec-fetch-site",
        "proxy-authorization",
        "access-control-request-method",
        // What front ends of Azure, and proxies elsewhere, take for the client or for its certificate.
        "x-arr-clientcert",
        "x-arr-ssl",
        "x-arr-log-id",
        "client-ip",
        "x-azure-clientip",
        "x-azure-socketip",
        "x-azure-fdid",
        "x-fd-healthprobe",
        "x-appservice-proto",
        "x-site-deployment-id",
        "x-waws-unencoded-url",
        "x-ms-client-principal",
        "x-ms-token-aad-access-token",
        "x-client-cert",
        "x-ssl-client-cert",
        "ssl-client-cert",
        "x-envoy-original-path",
        "x-envoy-external-address",
        "fastly-client-ip",
        "x-proxyuser-ip",
        "x-remote-user",
        "remote-user",
        "x-tfs-fedauthsession",
        "x-vss-clientauthprovider",
        "x-vss-something",
        "x-tfs-something",
        "x-method",
        "destination",
        "if",
        "from",
        "max-forwards",
        "priority",
        "upgrade-insecure-requests",
        "traceparent",
        "baggage",
        "x-nobody-knows-it",
    ];
    let mut caller = HeaderMap::new();
    for name in dropped {
        caller.append(
            HeaderName::from_static(name),
            HeaderValue::from_static("caller"),
        );
    }
    let sent = request_headers(&caller, None);
    assert!(sent.iter().all(|(_, value)| value != "caller"), "{sent:?}");
    assert!(!sent.contains_key(AUTHORIZATION));
}

#[test]
fn hop_by_hop_headers_end_here_also_when_connection_names_them() {
    let caller = headers(&[
        ("connection", "keep-alive, X-Secret"),
        ("connection", "x-second,,  accept "),
        ("keep-alive", "1"),
        ("te", "trailers"),
        ("trailer", "x"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "websocket"),
        ("proxy-connection", "x"),
        ("expect", "100-continue"),
        ("content-length", "7"),
        ("x-secret", "1"),
        ("x-second", "1"),
        ("accept", "text/plain"),
        ("range", "bytes=0-1"),
    ]);
    let sent = request_headers(&caller, None);
    let names: Vec<_> = sent.keys().map(HeaderName::as_str).collect();
    assert_eq!(sent.len(), 5, "{names:?}");
    assert_eq!(
        sent.get("range").map(HeaderValue::as_bytes),
        Some(&b"bytes=0-1"[..])
    );
    assert_eq!(
        sent.get(ACCEPT).map(HeaderValue::as_bytes),
        Some(&b"application/json"[..])
    );
}

#[test]
fn what_the_provider_needs_is_set() {
    let sent = request_headers(
        &headers(&[
            ("x-tfs-fedauthredirect", "Allow"),
            ("accept", "application/json;api-version=7.2-preview.1"),
            ("x-tfs-session", "s"),
        ]),
        None,
    );
    let value = |name: &str| {
        sent.get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    assert_eq!(value("x-tfs-fedauthredirect"), "Suppress");
    assert_eq!(
        value("accept"),
        "application/json;api-version=7.2-preview.1"
    );
    assert_eq!(value("accept-encoding"), "identity");
    assert_eq!(value("user-agent"), GATEWAY_AGENT);
    assert_eq!(value("x-tfs-session"), "s");
}

#[test]
fn what_azure_devops_clients_send_passes() {
    let kept = [
        "accept",
        "accept-language",
        "content-encoding",
        "content-range",
        "content-type",
        "etag",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
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
    let caller: Vec<_> = kept.iter().map(|name| (*name, "caller")).collect();
    let sent = request_headers(&headers(&caller), None);
    for name in kept {
        assert!(
            sent.get(name).is_some_and(|value| value == "caller"),
            "{name}"
        );
    }
}

#[test]
fn the_credential_is_sensitive() {
    let mut sent = HeaderMap::new();
    set_authorization(&mut sent, &HeaderValue::from_static("Bearer canary"));
    assert!(!format!("{sent:?}").contains("canary"));
    assert_eq!(
        sent.get(AUTHORIZATION).map(HeaderValue::as_bytes),
        Some(&b"Bearer canary"[..])
    );
}

#[test]
fn auto_is_replaced_and_explicit_types_pass() {
    let sent = |given: Option<&str>, automatic| {
        let lines: Vec<_> = given.iter().map(|value| ("content-type", *value)).collect();
        let sent = request_headers(&headers(&lines), automatic);
        sent.get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let patch = Some("application/json-patch+json");
    assert_eq!(sent(Some("auto"), patch).as_deref(), patch);
    assert_eq!(sent(Some(" AUTO "), patch).as_deref(), patch);
    assert_eq!(sent(None, patch).as_deref(), patch);
    assert_eq!(
        sent(Some("text/plain"), patch).as_deref(),
        Some("text/plain")
    );
    assert_eq!(sent(Some("auto"), None), None);
    assert_eq!(sent(None, None), None);
}

#[test]
fn only_listed_headers_reach_the_browser() {
    let provider = headers(&[
        ("set-cookie", "a=b"),
        ("www-authenticate", "Basic realm=x"),
        ("access-control-allow-origin", "*"),
        ("strict-transport-security", "max-age=1"),
        ("x-vss-userdata", "ada@contoso.example"),
        ("p3p", "x"),
        ("x-tfs-session", "x"),
        ("x-tfs-serviceerror", "x"),
        ("x-msedge-ref", "x"),
        ("alt-svc", "h3"),
        ("clear-site-data", "*"),
        ("refresh", "0"),
        ("link", "x"),
        ("server", "x"),
        ("content-security-policy", "none"),
        ("cache-control", "public"),
        ("service-worker-allowed", "/"),
        ("connection", "etag"),
        ("etag", "x"),
        ("location", "https://evil.example/"),
        ("content-length", "7"),
        ("transfer-encoding", "chunked"),
        ("x-paragon-credential", "x"),
    ]);
    let sent = response_headers(&provider, |_| None);
    assert_eq!(sent.len(), 3, "{sent:?}");
    assert_eq!(
        sent.get("cache-control").map(HeaderValue::as_bytes),
        Some(&b"no-store"[..])
    );
}

#[test]
fn useful_headers_reach_the_browser() {
    let kept = [
        "content-type",
        "x-ms-continuationtoken",
        "retry-after",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-ratelimit-delay",
        "activityid",
        "etag",
        "vary",
        "content-disposition",
        "last-modified",
    ];
    let lines: Vec<_> = kept.iter().map(|name| (*name, "1")).collect();
    let sent = response_headers(&headers(&lines), |_| None);
    for name in kept {
        assert!(sent.contains_key(name), "{name}");
    }
}

#[test]
fn location_is_rewritten() {
    let provider = headers(&[("location", "https://dev.azure.com/contoso/x")]);
    let sent = response_headers(&provider, |url| {
        Some(url.replace("dev.azure.com", "gateway.example"))
    });
    assert_eq!(
        sent.get("location").map(HeaderValue::as_bytes),
        Some(&b"https://gateway.example/contoso/x"[..])
    );
    let sent = response_headers(&provider, |_| Some("x\r\ny".to_owned()));
    assert!(!sent.contains_key("location"));
}

#[test]
fn a_wait_is_read_in_both_forms() {
    let wait = |lines: &[(&'static str, &'static str)]| retry_after(&headers(lines));
    let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    let after = |text: &'static str| wait(&[("retry-after", text), date]);
    assert_eq!(after(" 120 "), Some(Duration::from_mins(2)));
    for text in [
        "Sun, 06 Nov 1994 08:50:07 GMT",
        "Sunday, 06-Nov-94 08:50:07 GMT",
        "Sun Nov  6 08:50:07 1994",
    ] {
        assert_eq!(after(text), Some(Duration::from_secs(30)), "{text}");
    }
    let past = "Sun, 06 Nov 1994 08:49:00 GMT";
    assert_eq!(after(past), Some(Duration::ZERO));
    assert_eq!(wait(&[("retry-after", past)]), Some(Duration::ZERO));
    let far = wait(&[("retry-after", "Fri, 06 Nov 2893 08:49:00 GMT")]);
    assert!(far > Some(Duration::from_hours(1)), "{far:?}");
    for text in ["", "soon", "-1", "1.5", "06 Nov 1994"] {
        assert_eq!(after(text), None, "{text}");
    }
    assert_eq!(wait(&[date]), None);
}

#[test]
fn json_is_told_by_its_essence() {
    for kind in [
        "application/json",
        "Application/JSON; charset=utf-8; api-version=7.1",
        " application/json ",
    ] {
        assert!(is_json(kind), "{kind}");
    }
    for kind in [
        "application/problem+json",
        "text/json",
        "application/jsonx",
        "application/json-patch+json",
        "",
    ] {
        assert!(!is_json(kind), "{kind}");
    }
}

proptest! {
    #[test]
    fn no_caller_header_becomes_a_credential_or_route(name in "[a-zA-Z-]{1,30}", value in "[ -~]{0,20}", connection in "[ -~]{0,40}") {
        let mut caller = HeaderMap::new();
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else { return Ok(()) };
        let connection = HeaderValue::try_from(connection).map_err(|error| TestCaseError::fail(error.to_string()))?;
        caller.append(CONNECTION, connection);
        caller.append(name, value);
        let sent = request_headers(&caller, None);
        let set = ["accept-encoding", "user-agent", "x-tfs-fedauthredirect"];
        for (name, _) in &sent {
            prop_assert!(REQUEST_KEPT.contains(&name.as_str()) || set.contains(&name.as_str()), "{}", name);
        }
        prop_assert_eq!(sent.get(FED_AUTH_REDIRECT).map(HeaderValue::as_bytes), Some(&b"Suppress"[..]));
        prop_assert_eq!(sent.get_all(USER_AGENT).iter().count(), 1);
    }
}
