//! The dashboard over HTTP: who gets in, who may do what, and what is left of it.

mod oidc;
mod overview;

use std::sync::atomic::Ordering;

use crate::support::desk::{Desk, PASSWORD, add, change};
use crate::support::{self, Answer, Browser, client, start, start_with};
use paragon_gateway::operators::Role;
use paragon_gateway::{operators, random};
use paragon_sandbox::{PRACTICE_CLIENT_ID, PRACTICE_CLIENT_SECRETS};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;

fn cookie(answer: &Answer) -> String {
    let header = answer.set_cookie("paragon-operator");
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
        json!({ "email": "ada@example.com", "role": "editor", "rights": ["read", "edit_settings", "edit_workflows", "manage_users", "manage_runs"] })
    );
    assert_eq!(answer.headers["cache-control"], "no-store");
    let header = answer.set_cookie("paragon-operator");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(header.contains(part), "{part} in {header}");
    }
    let id = cookie(&answer).split_once('=').unwrap().1.to_owned();
    assert_eq!(id.len(), 43, "256 bits");
    let holds = |text: &str| gateway.has_stored(text);
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
    for name in ["__Host-paragon-operator", "__Host-paragon-operator-device"] {
        let header = answer.set_cookie(name);
        assert!(header.contains("Secure"), "{header}");
    }
}

/// Signs in from another address, as a reverse proxy that is trusted tells of it.
async fn sign_in_from(desk: &Desk<'_>, address: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    let headers = [("x-forwarded-for", address)];
    desk.call_with(Method::POST, "/session", &headers, Some(body))
        .await
}

/// Tries wrong passwords, as soon as each may be tried, until the next must wait for a minute or longer; gives the wait.
async fn slow_down(desk: &Desk<'_>, address: &str, emails: impl Iterator<Item = String>) -> i64 {
    let mut waits = Vec::new();
    for email in emails {
        let answer = sign_in_from(desk, address, &email, "a wrong password").await;
        let Some(wait) = answer.json["retryAfterMs"].as_i64() else {
            assert_eq!(answer.code(), "sign_in_refused");
            continue;
        };
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(answer.headers.contains_key("retry-after"));
        waits.push(wait);
        if wait > MINUTE {
            assert!(waits.len() > 3, "it grows step by step: {waits:?}");
            return wait;
        }
        desk.gateway.ahead.fetch_add(wait, Ordering::SeqCst);
    }
    panic!("it is not slowed down: {waits:?}");
}

fn always(email: &str) -> impl Iterator<Item = String> {
    std::iter::repeat_n(email.to_owned(), 100)
}

