//! The configuration as it is written.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use paragon_workflow::Input;

use crate::limits::LimitsConfig;
use crate::projects::DevelopmentKeys;

/// Everything that can be set.
#[derive(Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: String,
    /// Address and port that metrics are served on; absent: nowhere.
    pub metrics_listen: Option<String>,
    /// Address under which browsers reach the gateway; OAuth's redirect URI is `{public_url}/oauth`.
    pub public_url: String,
    /// Database URL.
    pub database: String,
    /// Keys that seal secrets, 32 bytes in base64 each; the first seals, all open.
    #[serde(skip_serializing)]
    pub vault_keys: Vec<SecretString>,
    /// Identity provider.
    pub entra_authority: String,
    /// Base address that replaces all of Azure DevOps' hosts: the simulator's, in development.
    pub azure_devops_simulator: Option<String>,
    /// Database of the workflow engine; default: beside `database`.
    pub workflow_database: Option<String>,
    /// Days that runs of workflows are kept after their end.
    pub history_days: u32,
    /// Largest request body of the proxy, in bytes.
    pub proxy_max_body_bytes: u64,
    /// Most connections in total; fewer where the system allows fewer open files.
    pub max_connections: usize,
    /// Most connections from one address, unless it is a trusted proxy's.
    pub max_connections_per_peer: usize,
    /// How much users may ask for.
    pub limits: LimitsConfig,
    /// Addresses of reverse proxies whose `X-Forwarded-For` says who calls.
    pub trusted_proxies: Vec<String>,
    /// What operators may sign in to the dashboard with, beside their passwords.
    pub oidc: Option<OidcConfig>,
    /// Log filter, such as `info` or `paragon_gateway=debug`.
    pub log: String,
    /// Log format.
    pub log_format: LogFormat,
    /// App registration for projects that have none, given by `dev`.
    #[serde(skip)]
    pub development_keys: Option<DevelopmentKeys>,
    /// Host applications.
    pub projects: Vec<ProjectConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:4400".into(),
            metrics_listen: None,
            public_url: "http://localhost:4400".into(),
            database: "sqlite:paragon-gateway.sqlite".into(),
            vault_keys: Vec::new(),
            entra_authority: "https://login.microsoftonline.com".into(),
            azure_devops_simulator: None,
            workflow_database: None,
            history_days: 30,
            // Azure DevOps takes attachments of up to 130 MB.
            proxy_max_body_bytes: 136 << 20,
            max_connections: 4096,
            max_connections_per_peer: 1024,
            limits: LimitsConfig::default(),
            trusted_proxies: Vec::new(),
            oidc: None,
            log: "info".into(),
            log_format: LogFormat::Text,
            development_keys: None,
            projects: Vec::new(),
        }
    }
}

impl Config {
    /// Database URL of the workflow engine.
    pub fn workflow_database(&self) -> String {
        if let Some(own) = &self.workflow_database {
            return own.clone();
        }
        if self.database.starts_with("postgres") {
            // In a schema of its own.
            return self.database.clone();
        }
        if self.database.contains(":memory:") {
            // Of this gateway alone: the plain name would be shared by all of the process.
            return format!(
                "sqlite:file:runs-{}?mode=memory&cache=shared",
                Uuid::new_v4()
            );
        }
        let path = self.database.split('?').next().unwrap_or_default();
        let stem = path.strip_suffix(".sqlite").unwrap_or(path);
        format!("{stem}-runs.sqlite?mode=rwc")
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// An OpenID provider that signs operators in.
#[derive(Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct OidcConfig {
    /// Issuer, as it stands in its tokens.
    pub issuer: String,
    /// Client id.
    pub client_id: String,
    /// Client secret.
    #[serde(skip_serializing)]
    pub client_secret: SecretString,
    /// What stands on the button after `Sign in with`; default: the issuer's host.
    pub label: Option<String>,
    /// Scopes that are asked for.
    pub scopes: Vec<String>,
    /// Whether every address that the issuer names counts as verified.
    pub trust_email: bool,
    /// Claim that holds groups or roles.
    pub roles_claim: Option<String>,
    /// Values of that claim, and the role that each gives.
    pub roles: BTreeMap<String, String>,
    /// Whether operators may sign in with passwords as well.
    pub passwords: bool,
}

impl Default for OidcConfig {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: SecretString::default(),
            label: None,
            scopes: ["openid", "email", "profile"].map(String::from).into(),
            trust_email: false,
            roles_claim: None,
            roles: BTreeMap::new(),
            passwords: true,
        }
    }
}

/// One host application.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectConfig {
    /// Id passed to `authenticate`.
    pub id: String,
    /// Name shown to users.
    pub name: String,
    /// Origins such as `https://app.example.com`.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    /// Audience user tokens must name.
    #[serde(default)]
    pub audience: Option<String>,
    /// Whether the client `@useparagon/connect` may connect accounts.
    #[serde(default)]
    pub reference_client: bool,
    /// Public keys of the backend that signs user tokens.
    #[serde(default)]
    pub signing_keys: Vec<KeyConfig>,
    /// Where the backend publishes its keys instead.
    #[serde(default)]
    pub jwks_url: Option<String>,
    /// App registration in Entra ID.
    #[serde(default)]
    pub azure_devops: AzureDevopsConfig,
    /// Settings that users fill in once for all workflows.
    #[serde(default)]
    pub settings: Vec<Input>,
    /// Workflows that users may switch on, each a definition.
    #[serde(default)]
    pub workflows: Vec<serde_json::Value>,
    /// Files with more of them, one definition as JSON in each.
    #[serde(default)]
    pub workflow_files: Vec<PathBuf>,
    /// What workflows refer to as `{{secrets.NAME}}`.
    #[serde(default, skip_serializing)]
    pub secrets: BTreeMap<String, SecretString>,
}

/// A public key, written here or in a file.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KeyConfig {
    /// Key id that tokens name.
    #[serde(default)]
    pub kid: Option<String>,
    /// PEM text.
    #[serde(default)]
    pub public_key: Option<String>,
    /// File with the PEM text.
    #[serde(default)]
    pub public_key_file: Option<PathBuf>,
}

/// App registration in Entra ID; id and secret left blank mean the development keys.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct AzureDevopsConfig {
    /// Application (client) id.
    pub client_id: String,
    /// Client secret.
    #[serde(skip_serializing)]
    pub client_secret: SecretString,
    /// `organizations` unless the registration is for one tenant.
    pub tenant: Option<String>,
    /// Scopes; default: profile, projects, work items read and write.
    pub scopes: Option<Vec<String>>,
    /// Pages of the app that may take the authorization code themselves and hand it to `completeInstall`.
    pub redirect_urls: Vec<String>,
    /// Whether pages may read access tokens with `getIntegrationAccount({ includeAccountAuth: true })`.
    pub share_access_tokens: bool,
}
