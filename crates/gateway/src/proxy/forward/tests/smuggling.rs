//! One request in, one request out: framing tricks on the caller's connection never reach the provider's.

use super::stand::{PREFIX, Received, Stand, json};

async fn send(head: &str, body: &str) -> (String, Vec<Received>) {
    let stand = Stand::new(|_, _| json("1")).await;
    let raw = format!(
        "POST {PREFIX}/first HTTP/1.1\r\nhost: gateway.example\r\nconnection: close\r\n{head}\r\n{body}"
    );
    let answer = stand.raw(raw.as_bytes()).await;
    (answer, stand.received())
}

/// A second request that an attacker would like the provider to see.
fn hidden() -> String {
    format!("GET {PREFIX}/hidden HTTP/1.1\r\nhost: evil.example\r\n\r\n")
}

#[tokio::test]
async fn contradicting_lengths_are_refused() {
    for head in [
        "content-length: 5\r\ncontent-length: 6\r\n",
        "content-length: 5, 6\r\n",
        "content-length: +5\r\n",
        "content-length: -1\r\n",
        "content-length: 0x5\r\n",
        "content-length: 5 5\r\n",
        "content-length: 99999999999999999999999\r\n",
        "transfer-encoding: xchunked\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: gzip\r\n",
        "transfer-encoding : chunked\r\n",
        " transfer-encoding: chunked\r\n",
        "x: 1\n y: 2\r\n",
    ] {
        let (answer, received) = send(head, "0\r\n\r\n").await;
        assert!(
            answer.starts_with("HTTP/1.1 400") || answer.is_empty(),
            "{head:?}: {answer}"
        );
        assert_eq!(received.len(), 0, "{head:?}");
    }
}

#[tokio::test]
async fn a_length_beside_chunks_does_not_reach_the_provider() {
    for head in [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
    ] {
        let body = format!("3\r\nabc\r\n0\r\n\r\n{}", hidden());
        let (_, received) = send(head, &body).await;
        for request in &received {
            assert!(!request.head.contains("hidden"), "{head:?}");
            assert_eq!(request.body, b"abc");
            assert_eq!(
                (
                    request.header("transfer-encoding"),
                    request.header("content-length")
                ),
                (None, Some("3"))
            );
        }
    }
}

#[tokio::test]
async fn a_body_cannot_become_a_request() {
    let body = hidden();
    let (_, received) = send(&format!("content-length: {}\r\n", body.len()), &body).await;
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].body, body.as_bytes());
    let (_, received) = send("content-length: 0\r\n", &body).await;
    assert_eq!(
        received.len(),
        1,
        "what follows a request that closes the connection is dropped"
    );
}

#[tokio::test]
async fn trailers_are_no_headers() {
    let (answer, received) = send(
        "transfer-encoding: chunked\r\ntrailer: x-tfs-impersonate\r\n",
        "3\r\nabc\r\n0\r\nx-tfs-impersonate: ada\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(received[0].body, b"abc");
    assert!(
        !received[0].head.contains("impersonate"),
        "{}",
        received[0].head
    );
}

#[tokio::test]
async fn line_breaks_in_headers_and_paths_are_refused() {
    for head in [
        "x: a\rb\r\n",
        "x: a\0b\r\n",
        "x\r\n",
        "x y: 1\r\n",
        "x: 1\r\n folded\r\n",
    ] {
        let (answer, received) = send(head, "").await;
        assert!(
            received.iter().all(|request| request
                .header("x")
                .is_none_or(|value| !value.contains(['\r', '\0']))),
            "{head:?}: {answer}"
        );
    }
    let (answer, received) = send("x: 1\r\n", "").await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && received.len() == 1,
        "{answer}"
    );
}
