//! The user as the SDK sees them: metadata, accounts, configurations. No secret is part of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use paragon_wire::ErrorCode;
use paragon_wire::integration::AZURE_DEVOPS;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
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

/// The user with everything about them.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the protocol's names")]
pub struct User {
    /// Always true.
    authenticated: bool,
    user_id: String,
    /// What the app says of the user.
    meta: Map<String, Value>,
    /// Always empty: Azure DevOps has no resources.
    resources: [(); 0],
    project: ProjectOfUser,
    /// The user's entries, by integration.
    integrations: BTreeMap<&'static str, Connection>,
}

/// The project of a user.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ProjectOfUser {
    id: String,
    name: String,
    billing_plan: &'static str,
    accessible_features: [&'static str; 2],
}

/// A user's entry for an integration. What no account is selected for is absent.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// Whether the selected account works.
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_id: Option<Uuid>,
    /// `VALID`, `INVALID` or `PENDING`.
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(
        clippy::option_option,
        reason = "null for an account without one, absent without an account"
    )]
    provider_id: Option<Option<String>>,
    /// What the app may know of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_data: Option<Value>,
    all_credentials: Vec<Credential>,
    #[serde(flatten)]
    configuration: Option<SelectedConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow_settings: Option<WorkflowSettings>,
    /// The same as `workflowSettings`.
    #[serde(skip_serializing_if = "Option::is_none")]
    configured_workflows: Option<WorkflowSettings>,
}

/// The configuration that is used when none is named.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SelectedConfiguration {
    credential_config_id: Uuid,
    external_id: Option<String>,
    /// The app's own data.
    config_meta: Map<String, Value>,
    /// Settings of the integration by input ID.
    shared_settings: Map<String, Value>,
}

/// A connected account.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the protocol's names")]
pub struct Credential {
    id: Uuid,
    project_id: String,
    integration_id: Uuid,
    /// The user.
    persona_id: String,
    /// `VALID`, `INVALID` or `PENDING`.
    status: &'static str,
    account_type: String,
    /// The app's own label.
    external_id: Option<String>,
    /// The provider's ID of the account.
    provider_id: Option<String>,
    /// What the app may know of the account.
    provider_data: Value,
    is_preview_credential: bool,
    refresh_failure_count: i64,
    date_created: String,
    date_updated: String,
    date_refreshed: String,
    configurations: Vec<Configuration>,
}

/// What a user set for an account.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Configuration {
    id: Uuid,
    connect_credential_id: Uuid,
    /// The app's own label, unique for the account.
    external_id: Option<String>,
    is_default: bool,
    /// Settings of the integration by input ID.
    shared_settings: Map<String, Value>,
    workflow_settings: WorkflowSettings,
    /// The app's own data.
    config_meta: Map<String, Value>,
    date_created: String,
    date_updated: String,
}

/// The state of each workflow, by its ID.
type WorkflowSettings = IndexMap<String, WorkflowSetting>;

/// The state of a workflow for one configuration.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct WorkflowSetting {
    enabled: bool,
    /// By input ID.
    settings: Map<String, Value>,
    /// The subscription at the provider, where there is to be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<TriggerState>,
}

/// How far a subscription at the provider has come, and why not further.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct TriggerState {
    /// `pending`, `active` or `failed`.
    status: &'static str,
    /// `{"code", "message"}`.
    error: Option<Value>,
}

/// A user's accounts, read at one time.
pub struct UserState {
    project: Arc<Project>,
    workflows: Vec<WorkflowRow>,
    credentials: Vec<CredentialRow>,
    configurations: Vec<ConfigurationRow>,
    hooks: Vec<HookRow>,
}

