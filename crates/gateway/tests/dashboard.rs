//! The dashboard over HTTP: who gets in, who may do what, and what is left of it.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod support;

use std::sync::atomic::Ordering;

use paragon_gateway::operator::Role;
use paragon_gateway::random;
use paragon_gateway::service::dashboard::operators;
use reqwest::{Method, StatusCode};
use serde_json::json;
use support::desk::{Desk, PASSWORD, add, change};
use support::{Answer, client, start, start_with};

const MINUTE: i64 = 60_000;

fn cookie(answer: &Answer) -> String {
    let header = answer.headers["set-cookie"].to_str().unwrap();
    header.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn nobody_gets_in_without_the_password() {
    let gateway = start().await;
    add(&gateway, "ada@example.com", Role::Admin).await;
    let desk = Desk::new(&gateway);
    let wrong = desk.sign_in("ada@example.com", "another password").await;
    let unknown = desk.sign_in("eve@example.com", PASSWORD).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.code(), "sign_in_refused");
    let said = |answer: &Answer| {
        let mut body = answer.json.clone();
        body["requestId"] = json!(null);
        body
    };
    assert_eq!(said(&wrong), said(&unknown), "an account is not given away");
    assert!(!wrong.headers.contains_key("set-cookie"));
    let empty = desk.call(Method::POST, "/session", Some(json!({}))).await;
    assert_eq!(empty.code(), "invalid_request");
    for path in ["/session", "/projects", "/audit"] {
        assert_eq!(desk.get(path).await.code(), "sign_in_required", "{path}");
    }
}

#[tokio::test]
async fn an_unknown_account_takes_as_long_as_a_wrong_password() {
    let gateway = start().await;
    add(&gateway, "ada@example.com", Role::Admin).await;
    let desk = Desk::new(&gateway);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..5 {
        for (index, email) in ["ada@example.com", "eve@example.com"].iter().enumerate() {
            let began = std::time::Instant::now();
            desk.sign_in(email, "a wrong password").await;
            times[index].push(began.elapsed());
        }
    }
    let shortest = times.map(|times| times.into_iter().min().unwrap());
    assert!(
        shortest[1] * 2 > shortest[0] && shortest[0] * 2 > shortest[1],
        "{shortest:?}"
    );
}

#[tokio::test]
async fn signing_in_gives_a_cookie_that_only_the_gateways_pages_send() {
    let gateway = start().await;
    add(&gateway, "ada@example.com", Role::Editor).await;
    let desk = Desk::new(&gateway);
    let answer = desk.sign_in(" Ada@Example.com ", PASSWORD).await;
    assert_eq!(
        answer.json,
        json!({ "email": "ada@example.com", "role": "editor", "rights": ["read", "edit_settings"] })
    );
    assert_eq!(answer.headers["cache-control"], "no-store");
    let header = answer.headers["set-cookie"].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(header.contains(part), "{part} in {header}");
    }
    let id = cookie(&answer).split_once('=').unwrap().1.to_owned();
    assert_eq!(id.len(), 43, "256 bits");
    let mut stored = Vec::new();
    for file in std::fs::read_dir(gateway.folder.path()).unwrap() {
        stored.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &str| {
        stored
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds(&random::hash(&id)) && !holds(&id) && !holds(PASSWORD));
    assert_eq!(desk.get("/session").await.json["email"], "ada@example.com");
}

#[tokio::test]
async fn on_https_the_cookie_is_bound_to_the_host() {
    let gateway =
        start_with(|config| config.public_url = "https://connect.example.com".into()).await;
    add(&gateway, "ada@example.com", Role::Viewer).await;
    let desk = Desk::new(&gateway);
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let own = [("origin", "https://connect.example.com")];
    let url = format!("{}/dashboard/api/session", gateway.url);
    let request = desk.http.post(url).header(own[0].0, own[0].1);
    let request = request.header("content-type", "application/json");
    let answer = Answer::of(request.body(body.to_string()).send().await.unwrap()).await;
    let header = answer.headers["set-cookie"].to_str().unwrap();
    assert!(
        header.starts_with("__Host-paragon-operator=") && header.contains("Secure"),
        "{header}"
    );
}

