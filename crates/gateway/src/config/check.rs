//! Turns the configuration as written into values that are known to be right, or lists everything that is wrong.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use secrecy::ExposeSecret as _;
use url::Url;

use super::file::{AzureDevopsConfig, Config, KeyConfig, ProjectConfig};
use super::oidc::check_oidc;
use super::workflows::{check_inputs, check_reachable, check_secrets, read_workflows};
use crate::identity::{KeySource, VerifyingKey};
use crate::loopback::is_private;
use crate::oauth::OidcSettings;
use crate::operators::admission::Admission;
use crate::projects::{ConfiguredAzureDevops, Project, Projects};
use crate::serving::ConnectionLimits;

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file is not there.
    #[error("the configuration file `{0}` does not exist")]
    File(PathBuf),
    /// An unknown key or a value of the wrong type.
    #[error("configuration: {0}")]
    Source(Box<figment::Error>),
    /// Values that cannot be right, all of them.
    #[error("configuration:\n{}", .0.iter().map(|problem| format!("  - {problem}")).collect::<Vec<_>>().join("\n"))]
    Values(Vec<String>),
}

/// Values that are known to be right.
#[derive(Debug)]
pub struct Checked {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Address to serve metrics on.
    pub metrics_listen: Option<SocketAddr>,
    /// The gateway's own address, without a path.
    pub public_url: Url,
    /// Identity provider.
    pub entra_authority: Url,
    /// The simulator's address, in development.
    pub azure_devops_simulator: Option<Url>,
    /// How many connections there may be.
    pub connections: ConnectionLimits,
    /// Reverse proxies that are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The OpenID provider of operators, and whom it lets in.
    pub oidc: Option<(OidcSettings, Admission)>,
    /// Host applications.
    pub projects: Projects,
}

/// Checks every value. `development`: localhost is allowed, and so is plain http.
pub fn check(config: &Config, development: bool) -> Result<Checked, ConfigError> {
    let mut problems = Vec::new();
    let listen = config.listen.parse().map_err(|_| {
        problems.push(format!(
            "`listen` is `{}`: write an address and a port, such as 127.0.0.1:4400",
            config.listen
        ));
    });
    let metrics_listen = config.metrics_listen.as_deref().and_then(|address| {
        let parsed = address.parse().ok();
        if parsed.is_none() {
            problems.push(format!(
                "`metrics_listen` is `{address}`: write an address and a port, such as 127.0.0.1:9464"
            ));
        }
        parsed
    });
    let public_url = origin_url("public_url", &config.public_url, &mut problems);
    let entra_authority = base_url("entra_authority", &config.entra_authority, &mut problems);
    let simulator = config
        .azure_devops_simulator
        .as_deref()
        .map(|url| base_url("azure_devops_simulator", url, &mut problems));
    if !development {
        check_transport(config, &mut problems);
    }
    let trusted_proxies = check_proxies(&config.trusted_proxies, &mut problems);
    let connections = check_connections(config, &trusted_proxies, &mut problems);
    let oidc = config
        .oidc
        .as_ref()
        .and_then(|oidc| check_oidc(oidc, &mut problems));
    let mut projects = Vec::new();
    for (index, project) in config.projects.iter().enumerate() {
        if config.projects[..index]
            .iter()
            .any(|other| other.id == project.id)
        {
            problems.push(format!(
                "`projects[{index}].id`: `{}` appears twice",
                project.id
            ));
        }
        if let Some(mut project) = check_project(index, project, development, &mut problems) {
            let keys = &mut project.azure_devops.development_keys;
            keys.clone_from(&config.development_keys);
            projects.push(project);
        }
    }
    if config.projects.is_empty() {
        problems.push("`projects` is empty: add a [[projects]] table with `id`, `name`, `allowed_origins` and `signing_keys`".into());
    }
    if let (Ok(url), None) = (&public_url, &config.azure_devops_simulator) {
        check_reachable(url, &projects, &mut problems);
    }
    match (listen, public_url, entra_authority, simulator.transpose()) {
        (Ok(listen), Ok(public_url), Ok(entra_authority), Ok(azure_devops_simulator))
            if problems.is_empty() =>
        {
            Ok(Checked {
                listen,
                metrics_listen,
                public_url,
                entra_authority,
                azure_devops_simulator,
                connections,
                trusted_proxies,
                oidc,
                projects: Projects::new(projects),
            })
        }
        _ => Err(ConfigError::Values(problems)),
    }
}

