//! What the provider gets to see.

use super::stand::{PREFIX, Reply, Stand, json, must};
use crate::proxy::ProxyLimits;

#[tokio::test]
async fn the_path_reaches_the_provider_byte_for_byte() {
    let stand = Stand::new(|_, _| json("{}")).await;
    let path =
        "/P/_apis/wit/workItems/$User%20Story//%5C%24x;p=1?q='a'&b=%27|{}^`&c=%zz&%24top=5&d=/../x";
    let answer = stand
        .raw(
            format!(
                "GET {PREFIX}{path} HTTP/1.1\r\nhost: gateway.example\r\nconnection: close\r\n\r\n"
            )
            .as_bytes(),
        )
        .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(
        stand.received()[0].line(),
        format!("GET /dev.azure.com/contoso{path} HTTP/1.1")
    );
}

#[tokio::test]
async fn only_the_providers_credential_is_sent() {
    let stand = Stand::new(|_, _| json("{}")).await;
    let request = stand
        .request("GET", "/projects")
        .header("authorization", "Bearer user-token")
        .header("cookie", "a=b")
        .header("x-forwarded-host", "evil.example")
        .header("x-secret", "1")
        .header("connection", "x-secret")
        .header("x-tfs-impersonate", "ada")
        .header("x-arr-clientcert", "forged")
        .header("client-ip", "forged")
        .header("x-azure-clientip", "forged")
        .header("if-match", "7");
    must(request.send().await);
    let received = &stand.received()[0];
    assert_eq!(received.header("authorization"), Some("Bearer token-0"));
    assert_eq!(
        received.header("host"),
        Some(stand.provider.to_string().as_str())
    );
    assert_eq!(received.header("accept-encoding"), Some("identity"));
    assert_eq!(received.header("if-match"), Some("7"));
    for secret in [
        "user-token",
        "cookie",
        "evil.example",
        "x-secret",
        "impersonate",
        "forged",
    ] {
        assert!(
            !received.head.to_ascii_lowercase().contains(secret),
            "{secret}"
        );
    }
}

#[tokio::test]
async fn public_pages_get_no_credential() {
    let stand = Stand::new(|_, _| json("{}")).await;
    stand.get("/_hosts/status/_apis/status/health").await;
    assert_eq!(
        stand.received()[0].line(),
        "GET /status.dev.azure.com/_apis/status/health HTTP/1.1"
    );
    assert_eq!(stand.received()[0].header("authorization"), None);
}

#[tokio::test]
async fn auto_becomes_the_operations_content_type() {
    let stand = Stand::new(|_, _| json("{}")).await;
    for (method, path, given, expected) in [
        (
            "POST",
            "/P/_apis/wit/workitems/$Bug",
            "auto",
            "application/json-patch+json",
        ),
        (
            "PATCH",
            "/wit/workitems/7",
            "auto",
            "application/json-patch+json",
        ),
        ("POST", "/P/_apis/wit/wiql", "auto", "application/json"),
        (
            "PATCH",
            "/wit/workitems/7",
            "application/json",
            "application/json",
        ),
        (
            "POST",
            "/x",
            "text/plain; charset=utf-8",
            "text/plain; charset=utf-8",
        ),
    ] {
        must(
            stand
                .request(method, path)
                .header("content-type", given)
                .body("[]")
                .send()
                .await,
        );
        let received = stand.received().pop().unwrap_or_default();
        assert_eq!(
            (received.header("content-type"), received.body.as_slice()),
            (Some(expected), &b"[]"[..]),
            "{method} {path}"
        );
    }
    must(
        stand
            .request("GET", "/projects")
            .header("content-type", "auto")
            .send()
            .await,
    );
    assert_eq!(
        stand
            .received()
            .pop()
            .unwrap_or_default()
            .header("content-type"),
        None
    );
}

