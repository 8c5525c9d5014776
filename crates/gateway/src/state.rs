//! `App`: everything a request needs, made once at start.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use paragon_wire::integration::AZURE_DEVOPS;
use url::Url;

use crate::azure_devops::directories::Directories;
use crate::azure_devops::pauses::ProviderPauses;
use crate::change_signal::ChangeSignal;
use crate::clock::{Clock, Millis};
use crate::config::{Checked, Config};
use crate::engine::SharedRuntime;
use crate::http::cookie::Cookies;
use crate::identity::{JwksCache, VerifiedTokens};
use crate::jobs::supervisor::Supervisor;
use crate::limits::Limits;
use crate::locks::KeyedLocks;
use crate::oauth::{BrokenIntegrations, EntraClient, OidcClient};
use crate::operators::admission::Admission;
use crate::operators::password::Passwords;
use crate::projects::Projects;
use crate::proxy::calls::ProxyCalls;
use crate::proxy::{EgressClient, EgressPolicy, ProxyLimits};
use crate::store::Store;
use crate::vault::Vault;
use paragon_azure_devops::HostTable;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const OWN_CALL_TIMEOUT: Duration = Duration::from_secs(30);
const DAY: Duration = Duration::from_hours(24);

/// State shared by all requests.
#[derive(Debug)]
pub struct App {
    /// The gateway's own address.
    pub public_url: Url,
    /// Host applications.
    pub projects: Projects,
    /// Database.
    pub store: Store,
    /// Keys that seal secrets.
    pub vault: Vault,
    /// Clock.
    pub clock: Clock,
    /// Keys of projects that publish them.
    pub jwks: JwksCache,
    /// User tokens whose signature was checked.
    pub verified_tokens: VerifiedTokens,
    /// OAuth client.
    pub entra: EntraClient,
    /// HTTP client for Azure DevOps.
    pub upstream: EgressClient,
    /// Azure DevOps' hosts.
    pub hosts: HostTable,
    /// Directories of organizations.
    pub directories: Directories,
    /// Changes of flows.
    pub flows: ChangeSignal,
    /// Changes of runs.
    pub run_changes: ChangeSignal,
    /// What runs workflows, once it is started.
    pub engine: OnceLock<SharedRuntime>,
    /// What the gateway does of itself.
    pub supervisor: Supervisor,
    /// Calls through the proxy that are not written down yet.
    pub proxy_calls: ProxyCalls,
    /// Days that runs are kept after their end, and counts of calls.
    pub history_days: u32,
    /// One refresh a credential.
    pub refresh_locks: KeyedLocks,
    /// Accounts that the provider asked to wait.
    pub pauses: ProviderPauses,
    /// Integrations Entra ID refuses.
    pub broken: BrokenIntegrations,
    /// Names and attributes of cookies.
    pub cookies: Cookies,
    /// How much users may ask for.
    pub limits: Limits,
    /// Limits of the proxy.
    pub proxy_limits: ProxyLimits,
    /// Passwords of operators.
    pub passwords: Passwords,
    /// The OpenID provider of operators, and whom it lets in.
    pub oidc: Option<(OidcClient, Admission)>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The demo app and its backend, in `dev` only.
    pub demo: Option<crate::demo::DemoBackend>,
    authority: Url,
}