/// Tokens, codes, passwords and the keys that tokens are verified with must not cross a network in the clear, nor the pages
/// that handle them.
///
/// Source: RFC 9700, 2.6; RFC 6749, 3.1.2.1 and 3.2.
fn check_transport(config: &Config, problems: &mut Vec<String>) {
    let simulator = config.azure_devops_simulator.as_deref();
    let own = [
        ("public_url", Some(config.public_url.as_str())),
        ("entra_authority", Some(config.entra_authority.as_str())),
        ("azure_devops_simulator", simulator),
    ];
    let own = own
        .into_iter()
        .filter_map(|(name, url)| Some((name.to_owned(), url?)));
    let of_projects = config
        .projects
        .iter()
        .enumerate()
        .flat_map(|(index, project)| {
            let jwks = project.jwks_url.as_deref();
            let jwks = jwks.map(|url| (format!("projects[{index}].jwks_url"), url));
            let redirects = project.azure_devops.redirect_urls.iter();
            let redirects = redirects.map(move |url| {
                (
                    format!("projects[{index}].azure_devops.redirect_urls"),
                    url.as_str(),
                )
            });
            let origins = project.allowed_origins.iter();
            let origins = origins
                .map(move |url| (format!("projects[{index}].allowed_origins"), url.as_str()));
            jwks.into_iter().chain(redirects).chain(origins)
        });
    for (name, text) in own.chain(of_projects) {
        if Url::parse(text).is_ok_and(|url| url.scheme() == "http" && !is_private(&url)) {
            problems.push(format!(
                "`{name}` is `{text}`: others on the network could read and change the traffic; write an https address \
                 (plain http is only for localhost and other loopback addresses)"
            ));
        }
    }
}

fn check_proxies(addresses: &[String], problems: &mut Vec<String>) -> Vec<IpAddr> {
    let read = |text: &String| {
        let address = text.trim().parse::<IpAddr>();
        if address.is_err() {
            problems.push(format!("`trusted_proxies` has `{text}`: write addresses of your reverse proxies, such as 127.0.0.1"));
        }
        address.ok().map(|address| address.to_canonical())
    };
    addresses.iter().filter_map(read).collect()
}

fn check_connections(
    config: &Config,
    trusted_proxies: &[IpAddr],
    problems: &mut Vec<String>,
) -> ConnectionLimits {
    for (name, number) in [
        ("max_connections", config.max_connections),
        ("max_connections_per_peer", config.max_connections_per_peer),
    ] {
        if number == 0 {
            problems.push(format!("`{name}` is 0: no client could connect; write the maximum number of connections, such as 1024"));
        }
    }
    ConnectionLimits {
        total: config.max_connections,
        per_peer: config.max_connections_per_peer,
        trusted_proxies: trusted_proxies.to_vec(),
    }
}

fn base_url(name: &str, text: &str, problems: &mut Vec<String>) -> Result<Url, ()> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.filter(|url| url.query().is_none() && url.fragment().is_none() && url.username().is_empty()).ok_or_else(|| {
        problems.push(format!("`{name}` is `{text}`: write an http or https address, such as https://connect.example.com"));
    })
}

fn origin_url(name: &str, text: &str, problems: &mut Vec<String>) -> Result<Url, ()> {
    let url = base_url(name, text, problems)?;
    if url.path() == "/" {
        return Ok(url);
    }
    problems.push(format!(
        "`{name}` is `{text}`: remove the path; the gateway needs its own origin"
    ));
    Err(())
}

