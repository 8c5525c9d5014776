//! Secrets reach neither the log, nor the database in the clear, nor any answer. One test: the log is the process's.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use paragon_gateway::oauth::Secret;
use reqwest::Method;
use serde_json::json;
use support::{Browser, start_with};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story: the log is the process's")]
async fn canaries_stay_where_they_belong() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_env_filter("info,paragon_gateway=trace")
        .with_writer(move || writer.clone())
        .init();
    let gateway =
        start_with(|config| config.projects[0].azure_devops.share_access_tokens = true).await;
    let mut seen = String::new();

    // A whole connection, a refresh, a failed refresh, refused requests and a personal access token.
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    let query: Vec<String> = callback
        .query_pairs()
        .map(|(_, value)| value.into_owned())
        .collect();
    seen += &browser.open(&callback).await.to_string();
    seen += &browser.open(&callback).await.to_string();
    let user = paragon_gateway::identity::UserId("u1".into());
    let tokens = async || {
        let row = gateway
            .app
            .store
            .credentials("app", &user)
            .await
            .unwrap()
            .remove(0);
        let secret = Secret::of(&gateway.app.vault, &row).unwrap();
        let Secret::Oauth(tokens) = &secret else {
            panic!("an OAuth credential")
        };
        [
            tokens.access_token.clone(),
            tokens.refresh_token.clone().unwrap(),
        ]
    };
    let first = tokens().await;
    gateway
        .knob(Method::POST, "users/grace/expire", json!({}))
        .await;
    seen += &gateway.proxy("u1", "/projects?api-version=7.1").await.text;
    let second = tokens().await;
    assert_ne!(first, second, "a refresh really happened");
    let path = "/sdk/credentials?integration=azuredevops&includeAccountAuth=true";
    let handed = gateway.call("u1", Method::GET, path, None).await;
    assert_eq!(
        handed.json["accountAuth"]["OAUTH_ACCESS_TOKEN"],
        second[0].as_str(),
        "the one answer that has a token"
    );
    gateway
        .knob(Method::POST, "users/grace/revoke", json!({}))
        .await;
    let user_token = gateway.token("u1");
    let secret = "pat-canary-0123456789";
    let integration = gateway
        .call("u1", Method::GET, "/sdk/integrations", None)
        .await
        .json[0]["id"]
        .clone();
    let payload = json!({ "ORGANIZATION": "contoso-demo", "PERSONAL_ACCESS_TOKEN": secret });
    for (method, path, body) in [
        (Method::GET, "/sdk/proxy/azuredevops/projects", None),
        (Method::GET, "/sdk/me", None),
        (
            Method::GET,
            "/sdk/credentials?integration=azuredevops&includeAccountAuth=true",
            None,
        ),
        (Method::GET, "/sdk/proxy/azuredevops/../../x", None),
        (
            Method::POST,
            "/sdk/credentials",
            Some(json!({ "integrationId": integration, "payload": payload })),
        ),
        (
            Method::POST,
            "/sdk/credentials",
            Some(json!({ "integrationId": 7, "payload": payload })),
        ),
    ] {
        let answer = gateway.call("u1", method, path, body).await;
        seen += &answer.text;
        seen += &format_headers(&answer);
    }
    seen += &gateway.flow("u1", &id).await.to_string();

    let mut canaries = vec![
        user_token,
        ticket,
        secret.to_owned(),
        paragon_gateway::sandbox::DEV_CLIENT_SECRET.to_owned(),
    ];
    canaries.extend(
        first
            .into_iter()
            .chain(second)
            .chain(query)
            .filter(|text| text.len() > 16),
    );
    assert!(canaries.len() >= 9, "{}", canaries.len());
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(
        logged.contains("account connected")
            && logged.contains("access token refreshed")
            && logged.contains("access token handed to a page"),
        "the log was watched"
    );
    let mut stored = Vec::new();
    for file in std::fs::read_dir(gateway.folder.path()).unwrap() {
        stored.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(
        stored.windows(2).any(|window| window == b"u1"),
        "the database was read"
    );
    for canary in canaries {
        assert!(!logged.contains(&canary), "in the log: {canary}");
        assert!(!seen.contains(&canary), "in an answer: {canary}");
        assert!(
            !stored
                .windows(canary.len())
                .any(|window| window == canary.as_bytes()),
            "in the database: {canary}"
        );
    }
}

fn format_headers(answer: &support::Answer) -> String {
    format!("{:?}", answer.headers)
}
