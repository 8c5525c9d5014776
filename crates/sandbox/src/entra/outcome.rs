//! What follows the choice of an account: approval, consent, a code or an error.

use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::authorize::error_page;
use super::authorize_rules::{AuthorizeRequest, Prompt};
use super::client;
use super::errors::{EntraError, Trace};
use super::grants::{CodeGrant, Pending};
use super::pages::{self, ApprovalPage, ConsentPage, ErrorPage};
use super::scopes::{self, Scopes};
use crate::Inner;
use crate::directory::{Directory, Person};

/// Answers `prompt=none`: a code, or why a page would be needed.
pub(crate) fn silent(inner: &Inner, request: &AuthorizeRequest, person: Uuid) -> Response {
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
    let rule = inner.read().directory(directory).cloned();
    if let Some(rule) = rule.filter(|rule| rule.requires_admin_consent)
        && !known.is_admin
        && !asked.missing.is_empty()
    {
        let page = approval_page(inner, tenant, context, request, &known, &rule);
        return pages::show(inner, StatusCode::OK, &page);
    }
    // SECURITY: only now, else the consent form would be a way round the approval page.
    if let Some(entry) = inner.write().entra.pending.get_mut(context) {
        entry.person = Some(person);
        entry.directory = Some(directory);
    }
    let page = consent_page(inner, tenant, context, request, &known, &asked.granted);
    pages::show(inner, StatusCode::OK, &page)
}

fn approval_page(
    inner: &Inner,
    tenant: &str,
    context: &str,
    request: &AuthorizeRequest,
    person: &Person,
    directory: &Directory,
) -> ApprovalPage {
    ApprovalPage {
        tenant: tenant.to_owned(),
        context: context.to_owned(),
        app_name: client::name(inner, &request.client_id),
        directory_name: directory.name.clone(),
        mail: person.mail.clone(),
        link: admin_consent_link(inner, directory.id, request),
    }
}

fn consent_page(
    inner: &Inner,
    tenant: &str,
    context: &str,
    request: &AuthorizeRequest,
    person: &Person,
    granted: &Scopes,
) -> ConsentPage {
    let permissions = granted
        .permissions
        .iter()
        .map(|name| (name.clone(), scopes::sentence(name)));
    ConsentPage {
        tenant: tenant.to_owned(),
        context: context.to_owned(),
        app_name: client::name(inner, &request.client_id),
        mail: person.mail.clone(),
        permissions: permissions.collect(),
        keeps_access: granted.has_openid("offline_access"),
        reads_profile: granted.has_openid("profile") || granted.has_openid("openid"),
    }
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

fn account_error_page(inner: &Inner, tenant: &str, context: &str, error: &EntraError) -> Response {
    let back = Some((tenant.to_owned(), context.to_owned()));
    let page = ErrorPage {
        text: error.text(&Trace::new(inner, None)),
        number: error.number,
        back,
    };
    pages::show(inner, StatusCode::OK, &page)
}
