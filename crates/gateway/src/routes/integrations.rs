//! `/projects/{p}/sdk/integrations`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use paragon_wire::integration::AZURE_DEVOPS;
use paragon_wire::{ErrorCode, header};
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::caller::Caller;
use crate::error::{ApiError, ApiResult};
use crate::service::{credentials, user_state};

/// `GET`: the project's integrations.
pub async fn list(caller: Caller) -> Json<Value> {
    Json(user_state::integrations(&caller.project))
}

/// `DELETE …/{id}`: disconnects the credential named by the header, or the default one.
pub async fn disconnect(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((_project, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    if Uuid::parse_str(&id) != Ok(caller.project.integration_id()) {
        return Err(ApiError::new(
            ErrorCode::IntegrationNotFound,
            "the project has no such integration",
        ));
    }
    let selector = headers
        .get(header::CREDENTIAL)
        .and_then(|value| value.to_str().ok());
    let credential = credentials::select(&app, &caller, AZURE_DEVOPS, selector).await?;
    app.store
        .delete_credential(&caller.project.id, &caller.user, credential.id)
        .await?;
    tracing::info!(credential.id = %credential.id, "account disconnected");
    Ok(StatusCode::NO_CONTENT)
}