#[tokio::test]
async fn refused_requests_send_nothing() {
    let stand = Stand::new(|_, _| json("{}")).await;
    for path in [
        "/https://evil.example/contoso",
        "/_hosts/dev/fabrikam/_apis",
        "/%2e%2e/fabrikam",
        "/_git/x",
        "//evil.example/",
    ] {
        let raw = format!("GET {PREFIX}{path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let answer = stand.raw(raw.as_bytes()).await;
        assert!(
            answer.starts_with("HTTP/1.1 400") && answer.ends_with("proxy_path_refused"),
            "{path}: {answer}"
        );
    }
    for method in ["TRACE", "CONNECTX", "PROPFIND"] {
        assert_eq!(
            stand.code(stand.request(method, "/projects")).await,
            (400, "invalid_request".to_owned()),
            "{method}"
        );
    }
    assert_eq!(stand.received().len(), 0);
}

#[tokio::test]
async fn large_bodies_are_refused() {
    let limits = ProxyLimits {
        request_bytes: 1000,
        replay_bytes: 100,
        ..ProxyLimits::default()
    };
    let stand = Stand::with_limits(limits, |_, _| json("{}")).await;
    let too_large = (413, "body_too_large".to_owned());
    assert_eq!(
        stand
            .code(stand.request("POST", "/x").body(vec![0; 1001]))
            .await,
        too_large
    );
    assert_eq!(stand.received().len(), 0);
    let pieces = (0..11).map(|_| Ok::<_, std::io::Error>(vec![0; 100]));
    let streamed = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    assert_eq!(
        stand.code(stand.request("POST", "/x").body(streamed)).await,
        too_large
    );
    assert_eq!(
        stand
            .code(stand.request("POST", "/x").body(vec![0; 1000]))
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn a_caller_who_stands_still_is_given_up() {
    let limits = ProxyLimits {
        idle_timeout: std::time::Duration::from_millis(50),
        replay_bytes: 10,
        ..ProxyLimits::default()
    };
    let stand = Stand::with_limits(limits, |_, _| Reply::Silence).await;
    for length in [5, 100] {
        let raw = format!(
            "POST {PREFIX}/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\nab"
        );
        let answer = stand.raw(raw.as_bytes()).await;
        assert!(
            answer.starts_with("HTTP/1.1 408") && answer.ends_with("body_incomplete"),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_caller_who_never_stands_still_and_never_ends_is_given_up() {
    let limits = ProxyLimits {
        kept_body_timeout: std::time::Duration::from_millis(100),
        upload_timeout: std::time::Duration::from_millis(100),
        replay_bytes: 1000,
        ..ProxyLimits::default()
    };
    let stand = Stand::with_limits(limits, |_, _| Reply::Silence).await;
    // The longer one is streamed.
    for length in [9, 2000] {
        let drip = futures_util::stream::unfold((), |()| async {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            Some((Ok::<_, std::io::Error>(vec![b'x']), ()))
        });
        let first = futures_util::stream::iter([Ok(vec![b'x'; length])]);
        let body = reqwest::Body::wrap_stream(futures_util::StreamExt::chain(first, drip));
        let answer = stand.code(stand.request("POST", "/x").body(body));
        let answer = tokio::time::timeout(std::time::Duration::from_secs(20), answer);
        assert_eq!(
            must(answer.await),
            (408, "body_incomplete".to_owned()),
            "{length}"
        );
    }
}

#[tokio::test]
async fn a_declared_length_over_the_limit_is_refused_at_once() {
    let limits = ProxyLimits {
        request_bytes: 1000,
        ..ProxyLimits::default()
    };
    let stand = Stand::with_limits(limits, |_, _| json("{}")).await;
    let raw = format!(
        "POST {PREFIX}/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1001\r\n\r\n"
    );
    let answer = tokio::time::timeout(
        std::time::Duration::from_secs(20),
        stand.raw(raw.as_bytes()),
    )
    .await;
    assert!(
        must(answer).starts_with("HTTP/1.1 413"),
        "the body is not waited for"
    );
}

#[tokio::test]
async fn a_kept_body_counts_too() {
    let limits = ProxyLimits {
        request_bytes: 10,
        replay_bytes: 100,
        ..ProxyLimits::default()
    };
    let stand = Stand::with_limits(limits, |_, _| json("{}")).await;
    let pieces = (0..2).map(|_| Ok::<_, std::io::Error>(vec![0; 6]));
    let streamed = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    let refused = (413, "body_too_large".to_owned());
    assert_eq!(
        stand.code(stand.request("POST", "/x").body(streamed)).await,
        refused
    );
    assert_eq!(stand.received().len(), 0);
}

#[tokio::test]
async fn a_file_of_a_form_is_sent_as_the_bytes_that_the_operation_takes() {
    let stand = Stand::new(|_, _| json("{}")).await;
    for path in [
        "/P/_apis/wit/attachments?fileName=a.png",
        "/P/_apis/git/repositories/r/pullRequests/1/attachments/a.png",
    ] {
        let request = stand
            .request("POST", path)
            .header("content-type", "image/png")
            .body("pixels");
        assert_eq!(stand.code(request).await.0, 200);
    }
    let request = stand
        .request("POST", "/P/_apis/wit/wiql")
        .header("content-type", "application/json; charset=utf-8")
        .body("{}");
    assert_eq!(stand.code(request).await.0, 200);
    let sent: Vec<_> = stand
        .received()
        .iter()
        .map(|one| one.header("content-type").unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        sent,
        [
            "application/octet-stream",
            "application/octet-stream",
            "application/json; charset=utf-8"
        ]
    );
}
