//! Signing operators in with an OpenID provider: who gets in, and that nobody else does.

use std::collections::HashMap;

use crate::support::desk::{Desk, PASSWORD, add, change};
use crate::support::log::Log;
use crate::support::{self, Answer, TestGateway, start_with};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use paragon_gateway::config::OidcConfig;
use paragon_gateway::identity::{KeyAlgorithm, KeyPair};
use paragon_gateway::operators;
use paragon_gateway::operators::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const MINUTE: i64 = 60_000;
const CODE: &str = "canary-code";
const ACCESS_TOKEN: &str = "canary-access-token";
const SECRET: &str = "canary-client-secret";

/// An issuer that says what a test wants it to.
struct Issuer {
    server: MockServer,
    key: EncodingKey,
}

impl Issuer {
    async fn start() -> Self {
        let issuer = Self {
            server: MockServer::start().await,
            key: key(),
        };
        issuer.open(&json!({})).await;
        issuer
    }

    /// Serves document and keys; `changes` to the document.
    async fn open(&self, changes: &Value) {
        self.server.reset().await;
        let at = |path: &str| format!("{}{path}", self.server.uri());
        let mut document = json!({
            "issuer": self.server.uri(),
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "jwks_uri": at("/keys"),
            "userinfo_endpoint": at("/userinfo"),
        });
        merge(&mut document, changes);
        self.answer("/.well-known/openid-configuration", 200, &document)
            .await;
        let mut jwk = Jwk::from_encoding_key(&self.key, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some("one".into());
        self.answer("/keys", 200, &json!(JwkSet { keys: vec![jwk] }))
            .await;
    }

    async fn answer(&self, at: &str, status: u16, body: &Value) {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        Mock::given(path(at))
            .respond_with(answer)
            .mount(&self.server)
            .await;
    }

    /// Sends this ID token for any code.
    async fn send(&self, id_token: &str) {
        let tokens =
            json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": id_token });
        self.answer("/token", 200, &tokens).await;
    }

    /// An ID token for whoever is sent with `start`; `changes` to its claims, null takes one out.
    fn token(&self, start: &Start, changes: &Value) -> String {
        self.token_by(&self.key, start, changes)
    }

    fn token_by(&self, key: &EncodingKey, start: &Start, changes: &Value) -> String {
        let now = start.now / 1000;
        let mut claims = json!({
            "iss": self.server.uri(),
            "sub": "subject",
            "aud": "gateway",
            "iat": now,
            "exp": now + 300,
            "nonce": start.query["nonce"],
            "email": "ada@example.com",
            "email_verified": true,
        });
        merge(&mut claims, changes);
        let header = Header {
            kid: Some("one".into()),
            ..Header::new(Algorithm::ES256)
        };
        jsonwebtoken::encode(&header, &claims, key).unwrap()
    }

    async fn requests(&self, at: &str) -> Vec<Request> {
        let all = self.server.received_requests().await.unwrap();
        all.into_iter()
            .filter(|request| request.url.path() == at)
            .collect()
    }

    /// A gateway whose operators may sign in here, with Ada as editor.
    async fn gateway(&self, edit: impl FnOnce(&mut OidcConfig)) -> TestGateway {
        let mut oidc = OidcConfig {
            issuer: self.server.uri(),
            client_id: "gateway".into(),
            client_secret: SECRET.to_owned().into(),
            label: Some("Example".into()),
            ..OidcConfig::default()
        };
        edit(&mut oidc);
        let gateway = start_with(|config| config.oidc = Some(oidc)).await;
        add(&gateway, "ada@example.com", Role::Editor).await;
        gateway
    }
}

fn key() -> EncodingKey {
    let pair = KeyPair::generate(KeyAlgorithm::Es256).unwrap();
    EncodingKey::from_ec_pem(pair.private_pem.as_bytes()).unwrap()
}

fn merge(into: &mut Value, changes: &Value) {
    let into = into.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        into.insert(name.clone(), value.clone());
    }
    into.retain(|_, value| !value.is_null());
}

/// What the gateway sent the browser away with.
struct Start {
    query: HashMap<String, String>,
    now: i64,
    /// Name and value of the cookie.
    cookie: String,
}

