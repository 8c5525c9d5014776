//! Sign-ins and refreshes that Entra ID refuses: whom the refusal speaks for, and what the person is told.

use std::sync::atomic::Ordering;

use crate::support::{Browser, TestGateway, start};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

const PROJECTS: &str = "/projects?api-version=7.1";

/// What a browser brings back from the sign-in page of a flow of `user`: any text that its user likes.
async fn bring(gateway: &TestGateway, user: &str, answer: &[(&str, &str)]) -> (String, Value) {
    let (id, ticket) = gateway.register(user, json!({})).await;
    let browser = Browser::new(gateway);
    let redeemed = browser.redeem(&ticket).await;
    let url = Url::parse(redeemed.json["authorizationUrl"].as_str().unwrap()).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state");
    let mut callback = Url::parse(&format!("{}/oauth", gateway.url)).unwrap();
    callback
        .query_pairs_mut()
        .append_pair("state", &state.unwrap().1)
        .extend_pairs(answer);
    (id, browser.open(&callback).await)
}

async fn refuse_refresh(gateway: &TestGateway, number: u32) {
    let error = json!({ "code": number, "times": 1, "grantType": "refresh_token" });
    gateway.knob(Method::POST, "token-errors", error).await;
}

async fn expire(gateway: &TestGateway, person: &str) {
    let path = format!("users/{person}/expire");
    gateway.knob(Method::POST, &path, json!({})).await;
}

#[tokio::test]
async fn an_error_that_a_browser_brings_speaks_for_its_own_flow_alone() {
    let gateway = start().await;
    gateway.connect("ada", "grace").await;
    let (bystander, _) = gateway.register("mallory", json!({})).await;
    for (error, description) in [
        ("invalid_client", "AADSTS7000215: Invalid client secret."),
        ("invalid_client", "AADSTS7000222: The secret has expired."),
        (
            "access_denied",
            "AADSTS7000215: Invalid client secret provided.",
        ),
        ("invalid_client", ""),
        (
            "unauthorized_client",
            "AADSTS700016: Application not found.",
        ),
        ("invalid_scope", "AADSTS70011: The scope is not valid."),
        (
            "invalid_request",
            "AADSTS50011: The redirect URI does not match.",
        ),
        ("invalid_grant", "AADSTS50173: The grant was revoked."),
    ] {
        let answer = [("error", error), ("error_description", description)];
        let (flow, page) = bring(&gateway, "mallory", &answer).await;
        assert_eq!(page["view"], "error", "{error}: {page}");
        assert_eq!(gateway.flow("mallory", &flow).await["status"], "failed");

        let noted = gateway.app.broken.reason("app", 0);
        assert_eq!(noted, None, "{error} {description}");
        expire(&gateway, "grace").await;
        let answer = gateway.proxy("ada", PROJECTS).await;
        assert_eq!(answer.status, StatusCode::OK, "{error}: {}", answer.text);
    }
    assert_eq!(
        gateway.flow("mallory", &bystander).await["status"],
        "pending"
    );
    let connection = gateway.connection("ada").await;
    assert_eq!(connection["credentialStatus"], "VALID");
}

#[tokio::test]
async fn a_refused_client_secret_pauses_refreshes_until_it_works_again() {
    let gateway = start().await;
    gateway.connect("ada", "grace").await;
    let refresh = async || {
        expire(&gateway, "grace").await;
        gateway.proxy("ada", PROJECTS).await
    };
    refuse_refresh(&gateway, 7_000_215).await;
    assert_eq!(refresh().await.code(), "integration_misconfigured");
    assert_eq!(refresh().await.code(), "integration_misconfigured");
    assert!(gateway.app.broken.reason("app", 0).is_some());
    assert_eq!(gateway.refreshes().await, 1, "Entra ID is left alone");

    gateway.connect("grace", "grace").await;
    assert_eq!(gateway.app.broken.reason("app", 0), None, "it works");
    assert_eq!(refresh().await.status, StatusCode::OK);

    refuse_refresh(&gateway, 7_000_215).await;
    assert_eq!(refresh().await.code(), "integration_misconfigured");
    gateway.ahead.store(301_000, Ordering::SeqCst);
    assert_eq!(refresh().await.status, StatusCode::OK, "after the pause");
    assert_eq!(gateway.app.broken.reason("app", 0), None);
}

#[tokio::test]
async fn one_users_refusal_stops_nobody_elses_refresh() {
    for number in [650_052, 700_016, 7_000_112, 50194, 70011, 50011, 65001] {
        let gateway = start().await;
        gateway.connect("ada", "grace").await;
        gateway.connect("bob", "grace").await;
        expire(&gateway, "grace").await;
        refuse_refresh(&gateway, number).await;
        let refused = gateway.proxy("ada", PROJECTS).await;
        assert_ne!(refused.status, StatusCode::OK, "{number}");
        let other = gateway.proxy("bob", PROJECTS).await;
        assert_eq!(other.status, StatusCode::OK, "{number}: {}", other.text);
        assert_eq!(gateway.app.broken.reason("app", 0), None, "{number}");
    }
}

