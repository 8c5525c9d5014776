//! Configurations of a credential: choosing one, making, describing and deleting them.

use paragon_wire::ErrorCode;
use paragon_wire::integration::AZURE_DEVOPS;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::store::{ConfigurationRow, NewConfiguration};
use crate::credentials::store::CredentialRow;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::{EndUser, Selection};
use crate::state::App;
use crate::users::state::Credential;
use crate::{credentials, users, workflows};

/// Most configurations of one credential.
const MAX_CONFIGURATIONS: usize = 1000;

/// An account and one of its configurations.
pub struct Selected {
    /// Credential.
    pub credential: CredentialRow,
    /// Configuration.
    pub configuration: ConfigurationRow,
}

/// The account and configuration that a call is for.
///
/// # Errors
/// `CredentialNotFound`, `ConfigurationNotFound`, `IntegrationNotConnected`; `InvalidRequest` for a label that several
/// accounts use, without an account.
pub async fn select(app: &App, caller: &EndUser, selection: &Selection) -> ApiResult<Selected> {
    let chosen =
        credentials::service::select(app, caller, AZURE_DEVOPS, selection.credential.as_deref());
    let chosen = chosen.await?;
    let mut rows = app
        .store
        .configurations(&caller.project.id, &caller.user)
        .await?;
    let Some(selector) = selection.configuration.as_deref().map(str::trim) else {
        let default = rows
            .into_iter()
            .find(|row| row.credential_id == chosen.id && row.is_default);
        let configuration =
            default.ok_or_else(|| ApiError::internal("a credential without configuration"))?;
        return Ok(Selected {
            credential: chosen,
            configuration,
        });
    };
    rows.retain(|row| matches(row, selector));
    if let Some(at) = rows.iter().position(|row| row.credential_id == chosen.id) {
        return Ok(Selected {
            configuration: rows.swap_remove(at),
            credential: chosen,
        });
    }
    if selection.credential.is_some() {
        return Err(not_found(selector));
    }
    of_another_account(app, caller, selector, rows).await
}

/// No account was named, and the default one has no such configuration.
async fn of_another_account(
    app: &App,
    caller: &EndUser,
    selector: &str,
    mut rows: Vec<ConfigurationRow>,
) -> ApiResult<Selected> {
    if rows.len() > 1 {
        return Err(ApiError::invalid(
            "several accounts have a configuration with this external id; name the credential as well",
        ));
    }
    let configuration = rows.pop().ok_or_else(|| not_found(selector))?;
    let owner = configuration.credential_id.to_string();
    Ok(Selected {
        credential: credentials::service::find(app, caller, &owner).await?,
        configuration,
    })
}

fn matches(row: &ConfigurationRow, selector: &str) -> bool {
    credentials::service::names(selector, row.id, row.external_id.as_deref())
}

fn not_found(selector: &str) -> ApiError {
    let shown: String = selector.chars().take(100).collect();
    ApiError::new(
        ErrorCode::ConfigurationNotFound,
        format!(
            "the account has no configuration `{}`",
            shown.escape_debug()
        ),
    )
}

/// Adds a configuration to a credential and gives the whole credential.
pub async fn create(
    app: &App,
    caller: &EndUser,
    credential: &str,
    external_id: Option<&str>,
) -> ApiResult<Credential> {
    let credential = credentials::service::find(app, caller, credential).await?;
    let external_id = external_id.map(str::trim);
    if external_id.is_some_and(|id| id.is_empty() || id.len() > 255) {
        return Err(ApiError::invalid(
            "`externalId` must have 1 to 255 characters and not only whitespace",
        ));
    }
    let (project, user) = (&caller.project.id, &caller.user);
    let existing = app.store.configurations(project, user).await?;
    let count = existing
        .iter()
        .filter(|row| row.credential_id == credential.id)
        .count();
    if count >= MAX_CONFIGURATIONS {
        return Err(ApiError::invalid(format!(
            "the account has {count} configurations; the limit is {MAX_CONFIGURATIONS}"
        )));
    }
    app.limits.stored(project, user, 0)?;
    let enabled = workflows::service::enabled_by_default(app, project).await?;
    let new = NewConfiguration {
        id: Uuid::new_v4(),
        external_id,
        is_default: false,
        enabled_workflows: &enabled,
        now: app.clock.now(),
    };
    let inserted = app
        .store
        .insert_configuration(project, user, credential.id, &new)
        .await;
    inserted.map_err(|error| insert_error(error, external_id))?;
    tracing::info!(credential.id = %credential.id, configuration.id = %new.id, "configuration made");
    users::state::credential(app, caller, credential.id).await
}

fn insert_error(error: sqlx::Error, external_id: Option<&str>) -> ApiError {
    let is_taken = error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation);
    if is_taken {
        let shown = external_id.unwrap_or_default().escape_debug();
        let message = format!("the account already has a configuration with externalId `{shown}`");
        return ApiError::new(ErrorCode::ExternalIdTaken, message);
    }
    if matches!(error, sqlx::Error::RowNotFound) {
        return ApiError::new(
            ErrorCode::CredentialNotFound,
            "the account was disconnected",
        );
    }
    error.into()
}

/// Merges `patch` into a configuration's metadata, `null` removes a key; gives the whole credential.
pub async fn update_meta(
    app: &App,
    caller: &EndUser,
    selection: &Selection,
    patch: Map<String, Value>,
) -> ApiResult<Credential> {
    let Selected {
        credential,
        configuration,
    } = select(app, caller, selection).await?;
    let bytes = serde_json::to_string(&patch)?.len();
    app.limits.stored(&caller.project.id, &caller.user, bytes)?;
    let merge = |meta: &mut Map<String, Value>| {
        for (key, value) in patch {
            if value.is_null() {
                meta.shift_remove(&key);
            } else {
                meta.insert(key, value);
            }
        }
        users::state::check_meta(meta)
    };
    let (project, user) = (&caller.project.id, &caller.user);
    let written = app
        .store
        .change_configuration_meta(project, user, configuration.id, app.clock.now(), merge)
        .await?;
    if !written {
        return Err(not_found(&configuration.id.to_string()));
    }
    users::state::credential(app, caller, credential.id).await
}

/// Deletes a configuration that is not the default one.
pub async fn delete(app: &App, caller: &EndUser, selection: &Selection) -> ApiResult<()> {
    let Selected { configuration, .. } = select(app, caller, selection).await?;
    if configuration.is_default {
        return Err(ApiError::new(
            ErrorCode::DefaultConfiguration,
            "the default configuration cannot be deleted; disconnect the account instead",
        ));
    }
    let (project, user) = (&caller.project.id, &caller.user);
    if !app
        .store
        .delete_configuration(project, user, configuration.id, app.clock.now())
        .await?
    {
        return Err(not_found(&configuration.id.to_string()));
    }
    tracing::info!(configuration.id = %configuration.id, "configuration deleted");
    Ok(())
}
