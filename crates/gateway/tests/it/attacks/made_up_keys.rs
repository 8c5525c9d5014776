//! Projects whose backend publishes its signing keys as a JWK set.

use std::sync::atomic::Ordering;

use crate::support::desk::Desk;
use crate::support::{Answer, TestGateway, client, project, start_with};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use paragon_gateway::identity::{KeyAlgorithm, KeyPair, mint};
use paragon_gateway::operators::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

struct Signer {
    kid: &'static str,
    key: EncodingKey,
}

impl Signer {
    fn new(kid: &'static str) -> Self {
        let pair = KeyPair::generate(KeyAlgorithm::Es256).unwrap();
        Self {
            kid,
            key: EncodingKey::from_ec_pem(pair.private_pem.as_bytes()).unwrap(),
        }
    }

    fn jwk(&self) -> Jwk {
        let mut jwk = Jwk::from_encoding_key(&self.key, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some(self.kid.to_owned());
        jwk
    }

    fn token(&self) -> String {
        self.token_with(self.kid)
    }

    fn token_with(&self, kid: &str) -> String {
        let header = Header {
            kid: Some(kid.to_owned()),
            ..Header::new(Algorithm::ES256)
        };
        jsonwebtoken::encode(
            &header,
            &json!({ "sub": "ada", "exp": 4_000_000_000_i64 }),
            &self.key,
        )
        .unwrap()
    }
}

async fn publish(server: &MockServer, keys: &[&Signer]) {
    server.reset().await;
    let set = JwkSet {
        keys: keys.iter().map(|signer| signer.jwk()).collect(),
    };
    let answer = ResponseTemplate::new(200).set_body_json(set);
    Mock::given(path("/keys"))
        .respond_with(answer)
        .mount(server)
        .await;
}

async fn started(server: &MockServer) -> TestGateway {
    let unused = KeyPair::generate(KeyAlgorithm::Es256).unwrap();
    let mut app = project("app", &unused);
    app.signing_keys.clear();
    app.jwks_url = Some(format!("{}/keys", server.uri()));
    start_with(|config| config.projects = vec![app]).await
}

async fn me(gateway: &TestGateway, signer: &Signer) -> Answer {
    me_with(gateway, signer.token()).await
}

async fn me_with(gateway: &TestGateway, token: String) -> Answer {
    let request = client().get(format!("{}/projects/app/sdk/me", gateway.url));
    Answer::of(request.bearer_auth(token).send().await.unwrap()).await
}

async fn fetches(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn keys_are_fetched_once_and_again_for_a_new_key_id() {
    let server = MockServer::start().await;
    let (old, new) = (Signer::new("2025"), Signer::new("2026"));
    publish(&server, &[&old]).await;
    let gateway = started(&server).await;
    for _ in 0..5 {
        assert_eq!(me(&gateway, &old).await.status, StatusCode::OK);
    }
    assert_eq!(fetches(&server).await, 1);
    publish(&server, &[&old, &new]).await;
    assert_eq!(
        me(&gateway, &new).await.status,
        StatusCode::OK,
        "a rotated key is found at once"
    );
    assert_eq!(me(&gateway, &old).await.status, StatusCode::OK);
    assert_eq!(fetches(&server).await, 1);
}

#[tokio::test]
async fn a_made_up_key_id_is_asked_for_once() {
    let server = MockServer::start().await;
    let (own, stranger) = (Signer::new("own"), Signer::new("made-up"));
    publish(&server, &[&own]).await;
    let gateway = started(&server).await;
    for _ in 0..5 {
        assert_eq!(me(&gateway, &stranger).await.code(), "token_invalid");
    }
    assert_eq!(
        fetches(&server).await,
        2,
        "once at first, once for the unknown id"
    );
}

#[tokio::test]
async fn without_its_keys_the_project_is_unavailable_and_nobody_is_signed_out() {
    let server = MockServer::start().await;
    Mock::given(path("/keys"))
        .respond_with(ResponseTemplate::new(500))
        .mount(&server)
        .await;
    let gateway = started(&server).await;
    let answer = me(&gateway, &Signer::new("own")).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable")
    );
}

/// The set's address answers with an error from now on.
async fn break_down(server: &MockServer) {
    server.reset().await;
    Mock::given(path("/keys"))
        .respond_with(ResponseTemplate::new(500))
        .mount(server)
        .await;
}

fn pass(gateway: &TestGateway, seconds: i64) {
    gateway.ahead.fetch_add(seconds * 1000, Ordering::SeqCst);
}

#[tokio::test]
async fn a_flood_of_made_up_key_ids_causes_one_fetch_a_minute() {
    let server = MockServer::start().await;
    let own = Signer::new("own");
    publish(&server, &[&own]).await;
    let gateway = started(&server).await;
    assert_eq!(me(&gateway, &own).await.status, StatusCode::OK);
    let flood = async || {
        let stranger = Signer::new("made-up");
        for number in 0..40 {
            let token = stranger.token_with(&format!("made-up-{number}"));
            assert_eq!(me_with(&gateway, token).await.code(), "token_invalid");
        }
    };
    flood().await;
    assert_eq!(
        fetches(&server).await,
        2,
        "at first, and for all of the ids"
    );
    assert_eq!(me(&gateway, &own).await.status, StatusCode::OK);
    pass(&gateway, 61);
    flood().await;
    assert_eq!(fetches(&server).await, 3, "one a minute");
}

#[tokio::test]
async fn made_up_key_ids_throw_no_good_key_away_while_the_issuer_is_down() {
    let server = MockServer::start().await;
    let own = Signer::new("own");
    publish(&server, &[&own]).await;
    let gateway = started(&server).await;
    assert_eq!(me(&gateway, &own).await.status, StatusCode::OK);
    break_down(&server).await;
    // It may be a new key that cannot be had now: nobody is signed out for that.
    let stranger = me(&gateway, &Signer::new("made-up")).await;
    assert_eq!(stranger.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(fetches(&server).await, 1, "the id was asked for");
    assert_eq!(me(&gateway, &own).await.status, StatusCode::OK);

    pass(&gateway, 11 * 60);
    assert_eq!(
        me(&gateway, &own).await.status,
        StatusCode::OK,
        "an old set"
    );
    assert_eq!(fetches(&server).await, 2, "it was tried to renew it");
    for _ in 0..10 {
        assert_eq!(me(&gateway, &own).await.status, StatusCode::OK);
    }
    assert_eq!(fetches(&server).await, 2, "not with each request");

    pass(&gateway, 24 * 60 * 60);
    assert_eq!(
        me(&gateway, &own).await.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "a key that may be withdrawn long since"
    );
    publish(&server, &[&own]).await;
    pass(&gateway, 6);
    assert_eq!(me(&gateway, &own).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_withdrawn_key_ends_with_the_next_set() {
    let server = MockServer::start().await;
    let (old, new) = (Signer::new("2025"), Signer::new("2026"));
    publish(&server, &[&old, &new]).await;
    let gateway = started(&server).await;
    assert_eq!(me(&gateway, &old).await.status, StatusCode::OK);
    publish(&server, &[&new]).await;
    pass(&gateway, 11 * 60);
    assert_eq!(me(&gateway, &old).await.code(), "token_invalid");
    assert_eq!(me(&gateway, &new).await.status, StatusCode::OK);
}

#[tokio::test]
async fn members_of_a_set_that_are_not_understood_are_skipped() {
    let server = MockServer::start().await;
    let (own, encrypting) = (Signer::new("own"), Signer::new("encrypting"));
    let mut other = serde_json::to_value(encrypting.jwk()).unwrap();
    other["use"] = json!("enc");
    let strange = json!({ "kty": "EC", "kid": 5 });
    let set = json!({ "keys": [null, strange, other, own.jwk()] });
    Mock::given(path("/keys"))
        .respond_with(ResponseTemplate::new(200).set_body_json(set))
        .mount(&server)
        .await;
    let gateway = started(&server).await;
    assert_eq!(me(&gateway, &own).await.status, StatusCode::OK);
    let answer = me(&gateway, &encrypting).await;
    assert_eq!(answer.code(), "token_invalid", "a key for encryption");
}

#[tokio::test]
async fn a_set_without_end_is_not_read_to_its_end() {
    let server = MockServer::start().await;
    let own = Signer::new("own");
    let set = json!({ "keys": [own.jwk()] }).to_string() + &" ".repeat(300 * 1024);
    let answer = ResponseTemplate::new(200).set_body_string(set);
    Mock::given(path("/keys"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let gateway = started(&server).await;
    let answer = me(&gateway, &own).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn keys_are_made_added_tried_and_removed_in_the_dashboard() {
    let gateway = crate::support::start().await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    let api = "/projects/app/signing-keys";
    let post = async |path: &str, body: serde_json::Value| {
        desk.call(Method::POST, &format!("{api}{path}"), Some(body))
            .await
    };
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        let made = post("", json!({ "generate": algorithm })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let private = made.json["privateKey"].as_str().unwrap();
        let keys = made.json["keys"].as_array().unwrap();
        let key = keys.last().unwrap();
        assert_eq!(key["algorithm"], algorithm);
        let claims =
            serde_json::from_value(json!({ "sub": "ada", "exp": 4_000_000_000_i64 })).unwrap();
        let token = mint(private, &claims).unwrap();
        let tried = post("/try", json!({ "token": token })).await;
        assert_eq!(tried.json, json!({ "accepted": true, "userId": "ada" }));
        let me = |token: String| {
            let request = client().get(format!("{}/projects/app/sdk/me", gateway.url));
            async { Answer::of(request.bearer_auth(token).send().await.unwrap()).await }
        };
        assert_eq!(me(token.clone()).await.status, StatusCode::OK);

        let path = format!("{api}/{}", key["id"].as_str().unwrap());
        let left = desk.call(Method::DELETE, &path, None).await;
        assert!(!left.text.contains("PRIVATE"), "{}", left.text);
        assert_eq!(me(token.clone()).await.code(), "token_invalid", "at once");
        let tried = post("/try", json!({ "token": token })).await;
        assert_eq!(tried.json["accepted"], false);
        assert_eq!(
            desk.call(Method::DELETE, &path, None).await.code(),
            "signing_key_not_found"
        );
    }
    let log = desk.log().await;
    assert_eq!(log[0]["action"], "signing_key.removed");
    assert!(
        !log.iter()
            .any(|entry| entry.to_string().contains("PRIVATE"))
    );

    let pair = KeyPair::generate(KeyAlgorithm::Es256).unwrap();
    let secret = post("", json!({ "publicKey": pair.private_pem })).await;
    assert!(
        secret.text.contains("this is a private key"),
        "{}",
        secret.text
    );
    assert!(!secret.text.contains("BEGIN"), "it is not sent back");
    for body in [
        json!({}),
        json!({"publicKey": pair.public_pem, "generate": "ES256"}),
        json!({"generate": "HS256"}),
        json!({"jwksUrl": "ftp://x.test/keys"}),
        json!({"jwksUrl": "https://ada:secret@x.test/keys"}),
    ] {
        assert_eq!(post("", body).await.code(), "invalid_request");
    }
    for _ in 0..10 {
        post("", json!({ "publicKey": pair.public_pem })).await;
    }
    assert_eq!(
        post("", json!({ "publicKey": pair.public_pem }))
            .await
            .code(),
        "signing_key_limit"
    );

    let viewer = Desk::of(&gateway, Role::Viewer).await;
    assert_eq!(viewer.get(api).await.status, StatusCode::OK);
    let editor = Desk::of(&gateway, Role::Editor).await;
    let refused = editor
        .call(Method::POST, api, Some(json!({ "generate": "ES256" })))
        .await;
    assert_eq!(refused.code(), "role_not_sufficient");
}

#[tokio::test]
async fn an_address_of_keys_is_added_beside_those_of_the_file() {
    let server = MockServer::start().await;
    let signer = Signer::new("added");
    publish(&server, &[&signer]).await;
    let gateway = crate::support::start().await;
    let desk = Desk::of(&gateway, Role::Admin).await;
    assert_eq!(me(&gateway, &signer).await.code(), "token_invalid");
    let body = json!({ "jwksUrl": format!("{}/keys", server.uri()) });
    let added = desk
        .call(Method::POST, "/projects/app/signing-keys", Some(body))
        .await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    assert_eq!(me(&gateway, &signer).await.status, StatusCode::OK);
    // The file's keys go on working, also when the address does not answer.
    server.reset().await;
    let stranger = Signer::new("unknown");
    assert_eq!(
        me(&gateway, &stranger).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    let own = gateway.call("ada", Method::GET, "/sdk/me", None).await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.text);
}
