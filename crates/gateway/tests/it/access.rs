//! Access to the provider with a stored credential: refresh, once for all, and what happens when it fails.

use std::time::{Duration, Instant};

use crate::support::desk::Desk;
use crate::support::{self, Answer, Browser, TestGateway, start};
use paragon_gateway::identity::{Claims, mint};
use paragon_gateway::operators::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

const PROJECTS: &str = "/projects?api-version=7.1";

async fn connected() -> TestGateway {
    let gateway = start().await;
    gateway.connect("u1", "grace").await;
    gateway.knob(Method::DELETE, "requests", json!({})).await;
    gateway
}

async fn status_of_credential(gateway: &TestGateway) -> String {
    let me = gateway.call("u1", Method::GET, "/sdk/me", None).await;
    me.json["integrations"]["azuredevops"]["credentialStatus"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn a_hundred_requests_with_one_expired_token_refresh_it_once() {
    let gateway = connected().await;
    gateway
        .ahead
        .store(55_000, std::sync::atomic::Ordering::SeqCst);
    let calls = (0..100).map(|_| gateway.proxy("u1", PROJECTS));
    let answers = futures_util::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    assert_eq!(gateway.refreshes().await, 1);
}

/// Three gateways on one database and one simulator, with an account of `u1`.
async fn three_gateways() -> [TestGateway; 3] {
    let vault_key = paragon_gateway::vault::Vault::generate_key();
    let first = support::start_with(|config| config.vault_keys = vec![vault_key.clone()]).await;
    first.connect("u1", "grace").await;
    let beside = || {
        support::start_with(|config| {
            config.vault_keys = vec![vault_key.clone()];
            config.database.clone_from(&first.database);
            config.entra_authority = format!("{}/login.microsoftonline.com", first.sandbox);
            config.azure_devops_simulator = Some(first.sandbox.clone());
        })
    };
    let (second, third) = (beside().await, beside().await);
    [first, second, third]
}

#[tokio::test]
async fn three_gateways_on_one_database_refresh_an_expired_token_once() {
    let all = three_gateways().await;
    for gateway in &all {
        gateway
            .ahead
            .store(55_000, std::sync::atomic::Ordering::SeqCst);
    }
    let calls = all
        .iter()
        .flat_map(|gateway| (0..50).map(|_| gateway.proxy("u1", PROJECTS)));
    let answers = futures_util::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    assert_eq!(all[0].refreshes().await, 1);
}

#[tokio::test]
async fn gateways_whose_clocks_differ_refresh_an_expired_token_once() {
    let all = three_gateways().await;
    let settings = json!({"accessTokenLifetimeSeconds": 3600, "delayMs": 1000});
    all[0].knob(Method::PATCH, "settings", settings).await;
    for (gateway, ahead) in all.iter().zip([55_000, 200_000, 400_000]) {
        gateway
            .ahead
            .store(ahead, std::sync::atomic::Ordering::SeqCst);
    }
    let calls = all.iter().map(|gateway| gateway.proxy("u1", PROJECTS));
    let answers = futures_util::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    assert_eq!(all[0].refreshes().await, 1);
}

#[tokio::test]
async fn a_token_that_the_provider_rejects_early_is_refreshed_once_and_the_request_repeated() {
    let gateway = connected().await;
    gateway
        .knob(Method::POST, "users/grace/expire", json!({}))
        .await;
    let calls = (0..20).map(|_| gateway.proxy("u1", PROJECTS));
    let answers = futures_util::future::join_all(calls).await;
    assert!(
        answers.iter().all(|answer| answer.status == StatusCode::OK),
        "{:?}",
        answers
            .iter()
            .map(|answer| &answer.text)
            .collect::<Vec<_>>()
    );
    assert_eq!(gateway.refreshes().await, 1);
}

#[tokio::test]
async fn a_dead_grant_marks_the_credential_and_a_reconnect_heals_it() {
    let gateway = connected().await;
    gateway
        .knob(Method::POST, "users/grace/revoke", json!({}))
        .await;
    let refused = gateway.proxy("u1", PROJECTS).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::UNAUTHORIZED, "credential_needs_reconnect")
    );
    assert_eq!(
        refused.json["meta"]["isIntegrationError"], true,
        "clients must not sign the user out"
    );
    assert_eq!(status_of_credential(&gateway).await, "INVALID");
    let refreshes = gateway.refreshes().await;
    assert_eq!(
        gateway.proxy("u1", PROJECTS).await.code(),
        "credential_needs_reconnect"
    );
    assert_eq!(
        gateway.refreshes().await,
        refreshes,
        "a dead grant is not tried again"
    );

    let me = gateway.call("u1", Method::GET, "/sdk/me", None).await;
    let id = me.json["integrations"]["azuredevops"]["credentialId"]
        .as_str()
        .unwrap()
        .to_owned();
    let (_, ticket) = gateway.register("u1", json!({ "credentialId": id })).await;
    let browser = Browser::new(&gateway);
    let page = browser.open(&browser.sign_in(&ticket, "grace").await).await;
    assert_eq!(page["view"], "done", "{page}");
    assert_eq!(status_of_credential(&gateway).await, "VALID");
    let me = gateway.call("u1", Method::GET, "/sdk/me", None).await;
    assert_eq!(
        me.json["integrations"]["azuredevops"]["allCredentials"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(gateway.proxy("u1", PROJECTS).await.status, StatusCode::OK);
}

#[tokio::test]
async fn each_dead_grant_of_the_error_table_needs_a_reconnect() {
    for code in [70008, 700_082, 50173, 70043, 50089, 65001, 50076] {
        let gateway = connected().await;
        gateway
            .knob(Method::POST, "users/grace/expire", json!({}))
            .await;
        gateway
            .knob(
                Method::POST,
                "token-errors",
                json!({ "code": code, "times": 1, "grantType": "refresh_token" }),
            )
            .await;
        assert_eq!(
            gateway.proxy("u1", PROJECTS).await.code(),
            "credential_needs_reconnect",
            "{code}"
        );
        assert_eq!(status_of_credential(&gateway).await, "INVALID", "{code}");
    }
}

#[tokio::test]
async fn the_operators_expired_secret_does_not_touch_the_users_credential() {
    let gateway = connected().await;
    gateway
        .knob(Method::POST, "users/grace/expire", json!({}))
        .await;
    gateway
        .knob(
            Method::POST,
            "token-errors",
            json!({ "code": 7_000_222, "times": 1, "grantType": "refresh_token" }),
        )
        .await;
    assert_eq!(
        gateway.proxy("u1", PROJECTS).await.code(),
        "integration_misconfigured"
    );
    assert_eq!(status_of_credential(&gateway).await, "VALID");
    let refreshes = gateway.refreshes().await;
    assert_eq!(
        gateway.proxy("u1", PROJECTS).await.code(),
        "integration_misconfigured"
    );
    assert_eq!(
        gateway.refreshes().await,
        refreshes,
        "the breaker is open: Entra ID is not asked again"
    );
}

#[tokio::test]
async fn a_passing_fault_of_the_identity_provider_is_not_the_credentials_end() {
    let gateway = connected().await;
    gateway
        .ahead
        .store(50_000, std::sync::atomic::Ordering::SeqCst);
    gateway
        .knob(
            Method::POST,
            "token-errors",
            json!({ "code": 90033, "times": 1, "grantType": "refresh_token" }),
        )
        .await;
    let answer = gateway.proxy("u1", PROJECTS).await;
    assert_eq!(
        answer.status,
        StatusCode::OK,
        "the token is near its end, but lives: {}",
        answer.text
    );
    gateway
        .knob(Method::POST, "users/grace/expire", json!({}))
        .await;
    gateway.knob(Method::POST, "token-errors", json!({ "code": 90033, "times": 2, "grantType": "refresh_token", "status": 503, "retryAfterSeconds": 7 })).await;
    let answer = gateway.proxy("u1", PROJECTS).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::SERVICE_UNAVAILABLE, "provider_unavailable")
    );
    assert_eq!(answer.headers["retry-after"], "7");
    assert_eq!(status_of_credential(&gateway).await, "VALID");
    assert_eq!(gateway.proxy("u1", PROJECTS).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_face_of_a_refused_token_leads_to_one_refresh() {
    for face in ["signInPage", "unauthorized", "redirect", "challenges"] {
        let gateway = connected().await;
        gateway
            .knob(Method::POST, "answers", json!({ "face": face, "times": 1 }))
            .await;
        let answer = gateway.proxy("u1", PROJECTS).await;
        assert_eq!(answer.status, StatusCode::OK, "{face}: {}", answer.text);
        assert_eq!(gateway.refreshes().await, 1, "{face}");
    }
}

#[tokio::test]
async fn not_permitted_in_the_organization_is_not_a_dead_credential() {
    let gateway = connected().await;
    gateway
        .knob(
            Method::POST,
            "answers",
            json!({ "face": "notPermitted", "times": 2 }),
        )
        .await;
    assert_eq!(
        gateway.proxy("u1", PROJECTS).await.code(),
        "provider_forbidden"
    );
    assert_eq!(status_of_credential(&gateway).await, "VALID");
}

#[tokio::test]
async fn a_personal_access_token_is_checked_and_kept() {
    let gateway = start().await;
    let integration = gateway
        .call("u1", Method::GET, "/sdk/integrations", None)
        .await
        .json[0]["id"]
        .clone();
    let connect = |organization: &str, token: &str| {
        let payload = json!({ "accountType": "personal_access_token", "ORGANIZATION": organization, "PERSONAL_ACCESS_TOKEN": token });
        gateway.call(
            "u1",
            Method::POST,
            "/sdk/credentials",
            Some(json!({ "integrationId": integration, "payload": payload })),
        )
    };
    assert_eq!(
        connect("contoso-demo", "wrong").await.code(),
        "personal_access_token_refused"
    );
    assert_eq!(connect("../evil", "wrong").await.code(), "invalid_request");
    assert_eq!(
        connect("contoso-demo", "line\nbreak").await.code(),
        "invalid_request"
    );
    let state = gateway.knob(Method::GET, "state", json!(null)).await;
    let organizations = state["organizations"].as_array().unwrap();
    let demo = organizations
        .iter()
        .find(|one| one["name"] == "contoso-demo")
        .unwrap();
    let tokens = demo["personalAccessTokens"].as_array().unwrap();
    let good = tokens
        .iter()
        .find(|token| token["scopes"].to_string().contains("work_write"))
        .unwrap();
    let secret = good["token"].as_str().unwrap();
    let created = connect("https://dev.azure.com/contoso-demo", secret).await;
    assert_eq!(created.status, StatusCode::OK, "{}", created.text);
    assert!(!created.text.contains(secret));
    assert_eq!(gateway.proxy("u1", PROJECTS).await.status, StatusCode::OK);
}

/// How long what one gateway changed may go unnoticed by another.
const EVERYWHERE: Duration = Duration::from_secs(1);

/// Calls the proxy until it answers so. It must, when the call began later than a change may go unnoticed.
async fn answers_soon(gateway: &TestGateway, token: &str, wanted: &str, since: Instant) {
    loop {
        let began = Instant::now();
        let answer = proxy_as(gateway, token).await;
        if answer.code() == wanted {
            return;
        }
        let unnoticed = began.duration_since(since);
        assert!(
            unnoticed <= EVERYWHERE,
            "`{}` after {unnoticed:?}",
            answer.code()
        );
    }
}

/// The proxy, called with this token. The code is empty when the answer is the provider's.
async fn proxy_as(gateway: &TestGateway, token: &str) -> Answer {
    let url = format!(
        "{}/projects/app/sdk/proxy/azuredevops{PROJECTS}",
        gateway.url
    );
    let request = support::client().get(url).bearer_auth(token);
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn what_one_gateway_changes_is_in_force_there_at_once_and_everywhere_within_a_second() {
    let [first, second, _] = three_gateways().await;
    let desk = Desk::of(&first, Role::Admin).await;
    let keys = "/projects/app/signing-keys";
    let made = desk
        .call(Method::POST, keys, Some(json!({ "generate": "ES256" })))
        .await;
    let private = made.json["privateKey"].as_str().unwrap();
    let added = made.json["keys"].as_array().unwrap();
    let id = added.iter().find_map(|key| key["id"].as_str()).unwrap();
    let claims = Claims {
        sub: Some("u1".into()),
        id: None,
        exp: first.app.clock.now() / 1000 + 3600,
        iat: None,
        nbf: None,
        aud: None,
    };
    let token = mint(private, &claims).unwrap();
    assert_eq!(proxy_as(&first, &token).await.code(), "");
    answers_soon(&second, &token, "", Instant::now()).await;

    for (active, wanted) in [(false, "integration_inactive"), (true, "")] {
        let integration = "/projects/app/integration";
        let revision = desk.get(integration).await.json["revision"].clone();
        let body = json!({ "revision": revision, "active": active });
        let saved = desk.call(Method::PUT, integration, Some(body)).await;
        let since = Instant::now();
        assert!(saved.status.is_success(), "{}", saved.text);
        assert_eq!(proxy_as(&first, &token).await.code(), wanted);
        answers_soon(&second, &token, wanted, since).await;
    }

    let removed = desk
        .call(Method::DELETE, &format!("{keys}/{id}"), None)
        .await;
    let since = Instant::now();
    assert!(removed.status.is_success(), "{}", removed.text);
    assert_eq!(proxy_as(&first, &token).await.code(), "token_invalid");
    answers_soon(&second, &token, "token_invalid", since).await;

    let (own, others) = (first.token("u1"), second.token("u1"));
    answers_soon(&second, &others, "", Instant::now()).await;
    let credential = first.connection("u1").await["credentialId"].clone();
    let path = format!("/sdk/credentials/{}", credential.as_str().unwrap());
    let gone = first.call("u1", Method::DELETE, &path, None).await;
    let since = Instant::now();
    assert!(gone.status.is_success(), "{}", gone.text);
    assert_eq!(
        proxy_as(&first, &own).await.code(),
        "integration_not_connected"
    );
    answers_soon(&second, &others, "integration_not_connected", since).await;
}

#[tokio::test]
async fn without_its_database_a_gateway_soon_trusts_nothing_that_it_remembers() {
    let gateway = connected().await;
    let token = gateway.token("u1");
    assert_eq!(proxy_as(&gateway, &token).await.code(), "");
    gateway.app.store.close().await;
    answers_soon(&gateway, &token, "storage_unavailable", Instant::now()).await;
}
