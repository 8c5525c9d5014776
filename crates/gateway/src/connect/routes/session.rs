//! The reference client's popup and polling, for projects that take that client.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{NoContent, Response};
use http::{HeaderMap, StatusCode};
use paragon_wire::ErrorCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use url::Url;

use super::flows::page_origin;
use crate::connect::{BuildOptions, PageData, complete_install};
use crate::error::{ApiError, ApiResult};
use crate::http::caller::authenticate;
use crate::http::client_address::Counted;
use crate::http::query::QueryOf;
use crate::identity::caller::Caller;
use crate::projects::Project;
use crate::state::App;
use crate::{connect, integration, json_input, pages};

/// Query of the nonce page.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NonceQuery {
    origin_for_post_message: String,
    user_token: String,
}

/// `GET …/actions/oauth-nonce`: tells the opener that its popup is there.
pub async fn nonce(
    State(app): State<Arc<App>>,
    counted: Result<Counted, ApiError>,
    Path(project): Path<String>,
    QueryOf(query): QueryOf<NonceQuery>,
) -> Response {
    if let Err(error) = counted {
        return pages::files::popup_error(&error);
    }
    match check_nonce(&app, &project, &query).await {
        Ok(()) => pages::files::popup(
            &PageData::Nonce {
                origin: query.origin_for_post_message,
            },
            StatusCode::OK,
        ),
        Err(error) => pages::files::popup_error(&error),
    }
}

/// The token is looked at so that a user whose session has ended is told at once; it gives the browser nothing.
async fn check_nonce(app: &App, project: &str, query: &NonceQuery) -> ApiResult<()> {
    let project = app.projects.get(project).cloned();
    let project =
        project.ok_or_else(|| ApiError::new(ErrorCode::ProjectNotFound, "Project not found."))?;
    check_served(&project)?;
    let origin = &query.origin_for_post_message;
    if !project.allows_origin(origin) && *origin != app.public_origin() {
        let message = format!(
            "The origin {} is not an allowed origin of the project.",
            origin.escape_debug()
        );
        return Err(ApiError::new(ErrorCode::OriginNotAllowed, message));
    }
    authenticate(app, project, &query.user_token)
        .await
        .map(drop)
}

/// These routes carry the user token in an address and cannot tell whose window the popup is: only where wanted.
fn check_served(project: &Project) -> ApiResult<()> {
    if project.reference_client {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::RouteNotFound,
        "this project does not allow the client `@useparagon/connect` to connect accounts; its operator can allow it with `reference_client = true` in the gateway's configuration",
    ))
}

/// Query of the build step.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BuildQuery {
    action: String,
    oauth_meta_key_id: String,
    #[serde(default)]
    install_options: Option<String>,
    #[serde(default)]
    redirect_url: Option<String>,
}

/// Where the popup goes on.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BuiltSignIn {
    redirect_url: Url,
}

/// How far a session of the reference client has come.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionState {
    /// The account, once it is connected.
    #[serde(skip_serializing_if = "Option::is_none")]
    connect_credential_id: Option<String>,
}

/// `GET /v2/projects/{p}/sdk/actions/build-oauth`: where the popup goes on.
pub async fn build(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    QueryOf(query): QueryOf<BuildQuery>,
) -> ApiResult<Json<BuiltSignIn>> {
    check_served(&caller.project)?;
    integration::service::check_name(&query.action)?;
    let given = query.redirect_url.as_deref();
    let redirect_uri = complete_install::redirect_uri(&app, &caller.project, given)?;
    let options: BuildOptions = match query
        .install_options
        .as_deref()
        .filter(|text| !text.is_empty())
    {
        Some(text) => json_input::from_slice(text.as_bytes()).map_err(|error| {
            ApiError::invalid(format!(
                "`installOptions` is not the expected JSON: {error}"
            ))
        })?,
        None => BuildOptions::default(),
    };
    let origin = page_origin(&headers)
        .map(str::to_owned)
        .or_else(|error| same_origin(&app, &headers).ok_or(error))?;
    let key = &query.oauth_meta_key_id;
    let url =
        connect::build_authorization(&app, &caller, &origin, key, &options, redirect_uri.as_ref())
            .await?;
    Ok(Json(BuiltSignIn { redirect_url: url }))
}

/// Browsers send no `Origin` with a GET to the page's own origin, but say so in `Sec-Fetch-Site`.
fn same_origin(app: &App, headers: &HeaderMap) -> Option<String> {
    let site = headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    (site == Some("same-origin")).then(|| app.public_origin())
}

/// `GET …/actions/session-id/{key}`: `{}` until the account is connected.
pub async fn poll(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((_project, key)): Path<(String, String)>,
) -> ApiResult<Json<SessionState>> {
    check_served(&caller.project)?;
    let flow = app
        .store
        .flow_by_session_key(&caller.project.id, &caller.user, &key)
        .await?;
    Ok(Json(SessionState {
        connect_credential_id: flow.and_then(|flow| flow.update.credential_id),
    }))
}

/// `DELETE …/actions/session-id/{key}`: the client is done with it.
pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((_project, key)): Path<(String, String)>,
) -> ApiResult<NoContent> {
    check_served(&caller.project)?;
    app.store
        .delete_session(&caller.project.id, &caller.user, &key)
        .await?;
    Ok(NoContent)
}
