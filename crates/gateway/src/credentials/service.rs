//! A user's connected accounts: choosing one, and the JSON the SDK sees.

use paragon_wire::ErrorCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::{CredentialRow, CredentialStatus};
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::EndUser;
use crate::state::App;

/// The user's credentials for one integration, oldest first.
pub async fn list(app: &App, caller: &EndUser, integration: &str) -> ApiResult<Vec<CredentialRow>> {
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
    caller: &EndUser,
    integration: &str,
    selector: Option<&str>,
) -> ApiResult<CredentialRow> {
    let (project, user) = (&caller.project.id, &caller.user);
    let rows = app.store.recent_credentials(project, user).await?;
    let mut rows = rows.iter().filter(|row| row.integration == integration);
    match selector
        .map(str::trim)
        .filter(|selector| !selector.is_empty())
    {
        None => default(rows).cloned().ok_or_else(|| {
            let message =
                format!("the user has not connected `{integration}`; call `paragon.connect` first");
            ApiError::new(ErrorCode::IntegrationNotConnected, message)
        }),
        Some(selector) => rows
            .find(|row| matches(row, selector))
            .cloned()
            .ok_or_else(|| not_found(selector)),
    }
}

/// One credential by its id or external id.
pub async fn find(app: &App, caller: &EndUser, selector: &str) -> ApiResult<CredentialRow> {
    let selector = selector.trim();
    let rows = app
        .store
        .credentials(&caller.project.id, &caller.user)
        .await?;
    rows.into_iter()
        .find(|row| matches(row, selector))
        .ok_or_else(|| not_found(selector))
}

/// The credential that is used when none is named: the first that works, else the first.
pub fn default<'a>(rows: impl IntoIterator<Item = &'a CredentialRow>) -> Option<&'a CredentialRow> {
    let mut rows = rows.into_iter();
    let first = rows.next()?;
    if first.status == CredentialStatus::Valid {
        return Some(first);
    }
    rows.find(|row| row.status == CredentialStatus::Valid)
        .or(Some(first))
}

fn matches(row: &CredentialRow, selector: &str) -> bool {
    names(selector, row.id, row.external_id.as_deref())
}

/// Whether `selector` (a UUID, `ext:{externalId}` or a plain external id) names what has this id and external id.
///
/// An external id in the form of a UUID is named with `ext:`.
pub fn names(selector: &str, id: Uuid, external_id: Option<&str>) -> bool {
    if let Some(external) = selector.strip_prefix("ext:") {
        return external_id == Some(external);
    }
    // Clients write UUIDs with hyphens; other spellings are external ids.
    match Uuid::parse_str(selector) {
        Ok(named) if selector.len() == 36 => named == id,
        _ => external_id == Some(selector),
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
