//! JSON as browsers, editors and other servers write it.

use std::process::Command;

use crate::support::{Answer, ORIGIN, TestGateway, client, start};
use reqwest::{Method, StatusCode};
use serde_json::json;

/// Sends a body as it is written.
async fn send(gateway: &TestGateway, method: Method, path: &str, body: &str) -> Answer {
    let request = client()
        .request(method, format!("{}{path}", gateway.url))
        .bearer_auth(gateway.token("ada"))
        .header("origin", ORIGIN)
        .body(body.to_owned());
    Answer::of(request.send().await.unwrap()).await
}

/// As `"😀".slice(0, 1)` is written by `JSON.stringify`.
const HALF: &str = r"\ud83d";

#[tokio::test]
async fn half_an_emoji_and_a_byte_order_mark_refuse_no_body() {
    let gateway = start().await;
    for mark in ["", "\u{feff}"] {
        let body = format!(r#"{mark}{{"meta":{{"Note":"cut {HALF}"}}}}"#);
        let answer = send(&gateway, Method::PATCH, "/projects/app/sdk/me", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let me = gateway.call("ada", Method::GET, "/sdk/me", None).await;
        assert_eq!(me.json["meta"]["Note"], "cut \u{fffd}", "{}", me.text);
        let event = format!(r#"{mark}{{"name":"Ticket","payload":{{"title":"{HALF} x"}}}}"#);
        let path = "/v2/projects/app/sdk/events/trigger";
        let answer = send(&gateway, Method::POST, path, &event).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    for wrong in [
        "\u{feff}\u{feff}{}",
        "{\"meta\":{\"a\":\"\\ud8\"}}",
        "\u{feff}[]",
    ] {
        let answer = send(&gateway, Method::PATCH, "/projects/app/sdk/me", wrong).await;
        assert_eq!(answer.code(), "invalid_request", "{wrong}: {}", answer.text);
    }
}

#[tokio::test]
async fn options_in_an_address_are_read_like_a_body() {
    let gateway = start().await;
    let path = "/v2/projects/app/sdk/actions/build-oauth?action=azuredevops&oauthMetaKeyId=key-of-the-poll-0123456789";
    for (options, status) in [
        (
            format!("\u{feff}{{\"accountType\":\"default\",\"note\":\"{HALF}\"}}"),
            StatusCode::OK,
        ),
        ("{".to_owned(), StatusCode::BAD_REQUEST),
    ] {
        let mut url = reqwest::Url::parse(&format!("{}{path}", gateway.url)).unwrap();
        url.query_pairs_mut()
            .append_pair("installOptions", &options);
        let request = client().get(url).bearer_auth(gateway.token("ada"));
        let answer = request.header("origin", ORIGIN).send().await.unwrap();
        let answer = Answer::of(answer).await;
        assert_eq!(answer.status, status, "{options}: {}", answer.text);
    }
}

#[test]
fn a_workflow_file_may_begin_with_a_byte_order_mark() {
    let folder = tempfile::tempdir().unwrap();
    let definition = json!({"id": "a", "description": "A"});
    let file = folder.path().join("a.json");
    std::fs::write(&file, format!("\u{feff}{definition}")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_paragon-gateway"))
        .args(["workflow", "check"])
        .arg(&file)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}
