//! The settings of an integration in the dashboard: read by all, changed by editors. No secret is ever given out.

use paragon_wire::{ErrorCode, ErrorDetail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;
use uuid::Uuid;

use super::settings::{InForce, Source, key};
use super::store::{ClientSecretRow, IntegrationRow};
use crate::audit::store::NewAuditEntry;
use crate::clock::{Millis, rfc3339};
use crate::error::{ApiError, ApiResult};
use crate::operators::{Operator, Right};
use crate::projects::Project;
use crate::state::App;
use paragon_azure_devops::scopes;

/// Secrets at the same time: the old one goes on working while the new one is brought in.
pub(crate) const MAX_SECRETS: i64 = 2;
const MAX_CLIENT_ID_CHARS: usize = 100;
const DAY_MS: Millis = 24 * 60 * 60 * 1000;

/// Settings to be saved.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSettings {
    /// Revision that was read before the change.
    pub revision: i64,
    /// Application (client) id; blank leaves the configuration file's in force.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Names of the permissions; absent leaves the configuration file's in force.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// Whether users may connect and call.
    pub active: bool,
}

/// The settings in force and where they come from: `dashboard`, `file`, `default` or `nowhere`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationSettings {
    project_id: String,
    /// What the app registration must name.
    redirect_url: Url,
    /// `organizations`, a tenant ID or a verified domain.
    tenant: String,
    /// Rises with every change.
    revision: i64,
    updated_at: Option<String>,
    updated_by: Option<String>,
    /// Whether users may connect and call.
    active: bool,
    is_set_up: bool,
    /// Why Entra ID refuses these settings, if it does.
    refusal: Option<String>,
    client_id: ClientIdSetting,
    scopes: ScopesSetting,
    secrets: SecretsSetting,
}

/// Application (client) ID.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ClientIdSetting {
    /// Empty when there is none yet.
    value: String,
    source: &'static str,
    saved: Option<String>,
    in_file: Option<String>,
    has_development_keys: bool,
}

/// Names of the permissions.
#[derive(Debug, Serialize, JsonSchema)]
struct ScopesSetting {
    value: Vec<String>,
    source: &'static str,
}

/// Client secrets, without themselves.
#[derive(Debug, Serialize, JsonSchema)]
struct SecretsSetting {
    source: &'static str,
    /// How many there may be.
    limit: i64,
    stored: Vec<StoredSecret>,
}

/// What may be known of a secret: everything but itself.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct StoredSecret {
    id: Uuid,
    created_at: String,
    created_by: String,
    expires_at: Option<String>,
    days_left: Option<i64>,
    is_used_first: bool,
}

/// The permissions that can be asked for, by group.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PermissionList {
    permissions: Vec<Permission>,
    /// The one that the gateway itself needs.
    required: &'static str,
    /// What is asked for by default.
    default: [&'static str; 3],
}

/// A permission.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Permission {
    group: &'static str,
    name: &'static str,
    /// What it allows, in words for the operator.
    allows: &'static str,
    high_privilege: bool,
    /// What it includes.
    includes: Vec<&'static str>,
}

/// The settings in force and where they come from.
///
/// # Errors
/// `RoleNotSufficient`.
pub async fn read(
    app: &App,
    operator: &Operator,
    project: &Project,
) -> ApiResult<IntegrationSettings> {
    operator.require(Right::Read)?;
    let in_force = InForce::read(app, project).await?;
    Ok(described(app, project, &in_force))
}

/// Saves settings; they count from the next use on.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`, `RevisionConflict`.
pub async fn save(
    app: &App,
    operator: &Operator,
    project: &Project,
    new: NewSettings,
) -> ApiResult<IntegrationSettings> {
    operator.require(Right::EditSettings)?;
    let before = InForce::read(app, project).await?;
    let client_id = new.client_id.map(|id| id.trim().to_owned());
    let row = IntegrationRow {
        client_id: client_id.filter(|id| !id.is_empty()),
        scopes: new.scopes,
        active: new.active,
        revision: new.revision,
        updated_at: app.clock.now(),
        updated_by: operator.email.clone(),
    };
    check(&row)?;
    let saved = |row: Option<&IntegrationRow>| {
        json!({
            "active": row.is_none_or(|row| row.active),
            "clientId": row.and_then(|row| row.client_id.as_deref()),
            "scopes": row.and_then(|row| row.scopes.as_deref()),
        })
    };
    let entry = NewAuditEntry {
        before: Some(saved(before.row.as_ref())),
        after: Some(saved(Some(&row))),
        ..entry(app, operator, project, "integration.changed")
    };
    if !app
        .store
        .save_integration(key(project), &row, &entry)
        .await?
    {
        return Err(ApiError::new(
            ErrorCode::RevisionConflict,
            "someone else changed the settings, and yours were not saved; review their changes, then edit again",
        ));
    }
    tracing::info!(project.id = %project.id, operator.id = %operator.id, active = row.active, "integration settings changed");
    read(app, operator, project).await
}

