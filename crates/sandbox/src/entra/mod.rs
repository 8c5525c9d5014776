//! Microsoft Entra ID v2: sign-in pages, token endpoint, metadata.

mod admin_consent;
mod authorize;
mod authorize_rules;
mod client;
mod client_credentials;
mod error_table;
mod errors;
mod grants;
mod id_token;
mod metadata;
mod outcome;
mod pages;
mod params;
mod reply;
mod scopes;
mod sign_in;
mod tenant;
#[cfg(test)]
mod tests;
mod token;
mod token_grants;

use axum::Router;
use axum::routing::{get, post};

use super::Shared;

pub(crate) use errors::EntraError;
pub(crate) use grants::EntraState;
pub(crate) use id_token::{SigningError, SigningKey};
pub(crate) use pages::headers as page_headers;

/// Host under which everything here is served.
pub(crate) const HOST: &str = "login.microsoftonline.com";

/// Routes of the simulated Entra ID.
pub(crate) fn routes() -> Router<Shared> {
    let base = format!("/{HOST}/{{tenant}}");
    Router::new()
        .route(
            &format!("{base}/oauth2/v2.0/authorize"),
            get(authorize::begin).post(authorize::begin_by_post),
        )
        .route(
            &format!("{base}/oauth2/v2.0/token"),
            post(token::exchange).get(token::wrong_method),
        )
        .route(
            &format!("{base}/v2.0/.well-known/openid-configuration"),
            get(metadata::discovery),
        )
        .route(&format!("{base}/discovery/v2.0/keys"), get(metadata::keys))
        .route(
            &format!("{base}/v2.0/adminconsent"),
            get(admin_consent::show).post(admin_consent::decide),
        )
        .route(&format!("{base}/login"), post(sign_in::choose_account))
        .route(&format!("{base}/consent"), post(sign_in::decide_consent))
        .route(&format!("{base}/cancel"), post(sign_in::cancel))
        .route(&format!("{base}/oauth2/v2.0/logout"), get(sign_in::log_out))
}
