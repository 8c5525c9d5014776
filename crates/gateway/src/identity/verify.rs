//! Verifies user tokens (RFC 7519, RFC 8725): RS256, ES256 and `EdDSA`, never `none`, never an HMAC.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Claims, UserId, VerifyingKey};
use crate::clock::Millis;

/// How far the app's clock may be off.
const SKEW: Duration = Duration::from_mins(1);
pub(super) const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// Longest key id: those of JWK thumbprints have 43 bytes.
const MAX_KEY_ID_BYTES: usize = 256;
const MAX_USER_ID_CHARS: usize = 255;

/// Why a user token is refused. No variant carries a part of the token.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TokenError {
    /// No `Authorization: Bearer` header.
    #[error("the `Authorization: Bearer <user token>` header is missing")]
    Missing,
    /// `Authorization: Basic`, as clients send a personal access token.
    #[error(
        "`Authorization` is `Basic`, which is not supported: send the user token as `Bearer <user token>`, not a personal access token"
    )]
    Basic,
    /// Too long, or not a JWT.
    #[error("the user token is not a well-formed JWT")]
    Malformed,
    /// Signed with an algorithm that is not accepted.
    #[error("the user token must be signed with RS256, ES256 or EdDSA")]
    Algorithm,
    /// Its header demands what is not understood here (RFC 7515, 4.1.11).
    #[error("the header of the user token has `crit`: remove it, no extension is supported")]
    Critical,
    /// No key of the project fits.
    #[error(
        "the user token is signed with a key that is not a signing key of this project; add its public key"
    )]
    UnknownKey,
    /// The signature is wrong.
    #[error("the signature of the user token is wrong")]
    Signature,
    /// A claim is missing or has the wrong form.
    #[error("the user token needs the claims `sub` (text) and `exp` (seconds), each once")]
    Claims,
    /// Expired.
    #[error("JWT token provided has expired.")]
    Expired,
    /// `iat` or `nbf` lies in the future.
    #[error(
        "the user token is not valid yet: `iat` or `nbf` is in the future; check the clock of your backend"
    )]
    NotYetValid,
    /// For somebody else.
    #[error("the user token is for another audience: `aud` must be `{0}`, or be left out")]
    Audience(String),
}

/// What tokens of a project must say.
#[derive(Debug, Clone, Copy)]
pub struct Expectation<'a> {
    /// Project id; a good audience when `audience` is unset.
    pub project: &'a str,
    /// Audience that must be named.
    pub audience: Option<&'a str>,
    /// Now, in epoch milliseconds.
    pub now: Millis,
}

/// A token whose signature is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The user it speaks for.
    pub user: UserId,
    /// Fingerprint of the key that signed it.
    pub key: [u8; 32],
    exp: i64,
    begins: [Option<i64>; 2],
}

impl Verified {
    /// Whether it is good at this time.
    pub(super) fn check_time(&self, now: Millis) -> Result<(), TokenError> {
        check_time(self.exp, self.begins, now)
    }
}

/// The user a token speaks for.
pub fn verify(
    token: &str,
    keys: &[VerifyingKey],
    expected: Expectation<'_>,
) -> Result<Verified, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::Malformed);
    }
    let (claims, key): (Claims, _) = check_signature(token, keys)?;
    let (exp, begins) = (claims.exp, [claims.iat, claims.nbf]);
    check_time(exp, begins, expected.now)?;
    check_audience(&claims, expected)?;
    let id = claims
        .sub
        .or(claims.id)
        .filter(|id| !id.trim().is_empty() && id.chars().count() <= MAX_USER_ID_CHARS);
    let id = id
        .filter(|id| !id.chars().any(char::is_control))
        .ok_or(TokenError::Claims)?;
    Ok(Verified {
        user: UserId(id),
        key,
        exp,
        begins,
    })
}

/// Key id named by a token's header, to look a key up with; nothing else of the header is trusted.
pub fn key_id(token: &str) -> Option<String> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let kid = decode_header(token).ok()?.kid;
    kid.filter(|kid| kid.len() <= MAX_KEY_ID_BYTES)
}

/// The claims of a token that one of `keys` signed, and that key's fingerprint; no claim is checked yet.
pub(super) fn check_signature<C: DeserializeOwned>(
    token: &str,
    keys: &[VerifyingKey],
) -> Result<(C, [u8; 32]), TokenError> {
    // A header with `alg: none` does not parse: the library knows no such algorithm.
    let header = decode_header(token).map_err(|error| match error.kind() {
        ErrorKind::Json(_) | ErrorKind::InvalidAlgorithmName => TokenError::Algorithm,
        _ => TokenError::Malformed,
    })?;
    if !matches!(
        header.alg,
        Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA
    ) {
        return Err(TokenError::Algorithm);
    }
    if header
        .kid
        .as_ref()
        .is_some_and(|kid| kid.len() > MAX_KEY_ID_BYTES)
    {
        return Err(TokenError::Malformed);
    }
    if is_critical(token) {
        return Err(TokenError::Critical);
    }
    let mut outcome = Err(TokenError::UnknownKey);
    for key in keys.iter().filter(|key| fits(key, &header)) {
        outcome = decode::<C>(token, &key.key, &signature_only(key.algorithm))
            .map(|data| (data.claims, key.fingerprint))
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => TokenError::Signature,
                ErrorKind::Json(_) | ErrorKind::MissingRequiredClaim(_) => TokenError::Claims,
                _ => TokenError::Malformed,
            });
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// Whether the header has `crit`, of whatever form: the library reads it and goes on.
fn is_critical(token: &str) -> bool {
    let header = token.split('.').next().unwrap_or_default();
    let json = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    // What is not read here was refused above.
    serde_json::from_slice::<Map<String, Value>>(&json)
        .is_ok_and(|header| header.contains_key("crit"))
}

/// A key without an id fits every header; one with an id fits headers that name it or none.
fn fits(key: &VerifyingKey, header: &jsonwebtoken::Header) -> bool {
    let same_id = match (&key.kid, &header.kid) {
        (Some(own), Some(named)) => own == named,
        _ => true,
    };
    key.algorithm == header.alg && same_id
}

/// Times and audience are checked here with the injected clock, not by the library.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    validation
}

/// `exp`, and `iat` and `nbf` where there are such.
pub(super) fn check_time(
    exp: i64,
    begins: [Option<i64>; 2],
    now: Millis,
) -> Result<(), TokenError> {
    let seconds = now.div_euclid(1000);
    let skew = i64::try_from(SKEW.as_secs()).unwrap_or(0);
    if exp.saturating_add(skew) <= seconds {
        return Err(TokenError::Expired);
    }
    let begin = begins.into_iter().flatten().max();
    if begin.is_some_and(|begin| begin.saturating_sub(skew) > seconds) {
        return Err(TokenError::NotYetValid);
    }
    Ok(())
}

fn check_audience(claims: &Claims, expected: Expectation<'_>) -> Result<(), TokenError> {
    match (&claims.aud, expected.audience) {
        (Some(named), Some(audience)) if named.names(audience) => Ok(()),
        (_, Some(audience)) => Err(TokenError::Audience(audience.to_owned())),
        (None, None) => Ok(()),
        (Some(named), None) => {
            let cloud = format!("useparagon.com/{}", expected.project);
            if named.names(expected.project) || named.names(&cloud) {
                Ok(())
            } else {
                Err(TokenError::Audience(expected.project.to_owned()))
            }
        }
    }
}

#[cfg(test)]
mod tests;
