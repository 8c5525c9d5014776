//! The admin consent endpoint: an administrator approves an app for a whole directory.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::authorize::error_page;
use super::authorize_rules::ResponseMode;
use super::client;
use super::errors::EntraError;
use super::pages::{self, AdminConsentPage};
use super::params::Params;
use super::reply::ReturnTo;
use super::scopes::{self, Scopes};
use super::tenant::Tenant;
use crate::{Inner, Shared};

struct Request {
    client_id: String,
    app_name: String,
    directories: Vec<Uuid>,
    permissions: Vec<String>,
    scope: String,
    return_to: ReturnTo,
}

/// `GET …/adminconsent`
pub(crate) async fn show(
    State(inner): State<Shared>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    match check(&inner, &tenant, &Params::parse(query.as_bytes())) {
        Ok(request) => pages::show(
            &inner,
            StatusCode::OK,
            &page(&inner, &tenant, query, &request),
        ),
        Err(error) => error_page(&inner, &error),
    }
}

/// `POST …/adminconsent`: the same parameters in the form field `query`, and the decision.
pub(crate) async fn decide(
    State(inner): State<Shared>,
    Path(tenant): Path<String>,
    body: Bytes,
) -> Response {
    let form = Params::parse(&body);
    let request = match check(
        &inner,
        &tenant,
        &Params::parse(form.get("query").unwrap_or_default().as_bytes()),
    ) {
        Ok(request) => request,
        Err(error) => return error_page(&inner, &error),
    };
    let admin = form
        .get("account")
        .and_then(|key| inner.read().person_called(key).cloned());
    match (form.get("decision"), admin) {
        (Some("accept"), Some(admin))
            if admin.is_admin && request.directories.contains(&admin.home) =>
        {
            approve(&inner, &request, admin.home)
        }
        _ => request.return_to.fail(&inner, &EntraError::number(65004)),
    }
}

fn approve(inner: &Inner, request: &Request, directory: Uuid) -> Response {
    for name in &request.permissions {
        inner.write().entra.admin_consents.insert((
            directory,
            request.client_id.clone(),
            name.clone(),
        ));
    }
    let fields = vec![
        ("admin_consent", "True".to_owned()),
        ("tenant", directory.to_string()),
        ("scope", request.scope.clone()),
    ];
    request.return_to.send(inner, fields)
}

fn check(inner: &Inner, tenant: &str, params: &Params) -> Result<Request, EntraError> {
    let state = inner.read();
    let tenant = Tenant::parse(tenant, &state)?;
    let directories = state.directories.iter().map(|one| one.id);
    let directories = directories.filter(|id| {
        tenant == Tenant::Organizations
            || tenant == Tenant::Common
            || tenant == Tenant::Directory(*id)
    });
    let app = client::find(
        inner,
        params
            .get("client_id")
            .ok_or_else(|| EntraError::missing("client_id"))?,
    )?;
    tenant.check_app(app)?;
    let redirect_uri = params
        .get("redirect_uri")
        .ok_or_else(|| EntraError::number(900_971))?;
    if !app
        .redirect_uris
        .iter()
        .any(|registered| registered == redirect_uri)
    {
        return Err(EntraError::number(50011));
    }
    let asked = Scopes::parse(
        params
            .get("scope")
            .ok_or_else(|| EntraError::missing("scope"))?,
    )?;
    let permissions = if asked.asks_default() {
        app.permissions.clone()
    } else {
        asked.permissions.clone()
    };
    let return_to = ReturnTo {
        redirect_uri: redirect_uri.to_owned(),
        response_mode: ResponseMode::Query,
        state: params.get("state").map(str::to_owned),
    };
    Ok(Request {
        client_id: app.client_id.clone(),
        app_name: app.name.clone(),
        directories: directories.collect(),
        permissions,
        scope: asked.qualified(),
        return_to,
    })
}

fn page(inner: &Inner, tenant: &str, query: String, request: &Request) -> AdminConsentPage {
    let admins = inner
        .read()
        .people
        .iter()
        .filter(|one| one.is_admin && request.directories.contains(&one.home))
        .cloned()
        .collect();
    let permissions = request
        .permissions
        .iter()
        .map(|name| (name.clone(), scopes::sentence(name)))
        .collect();
    AdminConsentPage {
        tenant: tenant.to_owned(),
        query,
        app_name: request.app_name.clone(),
        admins,
        permissions,
    }
}
