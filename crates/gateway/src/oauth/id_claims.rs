//! What an ID token says about the sign-in that it came from.
//!
//! SECURITY: its signature is not checked, since it comes from the token endpoint itself over TLS (OpenID Connect Core,
//! 3.1.3.7, 6). Nothing is decided by it but where later requests of the same grant go, and whose name is shown there.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::directory_id;

/// Longest name that is kept, in characters.
const LONGEST_NAME: usize = 256;

/// The claims that are used.
#[derive(Debug, Default, Deserialize)]
pub(super) struct IdClaims {
    #[serde(default, rename = "tid")]
    tenant: Option<String>,
    #[serde(default)]
    preferred_username: Option<String>,
}

impl IdClaims {
    /// Reads a token; one that cannot be read says nothing.
    pub(super) fn of(token: Option<&str>) -> Self {
        let payload = token.and_then(|token| token.split('.').nth(1));
        let bytes = payload.and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
        let claims = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        claims.unwrap_or_default()
    }

    /// The directory, if it is an ID of one.
    pub(super) fn tenant(&self) -> Option<String> {
        self.tenant.as_deref().and_then(directory_id)
    }

    /// The name that the person signs in with, if it can be sent in a URL.
    pub(super) fn username(&self) -> Option<String> {
        let name = self.preferred_username.as_deref()?.trim();
        let is_name = !name.is_empty()
            && name.chars().count() <= LONGEST_NAME
            && !name.chars().any(char::is_control);
        is_name.then(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(payload: &str) -> (Option<String>, Option<String>) {
        let token = format!("e30.{}.x", URL_SAFE_NO_PAD.encode(payload));
        let claims = IdClaims::of(Some(&token));
        (claims.tenant(), claims.username())
    }

    #[test]
    fn a_directory_is_a_guid_and_never_the_zero_one() {
        let id = "72f988bf-86f1-41af-91ab-2d7cd011db47";
        let payload =
            format!("{{\"tid\":\"{id}\",\"preferred_username\":\"ada@contoso.example\"}}");
        let ada = Some("ada@contoso.example".to_owned());
        assert_eq!(read(&payload), (Some(id.to_owned()), ada));
        for tenant in [
            "",
            "../common",
            "organizations",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert_eq!(
                read(&format!("{{\"tid\":\"{tenant}\"}}")).0,
                None,
                "{tenant}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for token in [None, Some(""), Some("a.b"), Some("a.!.c"), Some("a.e30.c")] {
            let claims = IdClaims::of(token);
            assert_eq!(
                (claims.tenant(), claims.username()),
                (None, None),
                "{token:?}"
            );
        }
        let long = format!("{{\"preferred_username\":\"{}\"}}", "a".repeat(300));
        for payload in [
            "[]",
            "{\"tid\":7}",
            "{\"preferred_username\":\"a\\nb\"}",
            &long,
        ] {
            assert_eq!(read(payload), (None, None), "{payload}");
        }
    }
}
