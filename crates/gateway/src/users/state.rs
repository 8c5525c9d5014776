//! The user as the SDK sees them: metadata, accounts, configurations. No secret is part of it.

use std::sync::Arc;

use paragon_wire::ErrorCode;
use paragon_wire::integration::AZURE_DEVOPS;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::clock::rfc3339;
use crate::configurations::store::{ConfigurationRow, WorkflowState};
use crate::credentials;
use crate::credentials::store::{CredentialRow, CredentialStatus};
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::EndUser;
use crate::projects::Project;
use crate::state::App;
use crate::triggers::store::hooks::HookRow;
use crate::workflows::store::WorkflowRow;

/// Longest metadata of a user, as JSON text.
const MAX_META_BYTES: usize = 32 * 1024;

/// A user's accounts, read at one time.
pub struct UserState {
    project: Arc<Project>,
    workflows: Vec<WorkflowRow>,
    credentials: Vec<CredentialRow>,
    configurations: Vec<ConfigurationRow>,
    hooks: Vec<HookRow>,
}

/// The user with everything about them.
pub async fn me(app: &App, caller: &EndUser) -> ApiResult<Value> {
    let meta = app
        .store
        .user_meta(&caller.project.id, &caller.user)
        .await?;
    let state = UserState::load(app, caller).await?;
    Ok(json!({
        "authenticated": true,
        "userId": caller.user.as_str(),
        "meta": meta,
        "resources": [],
        "project": {
            "id": caller.project.id,
            "name": caller.project.name,
            "billingPlan": "connect_enterprise",
            "accessibleFeatures": ["headless-cp", "dfm"],
        },
        "integrations": { AZURE_DEVOPS: state.connection() },
    }))
}

/// Merges `patch` into the user's metadata, key by key.
pub async fn update_meta(app: &App, caller: &EndUser, patch: Map<String, Value>) -> ApiResult<()> {
    let bytes = serde_json::to_string(&patch)?.len();
    app.limits.stored(&caller.project.id, &caller.user, bytes)?;
    let merge = |meta: &mut Map<String, Value>| {
        meta.extend(patch);
        check_meta(meta)
    };
    let (project, user) = (&caller.project.id, &caller.user);
    app.store
        .change_user_meta(project, user, app.clock.now(), merge)
        .await
}

/// Whether metadata, a user's or a configuration's, is small enough to be kept.
pub fn check_meta(meta: &Map<String, Value>) -> ApiResult<()> {
    let bytes = serde_json::to_string(meta)?.len();
    if bytes > MAX_META_BYTES {
        return Err(ApiError::invalid(format!(
            "`meta` would be {bytes} bytes of JSON; at most {MAX_META_BYTES} are kept"
        )));
    }
    Ok(())
}

/// One credential with all its configurations.
pub async fn credential(app: &App, caller: &EndUser, id: Uuid) -> ApiResult<Value> {
    let state = UserState::load(app, caller).await?;
    let row = state.credentials.iter().find(|row| row.id == id);
    row.map(|row| state.credential(row)).ok_or_else(|| {
        ApiError::new(
            ErrorCode::CredentialNotFound,
            "the account was disconnected",
        )
    })
}

impl UserState {
    /// Reads the user's accounts.
    pub async fn load(app: &App, caller: &EndUser) -> ApiResult<Self> {
        let project = &caller.project;
        Ok(Self {
            project: Arc::clone(project),
            workflows: app.store.workflows(&project.id, AZURE_DEVOPS).await?,
            credentials: credentials::service::list(app, caller, AZURE_DEVOPS).await?,
            configurations: app.store.configurations(&project.id, &caller.user).await?,
            hooks: app.store.hooks_of(&project.id, &caller.user).await?,
        })
    }

    /// The user's entry for the integration; the [`credentials::service::default`] credential is the selected one.
    pub fn connection(&self) -> Value {
        match credentials::service::default(&self.credentials) {
            Some(selected) => self.connection_by(selected),
            None => json!({
                "enabled": false,
                "allCredentials": [],
                "configuredWorkflows": {},
                "workflowSettings": {},
            }),
        }
    }

