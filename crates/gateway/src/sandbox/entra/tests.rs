#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::error_table::TABLE;
use crate::sandbox::test_support::{Answer, CHALLENGE, SCOPE, TestSandbox, VERIFIER};
use crate::sandbox::{ClientSecret, DEV_REDIRECT_URI, Tenancy};

fn number(answer: &Answer) -> i64 {
    answer.json()["error_codes"][0].as_i64().unwrap_or_default()
}

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
async fn every_row_of_the_error_table_can_be_forced_and_has_the_full_body() {
    let sandbox = TestSandbox::new();
    for (code, error, status, suberror, _) in TABLE {
        sandbox
            .knob("POST", "token-errors", json!({"code": code}))
            .await;
        let answer = sandbox
            .token(
                "organizations",
                &[("grant_type", "refresh_token"), ("refresh_token", "x")],
            )
            .await;
        let body = answer.json();
        assert_eq!(
            (answer.status.as_u16(), number(&answer)),
            (*status, i64::from(*code))
        );
        assert_eq!(body["error"], json!(error));
        assert_eq!(body["suberror"].as_str(), *suberror);
        assert!(
            body["error_description"]
                .as_str()
                .unwrap()
                .starts_with(&format!("AADSTS{code}: "))
        );
        assert!(
            body["error_description"]
                .as_str()
                .unwrap()
                .contains(body["trace_id"].as_str().unwrap())
        );
        assert!(
            body["timestamp"].as_str().unwrap().ends_with('Z')
                && body["correlation_id"].is_string()
        );
    }
}

#[tokio::test]
async fn a_code_works_once_for_its_app_its_redirect_uri_its_verifier_and_its_tenant() {
    let sandbox = TestSandbox::new();
    let code = sandbox.code("organizations", "ada", &[]).await;
    let with = |replaced: [(&'static str, String); 1]| {
        let mut fields = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.clone()),
            ("redirect_uri", DEV_REDIRECT_URI.to_owned()),
            ("code_verifier", VERIFIER.to_owned()),
        ];
        fields.retain(|(name, _)| *name != replaced[0].0);
        fields.extend(replaced);
        fields
    };
    let cases = [
        ("organizations", ("code_verifier", "x".repeat(43)), 501_481),
        ("organizations", ("code_verifier", String::new()), 501_481),
        (
            "organizations",
            ("redirect_uri", "http://localhost:4400/other".to_owned()),
            50011,
        ),
        ("fabrikam.example", ("code", code.clone()), 700_005),
        ("organizations", ("code", "wrong".to_owned()), 70000),
        (
            "organizations",
            ("client_secret", "wrong".to_owned()),
            7_000_215,
        ),
        ("organizations", ("client_secret", String::new()), 7_000_218),
        ("organizations", ("client_id", "wrong".to_owned()), 700_016),
        (
            "organizations",
            ("client_assertion", "x.y.z".to_owned()),
            700_027,
        ),
        ("organizations", ("grant_type", String::new()), 900_144),
        (
            "organizations",
            ("grant_type", "password".to_owned()),
            70003,
        ),
        ("nowhere", ("code", code.clone()), 90002),
    ];
    for (tenant, replaced, expected) in cases {
        let fields = with([replaced.clone()]);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(
            number(&sandbox.token(tenant, &fields).await),
            expected,
            "{replaced:?}"
        );
    }
    let answer = sandbox.redeem(&code).await;
    assert_eq!(
        answer.status,
        StatusCode::OK,
        "a refused attempt does not use the code up"
    );
    assert_eq!(answer.header("cache-control"), "no-store, no-cache");
    assert_eq!(number(&sandbox.redeem(&code).await), 54005);
}

#[tokio::test]
async fn codes_and_refresh_tokens_age() {
    let sandbox = TestSandbox::new();
    let tokens = sandbox.connect("grace").await;
    let late = sandbox.code("organizations", "grace", &[]).await;
    sandbox
        .knob("POST", "clock", json!({"advanceSeconds": 601}))
        .await;
    assert_eq!(number(&sandbox.redeem(&late).await), 70008);
    sandbox
        .knob("POST", "clock", json!({"advanceSeconds": 90 * 24 * 3600}))
        .await;
    assert_eq!(number(&refresh(&sandbox, &tokens, "").await), 700_082);
}