#[tokio::test]
async fn wrong_passwords_from_one_address_slow_down_nobody_elsewhere() {
    let gateway = start_with(|config| config.trusted_proxies = vec!["127.0.0.1".into()]).await;
    let email = "ada@example.com";
    add(&gateway, email, Role::Admin).await;
    let stranger = Desk::new(&gateway);
    let wait = slow_down(&stranger, "203.0.113.1", always(email)).await;
    let right = async |from: &str| sign_in_from(&stranger, from, email, PASSWORD).await;
    let held = right("203.0.113.1").await;
    assert_eq!(held.code(), "rate_limited", "even the right one waits");
    let elsewhere = right("198.51.100.1").await;
    assert_eq!(elsewhere.status, StatusCode::OK, "{}", elsewhere.text);
    // Nor for good at that address: it is slowed down, not locked.
    gateway.ahead.fetch_add(wait, Ordering::SeqCst);
    let answer = sign_in_from(&Desk::new(&gateway), "203.0.113.1", email, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn a_browser_that_signed_in_before_is_let_through() {
    let gateway = start_with(|config| config.trusted_proxies = vec!["127.0.0.1".into()]).await;
    add(&gateway, "ada@example.com", Role::Admin).await;
    add(&gateway, "eve@example.com", Role::Viewer).await;
    let (office, email) = ("203.0.113.1", "ada@example.com");
    let (own, stranger, colleague) = (
        Desk::new(&gateway),
        Desk::new(&gateway),
        Desk::new(&gateway),
    );
    let signed_in = sign_in_from(&own, office, email, PASSWORD).await;
    let device = signed_in.set_cookie("paragon-operator-device");
    let first = signed_in.headers["set-cookie"].to_str().unwrap();
    assert!(
        first.starts_with("paragon-operator="),
        "the session's first"
    );
    assert!(device.contains("HttpOnly") && device.contains("SameSite=Strict"));
    let eve = sign_in_from(&colleague, office, "eve@example.com", PASSWORD).await;
    assert_eq!(eve.status, StatusCode::OK, "{}", eve.text);
    slow_down(&stranger, office, always(email)).await;
    // A device cookie is of one operator.
    for desk in [&stranger, &colleague] {
        let held = sign_in_from(desk, office, email, PASSWORD).await;
        assert_eq!(held.code(), "rate_limited", "{}", held.text);
    }
    let let_through = sign_in_from(&own, office, email, PASSWORD).await;
    assert_eq!(let_through.status, StatusCode::OK, "{}", let_through.text);
    // A stolen cookie is worth ten attempts; then it is a browser as any other.
    for _ in 0..10 {
        let answer = sign_in_from(&own, office, email, "a wrong password").await;
        assert_eq!(answer.code(), "sign_in_refused");
    }
    let held = sign_in_from(&own, office, email, PASSWORD).await;
    assert_eq!(held.code(), "rate_limited", "{}", held.text);
}

#[tokio::test]
async fn a_new_password_makes_device_cookies_worthless() {
    let gateway = start().await;
    let (desk, email) = (Desk::of(&gateway, Role::Admin).await, "admin@example.com");
    slow_down(&Desk::new(&gateway), "", always(email)).await;
    let next = "the password after it";
    operators::service::set_password(
        &gateway.app.store,
        change(&gateway),
        email,
        &next.to_owned().into(),
    )
    .await
    .unwrap();
    let held = desk.sign_in(email, next).await;
    assert_eq!(held.code(), "rate_limited", "{}", held.text);
}

#[tokio::test]
async fn guesses_from_one_address_or_at_one_account_are_slowed_down() {
    let gateway = start_with(|config| config.trusted_proxies = vec!["127.0.0.1".into()]).await;
    let desk = Desk::new(&gateway);
    let everybody = (0..100).map(|turn| format!("user{turn}@example.com"));
    slow_down(&desk, "203.0.113.200", everybody).await;
    let other = sign_in_from(&desk, "203.0.113.201", "eve@example.com", "a").await;
    assert_eq!(other.code(), "sign_in_refused");
    // From so many addresses that each has attempts left.
    let account = random::hash("account ada@example.com");
    let (store, now) = (&gateway.app.store, gateway.app.clock.now());
    for _ in 0..200 {
        let noted = store.note_sign_in_attempt(&account, 200, 0, now).await;
        assert!(noted.unwrap());
    }
    let guesses = (0..4).map(async |turn| {
        let from = format!("198.51.100.{turn}");
        sign_in_from(&desk, &from, "ada@example.com", "a").await
    });
    let answers = futures_util::future::join_all(guesses).await;
    let held = answers
        .iter()
        .filter(|answer| answer.code() == "rate_limited");
    assert!(held.count() >= 2, "{answers:?}");
}

#[tokio::test]
async fn refused_sign_ins_are_in_the_audit_log_and_cannot_fill_it() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    let stranger = Desk::new(&gateway);
    stranger.sign_in("Admin@example.com", "a wrong one").await;
    for _ in 0..25 {
        stranger.sign_in("a password by mistake", "a").await;
    }
    let change = json!({ "present": "a wrong one", "next": "another long password" });
    desk.call(Method::POST, "/password", Some(change)).await;
    let refused = async |action: &str, subject: Value| {
        let log = desk.log().await.into_iter();
        let entries = log.filter(|entry| entry["action"] == action && entry["subject"] == subject);
        entries.collect::<Vec<_>>()
    };
    let of_admin = refused("operator.sign_in_refused", json!("admin@example.com")).await;
    assert_eq!(of_admin.len(), 1, "{of_admin:?}");
    assert_eq!(of_admin[0]["actor"], "127.0.0.1");
    assert_eq!(of_admin[0]["after"], json!({ "reason": "sign_in_refused" }));
    let of_nobody = refused("operator.sign_in_refused", Value::Null).await;
    assert_eq!(of_nobody.len(), 20);
    let action = "operator.password_change_refused";
    assert_eq!(refused(action, json!("admin@example.com")).await.len(), 1);
    assert!(!gateway.has_stored("a password by mistake"));
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
    operators::service::set_password(store, change(&gateway), email, &other.to_owned().into())
        .await
        .unwrap();
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        desk.sign_in(email, PASSWORD).await.code(),
        "sign_in_refused"
    );
    assert_eq!(desk.sign_in(email, other).await.status, StatusCode::OK);
    operators::service::set_role(store, change(&gateway), email, Role::Viewer)
        .await
        .unwrap();
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    assert_eq!(desk.sign_in(email, other).await.json["role"], "viewer");
    operators::service::remove(store, change(&gateway), email)
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

const INTEGRATION: &str = "/projects/app/integration";
const SECRETS: &str = "/projects/app/integration/secrets";
const TEST: &str = "/projects/app/integration/test";

impl Desk<'_> {
    async fn save(&self, client_id: Option<&str>, active: bool) -> Answer {
        let revision = self.get(INTEGRATION).await.json["revision"].clone();
        let body = json!({ "revision": revision, "clientId": client_id, "active": active });
        self.call(Method::PUT, INTEGRATION, Some(body)).await
    }

    async fn add_secret(&self, secret: &str) -> Answer {
        let body = json!({ "secret": secret });
        self.call(Method::POST, SECRETS, Some(body)).await
    }

    async fn outcomes(&self, directory: Option<&str>) -> Vec<String> {
        let body = json!({ "directory": directory });
        let answer = self.call(Method::POST, TEST, Some(body)).await;
        let results = answer.json["results"].as_array().unwrap();
        let outcome = |result: &serde_json::Value| result["outcome"].as_str().unwrap().to_owned();
        results.iter().map(outcome).collect()
    }
}

