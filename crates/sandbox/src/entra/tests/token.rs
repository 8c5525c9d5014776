//! The token endpoint.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::entra::error_table::TABLE;
use crate::test_support::{Answer, TestSandbox, VERIFIER};
use crate::{ClientSecret, DEV_REDIRECT_URI};

fn number(answer: &Answer) -> i64 {
    answer.json()["error_codes"][0].as_i64().unwrap_or_default()
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
async fn the_record_of_requests_counts_refreshes_and_holds_no_secret() {
    let sandbox = TestSandbox::new();
    let tokens = sandbox.connect("ada").await;
    refresh(&sandbox, &tokens, "").await;
    let answer = sandbox.send("GET", "/_sandbox/requests", &[], "").await;
    assert_eq!(answer.json()["refreshes"], json!(1));
    for secret in [
        tokens["refresh_token"].as_str().unwrap(),
        crate::DEV_CLIENT_SECRET,
        "code=",
    ] {
        assert!(!answer.text.contains(secret));
    }
}