async fn begin(desk: &Desk<'_>, to: &str) -> Start {
    let body = json!({ "to": to });
    let answer = desk.call(Method::POST, "/sign-in", Some(body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let url = Url::parse(answer.json["authorizationUrl"].as_str().unwrap()).unwrap();
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    for part in [
        "paragon-operator-sign-in=",
        "HttpOnly",
        "SameSite=Lax",
        "Path=/",
    ] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let cookie = cookie.split(';').next().unwrap();
    Start {
        query: url.query_pairs().into_owned().collect(),
        now: desk.gateway.app.clock.now(),
        cookie: cookie.to_owned(),
    }
}

/// Comes back from the issuer with these parameters. Gives the page that it leads to.
async fn come_back(desk: &Desk<'_>, params: &[(&str, &str)]) -> (String, Answer) {
    let url = format!("{}/dashboard/oidc", desk.gateway.url);
    let request = desk.http.get(url).query(params);
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let to = answer.headers["location"].to_str().unwrap().to_owned();
    assert!(to.starts_with("/dashboard"), "{to}");
    (to, answer)
}

/// The reason in the address of the sign-in page.
fn reason(to: &str) -> String {
    let url = Url::parse("http://x").unwrap().join(to).unwrap();
    let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
    query.get("sign-in").cloned().unwrap_or_default()
}

/// Signs in with an ID token that has these claims changed. Gives the reason why not, empty if it worked.
async fn attempt(issuer: &Issuer, gateway: &TestGateway, changes: &Value) -> String {
    let desk = browser(gateway);
    let start = begin(&desk, "/dashboard").await;
    issuer.open(&json!({})).await;
    issuer.send(&issuer.token(&start, changes)).await;
    let reason = finish(&desk, &start).await;
    let status = desk.get("/session").await.status;
    assert_eq!(status == StatusCode::OK, reason.is_empty(), "{changes}");
    reason
}

async fn finish(desk: &Desk<'_>, start: &Start) -> String {
    let params = [("code", CODE), ("state", start.query["state"].as_str())];
    reason(&come_back(desk, &params).await.0)
}

/// A browser that does not follow redirects, so that they can be looked at.
fn browser(gateway: &TestGateway) -> Desk<'_> {
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .cookie_store(true)
        .no_proxy()
        .build()
        .unwrap();
    Desk { gateway, http }
}

#[tokio::test]
async fn an_operator_comes_in_and_goes_on_where_they_were() {
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|_| ()).await;
    let desk = browser(&gateway);
    let ways = desk.get("/sign-in").await.json;
    assert_eq!(
        ways,
        json!({ "passwords": true, "provider": { "label": "Example" } })
    );
    let start = begin(&desk, "/dashboard/projects/app/runs?status=failed").await;
    let query = |name: &str| start.query[name].as_str();
    assert_eq!(
        query("redirect_uri"),
        format!("{}/dashboard/oidc", gateway.url)
    );
    assert_eq!(
        (query("response_type"), query("client_id"), query("scope")),
        ("code", "gateway", "openid email profile")
    );
    assert_eq!(query("code_challenge_method"), "S256");
    assert_eq!((query("state").len(), query("nonce").len()), (43, 43));
    issuer
        .send(&issuer.token(&start, &json!({ "email": "Ada@Example.com" })))
        .await;
    let (to, answer) = come_back(
        &desk,
        &[
            ("code", CODE),
            ("state", query("state")),
            ("iss", &issuer.server.uri()),
        ],
    )
    .await;
    assert_eq!(to, "/dashboard/projects/app/runs?status=failed");
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let cookies = format!("{cookies:?}");
    assert!(
        cookies.contains("paragon-operator=") && cookies.contains("SameSite=Strict"),
        "{cookies}"
    );
    let session = desk.get("/session").await;
    assert_eq!(
        (&session.json["email"], &session.json["role"]),
        (&json!("ada@example.com"), &json!("editor"))
    );
    let entry = desk.log().await.remove(0);
    assert_eq!(
        (&entry["actor"], &entry["action"], &entry["after"]),
        (
            &json!("ada@example.com"),
            &json!("operator.signed_in"),
            &json!({ "with": "Example" })
        )
    );
    // The code was redeemed with the client's secret and the verifier of the challenge.
    let redeemed = issuer.requests("/token").await.remove(0);
    assert!(
        redeemed.headers["authorization"]
            .to_str()
            .unwrap()
            .starts_with("Basic ")
    );
    let body: HashMap<String, String> = url::form_urlencoded::parse(&redeemed.body)
        .into_owned()
        .collect();
    assert_eq!(body["code"], CODE);
    assert_eq!(
        paragon_gateway::random::hash(&body["code_verifier"]),
        query("code_challenge")
    );
}

