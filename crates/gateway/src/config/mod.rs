//! Configuration: defaults, then a TOML file, then `PARAGON_*` variables, then flags. Every wrong value is named.

mod check;
mod file;
mod oidc;
mod workflows;

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};

pub use check::{Checked, ConfigError, check};
pub use file::{AzureDevopsConfig, Config, KeyConfig, LogFormat, OidcConfig, ProjectConfig};
pub use workflows::{InputProblem, input_problems};

/// File that is read when no other is named and it exists.
pub const DEFAULT_FILE: &str = "paragon-gateway.toml";

/// Values given as flags; they win over everything else.
#[derive(Debug, Default, Clone, serde::Serialize, clap::Args)]
pub struct Overrides {
    /// Address and port to listen on, such as 127.0.0.1:4400.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// Address under which browsers reach the gateway, such as `https://connect.example.com`.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// Database, such as `sqlite:gateway.sqlite`.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
}

/// Reads the configuration from all its sources.
///
/// # Errors
/// [`ConfigError::File`] for a named file that is not there, [`ConfigError::Source`] for unknown keys and wrong types.
pub fn load(file: Option<&Path>, overrides: &Overrides) -> Result<Config, ConfigError> {
    if let Some(missing) = file.filter(|file| !file.is_file()) {
        return Err(ConfigError::File(missing.to_owned()));
    }
    let path = file.map_or_else(|| PathBuf::from(DEFAULT_FILE), Path::to_path_buf);
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if path.is_file() {
        figment = figment.merge(Toml::file_exact(path));
    }
    figment
        .merge(variables())
        .merge(Serialized::defaults(overrides))
        .extract()
        .map_err(|error| ConfigError::Source(Box::new(error)))
}

/// `PARAGON_*` variables. Kubernetes sets `PARAGON_GATEWAY_*` for a service of that name: those are not settings.
fn variables() -> Env {
    Env::prefixed("PARAGON_")
        .filter(|key| key != "config" && !key.starts_with("gateway"))
        .split("__")
}