    /// The user's entry for the integration, with `selected` as the selected credential.
    pub fn connection_by(&self, selected: &CredentialRow) -> Value {
        let all: Vec<_> = self
            .credentials
            .iter()
            .map(|row| self.credential(row))
            .collect();
        let mut entry = json!({
            "enabled": selected.status == CredentialStatus::Valid,
            "credentialId": selected.id,
            "credentialStatus": selected.status.as_str(),
            "providerId": selected.provider_id,
            "providerData": credentials::service::object(&selected.provider_data),
            "allCredentials": all,
        });
        if let Some(row) = self.configurations_of(selected.id).next() {
            entry["credentialConfigId"] = json!(row.id);
            entry["externalId"] = json!(row.external_id);
            entry["configMeta"] = json!(row.meta);
            entry["sharedSettings"] = json!(row.shared_settings);
            entry["workflowSettings"] = self.workflow_settings(row);
            entry["configuredWorkflows"] = self.workflow_settings(row);
        }
        entry
    }

    /// A credential as the SDK sees it.
    pub fn credential(&self, row: &CredentialRow) -> Value {
        let configurations: Vec<_> = self
            .configurations_of(row.id)
            .map(|row| self.configuration(row))
            .collect();
        json!({
            "id": row.id,
            "projectId": row.project_id,
            "integrationId": self.project.integration_id(),
            "personaId": row.user_id.as_str(),
            "status": row.status.as_str(),
            "accountType": row.account_type,
            "externalId": row.external_id,
            "providerId": row.provider_id,
            "providerData": credentials::service::object(&row.provider_data),
            "isPreviewCredential": false,
            "refreshFailureCount": row.refresh_failure_count,
            "dateCreated": rfc3339(row.created_at),
            "dateUpdated": rfc3339(row.updated_at),
            "dateRefreshed": rfc3339(row.refreshed_at),
            "configurations": configurations,
        })
    }

    /// Configurations of a credential, the default one first.
    fn configurations_of(&self, credential: Uuid) -> impl Iterator<Item = &ConfigurationRow> {
        self.configurations
            .iter()
            .filter(move |row| row.credential_id == credential)
    }

    fn configuration(&self, row: &ConfigurationRow) -> Value {
        json!({
            "id": row.id,
            "connectCredentialId": row.credential_id,
            "externalId": row.external_id,
            "isDefault": row.is_default,
            "sharedSettings": row.shared_settings,
            "workflowSettings": self.workflow_settings(row),
            "configMeta": row.meta,
            "dateCreated": rfc3339(row.created_at),
            "dateUpdated": rfc3339(row.updated_at),
        })
    }

    /// The state of every workflow that the project has, also of those the user never touched.
    fn workflow_settings(&self, row: &ConfigurationRow) -> Value {
        let untouched = WorkflowState::default();
        let settings: Map<String, Value> = self
            .workflows
            .iter()
            .map(|WorkflowRow { workflow, .. }| {
                let state = row.workflows.get(&workflow.id).unwrap_or(&untouched);
                let mut json = json!({ "enabled": state.enabled, "settings": state.settings });
                let mut hooks = self.hooks.iter();
                let hook =
                    hooks.find(|hook| hook.configuration == row.id && hook.workflow == workflow.id);
                if let Some(hook) = hook {
                    json["trigger"] = trigger(hook);
                }
                (workflow.id.clone(), json)
            })
            .collect();
        Value::Object(settings)
    }
}

/// How far a subscription at the provider has come, and why not further.
fn trigger(hook: &HookRow) -> Value {
    let status = match (&hook.error, &hook.subscription) {
        (Some(_), _) => "failed",
        (None, Some(_)) => "active",
        (None, None) => "pending",
    };
    json!({ "status": status, "error": hook.error })
}
