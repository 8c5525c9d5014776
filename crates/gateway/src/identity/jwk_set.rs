//! Reads a JWK set (RFC 7517): what is not understood is skipped, what is not meant for signatures is left out.

use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value;

use super::VerifyingKey;
use super::jwks::JwksError;
use crate::json_input;

/// Members beyond these are not looked at: each may cost a signature check for each token.
const MAX_KEYS: usize = 100;

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

/// The keys of a set that verify RS256, ES256 or `EdDSA`.
///
/// A member that is not understood says nothing of the others (RFC 7517, 5).
pub(super) fn read(bytes: &[u8]) -> Result<Vec<VerifyingKey>, JwksError> {
    let set: Set = json_input::from_slice(bytes)
        .map_err(|_| JwksError("it is not a JSON object with a list `keys`".into()))?;
    let members = set.keys.into_iter().take(MAX_KEYS);
    let jwks = members.filter_map(|member| serde_json::from_value::<Jwk>(member).ok());
    Ok(jwks
        .filter_map(|jwk| VerifyingKey::from_jwk(&jwk).filter(|key| is_meant(&jwk, key)))
        .collect())
}

/// Whether the owner of a key says nothing against verifying signatures of `key`'s algorithm with it (4.2 to 4.4).
fn is_meant(jwk: &Jwk, key: &VerifyingKey) -> bool {
    let common = &jwk.common;
    let is_for_signatures = match &common.public_key_use {
        Some(purpose) => *purpose == PublicKeyUse::Signature,
        None => true,
    };
    let verifies = match &common.key_operations {
        Some(operations) => operations.contains(&KeyOperations::Verify),
        None => true,
    };
    let is_same = match common.key_algorithm {
        Some(algorithm) => algorithm == KeyAlgorithm::from(key.algorithm),
        None => true,
    };
    is_for_signatures && verifies && is_same
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, EncodingKey};
    use serde_json::json;

    use super::*;
    use crate::identity::{KeyAlgorithm as Kind, KeyPair};

    fn jwk(kind: Kind, algorithm: Algorithm) -> Value {
        let pair = KeyPair::generate(kind).expect("a key pair");
        let pem = pair.private_pem.as_bytes();
        let key = match kind {
            Kind::Rs256 => EncodingKey::from_rsa_pem(pem),
            Kind::Es256 => EncodingKey::from_ec_pem(pem),
            Kind::EdDsa => EncodingKey::from_ed_pem(pem),
        };
        let jwk = Jwk::from_encoding_key(&key.expect("a key"), algorithm).expect("a JWK");
        let mut jwk = serde_json::to_value(jwk).expect("json");
        jwk.as_object_mut().expect("an object").remove("alg");
        jwk
    }

    fn with(jwk: &Value, name: &str, value: Value) -> Value {
        let mut jwk = jwk.clone();
        jwk[name] = value;
        jwk
    }

    fn count(members: &[Value]) -> usize {
        let set = json!({ "keys": members }).to_string();
        read(set.as_bytes()).expect("a set").len()
    }

    #[test]
    fn a_member_that_is_not_understood_does_not_void_the_others() {
        let good = jwk(Kind::Es256, Algorithm::ES256);
        for bad in [
            Value::Null,
            json!(5),
            json!("key"),
            json!([]),
            json!({}),
            json!({ "kty": "EC" }),
            json!({ "kty": "lattice", "crv": "unknown" }),
            with(&good, "kid", json!(5)),
            with(&good, "use", json!(5)),
            with(&good, "key_ops", json!("verify")),
            with(&good, "x", json!("?")),
        ] {
            assert_eq!(count(&[bad.clone(), good.clone(), bad.clone()]), 1, "{bad}");
        }
        for text in [
            "",
            "null",
            "{}",
            r#"{"keys":null}"#,
            r#"{"keys":{}}"#,
            "[]",
            "<html>",
        ] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn keys_for_other_purposes_verify_nothing() {
        for (kind, algorithm, name, others) in [
            (
                Kind::Rs256,
                Algorithm::RS256,
                "RS256",
                ["PS256", "RSA-OAEP"],
            ),
            (Kind::Es256, Algorithm::ES256, "ES256", ["ECDH-ES", "HS256"]),
            (Kind::EdDsa, Algorithm::EdDSA, "EdDSA", ["ES256", "none"]),
        ] {
            let good = jwk(kind, algorithm);
            for fine in [
                good.clone(),
                with(&good, "use", json!("sig")),
                with(&good, "key_ops", json!(["sign", "verify"])),
                with(&good, "alg", json!(name)),
            ] {
                assert_eq!(count(std::slice::from_ref(&fine)), 1, "{fine}");
            }
            for other in [
                with(&good, "use", json!("enc")),
                with(&good, "use", json!("SIG")),
                with(&good, "key_ops", json!([])),
                with(&good, "key_ops", json!(["encrypt", "wrapKey"])),
                with(
                    &with(&good, "use", json!("sig")),
                    "key_ops",
                    json!(["sign"]),
                ),
                with(&good, "alg", json!(others[0])),
                with(&good, "alg", json!(others[1])),
            ] {
                assert_eq!(count(std::slice::from_ref(&other)), 0, "{other}");
            }
        }
    }

    #[test]
    fn a_set_without_end_costs_no_more_than_a_long_one() {
        let good = jwk(Kind::Es256, Algorithm::ES256);
        assert_eq!(count(&vec![good; MAX_KEYS + 50]), MAX_KEYS);
    }
}
