//! Public keys that user tokens are verified with.

use std::sync::Arc;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::pem_text;

/// What can be wrong with a signing key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    /// The text is no public key that is accepted.
    #[error(
        "not a public key in PEM: give an RSA (RS256), P-256 (ES256) or Ed25519 (EdDSA) key that begins with `-----BEGIN PUBLIC KEY-----`"
    )]
    NotAPublicKey,
    /// It is a certificate.
    #[error(
        "this is a certificate: give the public key in it, as `openssl x509 -in certificate.pem -pubkey -noout` prints it"
    )]
    Certificate,
    /// It is a private key.
    #[error("this is a private key: keep it in your backend and give its public half here")]
    PrivateKey,
}

/// One key, with the only algorithm it may be used for (RFC 8725, 3.1).
#[derive(Clone)]
pub struct VerifyingKey {
    /// Key id, where the key has one.
    pub kid: Option<String>,
    /// RS256, ES256 or `EdDSA`.
    pub algorithm: Algorithm,
    /// The key.
    pub key: Arc<DecodingKey>,
    /// Hash of the key as it was given: what was verified with it counts only while it is there.
    pub fingerprint: [u8; 32],
}

impl std::fmt::Debug for VerifyingKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?} key {:?}", self.algorithm, self.kid)
    }
}

impl VerifyingKey {
    /// Reads a public key in PEM, also one whose line breaks were written out as `\n` or lost.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        if pem.contains("PRIVATE KEY") {
            return Err(KeyError::PrivateKey);
        }
        if pem.contains("BEGIN CERTIFICATE") {
            return Err(KeyError::Certificate);
        }
        let pem = pem_text::on_lines(pem);
        let bytes = pem.as_bytes();
        let key = |algorithm| {
            move |key| Self {
                kid: None,
                algorithm,
                key: Arc::new(key),
                fingerprint: Sha256::digest(bytes).into(),
            }
        };
        DecodingKey::from_rsa_pem(bytes)
            .map(key(Algorithm::RS256))
            .or_else(|_| DecodingKey::from_ec_pem(bytes).map(key(Algorithm::ES256)))
            .or_else(|_| DecodingKey::from_ed_pem(bytes).map(key(Algorithm::EdDSA)))
            .map_err(|_| KeyError::NotAPublicKey)
    }

    /// Reads one key of a JWK set; `None` for keys of other kinds (symmetric, other curves, encryption).
    pub fn from_jwk(jwk: &Jwk) -> Option<Self> {
        let algorithm = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => Algorithm::RS256,
            AlgorithmParameters::EllipticCurve(parameters)
                if parameters.curve == EllipticCurve::P256 =>
            {
                Algorithm::ES256
            }
            AlgorithmParameters::OctetKeyPair(parameters)
                if parameters.curve == EllipticCurve::Ed25519 =>
            {
                Algorithm::EdDSA
            }
            _ => return None,
        };
        let key = DecodingKey::from_jwk(jwk).ok()?;
        Some(Self {
            kid: jwk.common.key_id.clone(),
            algorithm,
            key: Arc::new(key),
            fingerprint: Sha256::digest(serde_json::to_vec(jwk).ok()?).into(),
        })
    }
}

/// Where a project's keys come from.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// Keys in the configuration.
    Fixed(Vec<VerifyingKey>),
    /// A JWK set that is fetched and cached.
    Jwks(Url),
}

impl KeySource {
    /// What an operator added: a public key in PEM, or the address of a JWK set. Both were right when they were added.
    pub fn added(public_key: Option<&str>, jwks_url: Option<&str>) -> Option<Self> {
        match (public_key, jwks_url) {
            (Some(pem), _) => VerifyingKey::from_pem(pem)
                .ok()
                .map(|key| Self::Fixed(vec![key])),
            (None, Some(url)) => Url::parse(url).ok().map(Self::Jwks),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Claims, KeyAlgorithm, KeyPair, mint};

    #[test]
    fn reads_each_kind_of_key_and_refuses_private_ones() {
        for (kind, algorithm) in [
            (KeyAlgorithm::Rs256, Algorithm::RS256),
            (KeyAlgorithm::Es256, Algorithm::ES256),
            (KeyAlgorithm::EdDsa, Algorithm::EdDSA),
        ] {
            let pair = KeyPair::generate(kind).expect("a key pair");
            let key = VerifyingKey::from_pem(&pair.public_pem).expect("its public half");
            assert_eq!(key.algorithm, algorithm);
            let written_out = pair.public_pem.replace('\n', "\\n");
            let key = VerifyingKey::from_pem(&written_out).expect("line breaks written out");
            assert_eq!(key.algorithm, algorithm);
            let one_line = pair.private_pem.replace('\n', " ");
            let claims = Claims {
                sub: Some("ada".into()),
                id: None,
                exp: 1,
                iat: None,
                nbf: None,
                aud: None,
            };
            mint(&one_line, &claims).expect("a private key on one line");
            let private = VerifyingKey::from_pem(&pair.private_pem).err();
            assert_eq!(private, Some(KeyError::PrivateKey));
        }
        assert_eq!(
            VerifyingKey::from_pem("c2VjcmV0").err(),
            Some(KeyError::NotAPublicKey)
        );
        let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        assert_eq!(
            VerifyingKey::from_pem(certificate).err(),
            Some(KeyError::Certificate)
        );
    }
}
