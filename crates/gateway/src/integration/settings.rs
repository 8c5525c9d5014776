//! The settings of the Azure DevOps integration that are in force: what an operator saved in the dashboard, else what the
//! configuration file says. Everything that uses them asks here, each time, so that a change counts at once.

use paragon_wire::ErrorCode;
use paragon_wire::integration::AZURE_DEVOPS;
use secrecy::SecretString;
use uuid::Uuid;

use super::store::{ClientSecretRow, IntegrationKey, IntegrationRow};
use crate::clock::Millis;
use crate::error::{ApiError, ApiResult};
use crate::projects::{AzureDevopsSettings, ConfiguredAzureDevops, Project};
use crate::state::App;
use paragon_azure_devops::scopes;

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Saved in the dashboard.
    Dashboard,
    /// The configuration file.
    File,
    /// The development keys, or what is asked for by default.
    Default,
    /// Nowhere: it is not set.
    Nowhere,
}

impl Source {
    /// As it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard",
            Self::File => "file",
            Self::Default => "default",
            Self::Nowhere => "nowhere",
        }
    }
}

/// A client secret that is in use.
#[derive(Debug, Clone)]
pub struct SecretInUse {
    /// Id, for one that was saved in the dashboard.
    pub id: Option<Uuid>,
    /// The secret.
    pub value: SecretString,
}

/// What was saved, and what follows from it.
#[derive(Debug)]
pub struct InForce {
    /// As saved in the dashboard.
    pub row: Option<IntegrationRow>,
    /// Saved secrets, in the order in which they are tried.
    pub stored_secrets: Vec<ClientSecretRow>,
    /// Application (client) id; empty when there is none yet.
    pub client_id: String,
    /// Where the client id comes from.
    pub client_id_source: Source,
    /// Names of the permissions.
    pub scopes: Vec<String>,
    /// Where they come from.
    pub scopes_source: Source,
    /// Where the client secrets come from.
    pub secrets_source: Source,
}

impl InForce {
    /// Reads what is in force for `project`.
    pub async fn read(app: &App, project: &Project) -> ApiResult<Self> {
        let key = key(project);
        let row = app.store.integration(key).await?;
        let stored = app.store.client_secrets(key).await?;
        Ok(resolve(&project.azure_devops, row, stored, app.clock.now()))
    }

    /// Whether users may connect and call.
    pub fn active(&self) -> bool {
        self.row.as_ref().is_none_or(|row| row.active)
    }

    /// Rises with every change; 0 before the first.
    pub fn revision(&self) -> i64 {
        self.row.as_ref().map_or(0, |row| row.revision)
    }

    /// Whether client id and secret are there.
    pub fn is_set_up(&self) -> bool {
        self.client_id_source != Source::Nowhere && self.secrets_source != Source::Nowhere
    }

    /// Opens the secrets that are in use, in the order in which they are tried.
    pub fn open_secrets(&self, app: &App, project: &Project) -> ApiResult<Vec<SecretInUse>> {
        let only = |value: SecretString| vec![SecretInUse { id: None, value }];
        match self.secrets_source {
            Source::Dashboard => self
                .stored_secrets
                .iter()
                .map(|row| open(app, project, row))
                .collect(),
            Source::File => {
                let client = project.azure_devops.client.as_ref();
                Ok(client.map_or_else(Vec::new, |(_, secret)| only(secret.clone())))
            }
            Source::Default => {
                let keys = project.azure_devops.development_keys.as_ref();
                Ok(keys.map_or_else(Vec::new, |keys| only(keys.client_secret.clone())))
            }
            Source::Nowhere => Ok(Vec::new()),
        }
    }

    /// The settings with the secrets that are in use.
    pub fn settings(&self, project: &Project, secrets: Vec<SecretInUse>) -> AzureDevopsSettings {
        AzureDevopsSettings {
            client_id: self.client_id.clone(),
            client_secrets: secrets.into_iter().map(|secret| secret.value).collect(),
            tenant: project.azure_devops.tenant.clone(),
            scopes: self
                .scopes
                .iter()
                .map(|name| scopes::qualified(name))
                .collect(),
            revision: self.revision(),
        }
    }
}