async fn refresh(sandbox: &TestSandbox, tokens: &Value, scope: &str) -> Answer {
    let token = tokens["refresh_token"].as_str().unwrap_or_default();
    sandbox
        .token(
            "organizations",
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", token),
                ("scope", scope),
            ],
        )
        .await
}

#[tokio::test]
async fn refreshing_rotates_without_revoking_and_stays_within_the_consent() {
    let sandbox = TestSandbox::new();
    let tokens = sandbox.connect("ada").await;
    let first = refresh(&sandbox, &tokens, "").await.json();
    assert_ne!(first["refresh_token"], tokens["refresh_token"]);
    assert_eq!(
        refresh(&sandbox, &tokens, "").await.status,
        StatusCode::OK,
        "the old one still works"
    );
    let narrow = refresh(
        &sandbox,
        &tokens,
        "499b84ac-1321-427f-aa17-267ca6975798/vso.project",
    )
    .await
    .json();
    assert!(!narrow["scope"].as_str().unwrap().contains("vso.work"));
    let wide = refresh(
        &sandbox,
        &tokens,
        "499b84ac-1321-427f-aa17-267ca6975798/vso.code",
    )
    .await;
    assert_eq!(
        (number(&wide), wide.json()["error"].clone()),
        (65001, json!("invalid_grant"))
    );
    sandbox.knob("POST", "users/ada/revoke", json!({})).await;
    assert_eq!(number(&refresh(&sandbox, &tokens, "").await), 50173);
}

#[tokio::test]
async fn no_refresh_token_without_offline_access_and_no_id_token_without_openid() {
    let sandbox = TestSandbox::new();
    let code = sandbox
        .code(
            "organizations",
            "ada",
            &[("scope", "499b84ac-1321-427f-aa17-267ca6975798/.default")],
        )
        .await;
    let body = sandbox.redeem(&code).await.json();
    assert!(body["refresh_token"].is_null() && body["id_token"].is_null());
    assert!(body["scope"].as_str().unwrap().contains("/vso.work_write"));
}

#[tokio::test]
async fn the_token_endpoint_takes_forms_by_post_only_and_each_field_once() {
    let sandbox = TestSandbox::new();
    let path = "/login.microsoftonline.com/organizations/oauth2/v2.0/token";
    assert_eq!(number(&sandbox.send("GET", path, &[], "").await), 900_561);
    let json_body = sandbox
        .send("POST", path, &[("content-type", "application/json")], "{}")
        .await;
    assert_eq!(number(&json_body), 900_144);
    let twice = sandbox
        .form(
            path,
            &[
                ("grant_type", "refresh_token"),
                ("grant_type", "refresh_token"),
            ],
        )
        .await;
    assert_eq!(number(&twice), 9_002_313);
}

#[tokio::test]
async fn an_expired_secret_is_told_apart_from_a_wrong_one() {
    let sandbox = TestSandbox::with(|config| {
        let expired = ClientSecret {
            value: "old".into(),
            expires_at: Some("2020-01-01T00:00:00Z".parse().unwrap()),
        };
        config.apps[0].client_secrets.push(expired);
    });
    let answer = sandbox
        .token(
            "organizations",
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", "x"),
                ("client_secret", "old"),
            ],
        )
        .await;
    assert_eq!(
        (answer.status, number(&answer)),
        (StatusCode::UNAUTHORIZED, 7_000_222)
    );
}

#[tokio::test]
async fn a_single_tenant_app_needs_its_own_tenant() {
    let tenant = "fabrikam.example";
    let id = crate::sandbox::seed::fabrikam_id();
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
            ("client_id", crate::sandbox::DEV_CLIENT_ID),
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
            ("client_id", crate::sandbox::DEV_CLIENT_ID),
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
async fn the_record_of_requests_counts_refreshes_and_holds_no_secret() {
    let sandbox = TestSandbox::new();
    let tokens = sandbox.connect("ada").await;
    refresh(&sandbox, &tokens, "").await;
    let answer = sandbox.send("GET", "/_sandbox/requests", &[], "").await;
    assert_eq!(answer.json()["refreshes"], json!(1));
    for secret in [
        tokens["refresh_token"].as_str().unwrap(),
        crate::sandbox::DEV_CLIENT_SECRET,
        "code=",
    ] {
        assert!(!answer.text.contains(secret));
    }
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
