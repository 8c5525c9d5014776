//! Tokens, scopes, versions and routes.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{ITEMS, refused, start, title};
use crate::test_support::TestSandbox;

#[tokio::test]
async fn the_profile_host_lists_the_organizations_of_the_tokens_directory() {
    let sandbox = TestSandbox::new();
    for (person, expected) in [
        ("ada", vec!["contoso-demo", "contoso-labs"]),
        ("grace", vec!["contoso-demo"]),
        ("edsger", vec![]),
    ] {
        let bearer = sandbox.bearer(person).await;
        let headers = [("authorization", bearer.as_str())];
        let me = sandbox
            .send(
                "GET",
                "/app.vssps.visualstudio.com/_apis/profile/profiles/me?api-version=7.1",
                &headers,
                "",
            )
            .await
            .json();
        let path = format!(
            "/app.vssps.visualstudio.com/_apis/accounts?memberId={}&api-version=7.1",
            me["publicAlias"].as_str().unwrap()
        );
        let body = sandbox.send("GET", &path, &headers, "").await.json();
        let names: Vec<&str> = body["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["accountName"].as_str().unwrap())
            .collect();
        assert_eq!(names, expected);
    }
}

#[tokio::test]
async fn the_owning_directory_is_told_without_credentials() {
    let sandbox = TestSandbox::new();
    let answer = sandbox
        .send("HEAD", "/vssps.dev.azure.com/Contoso-Demo", &[], "")
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("x-vss-resourcetenant").len(), 36);
}

#[tokio::test]
async fn an_organizations_own_page_names_its_directory_and_the_zero_guid_where_it_has_none() {
    let sandbox = TestSandbox::new();
    let suppress = ("x-tfs-fedauthredirect", "Suppress");
    let ask = |name: &'static str| {
        let path = format!("/dev.azure.com/{name}");
        let sandbox = &sandbox;
        async move { sandbox.send("HEAD", &path, &[suppress], "").await }
    };
    let known = ask("Contoso-Demo").await;
    let tenant = known.header("x-vss-resourcetenant").to_owned();
    assert_eq!((known.status, tenant.len()), (StatusCode::UNAUTHORIZED, 36));
    assert_eq!(
        known.header("www-authenticate"),
        format!("Bearer authorization_uri=https://login.microsoftonline.com/{tenant}")
    );
    let personal = ask("katherine-home").await;
    assert_eq!(
        personal.header("x-vss-resourcetenant"),
        "00000000-0000-0000-0000-000000000000"
    );
    assert_eq!(ask("nobodys").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_policy_against_apps_refuses_their_tokens() {
    let sandbox = TestSandbox::new();
    let radia = sandbox.bearer("radia").await;
    refused(
        &sandbox
            .ado(&radia, "GET", "/contoso-locked/_apis/projects", Value::Null)
            .await,
        401,
        "UnauthorizedRequestException",
        "TF400813",
    );
}

#[tokio::test]
async fn missing_and_dead_tokens_show_their_faces() {
    let sandbox = TestSandbox::new();
    let path = "/dev.azure.com/contoso-demo/_apis/projects";
    let suppress = ("x-tfs-fedauthredirect", "Suppress");
    let anonymous = sandbox.send("GET", path, &[], "").await;
    assert_eq!(anonymous.status, StatusCode::FOUND);
    assert!(anonymous.header("location").ends_with("/_signin"));
    let challenged = sandbox.send("GET", path, &[suppress], "").await;
    assert_eq!(
        (
            challenged.status,
            challenged
                .headers
                .get_all("www-authenticate")
                .iter()
                .count()
        ),
        (StatusCode::UNAUTHORIZED, 3)
    );
    let dead = ("authorization", "Bearer nothing");
    let page = sandbox.send("GET", path, &[dead], "").await;
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (203, "text/html; charset=utf-8")
    );
    let suppressed = sandbox.send("GET", path, &[dead, suppress], "").await;
    assert_eq!(
        (suppressed.status, suppressed.text.as_str()),
        (StatusCode::UNAUTHORIZED, "")
    );
    let patched = sandbox
        .send(
            "PATCH",
            "/dev.azure.com/contoso-demo/_apis/wit/workitems/1?api-version=7.1",
            &[dead],
            "",
        )
        .await;
    refused(&patched, 401, "UnauthorizedRequestException", "TF400813");
}

