//! How much a user, and anybody from one address, may ask for, and that it takes nothing from others.

use std::time::Duration;

use futures_util::future::join_all;
use paragon_gateway::limits::LimitsConfig;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _};

use crate::support::{Answer, Browser, TestGateway, client, start_running, start_with};

async fn limited(limits: LimitsConfig) -> TestGateway {
    start_with(|config| {
        config.limits = limits;
        config.projects[0].workflows = vec![json!({
            "id": "w", "description": "W", "defaultEnabled": true,
            "trigger": {"type": "appEvent", "event": "Awaited"},
        })];
    })
    .await
}

async fn event(gateway: &TestGateway, user: &str, name: &str, payload: Value) -> Answer {
    let path = "/v2/projects/app/sdk/events/trigger";
    let body = json!({ "name": name, "payload": payload });
    gateway
        .call_with(user, Method::POST, path, &[], Some(body))
        .await
}

/// 429 with when to try again, in the header and in the body.
fn assert_limited(answer: &Answer) {
    assert_eq!(answer.code(), "rate_limited", "{}", answer.text);
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let after: u64 = answer.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(after >= 1);
    assert!(answer.json["retryAfterMs"].is_u64(), "{}", answer.text);
}

async fn stored_events(gateway: &TestGateway) -> i64 {
    let sql = "SELECT COUNT(*) FROM workflow_inbox WHERE kind = 'app_event'";
    let pool = sqlx::AnyPool::connect(&gateway.database).await.unwrap();
    let (count,): (i64,) = sqlx::query_as(sql).fetch_one(&pool).await.unwrap();
    count
}

