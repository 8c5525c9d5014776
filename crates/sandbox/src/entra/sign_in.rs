//! The forms of the sign-in pages.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use super::authorize::{self, SESSION_COOKIE};
use super::errors::EntraError;
use super::grants::Pending;
use super::outcome;
use super::params::Params;
use crate::{Inner, Shared};

/// How long a sign-in page may stay open.
const PAGE_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// `POST …/login`: an account was chosen.
pub(crate) async fn choose_account(
    State(inner): State<Shared>,
    Path(tenant): Path<String>,
    body: Bytes,
) -> Response {
    let form = Params::parse(&body);
    let Some((context, _)) = pending(&inner, &form) else {
        return expired(&inner);
    };
    let person = form
        .get("account")
        .and_then(|text| inner.read().person_called(text).map(|person| person.id));
    let Some(person) = person else {
        return authorize::error_page(&inner, &EntraError::number(50020));
    };
    let session = inner.random_token();
    inner.write().entra.sessions.insert(session.clone(), person);
    let mut response = outcome::continue_as(&inner, &tenant, &context, person);
    let cookie = format!(
        "{SESSION_COOKIE}={session}; Path=/{}; HttpOnly; SameSite=Lax",
        super::HOST
    );
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// `POST …/consent`: accept or cancel.
pub(crate) async fn decide_consent(State(inner): State<Shared>, body: Bytes) -> Response {
    let form = Params::parse(&body);
    let Some((context, pending)) = pending(&inner, &form) else {
        return expired(&inner);
    };
    inner.write().entra.pending.remove(&context);
    match (form.get("decision"), pending.person, pending.directory) {
        (Some("accept"), Some(person), Some(directory)) => {
            outcome::accept(&inner, &pending, person, directory)
        }
        _ => pending
            .request
            .return_to
            .fail(&inner, &EntraError::number(65004)),
    }
}

/// `POST …/cancel`: back to the app without signing in.
pub(crate) async fn cancel(State(inner): State<Shared>, body: Bytes) -> Response {
    let form = Params::parse(&body);
    let Some((context, pending)) = pending(&inner, &form) else {
        return expired(&inner);
    };
    inner.write().entra.pending.remove(&context);
    pending
        .request
        .return_to
        .fail(&inner, &EntraError::number(65004))
}

/// `GET …/logout`: forgets the browser's session.
pub(crate) async fn log_out(State(inner): State<Shared>, headers: HeaderMap) -> Response {
    if let Some(person) = authorize::session_person(&inner, &headers) {
        inner
            .write()
            .entra
            .sessions
            .retain(|_, owner| *owner != person);
    }
    (StatusCode::OK, "You signed out of the simulator.\n").into_response()
}

fn pending(inner: &Inner, form: &Params) -> Option<(String, Pending)> {
    let context = form.get("ctx")?;
    let found = inner.read().entra.pending.get(context).cloned()?;
    let age = inner.now().duration_since(found.begun_at);
    (age < PAGE_LIFETIME).then(|| (context.to_owned(), found))
}

fn expired(inner: &Inner) -> Response {
    authorize::error_page(inner, &EntraError::number(50089))
}