#[tokio::test]
async fn the_answer_counts_once_in_the_browser_that_asked() {
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|_| ()).await;
    let (desk, other) = (browser(&gateway), browser(&gateway));
    let start = begin(&desk, "/dashboard").await;
    let stranger = begin(&other, "/dashboard").await;
    issuer.send(&issuer.token(&start, &json!({}))).await;
    let state = start.query["state"].as_str();
    let no_browser = browser(&gateway);
    for (who, params) in [
        (&desk, vec![("code", CODE)]),
        (&desk, vec![("code", CODE), ("state", "")]),
        (
            &desk,
            vec![("code", CODE), ("state", stranger.query["state"].as_str())],
        ),
        (&other, vec![("code", CODE), ("state", state)]),
        (&no_browser, vec![("code", CODE), ("state", state)]),
    ] {
        let (to, answer) = come_back(who, &params).await;
        assert_eq!(reason(&to), "ended", "{params:?}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    assert!(issuer.requests("/token").await.is_empty());

    assert_eq!(finish(&desk, &start).await, "");
    assert_eq!(finish(&desk, &start).await, "ended", "the cookie is gone");
    // Nor does it help to have kept the cookie.
    let url = format!("{}/dashboard/oidc", gateway.url);
    let request = support::client().get(url).header("cookie", &start.cookie);
    let answer = request.query(&[("code", CODE), ("state", state)]).send();
    let answer = answer.await.unwrap();
    assert_eq!(
        reason(answer.headers()["location"].to_str().unwrap()),
        "ended"
    );
    assert_eq!(issuer.requests("/token").await.len(), 1);
}

#[tokio::test]
async fn an_id_token_that_is_not_for_this_sign_in_is_refused() {
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|_| ()).await;
    let now = gateway.app.clock.now() / 1000;
    for wrong in [
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "aud": "another" }),
        json!({ "aud": ["another"] }),
        json!({ "aud": null }),
        json!({ "aud": ["gateway", "another"] }),
        json!({ "aud": ["gateway", "another"], "azp": "another" }),
        json!({ "azp": "another" }),
        json!({ "iss": "https://another.example" }),
        json!({ "iss": format!("{}/", issuer.server.uri()) }),
        json!({ "exp": now - 120 }),
        json!({ "exp": null }),
        json!({ "iat": now + 3600 }),
        json!({ "sub": "" }),
        json!({ "sub": null }),
    ] {
        assert_eq!(
            attempt(&issuer, &gateway, &wrong).await,
            "token_refused",
            "{wrong}"
        );
    }
    for right in [
        json!({}),
        json!({ "aud": ["gateway"] }),
        json!({ "aud": ["gateway", "another"], "azp": "gateway" }),
    ] {
        assert_eq!(attempt(&issuer, &gateway, &right).await, "", "{right}");
    }
    let desk = browser(&gateway);
    let start = begin(&desk, "/dashboard").await;
    let right = issuer.token(&start, &json!({}));
    let (head, _) = right.rsplit_once('.').unwrap();
    let none = "eyJhbGciOiJub25lIn0";
    let (_, claims) = head.split_once('.').unwrap();
    for forged in [
        issuer.token_by(&key(), &start, &json!({})),
        format!("{none}.{claims}."),
        format!("{head}."),
        "no token".into(),
    ] {
        let start = begin(&desk, "/dashboard").await;
        issuer.open(&json!({})).await;
        issuer.send(&forged).await;
        assert_eq!(finish(&desk, &start).await, "token_refused");
    }
}

#[tokio::test]
async fn only_an_operators_verified_address_lets_in() {
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|_| ()).await;
    for (claims, expected) in [
        (json!({ "email_verified": false }), "email_not_verified"),
        (json!({ "email_verified": null }), "email_not_verified"),
        (json!({ "email_verified": "true" }), "email_not_verified"),
        (json!({ "email": "eve@example.com" }), "unknown_operator"),
        (json!({ "email": "" }), "no_email"),
    ] {
        assert_eq!(
            attempt(&issuer, &gateway, &claims).await,
            expected,
            "{claims}"
        );
    }
    let log = gateway.app.store.audit_log(None, i64::MAX, 50).await;
    let log = log.unwrap().into_iter();
    let refused: Vec<_> = log
        .filter(|entry| entry.action == "operator.sign_in_refused")
        .map(|entry| (entry.actor, entry.subject, entry.after.unwrap()))
        .collect();
    assert_eq!(refused.len(), 5, "{refused:?}");
    let (actor, subject, after) = &refused[1];
    assert_eq!((actor.as_str(), subject), ("127.0.0.1", &None));
    assert!(after.contains("unknown_operator"), "{after}");
    let trusting = issuer.gateway(|oidc| oidc.trust_email = true).await;
    let unsaid = json!({ "email_verified": null });
    assert_eq!(attempt(&issuer, &trusting, &unsaid).await, "");
    let stranger = json!({ "email_verified": null, "email": "eve@example.com" });
    assert_eq!(
        attempt(&issuer, &trusting, &stranger).await,
        "unknown_operator"
    );
    // Who is removed meanwhile does not come in.
    let desk = browser(&gateway);
    let start = begin(&desk, "/dashboard").await;
    issuer.open(&json!({})).await;
    issuer.send(&issuer.token(&start, &json!({}))).await;
    let store = &gateway.app.store;
    operators::service::remove(store, change(&gateway), "ada@example.com")
        .await
        .unwrap();
    assert_eq!(finish(&desk, &start).await, "unknown_operator");
}