#[tokio::test]
async fn each_role_does_what_it_may_and_no_more() {
    let gateway = start().await;
    let viewer = Desk::of(&gateway, Role::Viewer).await;
    let editor = Desk::of(&gateway, Role::Editor).await;
    let admin = Desk::of(&gateway, Role::Admin).await;
    for path in [INTEGRATION, "/permissions", "/projects", "/audit"] {
        assert_eq!(viewer.get(path).await.status, StatusCode::OK, "{path}");
        let nobody = Desk::new(&gateway).get(path).await;
        assert_eq!(nobody.code(), "sign_in_required", "{path}");
    }
    let settings = json!({ "revision": 0, "clientId": "theirs", "active": false });
    let secret = json!({ "secret": "a-secret" });
    let removed = format!("{SECRETS}/11111111-2222-4333-8444-555555555555");
    for (method, path, body, least) in [
        (Method::PUT, INTEGRATION, &settings, Role::Editor),
        (Method::POST, TEST, &json!({}), Role::Editor),
        (Method::POST, SECRETS, &secret, Role::Admin),
        (Method::DELETE, removed.as_str(), &json!({}), Role::Admin),
    ] {
        let call = async |desk: &Desk<'_>| {
            let answer = desk.call(method.clone(), path, Some(body.clone())).await;
            answer.code().to_owned()
        };
        assert_eq!(call(&viewer).await, "role_not_sufficient", "{path}");
        if least == Role::Admin {
            assert_eq!(call(&editor).await, "role_not_sufficient", "{path}");
        }
        assert_eq!(
            call(&Desk::new(&gateway)).await,
            "sign_in_required",
            "{path}"
        );
    }
    let untouched = viewer.get(INTEGRATION).await.json;
    assert_eq!(
        (&untouched["revision"], &untouched["active"]),
        (&json!(0), &json!(true))
    );
    assert_eq!(
        editor.save(Some("an-app"), true).await.status,
        StatusCode::OK
    );
    assert_eq!(
        admin.add_secret("a-secret").await.status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn wrong_settings_are_refused_with_what_would_be_right() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    let put = async |body: serde_json::Value| desk.call(Method::PUT, INTEGRATION, Some(body)).await;
    let answer =
        put(json!({ "revision": 0, "active": true, "clientId": "a/b", "scopes": ["vso.nothing"] }))
            .await;
    assert_eq!(answer.code(), "invalid_request");
    let paths: Vec<_> = answer.json["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].clone())
        .collect();
    assert_eq!(paths, ["/clientId", "/scopes/0", "/scopes"]);
    let answer = put(json!({ "revision": 0, "active": true, "scopes": ["vso.work"] })).await;
    assert!(answer.text.contains("vso.profile"), "{}", answer.text);
    let answer = put(json!({ "revision": 0, "active": true, "clientSecret": "x" })).await;
    assert_eq!(answer.code(), "invalid_request", "an unknown field");
    for (secret, expires_at, said) in [
        ("7d1f0000-0000-4000-8000-000000000001", None, "Secret ID"),
        ("with space", None, "Value"),
        ("a-secret", Some("2020-01-01"), "is in the past"),
        ("a-secret", Some("soon"), "2027-01-31"),
    ] {
        let body = json!({ "secret": secret, "expiresAt": expires_at });
        let answer = desk.call(Method::POST, SECRETS, Some(body)).await;
        assert!(
            answer.code() == "invalid_request" && answer.text.contains(said),
            "{}",
            answer.text
        );
    }
    let answer = desk.get("/projects/nothing/integration").await;
    assert_eq!(answer.code(), "project_not_found");
    let answer = desk
        .call(Method::DELETE, &format!("{SECRETS}/x"), None)
        .await;
    assert_eq!(answer.code(), "client_secret_not_found");
    let body = json!({ "directory": "a/../b" });
    let answer = desk.call(Method::POST, TEST, Some(body)).await;
    assert_eq!(answer.code(), "invalid_request");
    assert_eq!(
        desk.get(INTEGRATION).await.json["revision"],
        0,
        "nothing was written"
    );
}

#[tokio::test]
async fn saved_settings_count_at_once_and_can_be_taken_back() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    let before = desk.get(INTEGRATION).await.json;
    assert_eq!(before["clientId"]["source"], "default");
    assert_eq!(before["redirectUrl"], format!("{}/oauth", gateway.url));
    assert_eq!(
        before["scopes"]["value"],
        json!(["vso.profile", "vso.project", "vso.work_write"])
    );

    // A client id without its secret: nobody can connect, and the page can say so.
    let saved = desk.save(Some(PRACTICE_CLIENT_ID), true).await.json;
    assert_eq!(saved["isSetUp"], false);
    let (_, ticket) = gateway.register("u1", json!({})).await;
    let refused = Browser::new(&gateway).redeem(&ticket).await;
    assert_eq!(refused.code(), "integration_misconfigured");

    let saved = desk.add_secret(PRACTICE_CLIENT_SECRETS[0]).await.json;
    assert_eq!(saved["isSetUp"], true);
    let (_, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let redeemed = browser.redeem(&ticket).await;
    let url = redeemed.json["authorizationUrl"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(url.contains(PRACTICE_CLIENT_ID), "{url}");
    let callback = browser.authorize(&url, "grace").await;
    assert_eq!(browser.open(&callback).await["view"], "done");
    let integrations = gateway
        .call("u1", Method::GET, "/sdk/integrations", None)
        .await;
    assert_eq!(integrations.json[0]["usesDevelopmentKeys"], false);
    let other = desk.get("/projects/other/integration").await.json;
    assert_eq!(
        other["clientId"]["source"], "default",
        "another project has its own"
    );

    let body = json!({ "revision": saved["revision"], "active": true, "scopes": ["vso.profile", "vso.code"] });
    let saved = desk.call(Method::PUT, INTEGRATION, Some(body)).await.json;
    assert_eq!(saved["clientId"]["source"], "default");
    let (_, ticket) = gateway.register("u2", json!({})).await;
    let redeemed = Browser::new(&gateway).redeem(&ticket).await;
    let url = redeemed.json["authorizationUrl"].as_str().unwrap();
    assert!(
        url.contains("vso.code") && !url.contains("vso.work_write"),
        "{url}"
    );
    assert!(!url.contains(PRACTICE_CLIENT_ID), "{url}");

    let entries = desk.log().await;
    let changed = &entries[0];
    assert_eq!(changed["action"], "integration.changed");
    assert_eq!(changed["projectId"], "app");
    assert_eq!(changed["before"]["clientId"], PRACTICE_CLIENT_ID);
    assert_eq!(
        changed["after"]["scopes"],
        json!(["vso.profile", "vso.code"])
    );
}

#[tokio::test]
async fn a_change_that_others_made_meanwhile_is_not_overwritten() {
    let gateway = start().await;
    let one = Desk::of(&gateway, Role::Admin).await;
    let other = Desk::of(&gateway, Role::Editor).await;
    let body = |revision: i64, id: &str| {
        Some(json!({ "revision": revision, "clientId": id, "active": true }))
    };
    let put = async |desk: &Desk<'_>, revision, id| {
        desk.call(Method::PUT, INTEGRATION, body(revision, id))
            .await
    };
    assert_eq!(put(&one, 1, "early").await.code(), "revision_conflict");
    assert_eq!(put(&one, 0, "first").await.json["revision"], 1);
    assert_eq!(put(&other, 0, "second").await.code(), "revision_conflict");
    assert_eq!(put(&other, 1, "second").await.json["revision"], 2);
    let settings = one.get(INTEGRATION).await.json;
    assert_eq!(settings["clientId"]["value"], "second");
    assert_eq!(settings["updatedBy"], "editor@example.com");
    let actions: Vec<_> = one
        .log()
        .await
        .iter()
        .filter(|entry| entry["action"] == "integration.changed")
        .cloned()
        .collect();
    assert_eq!(actions.len(), 2, "what was not done is not in the log");
}

#[tokio::test]
async fn of_two_secrets_the_newest_is_used_and_the_other_when_it_is_refused() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    desk.save(Some(PRACTICE_CLIENT_ID), true).await;
    let exchanges = async || {
        let counts = gateway.knob(Method::GET, "requests", json!(null)).await["counts"].clone();
        let path =
            "POST login.microsoftonline.com/organizations/oauth2/v2.0/token authorization_code";
        counts[path].as_i64().unwrap_or(0)
    };
    desk.add_secret(PRACTICE_CLIENT_SECRETS[0]).await;
    let added = desk.add_secret("not-known-to-entra").await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    gateway.connect("u1", "grace").await;
    assert_eq!(
        exchanges().await,
        2,
        "the newest first, then once the other"
    );
    let third = desk.add_secret("a-third").await;
    assert_eq!(third.code(), "client_secret_limit");
    let stored = desk.get(INTEGRATION).await.json["secrets"]["stored"].clone();
    assert_eq!(stored[0]["isUsedFirst"], true);
    let id = stored[0]["id"].as_str().unwrap();
    let removed = desk
        .call(Method::DELETE, &format!("{SECRETS}/{id}"), None)
        .await;
    assert_eq!(
        removed.json["secrets"]["stored"].as_array().unwrap().len(),
        1
    );
    gateway.connect("u2", "grace").await;
    assert_eq!(exchanges().await, 3);
    let again = desk
        .call(Method::DELETE, &format!("{SECRETS}/{id}"), None)
        .await;
    assert_eq!(again.code(), "client_secret_not_found");

    // One that is known to have expired is tried last.
    let body = json!({ "secret": PRACTICE_CLIENT_SECRETS[1], "expiresAt": "2999-01-31" });
    let added = desk.call(Method::POST, SECRETS, Some(body)).await.json;
    let stored = &added["secrets"]["stored"];
    assert_eq!(stored[0]["expiresAt"], "2999-01-31T00:00:00.000Z");
    assert!(stored[0]["daysLeft"].as_i64().unwrap() > 1000 && stored[1]["daysLeft"].is_null());
}

