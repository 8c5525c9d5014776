//! The authorize endpoint: from a request to a page, a code or an error.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use uuid::Uuid;

use super::authorize_rules::{self, AuthorizeRequest, Prompt, Refusal};
use super::client;
use super::errors::{EntraError, Trace};
use super::grants::{CodeGrant, Pending};
use super::pages::{self, AccountRow, AccountsPage, ApprovalPage, ConsentPage, ErrorPage};
use super::params::Params;
use super::scopes::{self, Scopes};
use crate::sandbox::{Inner, Shared};

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

/// `POST …/authorize` with the same parameters as a form, which OpenID Connect allows.
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
    let app_name = client::find(inner, &request.client_id)
        .map_or_else(|_| String::new(), |app| app.name.clone());
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

fn silent(inner: &Inner, request: &AuthorizeRequest, person: Uuid) -> Response {
    let signed_in = inner
        .read()
        .person(person)
        .map(|known| request.tenant.sign_in(known));
    let directory = match signed_in {
        Some(Ok(directory)) => directory,
        Some(Err(error)) => return request.return_to.fail(inner, &error),
        None => return request.return_to.fail(inner, &EntraError::number(50058)),
    };
    let asked = Asked::of(inner, request, person, directory);
    if asked.missing.is_empty() {
        issue_code(inner, request, person, directory, asked.granted)
    } else {
        request.return_to.fail(inner, &EntraError::number(65001))
    }
}

/// What a request asks of a person, after consents given before.
struct Asked {
    granted: Scopes,
    missing: Vec<String>,
}

impl Asked {
    fn of(inner: &Inner, request: &AuthorizeRequest, person: Uuid, directory: Uuid) -> Self {
        let known = inner
            .read()
            .entra
            .consented(person, directory, &request.client_id);
        let mut granted = request.scopes.clone();
        if granted.asks_default() {
            let registered = client::find(inner, &request.client_id)
                .map(|app| app.permissions.clone())
                .unwrap_or_default();
            // Source: `.default` asks only when nothing was consented before; a grown list needs `prompt=consent`.
            let reuse = !known.is_empty() && request.prompt != Prompt::Consent;
            granted.permissions = if reuse { known.clone() } else { registered };
        }
        let missing = granted
            .permissions
            .iter()
            .filter(|name| !known.contains(name))
            .cloned()
            .collect();
        Self { granted, missing }
    }
}

/// Goes on after an account was chosen: error page, approval page, consent page or code.
pub(crate) fn continue_as(inner: &Inner, tenant: &str, context: &str, person: Uuid) -> Response {
    let Some(pending) = inner.read().entra.pending.get(context).cloned() else {
        return error_page(inner, &EntraError::number(50089));
    };
    let Some(known) = inner.read().person(person).cloned() else {
        return error_page(inner, &EntraError::number(50020));
    };
    let request = &pending.request;
    let directory = match request.tenant.sign_in(&known) {
        Ok(directory) => directory,
        Err(error) => return account_error_page(inner, tenant, context, &error),
    };
    let asked = Asked::of(inner, request, person, directory);
    if asked.missing.is_empty() && request.prompt != Prompt::Consent {
        inner.write().entra.pending.remove(context);
        return issue_code(inner, request, person, directory, asked.granted);
    }
    if let Some(entry) = inner.write().entra.pending.get_mut(context) {
        entry.person = Some(person);
        entry.directory = Some(directory);
    }
    let app_name = client::find(inner, &request.client_id)
        .map_or_else(|_| String::new(), |app| app.name.clone());
    let rule = inner
        .read()
        .directory(directory)
        .map(|one| (one.requires_admin_consent, one.name.clone()));
    let (needs_admin, directory_name) = rule.unwrap_or_default();
    if needs_admin && !known.is_admin && !asked.missing.is_empty() {
        let link = admin_consent_link(inner, directory, request);
        let page = ApprovalPage {
            tenant: tenant.to_owned(),
            context: context.to_owned(),
            app_name,
            directory_name,
            mail: known.mail,
            link,
        };
        return pages::show(inner, StatusCode::OK, &page);
    }
    let permissions = asked
        .granted
        .permissions
        .iter()
        .map(|name| (name.clone(), scopes::sentence(name)));
    let page = ConsentPage {
        tenant: tenant.to_owned(),
        context: context.to_owned(),
        app_name,
        mail: known.mail,
        permissions: permissions.collect(),
        keeps_access: asked.granted.has_openid("offline_access"),
        reads_profile: asked.granted.has_openid("profile") || asked.granted.has_openid("openid"),
    };
    pages::show(inner, StatusCode::OK, &page)
}

fn admin_consent_link(inner: &Inner, directory: Uuid, request: &AuthorizeRequest) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_id", &request.client_id);
    query.append_pair("scope", &request.scopes.qualified());
    query.append_pair("redirect_uri", &request.return_to.redirect_uri);
    inner.url(
        super::HOST,
        &format!("/{directory}/v2.0/adminconsent?{}", query.finish()),
    )
}

/// Records the consent of a request's person and answers with a code.
pub(crate) fn accept(inner: &Inner, pending: &Pending, person: Uuid, directory: Uuid) -> Response {
    let request = &pending.request;
    let asked = Asked::of(inner, request, person, directory);
    {
        let mut state = inner.write();
        for name in &asked.granted.permissions {
            state
                .entra
                .consents
                .insert((person, request.client_id.clone(), name.clone()));
        }
    }
    issue_code(inner, request, person, directory, asked.granted)
}

fn issue_code(
    inner: &Inner,
    request: &AuthorizeRequest,
    person: Uuid,
    directory: Uuid,
    scopes: Scopes,
) -> Response {
    let code = format!("0.A{}", inner.random_token());
    let grant = CodeGrant {
        client_id: request.client_id.clone(),
        redirect_uri: request.return_to.redirect_uri.clone(),
        person,
        directory,
        scopes,
        challenge: request.challenge.clone(),
        nonce: request.nonce.clone(),
        issued_at: inner.now(),
        is_used: false,
    };
    inner.write().entra.codes.insert(code.clone(), grant);
    request.return_to.send(
        inner,
        vec![
            ("code", code),
            ("session_state", inner.random_uuid().to_string()),
        ],
    )
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

fn account_error_page(inner: &Inner, tenant: &str, context: &str, error: &EntraError) -> Response {
    let back = Some((tenant.to_owned(), context.to_owned()));
    let page = ErrorPage {
        text: error.text(&Trace::new(inner, None)),
        number: error.number,
        back,
    };
    pages::show(inner, StatusCode::OK, &page)
}