#[tokio::test]
async fn the_userinfo_of_the_same_person_fills_in_what_the_token_leaves_out() {
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|_| ()).await;
    for (info, expected) in [
        (
            json!({ "sub": "subject", "email": "ada@example.com", "email_verified": true }),
            "",
        ),
        (
            json!({ "sub": "subject", "email": "ada@example.com" }),
            "email_not_verified",
        ),
        (json!({ "sub": "subject" }), "no_email"),
        (
            json!({ "sub": "other", "email": "ada@example.com", "email_verified": true }),
            "token_refused",
        ),
        (json!(["canary"]), "provider_unavailable"),
    ] {
        let desk = browser(&gateway);
        let start = begin(&desk, "/dashboard").await;
        issuer.open(&json!({})).await;
        issuer.answer("/userinfo", 200, &info).await;
        // Verified, but nothing that is: it says nothing of the other address.
        let bare = issuer.token(&start, &json!({ "email": null }));
        issuer.send(&bare).await;
        assert_eq!(finish(&desk, &start).await, expected, "{info}");
        let asked = issuer.requests("/userinfo").await.remove(0);
        let bearer = asked.headers["authorization"].to_str().unwrap();
        assert_eq!(bearer, format!("Bearer {ACCESS_TOKEN}"));
    }
}

#[tokio::test]
async fn a_claim_gives_each_their_role_and_without_one_nobody_comes_in() {
    let issuer = Issuer::start().await;
    let gateway = issuer
        .gateway(|oidc| {
            oidc.roles_claim = Some("groups".into());
            oidc.roles = [("staff", "viewer"), ("ops", "admin")]
                .map(|(group, role)| (group.to_owned(), role.to_owned()))
                .into();
        })
        .await;
    let enter = async |email: &str, groups: Value| {
        let claims = json!({ "email": email, "groups": groups });
        attempt(&issuer, &gateway, &claims).await
    };
    let role = async |email: &str| {
        let row = gateway.app.store.operator(email).await.unwrap();
        row.map(|row| row.operator.role)
    };
    assert_eq!(enter("eve@example.com", json!(["guests"])).await, "no_role");
    assert_eq!(role("eve@example.com").await, None);
    assert_eq!(
        enter("grace@example.com", json!(["staff", "ops"])).await,
        ""
    );
    assert_eq!(role("grace@example.com").await, Some(Role::Admin));
    assert_eq!(enter("ada@example.com", json!("staff")).await, "");
    assert_eq!(role("ada@example.com").await, Some(Role::Viewer));
    assert_eq!(enter("ada@example.com", json!([])).await, "no_role");
    // Nobody knows a password of who was added.
    let desk = Desk::new(&gateway);
    let guess = desk.sign_in("grace@example.com", PASSWORD).await;
    assert_eq!(guess.code(), "sign_in_refused");
    desk.sign_in("ada@example.com", PASSWORD).await;
    let log = desk.log().await;
    let by_issuer: Vec<_> = log.iter().filter(|one| one["actor"] == "Example").collect();
    let of = |index: usize| (&by_issuer[index]["action"], &by_issuer[index]["subject"]);
    assert_eq!(
        of(0),
        (&json!("operator.role_changed"), &json!("ada@example.com"))
    );
    assert_eq!(
        of(1),
        (&json!("operator.added"), &json!("grace@example.com"))
    );
    assert_eq!(by_issuer.len(), 2, "no entry where nothing changes");
}