#[tokio::test]
async fn an_integration_that_is_switched_off_lets_nobody_connect_or_call() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Editor).await;
    gateway.connect("u1", "grace").await;
    let (_, ticket) = gateway.register("u2", json!({})).await;
    assert_eq!(desk.save(None, false).await.json["active"], false);

    let path = "/projects?api-version=7.1";
    let refused = gateway.proxy("u1", path).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::CONFLICT, "integration_inactive")
    );
    assert_eq!(
        refused.json["meta"]["isIntegrationError"], true,
        "the user stays signed in"
    );
    let redeemed = Browser::new(&gateway).redeem(&ticket).await;
    assert_eq!(redeemed.code(), "integration_inactive", "a flow under way");
    let flow =
        json!({ "id": random::token(), "ticket": random::token(), "integration": "azuredevops" });
    let started = gateway
        .call("u3", Method::POST, "/sdk/flows", Some(flow))
        .await;
    assert_eq!(started.code(), "integration_inactive");
    let token = gateway.connect_token("u3", json!({})).await;
    assert_eq!(token.code(), "integration_inactive");
    let integrations = gateway
        .call("u1", Method::GET, "/sdk/integrations", None)
        .await;
    assert_eq!(integrations.json[0]["isActive"], false);

    desk.save(None, true).await;
    assert_eq!(gateway.proxy("u1", path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn settings_that_entra_refused_are_tried_again_once_they_are_changed() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    gateway.connect("u1", "grace").await;
    let path = "/projects?api-version=7.1";
    desk.save(Some(PRACTICE_CLIENT_ID), true).await;
    desk.add_secret("not-known-to-entra").await;
    gateway
        .knob(Method::POST, "users/grace/expire", json!({}))
        .await;
    gateway.ahead.store(2 * MINUTE, Ordering::SeqCst);
    assert_eq!(
        gateway.proxy("u1", path).await.code(),
        "integration_misconfigured"
    );
    let refusal = desk.get(INTEGRATION).await.json["refusal"].clone();
    assert!(refusal.as_str().unwrap().contains("7000215"), "{refusal}");
    desk.save(None, true).await;
    assert_eq!(desk.get(INTEGRATION).await.json["refusal"], json!(null));
    let healed = gateway.proxy("u1", path).await;
    assert_eq!(healed.status, StatusCode::OK, "{}", healed.text);
}

#[tokio::test]
async fn the_test_says_what_entra_answered() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    let directory = Some("contoso.example");
    assert_eq!(desk.outcomes(None).await, ["directory_needed"]);
    assert_eq!(
        desk.outcomes(directory).await,
        ["works"],
        "the development keys"
    );
    assert_eq!(
        desk.outcomes(Some("nowhere.example")).await,
        ["unknown_directory"]
    );
    desk.save(Some(PRACTICE_CLIENT_ID), true).await;
    let nothing = desk.call(Method::POST, TEST, Some(json!({}))).await;
    assert!(nothing.text.contains("nothing to test"), "{}", nothing.text);
    desk.add_secret(PRACTICE_CLIENT_SECRETS[2]).await;
    desk.add_secret("not-known-to-entra").await;
    assert_eq!(
        desk.outcomes(directory).await,
        ["wrong_secret", "expired_secret"]
    );
    desk.save(Some("11111111-2222-4333-8444-555555555555"), true)
        .await;
    assert_eq!(
        desk.outcomes(directory).await,
        ["wrong_client_id", "wrong_client_id"]
    );
    let answer = desk
        .call(Method::POST, TEST, Some(json!({ "directory": directory })))
        .await;
    let entra = &answer.json["results"][0]["entra"];
    assert_eq!(entra["numbers"], json!([700_016]));
    assert!(entra["correlationId"].is_string(), "{}", answer.text);
    assert_eq!(
        desk.log().await[0]["after"]["outcome"],
        json!(["wrong_client_id", "wrong_client_id"])
    );
}

