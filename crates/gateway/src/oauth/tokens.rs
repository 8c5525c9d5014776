//! What a credential's sealed secret holds.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::clock::Millis;
use crate::credentials::store::CredentialRow;
use crate::vault::{Sealed, Vault, VaultError};

/// Tokens are renewed this long before they expire, or a fifth of their life before, if that is less.
const REFRESH_AHEAD: Duration = Duration::from_mins(5);

/// Tokens of one sign-in.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct OauthTokens {
    /// Opaque to the gateway.
    pub access_token: String,
    /// Absent when `offline_access` was not granted.
    pub refresh_token: Option<String>,
    /// Epoch milliseconds.
    pub issued_at: Millis,
    /// Epoch milliseconds.
    pub expires_at: Millis,
    /// Granted scopes, space-separated.
    pub scope: String,
    /// Directory that they are of; absent in those of earlier versions.
    #[serde(default)]
    pub tenant: Option<String>,
    /// The name that the person signs in with, as the directory wrote it.
    #[serde(default)]
    pub username: Option<String>,
}

/// The secret of a credential.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Secret {
    /// Signed in with Entra ID.
    Oauth(OauthTokens),
    /// A personal access token.
    PersonalAccessToken {
        /// The token.
        token: String,
    },
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

impl std::fmt::Debug for OauthTokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "OauthTokens(.., expires_at: {})",
            self.expires_at
        )
    }
}

impl OauthTokens {
    /// Whether the access token has enough life left for a request.
    pub fn is_fresh(&self, now: Millis) -> bool {
        let ahead = i64::try_from(REFRESH_AHEAD.as_millis()).unwrap_or(0);
        let life = self.expires_at.saturating_sub(self.issued_at);
        now < self.expires_at.saturating_sub(ahead.min(life / 5))
    }

    /// Whether the access token still works at all.
    pub fn is_alive(&self, now: Millis) -> bool {
        now < self.expires_at
    }
}

impl Secret {
    /// `Authorization` header for the provider; `None` if the token cannot stand in a header.
    pub fn authorization(&self) -> Option<HeaderValue> {
        let text = match self {
            Self::Oauth(tokens) => format!("Bearer {}", tokens.access_token),
            Self::PersonalAccessToken { token } => {
                format!("Basic {}", STANDARD.encode(format!(":{token}")))
            }
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Seals the secret for a row.
    pub fn seal(&self, vault: &Vault, row: &str) -> Result<Sealed, VaultError> {
        let json =
            zeroize::Zeroizing::new(serde_json::to_vec(self).map_err(|_| VaultError::CannotSeal)?);
        vault.seal(&json, row)
    }

    /// Opens a row's secret.
    pub fn open(vault: &Vault, sealed: &Sealed, row: &str) -> Result<Self, VaultError> {
        serde_json::from_slice(&vault.open(sealed, row)?).map_err(|_| VaultError::CannotOpen)
    }

    /// Opens a credential's secret.
    pub fn of(vault: &Vault, credential: &CredentialRow) -> Result<Self, VaultError> {
        Self::open(
            vault,
            &credential.secret,
            &CredentialRow::seal_row(credential.id),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(life_s: i64) -> OauthTokens {
        OauthTokens {
            access_token: "a".into(),
            refresh_token: None,
            issued_at: 0,
            expires_at: life_s * 1000,
            scope: String::new(),
            tenant: None,
            username: None,
        }
    }

    #[test]
    fn long_tokens_are_renewed_five_minutes_ahead_and_short_ones_a_fifth() {
        assert!(tokens(3600).is_fresh(3_299_000));
        assert!(!tokens(3600).is_fresh(3_300_000));
        assert!(tokens(60).is_fresh(47_000));
        assert!(!tokens(60).is_fresh(48_000));
        assert!(tokens(60).is_alive(59_999));
        assert!(!tokens(60).is_alive(60_000));
    }

    #[test]
    fn nothing_printed_holds_a_secret() {
        let secret = Secret::PersonalAccessToken {
            token: "canary".into(),
        };
        assert!(
            !format!("{secret:?} {:?} {:?}", tokens(1), secret.authorization()).contains("canary")
        );
    }
}