fn check_project(
    index: usize,
    config: &ProjectConfig,
    development: bool,
    problems: &mut Vec<String>,
) -> Option<Project> {
    let at = |field: &str| format!("`projects[{index}].{field}`");
    let before = problems.len();
    let good_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if config.id.is_empty() || config.id.len() > 64 || !config.id.bytes().all(good_id) {
        problems.push(format!(
            "{} is `{}`: use 1 to 64 letters, digits, `-` or `_`",
            at("id"),
            config.id
        ));
    }
    for origin in &config.allowed_origins {
        if !Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == *origin) {
            problems.push(format!("{} has `{origin}`: write scheme, host and port only, such as https://app.example.com", at("allowed_origins")));
        }
    }
    let keys = check_keys(index, config, problems);
    let azure_devops = check_azure_devops(&at("azure_devops"), &config.azure_devops, problems);
    let place = format!("projects[{index}]");
    check_secrets(&place, &config.secrets, problems);
    let workflows = read_workflows(&place, config, problems);
    check_inputs(&format!("{place}.settings"), &config.settings, problems);
    if problems.len() > before {
        return None;
    }
    Some(Project {
        id: config.id.clone(),
        name: config.name.clone(),
        allowed_origins: config.allowed_origins.clone(),
        allow_localhost: development,
        audience: config.audience.clone(),
        reference_client: config.reference_client,
        keys: keys?,
        azure_devops,
        settings: config.settings.clone(),
        workflows,
        secrets: config.secrets.clone(),
    })
}

fn check_keys(
    index: usize,
    config: &ProjectConfig,
    problems: &mut Vec<String>,
) -> Option<KeySource> {
    let place = format!("`projects[{index}]`");
    match (&config.jwks_url, config.signing_keys.as_slice()) {
        (Some(_), [_, ..]) => {
            problems.push(format!(
                "{place} has both `signing_keys` and `jwks_url`: keep one"
            ));
            None
        }
        (Some(url), []) => base_url(&format!("projects[{index}].jwks_url"), url, problems)
            .ok()
            .map(KeySource::Jwks),
        (None, keys) => {
            let read = |(number, key): (usize, &KeyConfig)| {
                read_key(key)
                    .map_err(|problem| {
                        problems.push(format!(
                            "`projects[{index}].signing_keys[{number}]`: {problem}"
                        ));
                    })
                    .ok()
            };
            keys.iter()
                .enumerate()
                .map(read)
                .collect::<Option<Vec<_>>>()
                .map(KeySource::Fixed)
        }
    }
}

fn read_key(config: &KeyConfig) -> Result<VerifyingKey, String> {
    let pem = match (&config.public_key, &config.public_key_file) {
        (Some(pem), None) => pem.clone(),
        (None, Some(file)) => std::fs::read_to_string(file)
            .map_err(|error| format!("`{}` cannot be read: {error}", file.display()))?,
        _ => return Err("give either `public_key` or `public_key_file`".into()),
    };
    let key = VerifyingKey::from_pem(&pem).map_err(|error| error.to_string())?;
    Ok(VerifyingKey {
        kid: config.kid.clone(),
        ..key
    })
}

fn check_azure_devops(
    place: &str,
    config: &AzureDevopsConfig,
    problems: &mut Vec<String>,
) -> ConfiguredAzureDevops {
    let blank_id = config.client_id.trim().is_empty();
    let blank_secret = config.client_secret.expose_secret().trim().is_empty();
    if blank_id != blank_secret {
        problems.push(format!("{place}: `client_id` and `client_secret` go together; leave both blank to set them in the dashboard"));
    }
    for url in &config.redirect_urls {
        let parsed = Url::parse(url).ok();
        if !parsed.is_some_and(|parsed| {
            matches!(parsed.scheme(), "http" | "https")
                && parsed.has_host()
                && parsed.fragment().is_none()
        }) {
            problems.push(format!("{place}: `redirect_urls` has `{url}`: write it as it is registered with Entra ID, such as https://app.example.com/connected"));
        }
    }
    let client = (!blank_id && !blank_secret)
        .then(|| (config.client_id.trim().into(), config.client_secret.clone()));
    ConfiguredAzureDevops {
        client,
        development_keys: None,
        tenant: config
            .tenant
            .clone()
            .unwrap_or_else(|| "organizations".into()),
        scopes: config.scopes.clone(),
        redirect_urls: config.redirect_urls.clone(),
        share_access_tokens: config.share_access_tokens,
    }
}

#[cfg(test)]
mod tests;