/// The user with everything about them.
pub async fn me(app: &App, caller: &EndUser) -> ApiResult<User> {
    let meta = app
        .store
        .user_meta(&caller.project.id, &caller.user)
        .await?;
    let state = UserState::load(app, caller).await?;
    Ok(User {
        authenticated: true,
        user_id: caller.user.as_str().to_owned(),
        meta,
        resources: [],
        project: ProjectOfUser {
            id: caller.project.id.clone(),
            name: caller.project.name.clone(),
            billing_plan: "connect_enterprise",
            accessible_features: ["headless-cp", "dfm"],
        },
        integrations: BTreeMap::from([(AZURE_DEVOPS, state.connection())]),
    })
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
pub async fn credential(app: &App, caller: &EndUser, id: Uuid) -> ApiResult<Credential> {
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
    pub fn connection(&self) -> Connection {
        match credentials::service::default(&self.credentials) {
            Some(selected) => self.connection_by(selected),
            None => Connection {
                workflow_settings: Some(IndexMap::new()),
                configured_workflows: Some(IndexMap::new()),
                ..Connection::default()
            },
        }
    }

    /// The user's entry for the integration, with `selected` as the selected credential.
    pub fn connection_by(&self, selected: &CredentialRow) -> Connection {
        let all = self.credentials.iter().map(|row| self.credential(row));
        let configuration = self.configurations_of(selected.id).next();
        let workflows = configuration.map(|row| self.workflow_settings(row));
        Connection {
            enabled: selected.status == CredentialStatus::Valid,
            credential_id: Some(selected.id),
            credential_status: Some(selected.status.as_str()),
            provider_id: Some(selected.provider_id.clone()),
            provider_data: Some(credentials::service::object(&selected.provider_data)),
            all_credentials: all.collect(),
            configuration: configuration.map(|row| SelectedConfiguration {
                credential_config_id: row.id,
                external_id: row.external_id.clone(),
                config_meta: row.meta.clone(),
                shared_settings: row.shared_settings.clone(),
            }),
            workflow_settings: workflows.clone(),
            configured_workflows: workflows,
        }
    }

    /// A credential as the SDK sees it.
    pub fn credential(&self, row: &CredentialRow) -> Credential {
        let configurations = self.configurations_of(row.id);
        Credential {
            id: row.id,
            project_id: row.project_id.clone(),
            integration_id: self.project.integration_id(),
            persona_id: row.user_id.as_str().to_owned(),
            status: row.status.as_str(),
            account_type: row.account_type.clone(),
            external_id: row.external_id.clone(),
            provider_id: row.provider_id.clone(),
            provider_data: credentials::service::object(&row.provider_data),
            is_preview_credential: false,
            refresh_failure_count: row.refresh_failure_count,
            date_created: rfc3339(row.created_at),
            date_updated: rfc3339(row.updated_at),
            date_refreshed: rfc3339(row.refreshed_at),
            configurations: configurations.map(|row| self.configuration(row)).collect(),
        }
    }

    /// Configurations of a credential, the default one first.
    fn configurations_of(&self, credential: Uuid) -> impl Iterator<Item = &ConfigurationRow> {
        self.configurations
            .iter()
            .filter(move |row| row.credential_id == credential)
    }

    fn configuration(&self, row: &ConfigurationRow) -> Configuration {
        Configuration {
            id: row.id,
            connect_credential_id: row.credential_id,
            external_id: row.external_id.clone(),
            is_default: row.is_default,
            shared_settings: row.shared_settings.clone(),
            workflow_settings: self.workflow_settings(row),
            config_meta: row.meta.clone(),
            date_created: rfc3339(row.created_at),
            date_updated: rfc3339(row.updated_at),
        }
    }

    /// The state of every workflow that the project has, also of those the user never touched.
    fn workflow_settings(&self, row: &ConfigurationRow) -> WorkflowSettings {
        let untouched = WorkflowState::default();
        let setting = |WorkflowRow { workflow, .. }: &WorkflowRow| {
            let state = row.workflows.get(&workflow.id).unwrap_or(&untouched);
            let mut hooks = self.hooks.iter();
            let hook =
                hooks.find(|hook| hook.configuration == row.id && hook.workflow == workflow.id);
            let setting = WorkflowSetting {
                enabled: state.enabled,
                settings: state.settings.clone(),
                trigger: hook.map(trigger),
            };
            (workflow.id.clone(), setting)
        };
        self.workflows.iter().map(setting).collect()
    }
}

fn trigger(hook: &HookRow) -> TriggerState {
    let status = match (&hook.error, &hook.subscription) {
        (Some(_), _) => "failed",
        (None, Some(_)) => "active",
        (None, None) => "pending",
    };
    TriggerState {
        status,
        error: hook.error.clone(),
    }
}
