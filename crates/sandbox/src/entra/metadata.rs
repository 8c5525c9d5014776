//! Discovery document and the key set.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::errors::{EntraError, Trace};
use super::tenant::Tenant;
use super::{HOST, id_token};
use crate::Shared;

/// `GET …/.well-known/openid-configuration`
pub(crate) async fn discovery(State(inner): State<Shared>, Path(tenant): Path<String>) -> Response {
    let parsed = Tenant::parse(&tenant, &inner.read());
    let issuer_tenant = match parsed {
        Ok(Tenant::Directory(id)) => id.to_string(),
        // Source: the shared addresses publish a template, since the issuer depends on who signs in.
        Ok(Tenant::Organizations | Tenant::Common) => "{tenantid}".to_owned(),
        Ok(Tenant::Consumers) => crate::directory::PERSONAL_TENANT.to_string(),
        Err(error) => return failure(&inner, &error),
    };
    let at = |path: &str| inner.url(HOST, &format!("/{tenant}{path}"));
    Json(json!({
        "issuer": id_token::issuer(&inner, &issuer_tenant),
        "authorization_endpoint": at("/oauth2/v2.0/authorize"),
        "token_endpoint": at("/oauth2/v2.0/token"),
        "end_session_endpoint": at("/oauth2/v2.0/logout"),
        "jwks_uri": at("/discovery/v2.0/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "response_modes_supported": ["query", "form_post"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nbf", "nonce", "preferred_username", "name", "tid", "oid", "ver", "email"],
        "request_uri_parameter_supported": false,
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
    }))
    .into_response()
}

/// `GET …/discovery/v2.0/keys`
pub(crate) async fn keys(State(inner): State<Shared>) -> Response {
    match inner.signing_key() {
        Ok(key) => Json(json!({"keys": [key.jwk()]})).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn failure(inner: &Shared, error: &EntraError) -> Response {
    (
        error.status,
        Json(error.body(&Trace::new(inner, None), None)),
    )
        .into_response()
}