/// An entry on `project`, to be completed.
pub(crate) fn entry<'a>(
    app: &App,
    operator: &'a Operator,
    project: &'a Project,
    action: &'a str,
) -> NewAuditEntry<'a> {
    NewAuditEntry {
        at: app.clock.now(),
        actor: &operator.email,
        action,
        subject: None,
        project: Some(&project.id),
        before: None,
        after: None,
    }
}

fn check(row: &IntegrationRow) -> ApiResult<()> {
    let mut faults = Vec::new();
    let mut fault = |path: &str, message: String| {
        faults.push(ErrorDetail {
            path: path.into(),
            message,
        });
    };
    let is_id = |id: &str| {
        id.len() <= MAX_CLIENT_ID_CHARS
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    if row.client_id.as_deref().is_some_and(|id| !is_id(id)) {
        fault("/clientId", "must be the Application (client) ID of the app registration, such as 11111111-2222-3333-4444-555555555555".into());
    }
    for (index, name) in row.scopes.iter().flatten().enumerate() {
        if scopes::find(name).is_none() {
            let name: String = name.chars().take(60).collect();
            fault(
                &format!("/scopes/{index}"),
                format!(
                    "`{}` is not a permission of Azure DevOps",
                    name.escape_debug()
                ),
            );
        }
    }
    let has_profile = |names: &Vec<String>| {
        names.iter().any(|name| {
            [scopes::PROFILE, scopes::IMPERSONATION].contains(&name.as_str())
                || scopes::included(name).contains(&scopes::PROFILE)
        })
    };
    if row.scopes.as_ref().is_some_and(|names| !has_profile(names)) {
        fault(
            "/scopes",
            format!(
                "must include `{}`: the gateway uses it to list the user's organizations",
                scopes::PROFILE
            ),
        );
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(ApiError::faulty(faults))
}

fn described(app: &App, project: &Project, in_force: &InForce) -> IntegrationSettings {
    let now = app.clock.now();
    let row = in_force.row.as_ref();
    let file = &project.azure_devops;
    let stored = in_force.stored_secrets.iter().enumerate();
    let stored = stored.map(|(index, row)| {
        let is_used = index == 0 && in_force.secrets_source == Source::Dashboard;
        secret(row, is_used, now)
    });
    IntegrationSettings {
        project_id: project.id.clone(),
        redirect_url: app.entra.redirect_uri().clone(),
        tenant: file.tenant.clone(),
        revision: in_force.revision(),
        updated_at: row.map(|row| rfc3339(row.updated_at)),
        updated_by: row.map(|row| row.updated_by.clone()),
        active: in_force.active(),
        is_set_up: in_force.is_set_up(),
        refusal: app.broken.reason(&project.id, in_force.revision()),
        client_id: ClientIdSetting {
            value: in_force.client_id.clone(),
            source: in_force.client_id_source.as_str(),
            saved: row.and_then(|row| row.client_id.clone()),
            in_file: file.client.as_ref().map(|(id, _)| id.clone()),
            has_development_keys: file.development_keys.is_some(),
        },
        scopes: ScopesSetting {
            value: in_force.scopes.clone(),
            source: in_force.scopes_source.as_str(),
        },
        secrets: SecretsSetting {
            source: in_force.secrets_source.as_str(),
            limit: MAX_SECRETS,
            stored: stored.collect(),
        },
    }
}

fn secret(row: &ClientSecretRow, is_used: bool, now: Millis) -> StoredSecret {
    let left = row.expires_at.map(|end| end - now);
    StoredSecret {
        id: row.id,
        created_at: rfc3339(row.created_at),
        created_by: row.created_by.clone(),
        expires_at: row.expires_at.map(rfc3339),
        days_left: left.map(|left| left.div_euclid(DAY_MS)),
        is_used_first: is_used,
    }
}

/// The permissions that can be asked for, by group.
pub fn permissions(operator: &Operator) -> ApiResult<PermissionList> {
    operator.require(Right::Read)?;
    let permissions = scopes::all().map(|scope| Permission {
        group: scope.group,
        name: scope.name,
        allows: scope.allows,
        high_privilege: scope.high_privilege,
        includes: scopes::included(scope.name),
    });
    Ok(PermissionList {
        permissions: permissions.collect(),
        required: scopes::PROFILE,
        default: scopes::DEFAULT,
    })
}
