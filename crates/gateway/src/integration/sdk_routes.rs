//! `/projects/{p}/sdk/integrations`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::NoContent;
use paragon_wire::ErrorCode;
use paragon_wire::integration::AZURE_DEVOPS;
use uuid::Uuid;

use super::service;
use super::service::Integration;
use crate::credentials;
use crate::error::{ApiError, ApiResult};
use crate::http::project::Named;
use crate::identity::caller::{Caller, Selection};
use crate::state::App;

/// `GET`: the project's integrations.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> ApiResult<Json<[Integration; 1]>> {
    let integration = service::azure_devops(&app, &caller).await?;
    Ok(Json([integration]))
}

/// `DELETE …/{id}`: disconnects the credential named by the header, or the default one.
pub async fn disconnect(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
    selection: Selection,
) -> ApiResult<NoContent> {
    if Uuid::parse_str(&id) != Ok(caller.project.integration_id()) {
        return Err(ApiError::new(
            ErrorCode::IntegrationNotFound,
            "the project has no such integration",
        ));
    }
    let selector = selection.credential.as_deref();
    let credential = credentials::service::select(&app, &caller, AZURE_DEVOPS, selector).await?;
    app.store
        .delete_credential(
            &caller.project.id,
            &caller.user,
            credential.id,
            app.clock.now(),
        )
        .await?;
    tracing::info!(credential.id = %credential.id, "account disconnected");
    Ok(NoContent)
}