#[tokio::test]
async fn too_many_attempts_are_held_back_for_the_account_and_for_the_address() {
    let gateway = start_with(|config| config.trusted_proxies = vec!["127.0.0.1".into()]).await;
    add(&gateway, "ada@example.com", Role::Admin).await;
    let desk = Desk::new(&gateway);
    let attempt = async |email: &str, password: &str, from: &str| {
        let body = json!({ "email": email, "password": password });
        let headers = [("x-forwarded-for", from)];
        desk.call_with(Method::POST, "/session", &headers, Some(body))
            .await
    };
    for turn in 0..10 {
        let from = format!("203.0.113.{turn}");
        let answer = attempt("ada@example.com", "a wrong password", &from).await;
        assert_eq!(answer.code(), "sign_in_refused");
    }
    let held = attempt("ada@example.com", PASSWORD, "198.51.100.1").await;
    assert_eq!(held.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(held.json["retryAfterMs"].as_i64().unwrap() > 14 * MINUTE);
    // A stranger's address is held back whatever accounts it names; another is not.
    for turn in 0..50 {
        let email = format!("user{turn}@example.com");
        attempt(&email, "a wrong password", "203.0.113.200").await;
    }
    let held = attempt("eve@example.com", PASSWORD, "203.0.113.200").await;
    assert_eq!(held.code(), "rate_limited");
    let other = attempt("eve@example.com", PASSWORD, "203.0.113.201").await;
    assert_eq!(other.code(), "sign_in_refused");
    gateway.ahead.store(16 * MINUTE, Ordering::SeqCst);
    let later = attempt("ada@example.com", PASSWORD, "198.51.100.1").await;
    assert_eq!(later.status, StatusCode::OK, "{}", later.text);
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_old_or_signed_out() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    let status = async || desk.get("/session").await.status;
    // Used every half hour it lives on, for twelve hours.
    for turn in 1..24 {
        gateway.ahead.store(turn * 30 * MINUTE, Ordering::SeqCst);
        assert_eq!(status().await, StatusCode::OK, "turn {turn}");
    }
    gateway.ahead.store(12 * 60 * MINUTE, Ordering::SeqCst);
    assert_eq!(status().await, StatusCode::UNAUTHORIZED, "too old");
    desk.sign_in("admin@example.com", PASSWORD).await;
    gateway.ahead.fetch_add(61 * MINUTE, Ordering::SeqCst);
    assert_eq!(status().await, StatusCode::UNAUTHORIZED, "idle");
}

#[tokio::test]
async fn a_stolen_session_id_is_worth_nothing_after_signing_out_or_in() {
    let gateway = start().await;
    add(&gateway, "ada@example.com", Role::Admin).await;
    let desk = Desk::new(&gateway);
    let first = cookie(&desk.sign_in("ada@example.com", PASSWORD).await);
    let thief = async |cookie: &str| {
        let url = format!("{}/dashboard/api/session", gateway.url);
        let request = client().get(url).header("cookie", cookie.to_owned());
        request.send().await.unwrap().status()
    };
    assert_eq!(thief(&first).await, StatusCode::OK);
    let second = cookie(&desk.sign_in("ada@example.com", PASSWORD).await);
    assert_ne!(first, second);
    assert_eq!(thief(&first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(thief(&second).await, StatusCode::OK);
    let gone = desk.call(Method::DELETE, "/session", None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert!(
        gone.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(thief(&second).await, StatusCode::UNAUTHORIZED);
    assert_eq!(thief("paragon-operator=").await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn changing_an_operator_ends_their_sessions() {
    let gateway = start().await;
    let (desk, store) = (Desk::of(&gateway, Role::Admin).await, &gateway.app.store);
    let (email, other) = ("admin@example.com", "the password after it");
    let status = async || desk.get("/session").await.status;
    operators::set_password(store, change(&gateway), email, &other.to_owned().into())
        .await
        .unwrap();
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        desk.sign_in(email, PASSWORD).await.code(),
        "sign_in_refused"
    );
    assert_eq!(desk.sign_in(email, other).await.status, StatusCode::OK);
    operators::set_role(store, change(&gateway), email, Role::Viewer)
        .await
        .unwrap();
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    assert_eq!(desk.sign_in(email, other).await.json["role"], "viewer");
    operators::remove(store, change(&gateway), email)
        .await
        .unwrap();
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    assert_eq!(desk.sign_in(email, other).await.code(), "sign_in_refused");
}

#[tokio::test]
async fn changes_come_from_the_gateways_own_pages_only() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    let (own, json) = (gateway.url.as_str(), "application/json");
    let delete = async |headers: &[(&str, &str)]| {
        let url = format!("{}/dashboard/api/session", gateway.url);
        let mut request = desk.http.delete(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.send().await.unwrap()).await
    };
    let kind = ("content-type", json);
    for headers in [
        vec![kind],
        vec![kind, ("origin", "https://evil.example")],
        vec![kind, ("origin", "null")],
        vec![kind, ("origin", support::ORIGIN)],
        vec![kind, ("sec-fetch-site", "cross-site")],
        vec![kind, ("sec-fetch-site", "same-site")],
        vec![kind, ("sec-fetch-site", "none")],
        vec![kind, ("sec-fetch-site", "cross-site"), ("origin", own)],
        vec![
            kind,
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://evil.example"),
        ],
    ] {
        let answer = delete(&headers).await;
        assert_eq!(answer.code(), "origin_not_allowed", "{headers:?}");
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
    ] {
        let answer = delete(&[("sec-fetch-site", "same-origin"), ("content-type", kind)]).await;
        assert_eq!(answer.code(), "invalid_request", "{kind}");
    }
    assert_eq!(delete(&[("origin", own)]).await.code(), "invalid_request");
    assert_eq!(
        desk.get("/session").await.status,
        StatusCode::OK,
        "nothing was done"
    );
    let answer = delete(&[kind, ("sec-fetch-site", "same-origin")]).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    // Nor may a page of an allowed origin read anything.
    let answer = desk
        .call_with(
            Method::GET,
            "/projects",
            &[("origin", support::ORIGIN)],
            None,
        )
        .await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
    assert_eq!(
        answer.headers["cross-origin-resource-policy"],
        "same-origin"
    );
}

#[tokio::test]
async fn the_page_is_shown_in_no_frame() {
    let gateway = start().await;
    for path in [
        "/dashboard",
        "/dashboard/",
        "/dashboard/projects/app/integration",
    ] {
        let url = format!("{}{path}", gateway.url);
        let answer = Answer::of(client().get(url).send().await.unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("script-src 'self'"));
        assert!(!policy.contains("unsafe-inline"));
    }
    let url = format!("{}/dashboard/api/nothing", gateway.url);
    let answer = Answer::of(client().get(url).send().await.unwrap()).await;
    assert_eq!(answer.code(), "route_not_found");
}

#[tokio::test]
async fn the_audit_log_says_who_did_what_in_pages() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Viewer).await;
    for turn in 0..4 {
        let email = format!("user{turn}@example.com");
        add(&gateway, &email, Role::Editor).await;
    }
    let first = desk.get("/audit?limit=3").await;
    let subjects = |answer: &Answer| {
        let entries = answer.json["entries"].as_array().unwrap().clone();
        let subjects = entries
            .iter()
            .map(|entry| entry["subject"].as_str().unwrap_or("-").to_owned());
        subjects.collect::<Vec<_>>()
    };
    assert_eq!(
        subjects(&first),
        [
            "user3@example.com",
            "user2@example.com",
            "user1@example.com"
        ]
    );
    let next = first.json["next"].as_i64().unwrap();
    let second = desk.get(&format!("/audit?limit=3&before={next}")).await;
    assert_eq!(
        subjects(&second),
        ["user0@example.com", "-", "viewer@example.com"]
    );
    assert_eq!(second.json["next"], json!(null));
    let signed_in = &second.json["entries"][1];
    assert_eq!(signed_in["actor"], "viewer@example.com");
    assert_eq!(signed_in["action"], "operator.signed_in");
    assert_eq!(
        first.json["entries"][0]["after"],
        json!({ "role": "editor" })
    );
    assert!(!second.text.contains(PASSWORD) && !second.text.contains("argon2"));
}
