//! The control API under `/_sandbox`: tests turn knobs and read what happened.
//!
//! Changes need `content-type: application/json`, which a foreign web page cannot send without a CORS permission that
//! is never given.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use super::azure_devops::hooks;
use super::entra::EntraError;
use super::state::{Face, ForcedAnswer, ForcedTokenError, State as Memory};

/// Routes of the control API.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_sandbox/state", get(show_state))
        .route(
            "/_sandbox/requests",
            get(show_requests).delete(forget_requests),
        )
        .route("/_sandbox/settings", axum::routing::patch(change_settings))
        .route("/_sandbox/token-errors", post(queue_token_errors))
        .route("/_sandbox/authorize-errors", post(queue_authorize_errors))
        .route(
            "/_sandbox/answers",
            post(queue_answers).delete(forget_answers),
        )
        .route("/_sandbox/throttle", post(throttle))
        .route("/_sandbox/users/{key}/{action}", post(change_user))
        .route("/_sandbox/clock", post(advance_clock))
        .route("/_sandbox/hooks/redeliver", post(redeliver))
        .route("/_sandbox/reset", post(reset))
}

type Answer = (StatusCode, Json<Value>);

fn done() -> Answer {
    (StatusCode::OK, Json(json!({"ok": true})))
}

fn refuse(message: impl Into<String>) -> Answer {
    (
        StatusCode::BAD_REQUEST,
        Json(json!({"message": message.into()})),
    )
}

async fn show_state(State(inner): State<Shared>) -> Json<Value> {
    let apps = inner.config.apps.iter().map(|app| json!({"clientId": app.client_id, "name": app.name, "redirectUris": app.redirect_uris}));
    let apps: Vec<Value> = apps.collect();
    let state = inner.read();
    let people = state.people.iter().map(|one| json!({"key": one.key, "id": one.id, "name": one.name, "mail": one.mail, "tenant": one.home, "note": one.note}));
    let directories = state.directories.iter().map(|one| json!({"id": one.id, "name": one.name, "domain": one.domain, "requiresAdminConsent": one.requires_admin_consent}));
    let knobs = &state.knobs;
    Json(json!({
        "apps": apps,
        "people": people.collect::<Vec<_>>(),
        "directories": directories.collect::<Vec<_>>(),
        "organizations": state.organizations.values().map(super::azure_devops::Organization::summary).collect::<Vec<_>>(),
        "settings": {
            "openerPolicy": knobs.opener_policy,
            "accessTokenLifetimeSeconds": knobs.access_token_lifetime_seconds,
            "delayMs": knobs.delay_ms,
            "clockAdvanceSeconds": knobs.clock_advance_seconds,
        },
        "queued": {
            "answers": knobs.next_answers.len(),
            "held": knobs.held_answers,
            "tokenErrors": knobs.next_token_errors.len(),
            "authorizeErrors": knobs.next_authorize_errors.len(),
        },
    }))
}

async fn show_requests(State(inner): State<Shared>) -> Json<Value> {
    let state = inner.read();
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for request in &state.requests {
        let grant = request
            .grant_type
            .as_deref()
            .map(|name| format!(" {name}"))
            .unwrap_or_default();
        *counts
            .entry(format!(
                "{} {}{}{grant}",
                request.method, request.host, request.path
            ))
            .or_default() += 1;
    }
    let refreshes = state
        .requests
        .iter()
        .filter(|one| one.grant_type.as_deref() == Some("refresh_token"))
        .count();
    Json(
        json!({"count": state.requests.len(), "refreshes": refreshes, "counts": counts, "requests": state.requests}),
    )
}

