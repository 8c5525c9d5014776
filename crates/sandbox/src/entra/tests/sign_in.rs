//! The authorize endpoint and its pages.

use axum::http::StatusCode;
use serde_json::json;

use crate::test_support::{Answer, CHALLENGE, SCOPE, TestSandbox};
use crate::{DEV_REDIRECT_URI, Tenancy};

fn redirected_number(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
    assert_eq!(answer.redirected("state"), "s1");
    let text = answer.redirected("error_description");
    text.strip_prefix("AADSTS")
        .and_then(|rest| rest.split(':').next())
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn a_single_tenant_app_needs_its_own_tenant() {
    let tenant = "fabrikam.example";
    let id = crate::seed::fabrikam_id();
    let sandbox = TestSandbox::with(|config| config.apps[0].tenancy = Tenancy::Single(id));
    assert!(
        sandbox
            .authorize("organizations", &[])
            .await
            .text
            .contains("AADSTS50194")
    );
    assert_eq!(sandbox.authorize(tenant, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_client_or_redirect_uri_is_told_on_the_page_and_never_redirected() {
    let sandbox = TestSandbox::new();
    for (name, value, number) in [
        ("redirect_uri", "https://evil.example/oauth", "50011"),
        ("redirect_uri", "http://localhost:4400/oauth/", "50011"),
        ("redirect_uri", "", "900971"),
        ("client_id", "nobody", "700016"),
        ("client_id", "", "900144"),
    ] {
        let answer = sandbox.authorize("organizations", &[(name, value)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.header("location"), "");
        assert!(
            answer.text.contains(&format!("AADSTS{number}")),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn other_mistakes_come_back_on_the_redirect_uri_with_the_state() {
    let sandbox = TestSandbox::new();
    let resource = "499b84ac-1321-427f-aa17-267ca6975798";
    let mixed = format!("{resource}/.default {resource}/vso.work");
    let two = format!("{resource}/vso.work https://graph.microsoft.com/User.Read");
    for (name, value, number) in [
        ("scope", "openid vso.work", "70011"),
        ("scope", mixed.as_str(), "70011"),
        ("scope", two.as_str(), "700022"),
        ("scope", "", "900144"),
        ("response_type", "token", "700054"),
        ("response_type", "", "900144"),
        ("response_mode", "fragment", "9002313"),
        ("code_challenge_method", "plain", "9002313"),
        ("code_challenge", "short", "501491"),
        ("prompt", "later", "90014"),
        ("prompt", "none", "50058"),
    ] {
        let answer = sandbox.authorize("organizations", &[(name, value)]).await;
        assert_eq!(redirected_number(&answer), number, "{name}={value}");
    }
    sandbox
        .knob("POST", "authorize-errors", json!({"code": 50076}))
        .await;
    assert_eq!(
        redirected_number(&sandbox.authorize("organizations", &[]).await),
        "50076"
    );
}

#[tokio::test]
async fn consent_is_asked_once_and_can_be_declined() {
    let sandbox = TestSandbox::new();
    let page = sandbox.authorize("organizations", &[]).await;
    let consent = sandbox.choose("organizations", &page, "ada").await;
    assert!(consent.text.contains("Create and change work items"));
    let declined = sandbox
        .form(
            "/login.microsoftonline.com/organizations/consent",
            &[("ctx", &consent.context()), ("decision", "cancel")],
        )
        .await;
    assert_eq!(
        (
            redirected_number(&declined).as_str(),
            declined.redirected("error").as_str()
        ),
        ("65004", "access_denied")
    );
    sandbox.code("organizations", "ada", &[]).await;
    let page = sandbox.authorize("organizations", &[]).await;
    assert_eq!(
        sandbox.choose("organizations", &page, "ada").await.status,
        StatusCode::FOUND,
        "remembered"
    );
    let page = sandbox
        .authorize("organizations", &[("prompt", "consent")])
        .await;
    assert_eq!(
        sandbox.choose("organizations", &page, "ada").await.status,
        StatusCode::OK,
        "asked again"
    );
}

#[tokio::test]
async fn a_directory_can_demand_an_administrators_approval() {
    let sandbox = TestSandbox::new();
    let page = sandbox.authorize("organizations", &[]).await;
    let approval = sandbox.choose("organizations", &page, "margaret").await;
    assert!(
        approval.text.contains("Need admin approval")
            && approval.text.contains("/v2.0/adminconsent?")
    );
    let forced = sandbox
        .form(
            "/login.microsoftonline.com/organizations/consent",
            &[("ctx", &approval.context()), ("decision", "accept")],
        )
        .await;
    assert_eq!(
        forced.redirected("code"),
        "",
        "the consent form cannot go round the approval"
    );

    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("client_id", crate::DEV_CLIENT_ID),
            ("scope", SCOPE),
            ("redirect_uri", DEV_REDIRECT_URI),
            ("state", "s1"),
        ])
        .finish();
    let path = "/login.microsoftonline.com/fabrikam.example/v2.0/adminconsent";
    assert!(
        sandbox
            .send("GET", &format!("{path}?{query}"), &[], "")
            .await
            .text
            .contains("Alan Modell")
    );
    let not_admin = sandbox
        .form(
            path,
            &[
                ("query", &query),
                ("account", "margaret"),
                ("decision", "accept"),
            ],
        )
        .await;
    assert_eq!(not_admin.redirected("admin_consent"), "");
    let approved = sandbox
        .form(
            path,
            &[
                ("query", &query),
                ("account", "alan"),
                ("decision", "accept"),
            ],
        )
        .await;
    assert_eq!(
        (
            approved.redirected("admin_consent"),
            approved.redirected("state")
        ),
        ("True".into(), "s1".into())
    );
    sandbox.code("organizations", "margaret", &[]).await;
}

#[tokio::test]
async fn personal_accounts_are_refused() {
    let sandbox = TestSandbox::new();
    for (tenant, number) in [
        ("organizations", "50020"),
        ("common", "500207"),
        ("contoso.example", "50020"),
    ] {
        let page = sandbox.authorize(tenant, &[]).await;
        let answer = sandbox.choose(tenant, &page, "katherine").await;
        assert!(
            answer.text.contains(&format!("AADSTS{number}")),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn sign_in_pages_protect_themselves_and_escape_what_they_show() {
    let sandbox = TestSandbox::new();
    let page = sandbox.authorize("organizations", &[]).await;
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(page.header(name), value);
    }
    assert!(page.text.contains("Simulator – not Microsoft"));
    sandbox
        .knob("PATCH", "settings", json!({"openerPolicy": false}))
        .await;
    assert_eq!(
        sandbox
            .authorize("organizations", &[])
            .await
            .header("cross-origin-opener-policy"),
        ""
    );
    let hostile = sandbox
        .authorize(
            "organizations",
            &[("redirect_uri", "http://x/<script>alert(1)</script>")],
        )
        .await;
    assert!(!hostile.text.contains("<script>alert"), "{}", hostile.text);
}

#[tokio::test]
async fn a_form_post_answer_carries_code_and_escaped_state() {
    let sandbox = TestSandbox::new();
    let page = sandbox
        .authorize(
            "organizations",
            &[("response_mode", "form_post"), ("state", "\"><b>")],
        )
        .await;
    let consent = sandbox.choose("organizations", &page, "ada").await;
    let answer = sandbox
        .form(
            "/login.microsoftonline.com/organizations/consent",
            &[("ctx", &consent.context()), ("decision", "accept")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.text.contains("name=\"code\"") && !answer.text.contains("\"><b>"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_silent_check_answers_for_the_browsers_session() {
    let sandbox = TestSandbox::new();
    let page = sandbox.authorize("organizations", &[]).await;
    let consent = sandbox.choose("organizations", &page, "ada").await;
    let cookie = consent
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap_or_default()
        .to_owned();
    assert!(consent.header("set-cookie").contains("HttpOnly"));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("client_id", crate::DEV_CLIENT_ID),
            ("scope", SCOPE),
            ("redirect_uri", DEV_REDIRECT_URI),
            ("state", "s1"),
            ("response_type", "code"),
            ("prompt", "none"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ])
        .finish();
    let path = format!("/login.microsoftonline.com/organizations/oauth2/v2.0/authorize?{query}");
    assert_eq!(
        redirected_number(&sandbox.send("GET", &path, &[("cookie", &cookie)], "").await),
        "65001"
    );
    sandbox
        .form(
            "/login.microsoftonline.com/organizations/consent",
            &[("ctx", &consent.context()), ("decision", "accept")],
        )
        .await;
    assert_ne!(
        sandbox
            .send("GET", &path, &[("cookie", &cookie)], "")
            .await
            .redirected("code"),
        ""
    );
}

#[tokio::test]
async fn the_control_api_refuses_what_a_foreign_page_could_send() {
    let sandbox = TestSandbox::new();
    let answer = sandbox
        .send(
            "POST",
            "/_sandbox/reset",
            &[("content-type", "text/plain")],
            "{}",
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(answer.header("access-control-allow-origin"), "");
}
