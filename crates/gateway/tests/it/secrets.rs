//! Secrets reach neither the log, nor the database in the clear, nor any answer. One test: the log is the process's.

use crate::support::desk::{self, Desk};
use crate::support::log::Log;
use crate::support::{self, Browser, TestGateway, start_with};
use paragon_gateway::oauth::Secret;
use paragon_gateway::operators::Role;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story: the log is the process's")]
async fn canaries_stay_where_they_belong() {
    let log = Log::watched();
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

    let (session_id, dashboard) = use_dashboard(&gateway).await;
    seen += &dashboard;

    let mut canaries = vec![
        session_id,
        desk::PASSWORD.to_owned(),
        CLIENT_SECRET.to_owned(),
        NUMBER.to_string(),
        user_token,
        ticket,
        secret.to_owned(),
        paragon_sandbox::DEV_CLIENT_SECRET.to_owned(),
    ];
    canaries.extend(
        first
            .into_iter()
            .chain(second)
            .chain(query)
            .filter(|text| text.len() > 16),
    );
    assert!(canaries.len() >= 13, "{}", canaries.len());
    let logged = log.text();
    assert!(
        logged.contains("account connected")
            && logged.contains("access token refreshed")
            && logged.contains("access token handed to a page")
            && logged.contains("client secret added"),
        "the log was watched"
    );
    let stored = gateway.stored();
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

/// A number where a text should be must not be repeated either.
const NUMBER: u64 = 9_417_203_558_112_406;
const CLIENT_SECRET: &str = "client~secret-canary-0123";

/// Signs in, adds a secret, has it tested, and does all of it wrong; gives the session's id and every answer.
async fn use_dashboard(gateway: &TestGateway) -> (String, String) {
    desk::add(gateway, "ada@example.com", Role::Admin).await;
    let desk = Desk::new(gateway);
    let mut answers = Vec::new();
    let answer = desk.sign_in("ada@example.com", desk::PASSWORD).await;
    let cookie = answer.set_cookie("paragon-operator").to_owned();
    let session_id = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    answers.push(answer.text);
    let password = json!({ "email": "ada@example.com", "password": NUMBER });
    let integration = "/projects/app/integration";
    let secrets = format!("{integration}/secrets");
    let settings = json!({ "revision": 0, "clientId": "an-app", "active": true });
    for (method, path, body) in [
        (Method::POST, "/session", password),
        (Method::PUT, integration, settings),
        (Method::POST, &secrets, json!({ "secret": CLIENT_SECRET })),
        (Method::POST, &secrets, json!({ "secret": NUMBER })),
        (Method::POST, &secrets, json!({ "secret": [CLIENT_SECRET] })),
        (
            Method::POST,
            &secrets,
            json!({ "secret": CLIENT_SECRET, "expiresAt": "x" }),
        ),
        (
            Method::POST,
            &format!("{integration}/test"),
            json!({ "directory": "contoso.example" }),
        ),
        (
            Method::PUT,
            integration,
            json!({ "revision": 9, "secret": CLIENT_SECRET }),
        ),
        (Method::GET, integration, json!({})),
        (Method::GET, "/audit", json!({})),
        (Method::GET, "/session", json!({})),
    ] {
        let answer = desk.call(method, path, Some(body)).await;
        answers.push(format!("{}{}", answer.text, format_headers(&answer)));
    }
    let answers = answers.join("\n");
    assert!(answers.contains("integration.secret_added"), "{answers}");
    (session_id, answers)
}

fn format_headers(answer: &support::Answer) -> String {
    format!("{:?}", answer.headers)
}