#[tokio::test]
async fn the_test_says_when_entra_cannot_be_reached() {
    let gateway = start_with(|config| {
        config.entra_authority = "http://127.0.0.1:9/".into();
        config.projects[0].azure_devops.tenant = Some("contoso.example".into());
    })
    .await;
    let desk = Desk::of(&gateway, Role::Editor).await;
    assert_eq!(desk.outcomes(None).await, ["unreachable"]);
}

#[tokio::test]
async fn the_files_values_are_named_as_such() {
    let gateway = start_with(|config| {
        let azure_devops = &mut config.projects[0].azure_devops;
        azure_devops.client_id = PRACTICE_CLIENT_ID.into();
        azure_devops.client_secret = PRACTICE_CLIENT_SECRETS[0].to_owned().into();
        azure_devops.scopes = Some(vec!["vso.profile".into(), "vso.work".into()]);
    })
    .await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    let settings = desk.get(INTEGRATION).await.json;
    for part in ["clientId", "scopes", "secrets"] {
        assert_eq!(settings[part]["source"], "file", "{part}");
    }
    assert_eq!(settings["clientId"]["inFile"], PRACTICE_CLIENT_ID);
    let settings = desk.add_secret(PRACTICE_CLIENT_SECRETS[1]).await;
    assert_eq!(settings.json["secrets"]["source"], "dashboard");
    assert!(
        PRACTICE_CLIENT_SECRETS
            .iter()
            .all(|secret| !settings.text.contains(secret))
    );
    gateway.connect("u1", "grace").await;
}

