//! Makes signing keys and, for development, user tokens.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::encoding::{Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};

use super::{Claims, pem_text};

/// Algorithms user tokens may be signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum KeyAlgorithm {
    /// RSA 2048 with SHA-256.
    Rs256,
    /// P-256 with SHA-256.
    Es256,
    /// Ed25519.
    #[value(name = "eddsa")]
    EdDsa,
}

/// A new key pair in PEM.
#[derive(Debug)]
pub struct KeyPair {
    /// PKCS #8, for the host application's backend.
    pub private_pem: String,
    /// X.509 `SubjectPublicKeyInfo`, for the gateway's configuration.
    pub public_pem: String,
}

/// A key could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The crypto library refused.
    #[error("the key could not be made")]
    Crypto(#[from] aws_lc_rs::error::Unspecified),
    /// The private key is not one of the three kinds.
    #[error("not a private key in PKCS #8 PEM (RSA, P-256 or Ed25519): {0}")]
    BadPrivateKey(jsonwebtoken::errors::Error),
}

impl KeyPair {
    /// Makes a key pair.
    pub fn generate(algorithm: KeyAlgorithm) -> Result<Self, GenerateError> {
        let (private, public) = match algorithm {
            KeyAlgorithm::Rs256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
                let private: Pkcs8V1Der<'_> = pair.as_der()?;
                let public: PublicKeyX509Der<'_> = pair.public_key().as_der()?;
                (private.as_ref().to_vec(), public.as_ref().to_vec())
            }
            KeyAlgorithm::Es256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
                let public: PublicKeyX509Der<'_> = pair.public_key().as_der()?;
                (
                    pair.to_pkcs8v1()?.as_ref().to_vec(),
                    public.as_ref().to_vec(),
                )
            }
            KeyAlgorithm::EdDsa => {
                let pair = Ed25519KeyPair::generate()?;
                let public: PublicKeyX509Der<'_> = pair.public_key().as_der()?;
                (
                    pair.to_pkcs8v1()?.as_ref().to_vec(),
                    public.as_ref().to_vec(),
                )
            }
        };
        Ok(Self {
            private_pem: encode_pem("PRIVATE KEY", private),
            public_pem: encode_pem("PUBLIC KEY", public),
        })
    }
}

fn encode_pem(tag: &str, der: Vec<u8>) -> String {
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    pem::encode_config(&pem::Pem::new(tag, der), config)
}

/// Signs `claims` as the host application's backend would.
pub fn mint(private_pem: &str, claims: &Claims) -> Result<String, GenerateError> {
    let pem = pem_text::on_lines(private_pem);
    let bytes = pem.as_bytes();
    let (algorithm, key) = EncodingKey::from_rsa_pem(bytes)
        .map(|key| (Algorithm::RS256, key))
        .or_else(|_| EncodingKey::from_ec_pem(bytes).map(|key| (Algorithm::ES256, key)))
        .or_else(|_| EncodingKey::from_ed_pem(bytes).map(|key| (Algorithm::EdDSA, key)))
        .map_err(GenerateError::BadPrivateKey)?;
    jsonwebtoken::encode(&Header::new(algorithm), claims, &key)
        .map_err(GenerateError::BadPrivateKey)
}
