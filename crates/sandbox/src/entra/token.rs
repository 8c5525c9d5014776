//! The token endpoint.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use uuid::Uuid;

use super::client;
use super::client_credentials;
use super::errors::{EntraError, Trace};
use super::params::Params;
use super::tenant::Tenant;
use super::token_grants;
use crate::recorder::GrantType;
use crate::state::ForcedTokenError;
use crate::{Inner, Shared};

/// `GET …/token`
pub(crate) async fn wrong_method(State(inner): State<Shared>, headers: HeaderMap) -> Response {
    failure(&inner, &headers, &EntraError::number(900_561), None)
}

/// `POST …/token`
pub(crate) async fn exchange(
    State(inner): State<Shared>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let params = Params::parse(&body);
    let grant_type = params.get("grant_type").unwrap_or_default().to_owned();
    let mut response = match take_forced(&inner, &grant_type) {
        Some(forced) => forced_failure(&inner, &headers, &forced),
        None => match answer(&inner, &tenant, &headers, params) {
            Ok(body) => success(body),
            Err(error) => failure(&inner, &headers, &error, None),
        },
    };
    response.extensions_mut().insert(GrantType(grant_type));
    response
}

fn answer(
    inner: &Inner,
    tenant: &str,
    headers: &HeaderMap,
    mut params: Params,
) -> Result<Value, EntraError> {
    if !is_form(headers) {
        return Err(EntraError::missing("grant_type"));
    }
    if let Some(name) = params.repeated() {
        return Err(EntraError::number(9_002_313)
            .because(format!("The parameter '{name}' is given more than once.")));
    }
    client::fill_from_header(&mut params, headers);
    let grant_type = params
        .get("grant_type")
        .ok_or_else(|| EntraError::missing("grant_type"))?;
    if grant_type == "client_credentials" {
        return client_credentials::issue(inner, tenant, &params);
    }
    let tenant = Tenant::parse(tenant, &inner.read())?;
    let app = client::authenticate(inner, &params)?;
    tenant.check_app(app)?;
    match grant_type {
        "authorization_code" => token_grants::redeem_code(inner, tenant, app, &params),
        "refresh_token" => token_grants::refresh(inner, tenant, app, &params),
        other => Err(EntraError::number(70003).because(format!(
            "The app requested an unsupported grant type '{other}'."
        ))),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    content_type
        .to_ascii_lowercase()
        .starts_with("application/x-www-form-urlencoded")
}

fn take_forced(inner: &Inner, grant_type: &str) -> Option<ForcedTokenError> {
    let queue = &mut inner.write().knobs.next_token_errors;
    let position = queue.iter().position(|one| {
        one.grant_type
            .as_deref()
            .is_none_or(|wanted| wanted == grant_type)
    })?;
    queue.remove(position)
}

fn forced_failure(inner: &Inner, headers: &HeaderMap, forced: &ForcedTokenError) -> Response {
    let mut error = EntraError::number(forced.number);
    if let Some(status) = forced
        .status
        .and_then(|status| StatusCode::from_u16(status).ok())
    {
        error.status = status;
    }
    let mut response = failure(inner, headers, &error, forced.claims.as_deref());
    if let Some(seconds) = forced.retry_after_seconds {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn success(body: Value) -> Response {
    (StatusCode::OK, no_store(), Json(body)).into_response()
}

fn failure(
    inner: &Inner,
    headers: &HeaderMap,
    error: &EntraError,
    claims: Option<&str>,
) -> Response {
    let request_id = headers
        .get("client-request-id")
        .and_then(|value| value.to_str().ok());
    let trace = Trace::new(
        inner,
        request_id.and_then(|text| Uuid::try_parse(text).ok()),
    );
    (error.status, no_store(), Json(error.body(&trace, claims))).into_response()
}

fn no_store() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-cache"),
    );
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers
}
