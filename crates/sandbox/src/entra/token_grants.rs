//! The two grants of the token endpoint: authorization code and refresh token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::errors::EntraError;
use super::grants::{AccessGrant, CodeGrant, RefreshGrant};
use super::id_token::{self, Subject};
use super::params::Params;
use super::scopes::Scopes;
use super::tenant::Tenant;
use crate::config::App;
use crate::{Inner, clock};

const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
const REFRESH_TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Redeems an authorization code.
///
/// # Errors
/// 70000 unknown code or other client, 54005 used before, 70008 late, 700005 other tenant, 50011 other redirect
/// URI, 501481 wrong verifier, 28002 scopes beyond the code's.
pub(crate) fn redeem_code(
    inner: &Inner,
    tenant: Tenant,
    app: &App,
    params: &Params,
) -> Result<Value, EntraError> {
    let code = params
        .get("code")
        .ok_or_else(|| EntraError::missing("code"))?;
    let redirect_uri = params
        .get("redirect_uri")
        .ok_or_else(|| EntraError::missing("redirect_uri"))?;
    let now = inner.now();
    let grant = {
        let mut state = inner.write();
        let grant = state
            .entra
            .codes
            .get_mut(code)
            .filter(|grant| grant.client_id == app.client_id);
        let grant = grant.ok_or_else(|| {
            EntraError::number(70000).because(
                "The provided authorization code is malformed or was issued to another client.",
            )
        })?;
        if grant.is_used {
            return Err(EntraError::number(54005));
        }
        check_code(
            grant,
            tenant,
            redirect_uri,
            params.get("code_verifier"),
            now,
        )?;
        grant.is_used = true;
        grant.clone()
    };
    let scopes = match params.get("scope") {
        Some(text) => narrowed(&grant.scopes, text, 28002)?,
        None => grant.scopes.clone(),
    };
    issue(
        inner,
        &Issue {
            client_id: &app.client_id,
            person: grant.person,
            directory: grant.directory,
            consented: &grant.scopes,
            scopes: &scopes,
            nonce: grant.nonce.as_deref(),
        },
        params,
    )
}

fn check_code(
    grant: &CodeGrant,
    tenant: Tenant,
    redirect_uri: &str,
    verifier: Option<&str>,
    now: jiff::Timestamp,
) -> Result<(), EntraError> {
    if now.duration_since(grant.issued_at) >= CODE_LIFETIME {
        return Err(EntraError::number(70008));
    }
    if !tenant.accepts_grant_of(grant.directory) {
        return Err(EntraError::number(700_005));
    }
    if grant.redirect_uri != redirect_uri {
        return Err(EntraError::number(50011).because("The reply address does not match the one provided when requesting the authorization code."));
    }
    let matches = match (&grant.challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let computed = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
            (43..=128).contains(&verifier.len())
                && bool::from(computed.as_bytes().ct_eq(challenge.as_bytes()))
        }
        _ => false,
    };
    if matches {
        Ok(())
    } else {
        Err(EntraError::number(501_481))
    }
}

/// Trades a refresh token for new tokens. The old refresh token stays valid, as Entra's does.
///
/// # Errors
/// 70000 unknown token or other client, 50173 revoked, 700082 idle for 90 days, 700005 other tenant, 65001 scopes
/// beyond the consent.
pub(crate) fn refresh(
    inner: &Inner,
    tenant: Tenant,
    app: &App,
    params: &Params,
) -> Result<Value, EntraError> {
    let token = params
        .get("refresh_token")
        .ok_or_else(|| EntraError::missing("refresh_token"))?;
    let grant = inner.read().entra.refresh_tokens.get(token).cloned();
    let grant = grant.filter(|grant| grant.client_id == app.client_id);
    let grant = grant.ok_or_else(|| {
        EntraError::number(70000)
            .because("The provided refresh token is malformed or was issued to another client.")
    })?;
    if grant.revoked {
        return Err(EntraError::number(50173));
    }
    if inner.now().duration_since(grant.issued_at) >= REFRESH_TOKEN_LIFETIME {
        return Err(EntraError::number(700_082));
    }
    if !tenant.accepts_grant_of(grant.directory) {
        return Err(EntraError::number(700_005));
    }
    let scopes = match params.get("scope") {
        Some(text) => narrowed(&grant.scopes, text, 65001).map_err(|error| {
            if error.number == 65001 {
                error.coded("invalid_grant")
            } else {
                error
            }
        })?,
        None => grant.scopes.clone(),
    };
    issue(
        inner,
        &Issue {
            client_id: &app.client_id,
            person: grant.person,
            directory: grant.directory,
            consented: &grant.scopes,
            scopes: &scopes,
            nonce: None,
        },
        params,
    )
}

