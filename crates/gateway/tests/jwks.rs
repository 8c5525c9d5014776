//! Projects whose backend publishes its signing keys as a JWK set.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod support;

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use paragon_gateway::identity::{KeyAlgorithm, KeyPair, mint};
use paragon_gateway::operator::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;
use support::desk::Desk;
use support::{Answer, TestGateway, client, project, start_with};
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
        let header = Header {
            kid: Some(self.kid.to_owned()),
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
    let request = client().get(format!("{}/projects/app/sdk/me", gateway.url));
    Answer::of(request.bearer_auth(signer.token()).send().await.unwrap()).await
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

#[tokio::test]
async fn keys_are_made_added_tried_and_removed_in_the_dashboard() {
    let gateway = support::start().await;
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
    let gateway = support::start().await;
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
