//! `/projects/{p}/sdk/credentials`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use paragon_wire::ErrorCode;
use paragon_wire::integration::{AZURE_DEVOPS, INPUT_ORGANIZATION};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::account_auth::account_auth;
use super::{personal_access_token, service};
use crate::configurations::settings;
use crate::configurations::settings::SettingsPatch;
use crate::connect::complete_install::{self, Handover};
use crate::connect::install_target;
use crate::error::{ApiError, ApiResult};
use crate::http::json::JsonBody;
use crate::http::project::Named;
use crate::identity::caller::{Caller, Selection};
use crate::state::App;
use crate::users::state::UserState;
use crate::{integration, users};

/// Query of the list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListQuery {
    integration: Option<String>,
    /// `true`; the reference client writes `undefined` where it is not wanted.
    include_account_auth: Option<String>,
}

/// `GET`: the integration with the user's accounts; with an access token where that is asked for and allowed.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
    selection: Selection,
) -> ApiResult<Response> {
    let name = query.integration.as_deref().unwrap_or(AZURE_DEVOPS);
    integration::service::check_name(name)?;
    let selector = selection.credential.as_deref();
    let selected = service::select(&app, &caller, name, selector).await?;
    let mut entry = integration::service::azure_devops(&app, &caller).await?;
    let connection = UserState::load(&app, &caller)
        .await?
        .connection_by(&selected);
    if let (Some(entry), Value::Object(connection)) = (entry.as_object_mut(), connection) {
        entry.extend(connection);
    }
    if query.include_account_auth.as_deref() == Some("true") {
        entry["accountAuth"] = account_auth(&app, &caller, &selected).await?;
    }
    let mut response = Json(entry).into_response();
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    Ok(response)
}

/// Body of `POST`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Create {
    integration_id: Uuid,
    #[serde(default)]
    payload: Value,
    #[serde(default)]
    install_options: InstallOptions,
    /// Authorization code that a page of the app was sent.
    #[serde(default)]
    code: Option<String>,
    /// That page.
    #[serde(default)]
    redirect_url: Option<String>,
    /// `installOptions`, and the organization, beside a code.
    #[serde(default)]
    integration_options: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct InstallOptions {
    external_id: Option<String>,
    selected_credential_id: Option<String>,
}

/// `POST`: connects an account by what the user entered, or by an authorization code.
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<Create>,
) -> ApiResult<Json<Value>> {
    check_integration(&caller, body.integration_id)?;
    let row = if let Some(code) = body.code.as_deref() {
        let text = |name: &str| body.integration_options[name].as_str();
        let (external_id, selected) = (text("externalId"), text("selectedCredentialId"));
        let handover = Handover {
            code,
            redirect_url: body.redirect_url.as_deref(),
            target: install_target(&app, &caller, external_id, selected).await?,
            organization: text(INPUT_ORGANIZATION),
        };
        complete_install::complete(&app, &caller, handover).await?
    } else {
        let options = &body.install_options;
        let external_id = options.external_id.as_deref();
        let selected = options.selected_credential_id.as_deref();
        let target = install_target(&app, &caller, external_id, selected).await?;
        personal_access_token::connect(&app, &caller, &body.payload, &target).await?
    };
    users::state::credential(&app, &caller, row.id)
        .await
        .map(Json)
}

fn check_integration(caller: &Caller, id: Uuid) -> ApiResult<()> {
    if id == caller.project.integration_id() {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::IntegrationNotFound,
        "the project has no such integration",
    ))
}

/// `GET …/{id}`: one credential.
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<Value>> {
    let row = service::find(&app, &caller, &id).await?;
    users::state::credential(&app, &caller, row.id)
        .await
        .map(Json)
}

/// Body of `PATCH`.
#[derive(Debug, Deserialize)]
pub struct Patch {
    config: SettingsPatch,
}

/// `PATCH …/{id}`: settings of the configuration that the header names.
pub async fn patch(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    Path(Named { id }): Path<Named>,
    JsonBody(body): JsonBody<Patch>,
) -> ApiResult<Json<Value>> {
    settings::update(&app, &caller, &selection.of_credential(id), body.config)
        .await
        .map(Json)
}

/// Body of `POST …/complete-setup`.
#[derive(Debug, Deserialize)]
pub struct CompleteSetup {
    #[serde(default)]
    payload: Value,
}

/// `POST …/{id}/complete-setup`: chooses the organization of an account that has several.
pub async fn complete_setup(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
    JsonBody(body): JsonBody<CompleteSetup>,
) -> ApiResult<Json<Value>> {
    let row = complete_install::choose_organization(&app, &caller, &id, &body.payload).await?;
    users::state::credential(&app, &caller, row.id)
        .await
        .map(Json)
}

/// `DELETE …/{id}`: disconnects it.
pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
) -> ApiResult<StatusCode> {
    let row = service::find(&app, &caller, &id).await?;
    app.store
        .delete_credential(&caller.project.id, &caller.user, row.id, app.clock.now())
        .await?;
    tracing::info!(credential.id = %row.id, "account disconnected");
    Ok(StatusCode::NO_CONTENT)
}

/// `POST resources/{id}/connect`: Azure DevOps needs no resources, so there is none to connect.
pub async fn connect_resource(_caller: Caller, Path(Named { id }): Path<Named>) -> ApiError {
    let shown: String = id.chars().take(100).collect();
    ApiError::new(
        ErrorCode::ResourceNotFound,
        format!("the project has no resource `{}`", shown.escape_debug()),
    )
}
