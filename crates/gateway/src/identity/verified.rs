//! User tokens whose signature was checked: a page sends the same token with every request.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use sha2::{Digest as _, Sha256};

use super::verify::{MAX_TOKEN_BYTES, Verified};
use super::{Expectation, TokenError, UserId, VerifyingKey, verify};

const TOKENS: u64 = 5_000;
const UNUSED: Duration = Duration::from_mins(10);

/// Remembers tokens by their hash, with what they said and the key that signed them.
#[derive(Debug)]
pub struct VerifiedTokens(Cache<[u8; 32], Arc<Verified>>);

impl Default for VerifiedTokens {
    fn default() -> Self {
        let tokens = Cache::builder().max_capacity(TOKENS);
        Self(tokens.time_to_idle(UNUSED).build())
    }
}

impl VerifiedTokens {
    /// The user a token speaks for. A token counts as long as it has not expired and `keys` has the key that signed it.
    ///
    /// # Errors
    /// [`TokenError`], as [`verify()`].
    pub fn verify(
        &self,
        token: &str,
        keys: &[VerifyingKey],
        expected: Expectation<'_>,
    ) -> Result<UserId, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Malformed);
        }
        let name = name(token, expected.project);
        if let Some(known) = self.0.get(&name)
            && keys.iter().any(|key| key.fingerprint == known.key)
        {
            known.check_time(expected.now)?;
            return Ok(known.user.clone());
        }
        let verified = verify(token, keys, expected)?;
        let user = verified.user.clone();
        self.0.insert(name, Arc::new(verified));
        Ok(user)
    }
}

/// A token is good for one project, whatever others have its key.
fn name(token: &str, project: &str) -> [u8; 32] {
    let hash = Sha256::new().chain_update(project).chain_update([0]);
    hash.chain_update(token).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;
    use crate::identity::{Claims, KeyAlgorithm, KeyPair, mint};

    const NOW: Millis = 1_800_000_000_000;

    fn expected(project: &str, now: Millis) -> Expectation<'_> {
        Expectation {
            project,
            audience: None,
            now,
        }
    }

    fn token_and_keys(aud: Option<&str>) -> (String, Vec<VerifyingKey>) {
        let pair = KeyPair::generate(KeyAlgorithm::Es256).expect("a key pair");
        let claims = Claims {
            sub: Some("ada".into()),
            id: None,
            exp: NOW / 1000 + 600,
            iat: None,
            nbf: None,
            aud: aud.map(|aud| crate::identity::Audience::One(aud.into())),
        };
        let keys = vec![VerifyingKey::from_pem(&pair.public_pem).expect("a public key")];
        (mint(&pair.private_pem, &claims).expect("a token"), keys)
    }

    #[test]
    fn a_known_token_ends_with_its_time() {
        let tokens = VerifiedTokens::default();
        let (token, keys) = token_and_keys(None);
        let at = |now| tokens.verify(&token, &keys, expected("demo", now));
        assert_eq!(at(NOW), Ok(UserId("ada".into())));
        assert_eq!(at(NOW + 700_000), Err(TokenError::Expired));
    }

    #[test]
    fn a_known_token_ends_with_its_key() {
        let tokens = VerifiedTokens::default();
        let (token, keys) = token_and_keys(None);
        let (_, others) = token_and_keys(None);
        assert!(tokens.verify(&token, &keys, expected("demo", NOW)).is_ok());
        for keys in [&[][..], &others] {
            let refused = tokens.verify(&token, keys, expected("demo", NOW)).err();
            assert!(matches!(
                refused,
                Some(TokenError::UnknownKey | TokenError::Signature)
            ));
        }
    }

    #[test]
    fn a_known_token_is_good_for_its_project_alone() {
        let tokens = VerifiedTokens::default();
        let (token, keys) = token_and_keys(Some("demo"));
        assert!(tokens.verify(&token, &keys, expected("demo", NOW)).is_ok());
        let refused = tokens.verify(&token, &keys, expected("other", NOW)).err();
        assert_eq!(refused, Some(TokenError::Audience("other".into())));
    }

    #[test]
    fn a_changed_token_is_another_token() {
        let tokens = VerifiedTokens::default();
        let (token, keys) = token_and_keys(None);
        assert!(tokens.verify(&token, &keys, expected("demo", NOW)).is_ok());
        let mut forged = token.into_bytes();
        let last = forged.len() - 10;
        forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("ASCII");
        let refused = tokens.verify(&forged, &keys, expected("demo", NOW)).err();
        assert_eq!(refused, Some(TokenError::Signature));
    }
}
