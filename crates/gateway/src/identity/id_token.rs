//! Verifies ID tokens of an OpenID provider (OpenID Connect Core 1.0, 3.1.3.7).

use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

use super::verify::{MAX_TOKEN_BYTES, check_signature, check_time};
use super::{Audience, TokenError, VerifyingKey, numeric_date};
use crate::clock::Millis;

/// Why an ID token is refused. No variant carries a part of the token.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IdTokenError {
    /// Too long, or not a JWT.
    #[error("the ID token is not a well-formed JWT")]
    Malformed,
    /// Signed with an algorithm that is not accepted.
    #[error("the ID token must be signed with RS256, ES256 or EdDSA")]
    Algorithm,
    /// Its header has `crit`.
    #[error("the header of the ID token has `crit`, and no extension is supported")]
    Critical,
    /// No key of the issuer fits.
    #[error("the ID token is signed with a key that is not in the issuer's JWK set")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the signature of the ID token is wrong")]
    Signature,
    /// A claim is missing or has the wrong form.
    #[error("a claim of the ID token is missing or has the wrong form")]
    Claims,
    /// Expired.
    #[error("the ID token has expired; check the clock of this machine")]
    Expired,
    /// `iat` or `nbf` lies in the future.
    #[error("the ID token is not valid yet; check the clock of this machine")]
    NotYetValid,
    /// Of another issuer.
    #[error("the ID token's `iss` is not the configured issuer")]
    Issuer,
    /// For another client.
    #[error("the ID token's `aud` does not name the configured client")]
    Audience,
    /// Asked for by another client.
    #[error("the ID token's `azp` is not the configured client")]
    AuthorizedParty,
    /// Not the answer to this sign-in.
    #[error("the ID token's `nonce` is not that of this sign-in")]
    Nonce,
}

impl From<TokenError> for IdTokenError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Missing | TokenError::Basic | TokenError::Malformed => Self::Malformed,
            TokenError::Algorithm => Self::Algorithm,
            TokenError::Critical => Self::Critical,
            TokenError::UnknownKey => Self::UnknownKey,
            TokenError::Signature => Self::Signature,
            TokenError::Claims => Self::Claims,
            TokenError::Expired => Self::Expired,
            TokenError::NotYetValid => Self::NotYetValid,
            TokenError::Audience(_) => Self::Audience,
        }
    }
}

/// Who somebody is, by an ID token or the userinfo endpoint.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Profile {
    /// The issuer's id for them.
    pub sub: String,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether the issuer made sure that the address is theirs: `true`, and nothing that only looks like it.
    #[serde(default)]
    pub email_verified: Value,
    /// Everything else that is said of them.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

#[derive(Deserialize)]
struct IdClaims {
    iss: String,
    aud: Audience,
    #[serde(deserialize_with = "numeric_date::later")]
    exp: i64,
    #[serde(default, deserialize_with = "numeric_date::earlier")]
    iat: Option<i64>,
    #[serde(default, deserialize_with = "numeric_date::earlier")]
    nbf: Option<i64>,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(flatten)]
    profile: Profile,
}

/// What an ID token must say.
#[derive(Debug, Clone, Copy)]
pub struct IdExpectation<'a> {
    /// The configured issuer.
    pub issuer: &'a str,
    /// The configured client.
    pub client_id: &'a str,
    /// The nonce that was sent along.
    pub nonce: &'a str,
    /// Now, in epoch milliseconds.
    pub now: Millis,
}

/// Who an ID token speaks of.
pub fn verify_id_token(
    token: &str,
    keys: &[VerifyingKey],
    expected: IdExpectation<'_>,
) -> Result<Profile, IdTokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(IdTokenError::Malformed);
    }
    let (claims, _): (IdClaims, _) = check_signature(token, keys)?;
    check_time(claims.exp, [claims.iat, claims.nbf], expected.now)?;
    if claims.iss != expected.issuer {
        return Err(IdTokenError::Issuer);
    }
    check_client(&claims, expected.client_id)?;
    let nonce = claims.nonce.unwrap_or_default();
    if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return Err(IdTokenError::Nonce);
    }
    if claims.profile.sub.is_empty() {
        return Err(IdTokenError::Claims);
    }
    Ok(claims.profile)
}

/// One that names several audiences must say that it was made for this client.
fn check_client(claims: &IdClaims, client_id: &str) -> Result<(), IdTokenError> {
    if !claims.aud.names(client_id) {
        return Err(IdTokenError::Audience);
    }
    let is_for_several = matches!(&claims.aud, Audience::Many(all) if all.len() > 1);
    match claims.azp.as_deref() {
        Some(party) if party == client_id => Ok(()),
        None if !is_for_several => Ok(()),
        _ => Err(IdTokenError::AuthorizedParty),
    }
}
