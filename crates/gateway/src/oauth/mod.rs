//! OAuth with Microsoft Entra ID v2: authorization requests, code exchange, refresh, and what its errors mean; and
//! OpenID Connect for operators.

mod broken;
mod client;
mod entra_error;
mod id_claims;
mod known_errors;
mod oidc;
mod tokens;
mod transport;
mod verdict;

pub use broken::BrokenIntegrations;
pub use client::{AuthorizationHints, AuthorizationRequest, EntraClient, TokenFailure};
pub use entra_error::EntraError;
pub use oidc::{
    AuthenticationRequest, Metadata, OidcClient, OidcFailure, OidcSettings, OidcTokens,
};
pub use tokens::{OauthTokens, Secret};
pub(crate) use transport::read_limited;
pub use verdict::{Diagnosis, Phase, Verdict, diagnose};

/// A directory's ID as it is written in addresses, if `text` is one: never a name, and never the zero GUID.
pub fn directory_id(text: &str) -> Option<String> {
    const CHARS: usize = 36;
    let id = (text.len() == CHARS).then(|| uuid::Uuid::try_parse(text).ok())??;
    (!id.is_nil()).then(|| id.to_string())
}
