//! What is repeated, what is not, and when the proxy stops waiting.

use std::time::Duration;

use super::stand::{Reply, Stand, json, must, reply};
use crate::proxy::ProxyLimits;

fn busy(
    status: &'static str,
    headers: &'static str,
) -> impl Fn(usize, &super::stand::Received) -> Reply + Send + Sync {
    move |index, _| {
        if index == 0 {
            reply(status, headers, "slow down")
        } else {
            json("1")
        }
    }
}

#[tokio::test]
async fn reads_are_repeated_when_the_provider_is_busy() {
    for (method, path, body) in [
        ("GET", "/projects", ""),
        ("OPTIONS", "/_apis", ""),
        ("POST", "/P/_apis/wit/wiql", "{\"query\":\"x\"}"),
        ("POST", "/wit/workitemsbatch", "{}"),
    ] {
        for (status, headers) in [
            ("429 Too Many Requests", "retry-after: 0\r\n"),
            ("503 Service Unavailable", ""),
            ("503 Service Unavailable", "retry-after: 0\r\n"),
        ] {
            let stand = Stand::new(busy(status, headers)).await;
            let request = stand.request(method, path).body(body);
            assert_eq!(
                stand.code(request).await,
                (200, "{\"output\":1}".to_owned()),
                "{method} {path} {status}"
            );
            let received = stand.received();
            assert_eq!(received.len(), 2);
            assert_eq!(received[1].body, body.as_bytes());
        }
    }
}

#[tokio::test]
async fn writes_are_never_repeated() {
    for (method, path) in [
        ("POST", "/P/_apis/wit/workitems/$Bug"),
        ("PATCH", "/wit/workitems/1"),
        ("DELETE", "/wit/workitems/1"),
        ("PUT", "/x"),
    ] {
        let stand = Stand::new(busy(
            "503 Service Unavailable",
            "retry-after: 0\r\nx-ratelimit-remaining: 0\r\n",
        ))
        .await;
        let answer = must(stand.request(method, path).body("[]").send().await);
        assert_eq!(answer.status().as_u16(), 503);
        assert_eq!(
            answer
                .headers()
                .get("retry-after")
                .map(|wait| wait.as_bytes().to_vec()),
            Some(b"0".to_vec())
        );
        assert!(answer.headers().contains_key("x-ratelimit-remaining"));
        assert_eq!(must(answer.text().await), "slow down");
        assert_eq!(stand.received().len(), 1, "{method}");
    }
}

#[tokio::test]
async fn long_waits_are_left_to_the_caller() {
    for wait in ["6", "3600", "Wed, 21 Oct 2099 07:28:00 GMT", "-1"] {
        let stand = Stand::new(move |_, _| {
            reply(
                "429 Too Many Requests",
                &format!("retry-after: {wait}\r\n"),
                "",
            )
        })
        .await;
        let answer = stand.get("/projects").await;
        assert_eq!(answer.status().as_u16(), 429);
        assert_eq!(
            answer
                .headers()
                .get("retry-after")
                .and_then(|wait| wait.to_str().ok()),
            Some(wait)
        );
        assert_eq!(stand.received().len(), 1);
    }
}

#[tokio::test]
async fn repetitions_are_bounded() {
    let stand =
        Stand::new(|_, _| reply("503 Service Unavailable", "retry-after: 0\r\n", "down")).await;
    assert_eq!(
        stand.code(stand.request("GET", "/projects")).await,
        (503, "down".to_owned())
    );
    assert_eq!(stand.received().len(), 3);
}

#[tokio::test]
async fn other_failures_of_the_provider_are_passed_at_once() {
    for status in [
        "500 Oops",
        "502 Bad Gateway",
        "504 Gateway Timeout",
        "409 Conflict",
    ] {
        let stand = Stand::new(move |_, _| reply(status, "", "x")).await;
        stand.get("/projects").await;
        assert_eq!(stand.received().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_lost_connection_is_repeated_for_reads_alone() {
    let flaky =
        |index, _: &super::stand::Received| if index == 0 { Reply::Close } else { json("1") };
    let stand = Stand::new(flaky).await;
    assert_eq!(stand.code(stand.request("GET", "/projects")).await.0, 200);
    let stand = Stand::new(flaky).await;
    let create = stand
        .request("POST", "/P/_apis/wit/workitems/$Bug")
        .body("[]");
    assert_eq!(
        stand.code(create).await,
        (502, "provider_unreachable".to_owned())
    );
    assert_eq!(stand.received().len(), 1);
}

#[tokio::test]
async fn a_silent_provider_times_out() {
    let limits = ProxyLimits {
        header_timeout: Duration::from_millis(50),
        ..ProxyLimits::default()
    };
    let stand = Stand::with_limits(limits, |_, _| Reply::Silence).await;
    assert_eq!(
        stand.code(stand.request("GET", "/projects")).await,
        (504, "provider_timeout".to_owned())
    );
    assert_eq!(
        stand.code(stand.request("POST", "/x").body("1")).await,
        (504, "provider_timeout".to_owned())
    );
    assert_eq!(stand.received().len(), 2);
}
