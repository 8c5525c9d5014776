//! A user's connected accounts: choosing one, and the JSON the SDK sees.

use paragon_wire::ErrorCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::caller::Caller;
use crate::clock::rfc3339;
use crate::error::{ApiError, ApiResult};
use crate::store::{CredentialRow, CredentialStatus};

/// The user's credentials for one integration, oldest first.
pub async fn list(app: &App, caller: &Caller, integration: &str) -> ApiResult<Vec<CredentialRow>> {
    let mut rows = app
        .store
        .credentials(&caller.project.id, &caller.user)
        .await?;
    rows.retain(|row| row.integration == integration);
    Ok(rows)
}

/// The credential a call is for.
///
/// `selector` is a UUID, `ext:{externalId}` or a plain external id; absent means the [`default`] one.
pub async fn select(
    app: &App,
    caller: &Caller,
    integration: &str,
    selector: Option<&str>,
) -> ApiResult<CredentialRow> {
    let rows = list(app, caller, integration).await?;
    match selector
        .map(str::trim)
        .filter(|selector| !selector.is_empty())
    {
        None => default(&rows).cloned().ok_or_else(|| {
            let message =
                format!("the user has not connected `{integration}`; call `paragon.connect` first");
            ApiError::new(ErrorCode::IntegrationNotConnected, message)
        }),
        Some(selector) => rows
            .into_iter()
            .find(|row| matches(row, selector))
            .ok_or_else(|| not_found(selector)),
    }
}

/// One credential by its id or external id.
pub async fn find(app: &App, caller: &Caller, selector: &str) -> ApiResult<CredentialRow> {
    let rows = app
        .store
        .credentials(&caller.project.id, &caller.user)
        .await?;
    rows.into_iter()
        .find(|row| matches(row, selector))
        .ok_or_else(|| not_found(selector))
}

/// The credential that is used when none is named: the first that works, else the first.
pub fn default(rows: &[CredentialRow]) -> Option<&CredentialRow> {
    rows.iter()
        .find(|row| row.status == CredentialStatus::Valid)
        .or_else(|| rows.first())
}

fn matches(row: &CredentialRow, selector: &str) -> bool {
    match (selector.strip_prefix("ext:"), Uuid::parse_str(selector)) {
        (Some(external), _) => row.external_id.as_deref() == Some(external),
        (None, Ok(id)) => row.id == id,
        (None, Err(_)) => row.external_id.as_deref() == Some(selector),
    }
}

fn not_found(selector: &str) -> ApiError {
    let shown: String = selector.chars().take(100).collect();
    ApiError::new(
        ErrorCode::CredentialNotFound,
        format!("the user has no credential `{}`", shown.escape_debug()),
    )
}

/// A JSON object kept as text in the database.
pub fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!({}))
}

/// A credential as the SDK sees it; no secret is part of it.
pub fn to_json(row: &CredentialRow, integration_id: Uuid) -> Value {
    json!({
        "id": row.id,
        "projectId": row.project_id,
        "integrationId": integration_id,
        "personaId": row.user_id.as_str(),
        "status": row.status.as_str(),
        "accountType": row.account_type,
        "externalId": row.external_id,
        "providerId": row.provider_id,
        "providerData": object(&row.provider_data),
        "isPreviewCredential": false,
        "refreshFailureCount": row.refresh_failure_count,
        "dateCreated": rfc3339(row.created_at),
        "dateUpdated": rfc3339(row.updated_at),
        "dateRefreshed": rfc3339(row.refreshed_at),
        "configurations": [{
            "id": row.configuration_id,
            "connectCredentialId": row.id,
            "isDefault": true,
            "sharedSettings": object(&row.shared_settings),
            "workflowSettings": object(&row.workflow_settings),
            "configMeta": {},
            "dateCreated": rfc3339(row.created_at),
            "dateUpdated": rfc3339(row.updated_at),
        }],
    })
}
