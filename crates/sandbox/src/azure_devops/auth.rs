//! Who is calling: bearer tokens of the simulated Entra ID and personal access tokens.

use axum::http::{HeaderMap, Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::call::Caller;
use super::errors::not_permitted;
use super::faces;
use super::reply::Reply;
use crate::Inner;

/// Identifies the caller of an organization, or of the profile host when `organization` is `None`.
///
/// # Errors
/// The answer to give: one of the faces of a missing or dead token, or TF400813 for somebody from elsewhere.
pub(crate) fn authenticate(
    inner: &Inner,
    method: &Method,
    headers: &HeaderMap,
    organization: Option<&str>,
) -> Result<Caller, Box<Reply>> {
    let authorization = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let Some(authorization) = authorization else {
        return Err(Box::new(anonymous(inner, headers, organization)));
    };
    let (scheme, secret) = authorization.split_once(' ').unwrap_or((authorization, ""));
    let caller = if scheme.eq_ignore_ascii_case("bearer") {
        bearer(inner, secret.trim())
    } else if scheme.eq_ignore_ascii_case("basic") {
        personal(inner, secret.trim(), organization)
    } else {
        None
    };
    let caller = caller.ok_or_else(|| Box::new(dead_token(method, headers)))?;
    match organization {
        Some(name) => admit(inner, caller, name),
        None => Ok(caller),
    }
}

fn suppresses_redirects(headers: &HeaderMap) -> bool {
    headers
        .get("x-tfs-fedauthredirect")
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"suppress"))
}

/// The answer to a request without credential: it names the organization's directory.
pub(super) fn anonymous(inner: &Inner, headers: &HeaderMap, organization: Option<&str>) -> Reply {
    let directory = organization
        .and_then(|name| inner.read().organization(name).map(|one| one.directory))
        .map(|directory| directory.to_string());
    let reply = if suppresses_redirects(headers) {
        faces::challenges(directory.as_deref().unwrap_or("common"))
    } else {
        faces::redirect(inner, organization.unwrap_or_default())
    };
    match directory {
        Some(directory) => reply.with("x-vss-resourcetenant", &directory),
        None => reply,
    }
}

fn dead_token(method: &Method, headers: &HeaderMap) -> Reply {
    if suppresses_redirects(headers) {
        return faces::unauthorized();
    }
    match *method {
        Method::GET | Method::HEAD | Method::POST => faces::sign_in_page(),
        _ => not_permitted("aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa").reply(),
    }
}

fn bearer(inner: &Inner, token: &str) -> Option<Caller> {
    let now = inner.now();
    let state = inner.read();
    let grant = state.entra.access_tokens.get(token)?;
    let is_live = !grant.revoked && now < grant.expires_at;
    is_live.then(|| Caller {
        person: grant.person,
        permissions: grant.permissions.clone(),
        directory: Some(grant.directory),
    })
}

fn personal(inner: &Inner, encoded: &str, organization: Option<&str>) -> Option<Caller> {
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (_, token) = decoded.split_once(':')?;
    let now = inner.now();
    let state = inner.read();
    // A token limited to one organization is dead everywhere else, also at the profile host.
    let pats = &state.organization(organization?)?.pats;
    let pat = pats
        .iter()
        .find(|pat| pat.token == token && now < pat.expires_at)?;
    Some(Caller {
        person: pat.person,
        permissions: pat.permissions.clone(),
        directory: None,
    })
}

fn admit(inner: &Inner, caller: Caller, name: &str) -> Result<Caller, Box<Reply>> {
    let state = inner.read();
    let is_admitted = state.organization(name).is_some_and(|organization| {
        organization.members.contains(&caller.person)
            && caller.directory.is_none_or(|directory| {
                directory == organization.directory && organization.allows_apps
            })
    });
    if is_admitted {
        return Ok(caller);
    }
    Err(Box::new(not_permitted(&caller.person.to_string()).reply()))
}
