//! The authorize endpoint: from a request to a page, a code or an error.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use uuid::Uuid;

use super::authorize_rules::{self, AuthorizeRequest, Prompt, Refusal};
use super::client;
use super::errors::{EntraError, Trace};
use super::grants::Pending;
use super::outcome::{continue_as, silent};
use super::pages::{self, AccountRow, AccountsPage, ErrorPage};
use super::params::Params;
use crate::{Inner, Shared};

/// Name of the browser session's cookie.
pub(crate) const SESSION_COOKIE: &str = "sandbox-session";

/// `GET …/authorize`
pub(crate) async fn begin(
    State(inner): State<Shared>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    respond(
        &inner,
        &tenant,
        &Params::parse(query.unwrap_or_default().as_bytes()),
        &headers,
    )
}

/// `POST …/authorize` with the same parameters as a form, which the standard allows.
pub(crate) async fn begin_by_post(
    State(inner): State<Shared>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    respond(&inner, &tenant, &Params::parse(&body), &headers)
}

fn respond(inner: &Inner, tenant: &str, params: &Params, headers: &HeaderMap) -> Response {
    let request = match authorize_rules::check(inner, tenant, params) {
        Ok(request) => request,
        Err(Refusal::Page(error)) => return error_page(inner, &error),
        Err(Refusal::Redirect(return_to, error)) => return return_to.fail(inner, &error),
    };
    let forced = inner.write().knobs.next_authorize_errors.pop_front();
    if let Some(number) = forced {
        return request.return_to.fail(inner, &EntraError::number(number));
    }
    let session = session_person(inner, headers);
    match (request.prompt, session) {
        (Prompt::Silent, None) => request.return_to.fail(inner, &EntraError::number(50058)),
        (Prompt::Silent, Some(person)) => silent(inner, &request, person),
        (Prompt::Auto | Prompt::Consent, Some(person)) if hint_names(inner, &request, person) => {
            let id = remember(inner, request);
            continue_as(inner, tenant, &id, person)
        }
        _ => {
            let page = accounts_page(inner, tenant, request, session);
            pages::show(inner, StatusCode::OK, &page)
        }
    }
}

/// The person of the browser's session cookie.
pub(crate) fn session_person(inner: &Inner, headers: &HeaderMap) -> Option<Uuid> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let value = cookies.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == SESSION_COOKIE).then_some(value)
    })?;
    inner.read().entra.sessions.get(value).copied()
}

fn hint_names(inner: &Inner, request: &AuthorizeRequest, person: Uuid) -> bool {
    let state = inner.read();
    request.login_hint.as_deref().is_some_and(|hint| {
        state
            .person(person)
            .is_some_and(|known| known.is_called(hint))
    })
}

/// Keeps a request until its form comes back; returns the form's id.
fn remember(inner: &Inner, request: AuthorizeRequest) -> String {
    let id = inner.random_token();
    let begun_at = inner.now();
    inner.write().entra.pending.insert(
        id.clone(),
        Pending {
            request,
            begun_at,
            person: None,
            directory: None,
        },
    );
    id
}

fn accounts_page(
    inner: &Inner,
    tenant: &str,
    request: AuthorizeRequest,
    session: Option<Uuid>,
) -> AccountsPage {
    let app_name = client::name(inner, &request.client_id);
    let mut people = inner.read().people.clone();
    if let Some(domain) = request
        .domain_hint
        .as_deref()
        .filter(|hint| *hint != "organizations" && *hint != "consumers")
    {
        let state = inner.read();
        let directory = state
            .directories
            .iter()
            .find(|one| one.domain.eq_ignore_ascii_case(domain) || one.id.to_string() == domain);
        if let Some(id) = directory.map(|one| one.id) {
            people.retain(|person| person.belongs_to(id));
        }
    }
    let hint = request.login_hint.clone();
    people.sort_by_key(|person| {
        (
            Some(person.id) != session,
            !hint.as_deref().is_some_and(|text| person.is_called(text)),
        )
    });
    let rows = people.into_iter().map(|person| AccountRow {
        is_signed_in: Some(person.id) == session,
        initial: person.name.chars().next().unwrap_or('?'),
        key: person.key,
        name: person.name,
        mail: person.mail,
        note: person.note,
    });
    AccountsPage {
        tenant: tenant.to_owned(),
        app_name,
        accounts: rows.collect(),
        context: remember(inner, request),
    }
}

/// An error on Entra's own page, with no way back to the app.
pub(crate) fn error_page(inner: &Inner, error: &EntraError) -> Response {
    let page = ErrorPage {
        text: error.text(&Trace::new(inner, None)),
        number: error.number,
        back: None,
    };
    pages::show(inner, StatusCode::BAD_REQUEST, &page)
}
