//! `/projects/{p}/sdk/credentials`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::NoContent;
use http::header::CACHE_CONTROL;
use http::{HeaderName, HeaderValue};
use paragon_wire::ErrorCode;
use paragon_wire::integration::{AZURE_DEVOPS, INPUT_ORGANIZATION};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::account_auth::{AccountAuth, account_auth};
use super::{personal_access_token, service};
use crate::configurations::settings;
use crate::configurations::settings::{SavedSettings, SettingsPatch};
use crate::connect::complete_install::{self, Handover};
use crate::connect::install_target;
use crate::error::{ApiError, ApiResult};
use crate::http::answers::With;
use crate::http::json::JsonBody;
use crate::http::project::Named;
use crate::http::query::QueryOf;
use crate::identity::caller::{Caller, Selection};
use crate::integration::service::Integration;
use crate::state::App;
use crate::users::state::{Connection, Credential, UserState};
use crate::{integration, users};

/// Query of the list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CredentialQuery")]
pub struct ListQuery {
    integration: Option<String>,
    /// `true`; the reference client writes `undefined` where it is not wanted.
    include_account_auth: Option<String>,
}

/// The integration with the user's accounts.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectedIntegration {
    #[serde(flatten)]
    integration: Integration,
    #[serde(flatten)]
    connection: Connection,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_auth: Option<AccountAuth>,
}

/// `GET`: the integration with the user's accounts; with an access token where that is asked for and allowed.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    QueryOf(query): QueryOf<ListQuery>,
    selection: Selection,
) -> ApiResult<With<[(HeaderName, HeaderValue); 1], Json<ConnectedIntegration>>> {
    let name = query.integration.as_deref().unwrap_or(AZURE_DEVOPS);
    integration::service::check_name(name)?;
    let selector = selection.credential.as_deref();
    let selected = service::select(&app, &caller, name, selector).await?;
    let integration = integration::service::azure_devops(&app, &caller).await?;
    let state = UserState::load(&app, &caller).await?;
    let wants_token = query.include_account_auth.as_deref() == Some("true");
    let account_auth = if wants_token {
        Some(account_auth(&app, &caller, &selected).await?)
    } else {
        None
    };
    let answer = ConnectedIntegration {
        integration,
        connection: state.connection_by(&selected),
        account_auth,
    };
    let no_store = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(With([no_store], Json(answer)))
}

/// Body of `POST`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "NewCredential")]
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

#[derive(Debug, Default, Deserialize, JsonSchema)]
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
) -> ApiResult<Json<Credential>> {
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
) -> ApiResult<Json<Credential>> {
    let row = service::find(&app, &caller, &id).await?;
    users::state::credential(&app, &caller, row.id)
        .await
        .map(Json)
}

/// Body of `PATCH`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "CredentialPatch")]
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
) -> ApiResult<Json<SavedSettings>> {
    settings::update(&app, &caller, &selection.of_credential(id), body.config)
        .await
        .map(Json)
}

/// Body of `POST …/complete-setup`.
#[derive(Debug, Deserialize, JsonSchema)]
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
) -> ApiResult<Json<Credential>> {
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
) -> ApiResult<NoContent> {
    let row = service::find(&app, &caller, &id).await?;
    app.store
        .delete_credential(&caller.project.id, &caller.user, row.id, app.clock.now())
        .await?;
    tracing::info!(credential.id = %row.id, "account disconnected");
    Ok(NoContent)
}

/// `POST resources/{id}/connect`: Azure DevOps needs no resources, so there is none to connect.
pub async fn connect_resource(_caller: Caller, Path(Named { id }): Path<Named>) -> ApiError {
    let shown: String = id.chars().take(100).collect();
    ApiError::new(
        ErrorCode::ResourceNotFound,
        format!("the project has no resource `{}`", shown.escape_debug()),
    )
}