#[tokio::test]
async fn an_issuer_that_fails_is_said_and_leaks_nothing() {
    let log = Log::watched();
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|_| ()).await;
    let desk = browser(&gateway);

    let mut seen = String::new();
    for (error, expected) in [
        ("access_denied", "cancelled"),
        ("server_error", "provider_refused"),
        ("odd\nerror", "provider_refused"),
    ] {
        let start = begin(&desk, "/dashboard/operators?x=1").await;
        let params = [
            ("error", error),
            ("error_description", "canary-description"),
            ("state", start.query["state"].as_str()),
        ];
        let (to, answer) = come_back(&desk, &params).await;
        assert_eq!(reason(&to), expected);
        let id = answer.headers["x-request-id"].to_str().unwrap();
        assert_eq!(
            to,
            format!("/dashboard/operators?sign-in={expected}&reference={id}")
        );
        assert!(log.text().contains(id), "the log has the reference");
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.contains("Max-Age=0"), "{cookie}");
        seen += &to;
    }
    for (status, body, expected) in [
        (
            400,
            json!({ "error": "invalid_grant", "error_description": "canary-description" }),
            "provider_refused",
        ),
        (
            401,
            json!({ "error": "invalid_client" }),
            "provider_refused",
        ),
        (503, json!({}), "provider_unavailable"),
        (
            200,
            json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer" }),
            "provider_unavailable",
        ),
        (
            200,
            json!({ "access_token": ACCESS_TOKEN, "id_token": "canary-id-token" }),
            "provider_unavailable",
        ),
        (302, json!({}), "provider_unavailable"),
    ] {
        let start = begin(&desk, "/dashboard").await;
        issuer.open(&json!({})).await;
        issuer.answer("/token", status, &body).await;
        assert_eq!(finish(&desk, &start).await, expected, "{body}");
    }
    let start = begin(&desk, "/dashboard").await;
    let token = issuer.token(&start, &json!({ "email_verified": false }));
    issuer.open(&json!({})).await;
    issuer.send(&token).await;
    assert_eq!(finish(&desk, &start).await, "email_not_verified");
    let (to, _) = come_back(&desk, &[("code", CODE), ("state", "canary-state")]).await;
    seen += &to;
    for text in [seen, log.text()] {
        for secret in [
            "canary",
            &token,
            &start.query["state"],
            &start.query["nonce"],
            &start.cookie,
            "ada@example.com",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    assert!(!log.text().contains("odd\nerror"), "no forged lines");
}

#[tokio::test]
async fn a_document_that_cannot_be_right_signs_nobody_in() {
    let issuer = Issuer::start().await;
    for document in [
        json!({ "issuer": "https://another.example" }),
        json!({ "jwks_uri": null }),
        json!({ "token_endpoint": "javascript:alert(1)" }),
    ] {
        let gateway = issuer.gateway(|_| ()).await;
        issuer.open(&document).await;
        let desk = browser(&gateway);
        let answer = desk.call(Method::POST, "/sign-in", Some(json!({}))).await;
        assert_eq!(answer.code(), "identity_provider_unavailable", "{document}");
        assert!(!answer.headers.contains_key("set-cookie"));
        assert!(!answer.text.contains("another.example"), "{}", answer.text);
    }
    // A port that nobody listens on.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let gateway = issuer.gateway(|oidc| oidc.issuer = address).await;
    let desk = browser(&gateway);
    let answer = desk.call(Method::POST, "/sign-in", Some(json!({}))).await;
    assert_eq!(answer.code(), "identity_provider_unavailable");
    // Passwords work on.
    let signed_in = desk.sign_in("ada@example.com", PASSWORD).await;
    assert_eq!(signed_in.status, StatusCode::OK);
}

#[tokio::test]
async fn a_secret_is_handed_in_as_the_issuer_takes_it() {
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|_| ()).await;
    let both = json!({ "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"] });
    issuer.open(&both).await;
    let desk = browser(&gateway);
    let start = begin(&desk, "/dashboard").await;
    // This client is registered for the body.
    let refused = ResponseTemplate::new(401).set_body_json(json!({ "error": "invalid_client" }));
    Mock::given(path("/token"))
        .and(wiremock::matchers::header_exists("authorization"))
        .respond_with(refused)
        .mount(&issuer.server)
        .await;
    issuer.send(&issuer.token(&start, &json!({}))).await;
    assert_eq!(finish(&desk, &start).await, "");
    let requests = issuer.requests("/token").await;
    assert_eq!(requests.len(), 2);
    let body = String::from_utf8(requests[1].body.clone()).unwrap();
    assert!(body.contains(&format!("client_secret={SECRET}")), "{body}");
}

