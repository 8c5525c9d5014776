//! Projects whose backend publishes its signing keys as a JWK set.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod support;

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use paragon_gateway::identity::{KeyAlgorithm, KeyPair};
use reqwest::StatusCode;
use serde_json::json;
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
