//! ID tokens: signed with RS256, the key is published for verification.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::HOST;
use super::scopes::Scopes;
use crate::Inner;
use crate::directory::Person;

/// Key generation or signing did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("id token could not be signed")]
pub(crate) struct SigningError;

/// The simulator's signing key.
pub(crate) struct SigningKey {
    id: String,
    encoding: EncodingKey,
    public: Value,
}

impl SigningKey {
    /// A fresh RSA key of 2048 bits.
    pub(crate) fn generate() -> Result<Self, SigningError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| SigningError)?;
        let der = pair.as_der().map_err(|_| SigningError)?;
        let pem = pem::encode(&pem::Pem::new("PRIVATE KEY", der.as_ref()));
        let encoding = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| SigningError)?;
        let public = pair.public_key();
        let modulus = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let exponent = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        let id = URL_SAFE_NO_PAD.encode(&Sha256::digest(modulus.as_bytes())[..15]);
        let public = json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": modulus, "e": exponent});
        Ok(Self {
            id,
            encoding,
            public,
        })
    }

    /// The public half as a JSON Web Key.
    pub(crate) fn jwk(&self) -> Value {
        self.public.clone()
    }

    fn sign(&self, claims: &Value) -> Result<String, SigningError> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding).map_err(|_| SigningError)
    }
}

/// What an ID token says.
pub(crate) struct Subject<'a> {
    pub(crate) person: &'a Person,
    pub(crate) directory: Uuid,
    pub(crate) client_id: &'a str,
    pub(crate) scopes: &'a Scopes,
    pub(crate) nonce: Option<&'a str>,
}

/// The issuer of a directory's ID tokens.
pub(crate) fn issuer(inner: &Inner, tenant: &str) -> String {
    inner.url(HOST, &format!("/{tenant}/v2.0"))
}

/// Issues the ID token for a subject.
pub(crate) fn issue(inner: &Inner, subject: &Subject<'_>) -> Result<String, SigningError> {
    let now = inner.now().as_second();
    let person = subject.person;
    let mut claims = Map::new();
    let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    claim("aud", json!(subject.client_id));
    claim("iss", json!(issuer(inner, &subject.directory.to_string())));
    claim("iat", json!(now));
    claim("nbf", json!(now));
    claim("exp", json!(now + 3600));
    claim("sub", json!(pairwise(person.id, subject.client_id)));
    claim("tid", json!(subject.directory));
    claim("ver", json!("2.0"));
    if subject.scopes.has_openid("profile") {
        claim("oid", json!(person.id));
        claim("name", json!(person.name));
        claim("preferred_username", json!(person.mail));
    }
    if subject.scopes.has_openid("email") {
        claim("email", json!(person.mail));
    }
    if let Some(nonce) = subject.nonce {
        claim("nonce", json!(nonce));
    }
    inner.signing_key()?.sign(&Value::Object(claims))
}

/// A subject that differs from app to app, as Entra's does.
fn pairwise(person: Uuid, client_id: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(person.as_bytes());
    hash.update(client_id.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}