#[tokio::test]
async fn an_admin_manages_operators_and_the_last_one_stays() {
    let gateway = start().await;
    let admin = Desk::of(&gateway, Role::Admin).await;
    let editor = Desk::of(&gateway, Role::Editor).await;
    let new =
        |role: &str| json!({ "email": "new@example.com", "role": role, "password": PASSWORD });
    let refused = editor
        .call(Method::POST, "/operators", Some(new("admin")))
        .await;
    assert_eq!(refused.code(), "role_not_sufficient");
    assert_eq!(editor.get("/operators").await.code(), "role_not_sufficient");
    let wrong = admin
        .call(Method::POST, "/operators", Some(new("root")))
        .await;
    assert_eq!(wrong.code(), "invalid_request");
    let short = json!({ "email": "new@example.com", "role": "viewer", "password": "short" });
    let short = admin.call(Method::POST, "/operators", Some(short)).await;
    assert!(short.text.contains("12 characters"), "{}", short.text);
    let added = admin
        .call(Method::POST, "/operators", Some(new("viewer")))
        .await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let twice = admin
        .call(Method::POST, "/operators", Some(new("viewer")))
        .await;
    assert_eq!(twice.code(), "operator_taken");
    let id_of = |email: &str| {
        let rows = added.json["operators"].as_array().unwrap();
        let row = rows.iter().find(|row| row["email"] == email).unwrap();
        format!("/operators/{}", row["id"].as_str().unwrap())
    };
    let (own, other) = (id_of("admin@example.com"), id_of("editor@example.com"));
    let own_role = Some(json!({ "role": "viewer" }));
    for method in [Method::PATCH, Method::DELETE] {
        let answer = admin.call(method, &own, own_role.clone()).await;
        assert_eq!(answer.code(), "last_admin", "{}", answer.text);
        let answer = editor.call(Method::PATCH, &own, own_role.clone()).await;
        assert_eq!(answer.code(), "role_not_sufficient");
    }
    let both = json!({ "role": "admin", "password": PASSWORD });
    assert_eq!(
        admin.call(Method::PATCH, &other, Some(both)).await.code(),
        "invalid_request"
    );
    let promoted = json!({ "role": "admin" });
    let answer = admin.call(Method::PATCH, &other, Some(promoted)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    assert_eq!(editor.get("/session").await.code(), "sign_in_required");
    editor.sign_in("editor@example.com", PASSWORD).await;
    let removed = editor.call(Method::DELETE, &own, None).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text);
    assert_eq!(admin.get("/session").await.code(), "sign_in_required");
    let again = editor.call(Method::DELETE, &own, None).await;
    assert_eq!(again.code(), "operator_not_found");
    let log = editor.log().await;
    assert_eq!(log[0]["action"], "operator.removed");
    assert_eq!(
        (&log[0]["actor"], &log[0]["subject"]),
        (&json!("editor@example.com"), &json!("admin@example.com"))
    );
}