/// The Azure DevOps integration of a project.
pub fn key(project: &Project) -> IntegrationKey<'_> {
    IntegrationKey {
        project: &project.id,
        integration: AZURE_DEVOPS,
    }
}

/// Settings to connect or refresh with.
///
/// # Errors
/// `IntegrationInactive`, `IntegrationMisconfigured` where client id or secret is missing.
pub async fn usable(app: &App, project: &Project) -> ApiResult<AzureDevopsSettings> {
    let in_force = InForce::read(app, project).await?;
    if !in_force.active() {
        return Err(inactive());
    }
    if !in_force.is_set_up() {
        tracing::error!(project.id = %project.id, "the integration has no client ID or no client secret; set them in the dashboard or in the configuration file");
        return Err(ApiError::new(
            ErrorCode::IntegrationMisconfigured,
            "This app's connection to Microsoft is not set up yet. The app's operator must do that.",
        ));
    }
    let secrets = in_force.open_secrets(app, project)?;
    Ok(in_force.settings(project, secrets))
}

/// Lets nobody connect or call while the operator has the integration switched off.
///
/// # Errors
/// `IntegrationInactive`.
pub async fn check_active(app: &App, project: &Project) -> ApiResult<()> {
    let row = app.store.recent_integration(key(project)).await?;
    if row.is_none_or(|row| row.active) {
        return Ok(());
    }
    Err(inactive())
}

fn inactive() -> ApiError {
    ApiError::new(
        ErrorCode::IntegrationInactive,
        "this app's operator has switched the Azure DevOps integration off",
    )
}

fn open(app: &App, project: &Project, row: &ClientSecretRow) -> ApiResult<SecretInUse> {
    let bytes = app
        .vault
        .open(&row.secret, &ClientSecretRow::seal_row(&project.id, row.id))
        .map_err(ApiError::internal)?;
    let text = std::str::from_utf8(&bytes).map_err(ApiError::internal)?;
    Ok(SecretInUse {
        id: Some(row.id),
        value: text.to_owned().into(),
    })
}

/// What wins: the dashboard over the file over the development keys, each setting for itself. A secret belongs to its
/// client id, so the file's secret is used with the file's client id only.
fn resolve(
    file: &ConfiguredAzureDevops,
    row: Option<IntegrationRow>,
    mut stored: Vec<ClientSecretRow>,
    now: Millis,
) -> InForce {
    // Stable: the newest first, but an expired one last.
    stored.sort_by_key(|row| row.expires_at.is_some_and(|end| end <= now));
    let saved_id = row.as_ref().and_then(|row| row.client_id.clone());
    let file_id = file.client.as_ref().map(|(id, _)| id.clone());
    let is_files = saved_id.is_none() || saved_id == file_id;
    let development = file.development_keys.as_ref();
    let (client_id, client_id_source) = match (saved_id, file_id, development) {
        (Some(id), _, _) => (id, Source::Dashboard),
        (None, Some(id), _) => (id, Source::File),
        (None, None, Some(keys)) => (keys.client_id.clone(), Source::Default),
        (None, None, None) => (String::new(), Source::Nowhere),
    };
    let secrets_source = match client_id_source {
        Source::Default => Source::Default,
        _ if !stored.is_empty() => Source::Dashboard,
        _ if is_files && file.client.is_some() => Source::File,
        _ => Source::Nowhere,
    };
    let saved_scopes = row.as_ref().and_then(|row| row.scopes.clone());
    let (scopes, scopes_source) = match (saved_scopes, &file.scopes) {
        (Some(scopes), _) => (scopes, Source::Dashboard),
        (None, Some(scopes)) => {
            let names = scopes.iter().map(|scope| scopes::bare(scope).to_owned());
            (names.collect(), Source::File)
        }
        (None, None) => (scopes::DEFAULT.map(str::to_owned).to_vec(), Source::Default),
    };
    InForce {
        row,
        stored_secrets: stored,
        client_id,
        client_id_source,
        scopes,
        scopes_source,
        secrets_source,
    }
}

#[cfg(test)]
mod tests;
