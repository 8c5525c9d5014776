//! What the simulator is started with.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;
use uuid::Uuid;

use super::clock::{Clock, OsRandom, Random, SystemClock};

/// Client id of the app registration that every sandbox starts with.
pub const DEV_CLIENT_ID: &str = "0a7e5b7c-5a0d-4b0c-9a53-5a4d0b0c0001";
/// Client secret of that registration: public by design, worth nothing outside the simulator.
pub const DEV_CLIENT_SECRET: &str = "sandbox~client-secret";
/// Client id of a second registration, for trying settings in the dashboard.
pub const PRACTICE_CLIENT_ID: &str = "0a7e5b7c-5a0d-4b0c-9a53-5a4d0b0c0002";
/// Its client secrets: two that work and one that has expired.
pub const PRACTICE_CLIENT_SECRETS: [&str; 3] = [
    "practice~client-secret",
    "practice~second-secret",
    "practice~expired-secret",
];
/// Redirect URI of the first registration: the gateway of `paragon-gateway dev`.
pub const DEV_REDIRECT_URI: &str = "http://localhost:4400/oauth";

/// Start settings of a sandbox.
#[derive(Clone)]
pub struct SandboxConfig {
    /// Where the simulator is reachable, e.g. `http://localhost:4401`; written into the bodies' absolute links.
    pub base_url: Url,
    /// App registrations known to the simulated Entra ID.
    pub apps: Vec<App>,
    /// Lifetime of access tokens. Short, so that refreshing really happens.
    pub access_token_lifetime: Duration,
    /// Whether sign-in pages send `Cross-Origin-Opener-Policy: same-origin`, as Microsoft's do.
    pub opener_policy: bool,
    /// Source of time.
    pub clock: Arc<dyn Clock>,
    /// Source of randomness.
    pub random: Arc<dyn Random>,
}

impl SandboxConfig {
    /// One multi-tenant development app, access tokens of 60 s, the machine's clock and randomness.
    pub fn new(base_url: Url) -> Self {
        Self {
            base_url,
            apps: vec![App::development()],
            access_token_lifetime: Duration::from_mins(1),
            opener_policy: true,
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
        }
    }
}

/// One app registration.
#[derive(Clone)]
pub struct App {
    /// Application (client) id.
    pub client_id: String,
    /// Name shown on the consent page.
    pub name: String,
    /// Secrets that authenticate the app at the token endpoint.
    pub client_secrets: Vec<ClientSecret>,
    /// Redirect URIs, compared byte for byte.
    pub redirect_uris: Vec<String>,
    /// Whose accounts may sign in.
    pub tenancy: Tenancy,
    /// Azure DevOps permissions listed by the registration: what `/.default` asks for.
    pub permissions: Vec<String>,
}

impl App {
    /// The registration `paragon-gateway dev` uses.
    pub fn development() -> Self {
        Self {
            client_id: DEV_CLIENT_ID.to_owned(),
            name: "Paragon demo".to_owned(),
            client_secrets: vec![ClientSecret {
                value: DEV_CLIENT_SECRET.to_owned(),
                expires_at: None,
            }],
            redirect_uris: vec![DEV_REDIRECT_URI.to_owned()],
            tenancy: Tenancy::Multiple,
            permissions: ["vso.profile", "vso.project", "vso.work_write"]
                .map(str::to_owned)
                .to_vec(),
        }
    }
}

impl App {
    /// A registration that nothing uses until its id and secret are set.
    pub fn practice() -> Self {
        let [first, second, expired] = PRACTICE_CLIENT_SECRETS;
        let secret = |value: &str, expires_at| ClientSecret {
            value: value.to_owned(),
            expires_at,
        };
        Self {
            client_id: PRACTICE_CLIENT_ID.to_owned(),
            name: "Harbor Desk practice".to_owned(),
            client_secrets: vec![
                secret(first, None),
                secret(second, None),
                secret(expired, Some(Timestamp::UNIX_EPOCH)),
            ],
            ..Self::development()
        }
    }
}

/// A client secret of an app registration.
#[derive(Clone)]
pub struct ClientSecret {
    /// The secret itself.
    pub value: String,
    /// From when on it is refused with AADSTS7000222; `None`: never.
    pub expires_at: Option<Timestamp>,
}

/// Which directories' accounts an app accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tenancy {
    /// Accounts of any work or school directory.
    Multiple,
    /// Accounts of one directory; `organizations` and `common` answer AADSTS50194.
    Single(Uuid),
}
