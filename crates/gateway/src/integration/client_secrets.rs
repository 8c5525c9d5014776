//! Client secrets: written, never read. An admin adds and removes them.

use jiff::Timestamp;
use jiff::civil::Date;
use paragon_wire::ErrorCode;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::editing::{IntegrationSettings, MAX_SECRETS, entry, read};
use super::settings::key;
use super::store::ClientSecretRow;
use crate::audit::store::NewAuditEntry;
use crate::clock::{Millis, rfc3339};
use crate::error::{ApiError, ApiResult};
use crate::operators::{Operator, Right};
use crate::projects::Project;
use crate::state::App;

const MAX_SECRET_CHARS: usize = 512;

/// A secret to be added.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSecret {
    /// The value that the Azure portal showed once.
    #[serde(deserialize_with = "crate::secret_field::deserialize")]
    #[schemars(with = "String", extend("writeOnly" = true))]
    pub secret: SecretString,
    /// When it expires, as a date or as RFC 3339.
    #[serde(default)]
    pub expires_at: Option<String>,
}

/// Adds a secret; from the next use on it is tried first.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`, `ClientSecretLimit`.
pub async fn add(
    app: &App,
    operator: &Operator,
    project: &Project,
    new: NewSecret,
) -> ApiResult<IntegrationSettings> {
    operator.require(Right::ManageSecrets)?;
    let secret = new.secret.expose_secret().trim();
    check(secret)?;
    let now = app.clock.now();
    let expires_at = new.expires_at.as_deref().map(moment).transpose()?;
    if expires_at.is_some_and(|end| end <= now) {
        return Err(ApiError::invalid(
            "`expiresAt` is in the past; create a new client secret in the Azure portal",
        ));
    }
    let id = Uuid::new_v4();
    let sealed = app
        .vault
        .seal(
            secret.as_bytes(),
            &ClientSecretRow::seal_row(&project.id, id),
        )
        .map_err(ApiError::internal)?;
    let row = ClientSecretRow {
        id,
        secret: sealed,
        expires_at,
        created_at: now,
        created_by: operator.email.clone(),
    };
    let entry = NewAuditEntry {
        after: Some(json!({ "expiresAt": expires_at.map(rfc3339) })),
        ..entry(app, operator, project, "integration.secret_added")
    };
    let key = key(project);
    if !app
        .store
        .insert_client_secret(key, &row, MAX_SECRETS, &entry)
        .await?
    {
        let message = format!(
            "the limit of {MAX_SECRETS} client secrets is reached; remove an unused secret"
        );
        return Err(ApiError::new(ErrorCode::ClientSecretLimit, message));
    }
    tracing::info!(project.id = %project.id, operator.id = %operator.id, "client secret added");
    read(app, operator, project).await
}

/// Removes a secret.
///
/// # Errors
/// `RoleNotSufficient`, `ClientSecretNotFound`.
pub async fn remove(
    app: &App,
    operator: &Operator,
    project: &Project,
    id: &str,
) -> ApiResult<IntegrationSettings> {
    operator.require(Right::ManageSecrets)?;
    let missing = || {
        ApiError::new(
            ErrorCode::ClientSecretNotFound,
            "the client secret does not exist; it may have been removed",
        )
    };
    let id = Uuid::parse_str(id).map_err(|_| missing())?;
    let entry = entry(app, operator, project, "integration.secret_removed");
    if !app
        .store
        .delete_client_secret(key(project), id, &entry)
        .await?
    {
        return Err(missing());
    }
    tracing::info!(project.id = %project.id, operator.id = %operator.id, "client secret removed");
    read(app, operator, project).await
}

/// People copy the secret's id, which stands beside its value: that much can be told.
fn check(secret: &str) -> ApiResult<()> {
    if Uuid::parse_str(secret).is_ok() {
        return Err(ApiError::invalid(
            "`secret` looks like the Secret ID; copy the Value from the Azure portal",
        ));
    }
    let is_text = secret.bytes().all(|byte| byte.is_ascii_graphic());
    if secret.is_empty() || secret.len() > MAX_SECRET_CHARS || !is_text {
        let message = format!(
            "`secret` must be 1 to {MAX_SECRET_CHARS} printable characters without whitespace: the Value that the Azure portal shows once"
        );
        return Err(ApiError::invalid(message));
    }
    Ok(())
}

fn moment(text: &str) -> ApiResult<Millis> {
    let wrong = || {
        ApiError::invalid(
            "`expiresAt` must be a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z",
        )
    };
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time.as_millisecond());
    }
    let date: Date = text.parse().map_err(|_| wrong())?;
    let zoned = date
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_err(|_| wrong())?;
    Ok(zoned.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_read() {
        assert_eq!(moment("2024-01-01").ok(), Some(1_704_067_200_000));
        assert_eq!(moment("2024-01-01T00:00:01Z").ok(), Some(1_704_067_201_000));
        for wrong in ["", "tomorrow", "2024-13-01", "01.02.2024"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_secret_is_told_without_being_repeated() {
        for wrong in [
            "",
            "a b",
            "line\nline",
            "7d1f0000-0000-4000-8000-000000000001",
        ] {
            let error = check(wrong).expect_err("wrong");
            assert!(
                wrong.is_empty() || !error.message.contains(wrong),
                "{wrong}"
            );
        }
        assert!(check("Q8~abc.DEF_ghi-jkl").is_ok());
    }
}