#[tokio::test]
async fn an_operator_changes_their_own_password_with_the_present_one() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Viewer).await;
    let change = async |present: &str, next: &str| {
        let body = json!({ "present": present, "next": next });
        desk.call(Method::POST, "/password", Some(body)).await
    };
    assert_eq!(
        change("not mine at all", "another password").await.code(),
        "sign_in_refused"
    );
    assert_eq!(change(PASSWORD, "short").await.code(), "invalid_request");
    assert_eq!(
        desk.get("/session").await.status,
        StatusCode::OK,
        "nothing was done"
    );
    assert_eq!(
        change(PASSWORD, "another password").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(desk.get("/session").await.code(), "sign_in_required");
    let email = "viewer@example.com";
    assert_eq!(
        desk.sign_in(email, PASSWORD).await.code(),
        "sign_in_refused"
    );
    assert_eq!(
        desk.sign_in(email, "another password").await.status,
        StatusCode::OK
    );
    for _ in 0..10 {
        change("a wrong password", "another password").await;
    }
    assert_eq!(
        change("another password", PASSWORD).await.code(),
        "rate_limited"
    );
}

#[tokio::test]
async fn connected_users_are_found_and_disconnected_in_their_project_only() {
    let gateway = start().await;
    let viewer = Desk::of(&gateway, Role::Viewer).await;
    let editor = Desk::of(&gateway, Role::Editor).await;
    let nobody = Desk::new(&gateway);
    assert_eq!(
        nobody.get("/projects/app/users").await.code(),
        "sign_in_required"
    );
    assert_eq!(
        viewer.get("/projects/app/users").await.json["users"],
        json!([])
    );
    gateway.connect("user_1", "grace").await;
    gateway.connect_token("user-2", json!({})).await;
    gateway
        .call(
            "user_1",
            Method::PATCH,
            "/sdk/me",
            Some(json!({ "meta": { "Email": "grace@app.example" } })),
        )
        .await;
    let ids = async |query: &str| {
        let answer = viewer.get(&format!("/projects/app/users{query}")).await;
        let users = answer.json["users"].as_array().unwrap().clone();
        users
            .iter()
            .map(|user| user["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, ["user-2", "user_1"]);
    assert_eq!(ids("?after=user-2").await, ["user_1"]);
    assert_eq!(ids("?search=GRACE").await, ["user_1"], "the account's name");
    assert_eq!(ids("?search=_").await, ["user_1"], "no wildcard");
    assert_eq!(ids("?search=%25").await, [""; 0]);
    assert_eq!(ids("?search=displayName").await, [""; 0], "no field's name");
    let users = viewer.get("/projects/app/users?search=user_1").await;
    let account = &users.json["users"][0]["accounts"][0];
    assert_eq!(
        (&account["status"], &account["organization"]),
        (&json!("VALID"), &json!("contoso-demo"))
    );
    for word in ["token", "secret"] {
        assert!(
            !users.text.to_lowercase().contains(&format!("\"{word}")),
            "{}",
            users.text
        );
    }
    let other = viewer.get("/projects/other/users").await;
    assert_eq!(
        other.json["users"],
        json!([]),
        "another project's are not shown"
    );

    let path = |project: &str| {
        format!(
            "/projects/{project}/accounts/{}",
            account["id"].as_str().unwrap()
        )
    };
    let refused = viewer.call(Method::DELETE, &path("app"), None).await;
    assert_eq!(refused.code(), "role_not_sufficient");
    let elsewhere = editor.call(Method::DELETE, &path("other"), None).await;
    assert_eq!(elsewhere.code(), "credential_not_found");
    assert_eq!(ids("?search=user_1").await, ["user_1"]);
    let gone = editor.call(Method::DELETE, &path("app"), None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
    assert_eq!(ids("").await, ["user-2"]);
    let refused = gateway.proxy("user_1", "/projects?api-version=7.1").await;
    assert_eq!(refused.code(), "integration_not_connected");
    let entry = &editor.log().await[0];
    assert_eq!(
        (&entry["action"], &entry["subject"]),
        (&json!("account.disconnected"), &json!("user_1"))
    );
    let again = editor.call(Method::DELETE, &path("app"), None).await;
    assert_eq!(again.code(), "credential_not_found");
}

#[tokio::test]
async fn what_users_call_themselves_is_shown_without_disguise() {
    let gateway = start().await;
    gateway.connect_token("mallory", json!({})).await;
    let meta = json!({ "Email": "m".repeat(100), "Name": "\u{202e}ada\n" });
    let body = Some(json!({ "meta": meta }));
    gateway
        .call("mallory", Method::PATCH, "/sdk/me", body)
        .await;
    let viewer = Desk::of(&gateway, Role::Viewer).await;
    let users = viewer.get("/projects/app/users").await.json;
    let user = &users["users"][0];
    assert_eq!(
        (&user["id"], &user["name"]),
        (&json!("mallory"), &json!("ada"))
    );
    assert_eq!(user["email"], format!("{}…", "m".repeat(64)));
}

#[tokio::test]
async fn many_users_come_in_pages() {
    let gateway = start().await;
    let desk = Desk::of(&gateway, Role::Viewer).await;
    for number in 10..37 {
        let answer = gateway
            .connect_token(&format!("user{number}"), json!({}))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let first = desk.get("/projects/app/users").await.json;
    assert_eq!(first["users"].as_array().unwrap().len(), 25);
    assert_eq!(first["next"], "user34");
    let second = desk.get("/projects/app/users?after=user34").await.json;
    assert_eq!(second["users"].as_array().unwrap().len(), 2);
    assert_eq!(second["next"], json!(null));
}