/// The gateway cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Keys are missing or wrong.
    #[error(transparent)]
    Vault(#[from] crate::vault::VaultError),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The database cannot be read.
    #[error("the database cannot be read: {0}")]
    Database(#[from] sqlx::Error),
    /// No password can be checked.
    #[error(transparent)]
    Password(#[from] crate::operators::password::PasswordError),
    /// No HTTP client.
    #[error("the HTTP client cannot be made: {0}")]
    Http(String),
}

impl App {
    /// Opens the database, checks the vault keys against it, makes the clients.
    pub async fn start(
        config: &Config,
        checked: Checked,
        clock: Clock,
        demo: Option<crate::demo::DemoBackend>,
    ) -> Result<Arc<Self>, StartError> {
        let (vault, store) = open_store(config).await?;
        for project in checked.projects.iter() {
            let (settings, workflows) = (&project.settings, &project.workflows);
            store
                .set_workflows(&project.id, AZURE_DEVOPS, settings, workflows, clock.now())
                .await?;
        }
        let http = own_http_client()?;
        let own = |path: &str| {
            let url = checked.public_url.join(path);
            url.map_err(|error| StartError::Http(error.to_string()))
        };
        let (redirect_uri, oidc_redirect_uri) = (own("/oauth")?, own("/dashboard/oidc")?);
        let oidc = checked.oidc.map(|(settings, admission)| {
            let client = OidcClient::new(http.clone(), settings, oidc_redirect_uri);
            (client, admission)
        });
        let simulated = checked.azure_devops_simulator.as_ref();
        let hosts = simulated.map_or_else(|| Ok(HostTable::microsoft()), HostTable::simulator);
        let policy = if simulated.is_some() {
            EgressPolicy::AllowLoopback
        } else {
            EgressPolicy::PublicOnly
        };
        let upstream = EgressClient::new(policy, CONNECT_TIMEOUT)
            .map_err(|error| StartError::Http(error.to_string()))?;
        Ok(Arc::new(Self {
            entra: EntraClient::new(
                http.clone(),
                checked.entra_authority.clone(),
                redirect_uri,
                clock.clone(),
            ),
            verified_tokens: VerifiedTokens::default(),
            jwks: JwksCache::new(http, upstream.clone(), clock.clone()),
            upstream,
            hosts: hosts.map_err(|error| StartError::Http(error.to_string()))?,
            directories: Directories::new(clock.clone()),
            flows: ChangeSignal::default(),
            run_changes: ChangeSignal::default(),
            engine: OnceLock::new(),
            supervisor: Supervisor::default(),
            proxy_calls: ProxyCalls::default(),
            history_days: config.history_days,
            refresh_locks: KeyedLocks::default(),
            pauses: ProviderPauses::default(),
            broken: BrokenIntegrations::new(clock.clone()),
            cookies: Cookies {
                secure: checked.public_url.scheme() == "https",
            },
            limits: Limits::new(&config.limits),
            proxy_limits: ProxyLimits {
                request_bytes: config.proxy_max_body_bytes,
                ..ProxyLimits::default()
            },
            passwords: Passwords::new()?,
            oidc,
            trusted_proxies: checked.trusted_proxies,
            authority: checked.entra_authority,
            public_url: checked.public_url,
            projects: checked.projects,
            store,
            vault,
            clock,
            demo,
        }))
    }

    /// The gateway's own origin.
    pub fn public_origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// What is older than this is forgotten, epoch milliseconds.
    pub fn history_begins(&self) -> Millis {
        let kept = DAY.saturating_mul(self.history_days);
        let kept = i64::try_from(kept.as_millis()).unwrap_or(i64::MAX);
        self.clock.now().saturating_sub(kept)
    }

    /// Whether an `iss` parameter (RFC 9207) can be the configured identity provider's.
    pub fn is_issuer(&self, issuer: &str) -> bool {
        Url::parse(issuer).is_ok_and(|issuer| issuer.origin() == self.authority.origin())
    }
}

/// Opens the database and makes sure that every secret in it has its key: better now than at first use.
pub async fn open_store(config: &Config) -> Result<(Vault, Store), StartError> {
    let vault = Vault::new(&config.vault_keys)?;
    let store = Store::open(&config.database).await?;
    vault.check_keys(&store.used_key_ids().await?)?;
    Ok((vault, store))
}

/// Client for addresses that the operator configured: identity provider, JWK sets. It follows no redirect.
fn own_http_client() -> Result<reqwest::Client, StartError> {
    reqwest::Client::builder()
        .tls_backend_rustls()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(OWN_CALL_TIMEOUT)
        .user_agent(concat!("paragon-gateway/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| StartError::Http(error.to_string()))
}
