//! `/projects/{p}/sdk/credentials`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use http::{HeaderMap, StatusCode};
use paragon_wire::integration::AZURE_DEVOPS;
use paragon_wire::{ErrorCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::caller::Caller;
use crate::error::{ApiError, ApiResult};
use crate::http::json::JsonBody;
use crate::service::{credentials, personal_access_token, user_state};

/// Query of the list.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    integration: Option<String>,
}

/// `GET`: the user's entry for an integration. Tokens are never given out, whatever is asked for.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
    headers: HeaderMap,
) -> ApiResult<Json<Value>> {
    let integration = query.integration.as_deref().unwrap_or(AZURE_DEVOPS);
    known_integration(integration)?;
    let selector = headers
        .get(header::CREDENTIAL)
        .and_then(|value| value.to_str().ok());
    let selected = credentials::select(&app, &caller, integration, selector).await?;
    let rows = credentials::list(&app, &caller, integration).await?;
    let mut entry = user_state::connection(&caller.project, &rows);
    entry["id"] = json!(caller.project.integration_id());
    entry["type"] = json!(integration);
    entry["credentialId"] = json!(selected.id);
    entry["credentialStatus"] = json!(selected.status.as_str());
    entry["providerId"] = json!(selected.provider_id);
    entry["providerData"] = credentials::object(&selected.provider_data);
    Ok(Json(entry))
}

/// Body of `POST`, and of `POST …/complete-setup`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Create {
    integration_id: Uuid,
    #[serde(default)]
    payload: Value,
    #[serde(default)]
    install_options: InstallOptions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct InstallOptions {
    external_id: Option<String>,
    selected_credential_id: Option<String>,
}

/// `POST`: connects an account that needs no OAuth.
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<Create>,
) -> ApiResult<Json<Value>> {
    let integration_id = caller.project.integration_id();
    if body.integration_id != integration_id {
        return Err(ApiError::new(
            ErrorCode::IntegrationNotFound,
            "the project has no such integration",
        ));
    }
    let options = &body.install_options;
    let row = personal_access_token::connect(
        &app,
        &caller,
        &body.payload,
        options.external_id.as_deref(),
        options.selected_credential_id.as_deref(),
    )
    .await?;
    Ok(Json(credentials::to_json(&row, integration_id)))
}

/// `GET …/{id}`: one credential.
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((_project, id)): Path<(String, String)>,
) -> ApiResult<Json<Value>> {
    let row = credentials::find(&app, &caller, &id).await?;
    Ok(Json(credentials::to_json(
        &row,
        caller.project.integration_id(),
    )))
}

/// `POST …/{id}/complete-setup`: Azure DevOps asks nothing after the sign-in, so the credential is as it was.
pub async fn complete_setup(
    app: State<Arc<App>>,
    caller: Caller,
    path: Path<(String, String)>,
) -> ApiResult<Json<Value>> {
    get(app, caller, path).await
}

/// `DELETE …/{id}`: disconnects it.
pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((_project, id)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let row = credentials::find(&app, &caller, &id).await?;
    app.store
        .delete_credential(&caller.project.id, &caller.user, row.id)
        .await?;
    tracing::info!(credential.id = %row.id, "account disconnected");
    Ok(StatusCode::NO_CONTENT)
}

fn known_integration(integration: &str) -> ApiResult<()> {
    if integration == AZURE_DEVOPS {
        return Ok(());
    }
    let message = format!(
        "there is no integration `{}`; this project has `{AZURE_DEVOPS}`",
        integration.escape_debug()
    );
    Err(ApiError::new(ErrorCode::IntegrationNotFound, message))
}
