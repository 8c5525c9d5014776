//! The grant of an app for itself (RFC 6749, 4.4).

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::client;
use super::errors::EntraError;
use super::params::Params;
use super::scopes::{DEFAULT, RESOURCE_ID, RESOURCE_URI};
use super::tenant::Tenant;
use crate::Inner;

/// An access token of the app's own. Nothing of the simulated Azure DevOps lets it in: it has no user.
///
/// # Errors
/// 50059 at the addresses that several directories share, 90002 unknown directory, those of
/// [`client::authenticate`], 1002012 for any scope but `{resource}/.default`.
pub(crate) fn issue(inner: &Inner, tenant: &str, params: &Params) -> Result<Value, EntraError> {
    let tenant = Tenant::parse(tenant, &inner.read())?;
    if !matches!(tenant, Tenant::Directory(_)) {
        return Err(invalid(
            50059,
            "invalid_request",
            "No tenant-identifying information found in either the request or implied by any provided credentials.",
        ));
    }
    let app = client::authenticate(inner, params)?;
    tenant.check_app(app)?;
    let scope = params
        .get("scope")
        .ok_or_else(|| EntraError::missing("scope"))?;
    if ![RESOURCE_ID, RESOURCE_URI].contains(&scope.trim_end_matches(DEFAULT).trim_end_matches('/'))
        || !scope.ends_with(DEFAULT)
    {
        return Err(invalid(
            1_002_012,
            "invalid_scope",
            "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.",
        ));
    }
    let lifetime = inner.read().knobs.access_token_lifetime_seconds;
    Ok(json!({
        "token_type": "Bearer",
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": format!("app.{}", inner.random_token()),
    }))
}

fn invalid(number: u32, error: &'static str, description: &str) -> EntraError {
    EntraError {
        error,
        number,
        description: description.to_owned(),
        suberror: None,
        status: StatusCode::BAD_REQUEST,
    }
}