#[tokio::test]
async fn every_face_can_be_forced_once_and_discovery_is_spared() {
    let (sandbox, ada) = start().await;
    for (face, status, header) in [
        ("signInPage", 203, ""),
        ("unauthorized", 401, "www-authenticate"),
        ("challenges", 401, "www-authenticate"),
        ("redirect", 302, "location"),
        ("notPermitted", 401, ""),
        ("insufficientClaims", 401, "www-authenticate"),
        ("throttled", 429, "retry-after"),
        ("throttledText", 429, "x-ratelimit-reset"),
        ("delayed", 200, "x-ratelimit-delay"),
        ("stopped", 503, ""),
        ("serverError", 500, ""),
        ("bindingError", 400, ""),
    ] {
        sandbox
            .knob(
                "POST",
                "answers",
                json!({"face": face, "retryAfterSeconds": 3}),
            )
            .await;
        assert_eq!(
            sandbox
                .ado(&ada, "OPTIONS", "/contoso-demo/_apis/wit", Value::Null)
                .await
                .status,
            StatusCode::OK
        );
        let answer = sandbox
            .ado(&ada, "GET", "/contoso-demo/_apis/projects", Value::Null)
            .await;
        assert_eq!(answer.status.as_u16(), status, "{face}");
        assert!(
            header.is_empty() || !answer.header(header).is_empty(),
            "{face}"
        );
        assert_eq!(
            sandbox
                .ado(&ada, "GET", "/contoso-demo/_apis/projects", Value::Null)
                .await
                .status,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn strangers_other_directories_and_missing_scopes_are_refused() {
    let (sandbox, ada) = start().await;
    let grace = sandbox.bearer("grace").await;
    refused(
        &sandbox
            .ado(&grace, "GET", "/contoso-labs/_apis/projects", Value::Null)
            .await,
        401,
        "UnauthorizedRequestException",
        "TF400813",
    );
    // A member, but the token is of another directory than the organization's.
    refused(
        &sandbox
            .ado(&ada, "GET", "/fabrikam-works/_apis/projects", Value::Null)
            .await,
        401,
        "UnauthorizedRequestException",
        "TF400813",
    );
    let code = sandbox
        .code(
            "organizations",
            "grace",
            &[("scope", "499b84ac-1321-427f-aa17-267ca6975798/vso.work")],
        )
        .await;
    let reader = format!(
        "Bearer {}",
        sandbox.redeem(&code).await.json()["access_token"]
            .as_str()
            .unwrap()
    );
    assert_eq!(
        sandbox
            .ado(&reader, "GET", &format!("{ITEMS}/1"), Value::Null)
            .await
            .status,
        StatusCode::OK
    );
    for (method, path) in [
        ("GET", "/contoso-demo/_apis/projects".to_owned()),
        ("POST", format!("{ITEMS}/$Task?api-version=7.1")),
    ] {
        let answer = sandbox.ado(&reader, method, &path, title("x")).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (StatusCode::UNAUTHORIZED, "")
        );
    }
}

#[tokio::test]
async fn personal_access_tokens_work_in_their_organization_only() {
    let sandbox = TestSandbox::new();
    let state = sandbox.send("GET", "/_sandbox/state", &[], "").await.json();
    let token = state["organizations"][0]["personalAccessTokens"][0]["token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!((token.len(), &token[76..80]), (84, "AZDO"));
    let basic = format!("Basic {}", STANDARD.encode(format!(":{token}")));
    assert_eq!(
        sandbox
            .ado(&basic, "GET", "/contoso-demo/_apis/projects", Value::Null)
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(
        sandbox
            .ado(&basic, "GET", "/contoso-labs/_apis/projects", Value::Null)
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn versions_are_demanded_on_writes_and_checked_everywhere() {
    let (sandbox, ada) = start().await;
    refused(
        &sandbox
            .ado(&ada, "POST", &format!("{ITEMS}/$Task"), title("x"))
            .await,
        400,
        "VssVersionNotSpecifiedException",
        "api-version",
    );
    refused(
        &sandbox
            .ado(
                &ada,
                "GET",
                "/contoso-demo/_apis/projects?api-version=9.0",
                Value::Null,
            )
            .await,
        400,
        "VssVersionOutOfRangeException",
        "out of range",
    );
    refused(
        &sandbox
            .ado(
                &ada,
                "GET",
                "/contoso-demo/_apis/projects?api-version=7.2",
                Value::Null,
            )
            .await,
        400,
        "VssInvalidPreviewVersionException",
        "-preview",
    );
    refused(
        &sandbox
            .ado(
                &ada,
                "GET",
                &format!("{ITEMS}/1/comments?api-version=7.1"),
                Value::Null,
            )
            .await,
        400,
        "VssInvalidPreviewVersionException",
        "-preview",
    );
    let old = sandbox
        .ado(
            &ada,
            "GET",
            "/contoso-demo/_apis/projects?api-version=5.0",
            Value::Null,
        )
        .await;
    assert_eq!(
        old.header("content-type"),
        "application/json; charset=utf-8; api-version=5.0"
    );
    let plain = sandbox
        .ado(
            &ada,
            "GET",
            &format!("{ITEMS}/1?api-version=4.0"),
            Value::Null,
        )
        .await
        .json();
    assert!(
        plain["fields"]["System.CreatedBy"]
            .as_str()
            .unwrap()
            .contains('<')
    );
}

#[tokio::test]
async fn unknown_routes_are_told_in_plain_text_and_case_does_not_count() {
    let (sandbox, ada) = start().await;
    let answer = sandbox
        .ado(&ada, "GET", "/contoso-demo/_apis/nothing", Value::Null)
        .await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::NOT_FOUND, "text/plain; charset=utf-8")
    );
    for path in [
        "/Contoso-Demo/FABRIKAM/_APIS/WIT/WorkItems/1",
        "/contoso-demo//_apis/wit/workItems/1",
        "/contoso-demo/Fabrikam//_apis/wit/workitems/1",
    ] {
        assert_eq!(
            sandbox.ado(&ada, "GET", path, Value::Null).await.status,
            StatusCode::OK,
            "{path}"
        );
    }
}

#[tokio::test]
async fn discovery_is_open_and_names_every_area() {
    let sandbox = TestSandbox::new();
    let all = sandbox
        .send("OPTIONS", "/dev.azure.com/contoso-demo/_apis", &[], "")
        .await
        .json();
    let wit = sandbox
        .send("OPTIONS", "/dev.azure.com/contoso-demo/_apis/WIT", &[], "")
        .await
        .json();
    assert!(all["count"].as_i64() > wit["count"].as_i64() && wit["count"].as_i64() > Some(15));
    let areas = sandbox
        .send(
            "GET",
            "/dev.azure.com/contoso-demo/_apis/ResourceAreas?api-version=7.2-preview.1",
            &[],
            "",
        )
        .await
        .json();
    assert_eq!(
        areas["value"][0]["locationUrl"],
        "http://sandbox.test/dev.azure.com/contoso-demo/"
    );
}