#[tokio::test]
async fn one_user_s_requests_are_limited_on_every_route_and_nobody_else_s() {
    let gateway = limited(LimitsConfig {
        user_requests_per_minute: 10,
        ..LimitsConfig::default()
    })
    .await;
    for _ in 0..10 {
        let answer = gateway.call("mallory", Method::GET, "/sdk/me", None).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    for (method, path) in [
        (Method::GET, "/sdk/me"),
        (Method::PATCH, "/sdk/me"),
        (Method::GET, "/sdk/integrations"),
        (Method::DELETE, "/sdk/integrations/x"),
        (Method::GET, "/sdk/credentials"),
        (Method::POST, "/sdk/credentials"),
        (Method::GET, "/sdk/credentials/x"),
        (Method::POST, "/sdk/credentials/x/complete-setup"),
        (Method::POST, "/sdk/credentials/x/configurations"),
        (Method::POST, "/sdk/resources/x/connect"),
        (Method::POST, "/sdk/actions"),
        (Method::POST, "/actions"),
        (Method::POST, "/sdk/workflows/w"),
        (Method::POST, "/sdk/triggers/w"),
        (Method::GET, "/runs"),
        (Method::POST, "/runs/x/replay"),
        (Method::GET, "/triggers"),
        (Method::POST, "/sdk/flows"),
        (Method::GET, "/sdk/flows/x"),
        (Method::GET, "/sdk/actions/session-id/x"),
        (Method::GET, "/sdk/proxy/azuredevops/projects"),
        (Method::POST, "/sdk/proxy/azuredevops/projects"),
    ] {
        let body = (method == Method::POST).then(|| json!({}));
        let answer = gateway.call("mallory", method.clone(), path, body).await;
        assert_eq!(answer.code(), "rate_limited", "{method} {path}");
        assert_limited(&answer);
    }
    let other = gateway.call("ada", Method::GET, "/sdk/me", None).await;
    assert_eq!(other.status, StatusCode::OK, "{}", other.text);
}

#[tokio::test]
async fn all_users_of_a_project_together_are_limited_and_another_project_is_not() {
    let gateway = limited(LimitsConfig {
        project_requests_per_minute: 5,
        ..LimitsConfig::default()
    })
    .await;
    for number in 0..5 {
        let user = format!("u{number}");
        gateway.call(&user, Method::GET, "/sdk/me", None).await;
    }
    assert_limited(&gateway.call("u9", Method::GET, "/sdk/me", None).await);
    let other = gateway
        .call_project("other", "u9", Method::GET, "/sdk/me", None)
        .await;
    assert_eq!(other.status, StatusCode::OK, "{}", other.text);
}

#[tokio::test]
async fn what_nothing_waits_for_is_not_stored() {
    let gateway = limited(LimitsConfig::default()).await;
    let sent = event(&gateway, "nobody", "Awaited", json!({})).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    assert_eq!(stored_events(&gateway).await, 0, "they have no account");
    let connected = gateway.connect_token("ada", json!({})).await;
    assert_eq!(connected.status, StatusCode::OK, "{}", connected.text);
    let sent = event(&gateway, "ada", "Nobody waits", json!({})).await;
    assert!(sent.json["id"].is_string(), "{}", sent.text);
    assert_eq!(
        stored_events(&gateway).await,
        0,
        "no workflow has that name"
    );
    event(&gateway, "ada", "Awaited", json!({})).await;
    assert_eq!(stored_events(&gateway).await, 1);
}

#[tokio::test]
async fn what_is_stored_for_a_user_is_limited() {
    let gateway = limited(LimitsConfig {
        user_stored_mib_per_day: 1,
        ..LimitsConfig::default()
    })
    .await;
    gateway.connect_token("mallory", json!({})).await;
    gateway.connect_token("ada", json!({})).await;
    let large = json!({ "x": "x".repeat(200 << 10) });
    for _ in 0..5 {
        let sent = event(&gateway, "mallory", "Awaited", large.clone()).await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    }
    assert_limited(&event(&gateway, "mallory", "Awaited", large.clone()).await);
    assert_eq!(stored_events(&gateway).await, 5);
    let meta = json!({ "meta": { "x": "x".repeat(30 << 10) } });
    let answer = gateway
        .call("mallory", Method::PATCH, "/sdk/me", Some(meta.clone()))
        .await;
    assert_limited(&answer);
    let other = event(&gateway, "ada", "Awaited", large).await;
    assert_eq!(other.status, StatusCode::OK, "{}", other.text);
    let other = gateway
        .call("ada", Method::PATCH, "/sdk/me", Some(meta))
        .await;
    assert_eq!(other.status, StatusCode::OK, "{}", other.text);
}

#[tokio::test]
async fn flows_and_accounts_of_a_user_are_limited() {
    let gateway = limited(LimitsConfig {
        user_flows_per_hour: 3,
        accounts_per_user: 2,
        ..LimitsConfig::default()
    })
    .await;
    for _ in 0..3 {
        gateway.register("mallory", json!({})).await;
    }
    let body = json!({
        "id": paragon_gateway::random::token(),
        "ticket": paragon_gateway::random::token(),
        "integration": "azuredevops",
    });
    let answer = gateway
        .call("mallory", Method::POST, "/sdk/flows", Some(body))
        .await;
    assert_limited(&answer);
    let build = format!(
        "/v2/projects/app/sdk/actions/build-oauth?action=azuredevops&oauthMetaKeyId={}",
        paragon_gateway::random::token()
    );
    let answer = gateway
        .call_with("mallory", Method::GET, &build, &[], None)
        .await;
    assert_limited(&answer);
    gateway.register("ada", json!({})).await;
    for label in ["one", "two"] {
        let options = json!({ "externalId": label, "allowMultipleCredentials": true });
        let answer = gateway.connect_token("mallory", options).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let options = json!({ "externalId": "three", "allowMultipleCredentials": true });
    assert_limited(&gateway.connect_token("mallory", options).await);
    // One that is there is connected again.
    let again = json!({ "selectedCredentialId": "ext:two" });
    let answer = gateway.connect_token("mallory", again).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

/// Each kind of call that stores something for a user, with their account and one of their runs.
fn stored((credential, run): &(String, String)) -> [(Method, String, Value); 7] {
    let settings = json!({"config": {"sharedSettings": {"note": "x"}}});
    [
        (
            Method::PATCH,
            format!("/sdk/credentials/{credential}"),
            settings,
        ),
        (Method::POST, format!("/runs/{run}/replay"), json!({})),
        (Method::POST, "/sdk/triggers/asked".to_owned(), json!({})),
        (Method::DELETE, "/sdk/workflows/w".to_owned(), json!({})),
        (Method::POST, "/sdk/workflows/w".to_owned(), json!({})),
        (
            Method::PATCH,
            format!("/sdk/credentials/{credential}/configurations"),
            json!({"meta": {"team": "x"}}),
        ),
        (
            Method::POST,
            format!("/sdk/credentials/{credential}/configurations"),
            json!({"externalId": "second"}),
        ),
    ]
}

#[tokio::test]
async fn settings_switches_replays_and_requests_count_as_what_is_stored() {
    let gateway = start_running(|config| {
        config.limits = LimitsConfig {
            user_stored_mib_per_day: 1,
            ..LimitsConfig::default()
        };
        config.projects[0].settings = serde_json::from_value(json!([
            {"id": "note", "title": "Note", "type": "text"},
        ]))
        .unwrap();
        config.projects[0].workflows = vec![
            json!({
                "id": "w", "description": "W", "defaultEnabled": true,
                "trigger": {"type": "appEvent", "event": "Awaited"},
                "steps": [{"id": "wait", "do": {"type": "delay", "amount": 0, "unit": "SECONDS"}}],
            }),
            json!({
                "id": "asked", "description": "Asked", "defaultEnabled": true, "trigger": {"type": "request"},
                "steps": [{"id": "a", "do": {"type": "response", "body": 1}}],
            }),
        ];
    })
    .await;
    let ids = async |user: &str| {
        let credential = gateway.connect_token(user, json!({})).await.json["id"].clone();
        event(&gateway, user, "Awaited", json!({})).await;
        let runs = gateway.call(user, Method::GET, "/runs", None).await;
        let run = runs.json["runs"][0]["id"].clone();
        let text = |id: &Value| {
            id.as_str()
                .unwrap_or_else(|| panic!("{}", runs.text))
                .to_owned()
        };
        (text(&credential), text(&run))
    };
    let (mallory, ada) = (ids("mallory").await, ids("ada").await);
    let large = json!({ "x": "x".repeat(200 << 10) });
    let mut is_full = false;
    for _ in 0..10 {
        let sent = event(&gateway, "mallory", "Awaited", large.clone()).await;
        is_full = sent.status == StatusCode::TOO_MANY_REQUESTS;
        if is_full {
            break;
        }
    }
    assert!(is_full, "events are not counted");
    // Each switch takes 1 of the 1,024 KiB, so that nothing is left.
    let methods = [Method::DELETE, Method::POST]
        .into_iter()
        .cycle()
        .take(1100);
    let mut refused = None;
    for method in methods {
        let switched = gateway
            .call("mallory", method, "/sdk/workflows/w", None)
            .await;
        if !switched.status.is_success() {
            refused = Some(switched);
            break;
        }
    }
    assert_limited(&refused.expect("switches are not counted"));
    for (method, path, body) in stored(&mallory) {
        let answer = gateway.call("mallory", method, &path, Some(body)).await;
        assert_eq!(answer.code(), "rate_limited", "{path}: {}", answer.text);
        assert_limited(&answer);
    }
    for (method, path, body) in stored(&ada) {
        let answer = gateway.call("ada", method, &path, Some(body)).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
    }
}

/// What anybody may ask for; all are answered with the gateway's pages or their data.
const WITHOUT_A_TOKEN: [(Method, &str); 7] = [
    (Method::GET, "/connect/start"),
    (Method::POST, "/connect/ticket"),
    (Method::POST, "/connect/organizations"),
    (Method::POST, "/connect/departure"),
    (Method::GET, "/oauth?state=x&code=y"),
    (
        Method::GET,
        "/projects/app/sdk/actions/oauth-nonce?userToken=x&originForPostMessage=x",
    ),
    (Method::POST, "/hooks/azure-devops/x"),
];

#[tokio::test]
async fn what_needs_no_token_is_limited_by_address() {
    let gateway = start_with(|config| {
        config.limits.address_requests_per_minute = 20;
        config.trusted_proxies = vec!["127.0.0.1".into()];
    })
    .await;
    let ask = async |from: &str, method: Method, path: &str| {
        let url = format!("{}{path}", gateway.url);
        let mut request = client().request(method.clone(), url);
        request = request.header("x-forwarded-for", from);
        if method == Method::POST {
            request = request
                .header("origin", &gateway.url)
                .header("content-type", "application/json")
                .body("{}");
        }
        Answer::of(request.send().await.unwrap()).await
    };
    let (greedy, other) = ("203.0.113.1", "203.0.113.2");
    // As many as there are routes are let through, and each of them counts.
    let mut left = 20;
    for (method, path) in WITHOUT_A_TOKEN {
        let answer = ask(greedy, method, path).await;
        assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        left -= 1;
    }
    for _ in 0..left {
        let answer = ask(greedy, Method::GET, "/connect/start").await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    for (method, path) in WITHOUT_A_TOKEN {
        let answer = ask(greedy, method, path).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        let after: u64 = answer.headers["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!(after >= 1, "{path}");
        assert!(
            answer.text.contains("rate_limited"),
            "{path}: {}",
            answer.text
        );
    }
    let answer = ask(other, Method::GET, "/connect/start").await;
    assert_eq!(answer.status, StatusCode::OK);
    let user = gateway.call("ada", Method::GET, "/sdk/me", None).await;
    assert_eq!(
        user.status,
        StatusCode::OK,
        "who has a token is counted by it"
    );
}

/// Holds the database so that nothing can be written to the flows until it is dropped.
async fn without_writing(gateway: &TestGateway) -> sqlx::AnyConnection {
    let mut connection = sqlx::AnyConnection::connect(&gateway.database)
        .await
        .unwrap();
    let statements: &[&str] = if gateway.database.starts_with("postgres") {
        &["BEGIN", "LOCK TABLE flows IN SHARE MODE"]
    } else {
        &["BEGIN IMMEDIATE"]
    };
    for statement in statements {
        connection.execute(*statement).await.unwrap();
    }
    connection
}

#[tokio::test]
async fn tickets_that_nobody_registered_cause_no_write() {
    let gateway = limited(LimitsConfig::default()).await;
    let (_, ticket) = gateway.register("ada", json!({})).await;
    let held = without_writing(&gateway).await;
    // Who had to write would wait for it, and fail.
    let asked = join_all((0..50).map(|_| async {
        let ticket = paragon_gateway::random::token();
        Browser::new(&gateway).redeem(&ticket).await
    }));
    let answers = tokio::time::timeout(Duration::from_secs(40), asked).await;
    for answer in answers.expect("they do not wait for a write") {
        assert_eq!(answer.code(), "flow_not_found", "{}", answer.text);
    }
    held.close().await.unwrap();
    let redeemed = Browser::new(&gateway).redeem(&ticket).await;
    assert_eq!(redeemed.status, StatusCode::OK, "{}", redeemed.text);
}