async fn forget_requests(State(inner): State<Shared>) -> Answer {
    inner.write().requests.clear();
    done()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Settings {
    opener_policy: Option<bool>,
    access_token_lifetime_seconds: Option<u32>,
    delay_ms: Option<u64>,
}

async fn change_settings(State(inner): State<Shared>, Json(settings): Json<Settings>) -> Answer {
    let knobs = &mut inner.write().knobs;
    if let Some(value) = settings.opener_policy {
        knobs.opener_policy = value;
    }
    if let Some(value) = settings.access_token_lifetime_seconds {
        knobs.access_token_lifetime_seconds = i64::from(value);
    }
    if let Some(value) = settings.delay_ms {
        knobs.delay_ms = value.min(60_000);
    }
    done()
}

fn one() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CodedError {
    code: u32,
    #[serde(default = "one")]
    times: usize,
    grant_type: Option<String>,
    status: Option<u16>,
    retry_after_seconds: Option<u64>,
    claims: Option<String>,
}

async fn queue_token_errors(State(inner): State<Shared>, Json(error): Json<CodedError>) -> Answer {
    if EntraError::known(error.code).is_none() {
        return refuse(format!("unknown AADSTS number `{}`", error.code));
    }
    let forced = ForcedTokenError {
        number: error.code,
        grant_type: error.grant_type,
        status: error.status,
        retry_after_seconds: error.retry_after_seconds,
        claims: error.claims,
    };
    inner
        .write()
        .knobs
        .next_token_errors
        .extend(std::iter::repeat_n(forced, error.times.min(1000)));
    done()
}

async fn queue_authorize_errors(
    State(inner): State<Shared>,
    Json(error): Json<CodedError>,
) -> Answer {
    if EntraError::known(error.code).is_none() {
        return refuse(format!("unknown AADSTS number `{}`", error.code));
    }
    inner
        .write()
        .knobs
        .next_authorize_errors
        .extend(std::iter::repeat_n(error.code, error.times.min(1000)));
    done()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ForcedFace {
    face: Face,
    #[serde(default = "one")]
    times: usize,
    retry_after_seconds: Option<u64>,
    #[serde(default)]
    retry_after_date: bool,
    method: Option<String>,
    path: Option<String>,
}

async fn queue_answers(State(inner): State<Shared>, Json(forced): Json<ForcedFace>) -> Answer {
    let answer = ForcedAnswer {
        face: forced.face,
        retry_after_seconds: forced.retry_after_seconds.unwrap_or(1),
        retry_after_date: forced.retry_after_date,
        method: forced.method,
        path: forced.path,
    };
    queue(&inner, answer, forced.times);
    done()
}

async fn forget_answers(State(inner): State<Shared>) -> Answer {
    let knobs = &mut inner.write().knobs;
    knobs.next_answers.clear();
    knobs.releases += 1;
    done()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Throttle {
    times: usize,
    retry_after_seconds: Option<u64>,
}

async fn throttle(State(inner): State<Shared>, Json(throttle): Json<Throttle>) -> Answer {
    let answer = ForcedAnswer {
        face: Face::Throttled,
        retry_after_seconds: throttle.retry_after_seconds.unwrap_or(1),
        retry_after_date: false,
        method: None,
        path: None,
    };
    queue(&inner, answer, throttle.times);
    done()
}

fn queue(inner: &Shared, answer: ForcedAnswer, times: usize) {
    inner
        .write()
        .knobs
        .next_answers
        .extend(std::iter::repeat_n(answer, times.min(1000)));
}

async fn change_user(
    State(inner): State<Shared>,
    Path((key, action)): Path<(String, String)>,
    Json(_): Json<Value>,
) -> Answer {
    let now = inner.now();
    let mut state = inner.write();
    let Some(person) = state.person_called(&key).map(|person| person.id) else {
        return refuse(format!("unknown person `{key}`"));
    };
    match action.as_str() {
        "expire" => {
            let grants = state.entra.access_tokens.values_mut();
            grants
                .filter(|grant| grant.person == person)
                .for_each(|grant| grant.expires_at = now);
        }
        "revoke" => state.entra.revoke(person),
        "forget-consent" => state.entra.consents.retain(|row| row.0 != person),
        _ => return refuse(format!("unknown action `{action}`")),
    }
    done()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Advance {
    advance_seconds: u32,
}

async fn advance_clock(State(inner): State<Shared>, Json(advance): Json<Advance>) -> Answer {
    inner.write().knobs.clock_advance_seconds += i64::from(advance.advance_seconds);
    done()
}

async fn redeliver(State(inner): State<Shared>, Json(_): Json<Value>) -> Answer {
    hooks::deliver_again(&inner).await;
    done()
}

async fn reset(State(inner): State<Shared>, Json(_): Json<Value>) -> Answer {
    let fresh = Memory::seeded(&inner.config);
    *inner.write() = fresh;
    done()
}