#[tokio::test]
async fn a_sign_in_leads_to_the_dashboard_alone_and_not_too_late() {
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|_| ()).await;
    let desk = browser(&gateway);
    for to in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/dashboard/../ui",
    ] {
        let start = begin(&desk, to).await;
        issuer.open(&json!({})).await;
        issuer.send(&issuer.token(&start, &json!({}))).await;
        let params = [("code", CODE), ("state", start.query["state"].as_str())];
        assert_eq!(come_back(&desk, &params).await.0, "/dashboard");
    }
    let start = begin(&desk, "/dashboard").await;
    gateway
        .ahead
        .store(11 * MINUTE, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(finish(&desk, &start).await, "ended");
}

#[tokio::test]
async fn signing_in_ends_the_browsers_session_before() {
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|_| ()).await;
    let desk = browser(&gateway);
    let before = desk.sign_in("ada@example.com", PASSWORD).await;
    let before = before.set_cookie("paragon-operator").to_owned();
    let start = begin(&desk, "/dashboard").await;
    issuer.send(&issuer.token(&start, &json!({}))).await;
    assert_eq!(finish(&desk, &start).await, "");
    assert_eq!(desk.get("/session").await.status, StatusCode::OK);
    let url = format!("{}/dashboard/api/session", gateway.url);
    let request = support::client().get(url);
    let old = request.header("cookie", before.split(';').next().unwrap());
    let answer = old.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn beginning_is_for_the_gateways_pages_and_not_too_often() {
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|_| ()).await;
    let desk = browser(&gateway);
    let url = format!("{}/dashboard/api/sign-in", gateway.url);
    let request = desk.http.post(url).header("origin", "https://evil.example");
    let request = request.header("content-type", "application/json");
    let answer = Answer::of(request.body("{}").send().await.unwrap()).await;
    assert_eq!(answer.code(), "origin_not_allowed");
    for _ in 0..50 {
        begin(&desk, "/dashboard").await;
    }
    let answer = desk.call(Method::POST, "/sign-in", Some(json!({}))).await;
    assert_eq!(answer.code(), "rate_limited");
}

#[tokio::test]
async fn passwords_can_be_switched_off_and_nothing_is_offered_that_is_not_configured() {
    let issuer = Issuer::start().await;
    let gateway = issuer.gateway(|oidc| oidc.passwords = false).await;
    let desk = browser(&gateway);
    assert_eq!(desk.get("/sign-in").await.json["passwords"], json!(false));
    let answer = desk.sign_in("ada@example.com", PASSWORD).await;
    assert_eq!(answer.code(), "sign_in_refused");
    assert!(answer.text.contains("is disabled"), "{}", answer.text);
    assert_eq!(attempt(&issuer, &gateway, &json!({})).await, "");

    let plain = support::start().await;
    let desk = browser(&plain);
    let ways = desk.get("/sign-in").await.json;
    assert_eq!(ways, json!({ "passwords": true, "provider": null }));
    let answer = desk.call(Method::POST, "/sign-in", Some(json!({}))).await;
    assert_eq!(answer.code(), "route_not_found");
    assert_eq!(
        reason(&come_back(&desk, &[("code", CODE)]).await.0),
        "ended"
    );
}

#[tokio::test]
async fn on_https_the_cookie_is_bound_to_the_host() {
    let issuer = Issuer::start().await;
    let uri = issuer.server.uri();
    let gateway = start_with(|config| {
        config.public_url = "https://connect.example.com".into();
        config.oidc = Some(OidcConfig {
            issuer: uri,
            client_id: "gateway".into(),
            client_secret: SECRET.to_owned().into(),
            ..OidcConfig::default()
        });
    })
    .await;
    let desk = browser(&gateway);
    let url = format!("{}/dashboard/api/sign-in", gateway.url);
    let request = desk
        .http
        .post(url)
        .header("origin", "https://connect.example.com");
    let request = request.header("content-type", "application/json");
    let answer = Answer::of(request.body("{}").send().await.unwrap()).await;
    let header = answer.headers["set-cookie"].to_str().unwrap();
    assert!(
        header.starts_with("__Host-paragon-operator-sign-in=") && header.contains("Secure"),
        "{header}"
    );
    assert!(
        answer
            .text
            .contains("https%3A%2F%2Fconnect.example.com%2Fdashboard%2Foidc")
    );
}