#[tokio::test]
async fn a_directory_without_azure_devops_is_no_fault_of_the_app() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("ada", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    let error = json!({ "code": 650_052, "times": 1, "grantType": "authorization_code" });
    gateway.knob(Method::POST, "token-errors", error).await;
    let page = browser.open(&callback).await;
    assert_eq!(page["code"], "provider_not_in_directory", "{page}");
    let flow = gateway.flow("ada", &id).await;
    assert_eq!(flow["error"]["code"], "provider_not_in_directory");
    assert_eq!(gateway.app.broken.reason("app", 0), None);
}

#[tokio::test]
async fn a_sign_in_that_the_directory_refuses_is_not_the_persons_no() {
    let gateway = start().await;
    for (error, number, code, words) in [
        ("access_denied", 50105, "sign_in_blocked", "assign you"),
        ("access_denied", 50020, "sign_in_blocked", "invite"),
        (
            "access_denied",
            53003,
            "sign_in_blocked",
            "Conditional Access",
        ),
        (
            "access_denied",
            500_207,
            "sign_in_blocked",
            "work or school account",
        ),
        (
            "access_denied",
            65005,
            "integration_misconfigured",
            "permissions",
        ),
        (
            "access_denied",
            650_052,
            "provider_not_in_directory",
            "Azure DevOps is not available",
        ),
        (
            "invalid_client",
            650_052,
            "provider_not_in_directory",
            "Azure DevOps is not available",
        ),
        (
            "access_denied",
            90094,
            "admin_approval_required",
            "administrator",
        ),
        (
            "access_denied",
            53000,
            "interaction_required",
            "requires a managed device",
        ),
        (
            "access_denied",
            4_000_000_000_u32,
            "sign_in_blocked",
            "administrator",
        ),
    ] {
        let description = format!("AADSTS{number}: Text for developers. Trace ID: 1");
        let answer = [
            ("error", error),
            ("error_description", description.as_str()),
        ];
        let (flow, page) = bring(&gateway, "ada", &answer).await;
        assert_eq!(page["code"], code, "{number}: {page}");
        let message = page["message"].as_str().unwrap();
        assert!(message.contains(words), "{number}: {message}");
        assert_eq!(
            page["helpUrl"],
            format!("https://login.microsoftonline.com/error?code={number}")
        );
        let flow = gateway.flow("ada", &flow).await;
        assert_eq!(flow["status"], "failed", "{number}");
        assert_eq!(
            (&flow["error"]["code"], &flow["error"]["message"]),
            (&json!(code), &json!(message))
        );
    }
}

#[tokio::test]
async fn the_persons_no_cancels() {
    let gateway = start().await;
    for answer in [
        &[("error", "access_denied")][..],
        &[("error", "access_denied"), ("error_subcode", "cancel")],
        &[
            ("error", "access_denied"),
            (
                "error_description",
                "AADSTS65004: User declined to consent.",
            ),
        ],
    ] {
        let (flow, page) = bring(&gateway, "ada", answer).await;
        assert_eq!(page["code"], "access_denied", "{page}");
        assert_eq!(page.get("helpUrl"), None);
        let flow = gateway.flow("ada", &flow).await;
        assert_eq!(flow["status"], "cancelled", "{answer:?}");
    }
}

#[tokio::test]
async fn the_simulator_answers_on_the_redirect_as_entra_id_does() {
    let gateway = start().await;
    for (number, error, subcode) in [
        (65004, "access_denied", Some("cancel")),
        (50105, "access_denied", None),
        (53003, "access_denied", Some("message_only")),
        (650_051, "invalid_client", None),
        (650_052, "invalid_client", None),
    ] {
        let queued = json!({ "code": number, "times": 1 });
        gateway.knob(Method::POST, "authorize-errors", queued).await;
        let (_, ticket) = gateway.register("ada", json!({})).await;
        let callback = Browser::new(&gateway).sign_in(&ticket, "grace").await;
        let sent = |wanted: &str| {
            let mut pairs = callback.query_pairs();
            let found = pairs.find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.into_owned())
        };
        assert_eq!(sent("error").as_deref(), Some(error), "{number}");
        assert_eq!(sent("error_subcode").as_deref(), subcode, "{number}");
        let description = sent("error_description").unwrap();
        assert!(description.starts_with(&format!("AADSTS{number}: ")));
    }
}

#[tokio::test]
async fn a_refused_code_says_the_same_as_a_refused_sign_in() {
    let gateway = start().await;
    for number in [50105, 53003, 65005, 650_052, 700_016] {
        let description = format!("AADSTS{number}: Text.");
        let answer = [
            ("error", "access_denied"),
            ("error_description", &description),
        ];
        let (_, on_redirect) = bring(&gateway, "ada", &answer).await;
        let (_, ticket) = gateway.register("ada", json!({})).await;
        let browser = Browser::new(&gateway);
        let callback = browser.sign_in(&ticket, "grace").await;
        let queued = json!({ "code": number, "times": 1, "grantType": "authorization_code" });
        gateway.knob(Method::POST, "token-errors", queued).await;
        let at_exchange = browser.open(&callback).await;
        for field in ["code", "message", "helpUrl"] {
            assert_eq!(at_exchange[field], on_redirect[field], "{number} {field}");
        }
    }
}