/// The scopes asked for, which must lie within the consented ones.
fn narrowed(consented: &Scopes, text: &str, number: u32) -> Result<Scopes, EntraError> {
    let mut asked = Scopes::parse(text)?;
    if asked.asks_default() {
        asked.permissions.clone_from(&consented.permissions);
    }
    if asked.permissions.is_empty() {
        asked.permissions.clone_from(&consented.permissions);
    }
    if asked
        .permissions
        .iter()
        .any(|name| !consented.permissions.contains(name))
    {
        return Err(EntraError::number(number));
    }
    // A request without them still keeps what the user gave at sign-in.
    for name in &consented.openid {
        if !asked.openid.contains(name) {
            asked.openid.push(name.clone());
        }
    }
    asked.openid.retain(|name| consented.openid.contains(name));
    Ok(asked)
}

struct Issue<'a> {
    client_id: &'a str,
    person: Uuid,
    directory: Uuid,
    /// What the refresh token may be used for later on.
    consented: &'a Scopes,
    scopes: &'a Scopes,
    nonce: Option<&'a str>,
}

fn issue(inner: &Inner, issue: &Issue<'_>, params: &Params) -> Result<Value, EntraError> {
    let person = inner
        .read()
        .person(issue.person)
        .cloned()
        .ok_or_else(|| EntraError::number(50020))?;
    let lifetime = inner.read().knobs.access_token_lifetime_seconds;
    let mut body = Map::new();
    body.insert("token_type".into(), json!("Bearer"));
    body.insert("scope".into(), json!(issue.scopes.qualified()));
    body.insert("expires_in".into(), json!(lifetime));
    body.insert("ext_expires_in".into(), json!(lifetime));
    body.insert(
        "access_token".into(),
        json!(issue_access_token(inner, issue, lifetime)),
    );
    if issue.scopes.has_openid("offline_access") {
        body.insert(
            "refresh_token".into(),
            json!(issue_refresh_token(inner, issue)),
        );
    }
    if issue.scopes.has_openid("openid") {
        let subject = Subject {
            person: &person,
            directory: issue.directory,
            client_id: issue.client_id,
            scopes: issue.scopes,
            nonce: issue.nonce,
        };
        let token = id_token::issue(inner, &subject).map_err(|_| EntraError::number(90006))?;
        body.insert("id_token".into(), json!(token));
    }
    if params.get("client_info") == Some("1") {
        let info = json!({"uid": person.id, "utid": issue.directory}).to_string();
        body.insert("client_info".into(), json!(URL_SAFE_NO_PAD.encode(info)));
    }
    Ok(Value::Object(body))
}

fn issue_access_token(inner: &Inner, issue: &Issue<'_>, lifetime: i64) -> String {
    let token = format!("at.{}{}", inner.random_token(), inner.random_token());
    let grant = AccessGrant {
        person: issue.person,
        directory: issue.directory,
        permissions: issue.scopes.permissions.clone(),
        expires_at: clock::advanced(inner.now(), lifetime),
        revoked: false,
    };
    inner
        .write()
        .entra
        .access_tokens
        .insert(token.clone(), grant);
    token
}

fn issue_refresh_token(inner: &Inner, issue: &Issue<'_>) -> String {
    let token = format!("1.A{}{}", inner.random_token(), inner.random_token());
    let grant = RefreshGrant {
        client_id: issue.client_id.to_owned(),
        person: issue.person,
        directory: issue.directory,
        scopes: issue.consented.clone(),
        issued_at: inner.now(),
        revoked: false,
    };
    inner
        .write()
        .entra
        .refresh_tokens
        .insert(token.clone(), grant);
    token
}
