//! The sandbox: Microsoft Entra ID v2 and Azure DevOps Services, simulated in memory for development and tests.
//!
//! Each of Microsoft's hosts is served under a first path segment with its name (`/dev.azure.com/{org}/…`). Nothing
//! here is meant for production: accounts need no password, and an open control API lives under `/_sandbox`.

mod admin;
mod azure_devops;
mod clock;
mod config;
mod directory;
mod entra;
mod human_page;
mod recorder;
mod seed;
mod state;
#[cfg(test)]
mod test_support;

use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;

pub use clock::{Clock, OsRandom, Random, SystemClock};
pub use config::{
    App, ClientSecret, DEV_CLIENT_ID, DEV_CLIENT_SECRET, DEV_REDIRECT_URI, PRACTICE_CLIENT_ID,
    PRACTICE_CLIENT_SECRETS, SandboxConfig, Tenancy,
};

use entra::SigningKey;
use state::State;

/// The simulated cloud. Cheap to clone: clones share one state.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

impl Sandbox {
    /// A sandbox with its seeded accounts, organizations and work items.
    pub fn new(config: SandboxConfig) -> Self {
        let state = State::seeded(&config);
        let inner = Inner {
            config,
            state: RwLock::new(state),
            signing_key: OnceLock::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// All routes of the simulator; serve it at the root of `base_url`.
    pub fn router(&self) -> Router {
        let shared = Arc::clone(&self.inner);
        Router::new()
            .route("/", get(human_page::show))
            .route("/_sandbox/style.css", get(human_page::style))
            .route("/_sandbox/form-post.js", get(human_page::form_post_script))
            .merge(admin::routes())
            .merge(entra::routes())
            .merge(azure_devops::routes())
            .fallback(unknown_host)
            .layer(axum::middleware::from_fn_with_state(
                Arc::clone(&shared),
                recorder::record,
            ))
            .with_state(shared)
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Sandbox")
            .field("base_url", &self.inner.config.base_url.as_str())
            .finish()
    }
}

/// What every handler shares.
pub(crate) struct Inner {
    pub(crate) config: SandboxConfig,
    state: RwLock<State>,
    signing_key: OnceLock<SigningKey>,
}

/// The axum state of the simulator's routes.
pub(crate) type Shared = Arc<Inner>;

impl Inner {
    /// The state for reading; a handler that panicked does not take the simulator down.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state for changing.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The injected clock, moved forward by what tests asked for.
    pub(crate) fn now(&self) -> Timestamp {
        self.now_within(&self.read())
    }

    /// The same for a caller that holds the state already: locking twice would never end.
    pub(crate) fn now_within(&self, state: &State) -> Timestamp {
        clock::advanced(self.config.clock.now(), state.knobs.clock_advance_seconds)
    }

    /// An absolute address of a simulated host: `path` begins with `/`.
    pub(crate) fn url(&self, host: &str, path: &str) -> String {
        format!(
            "{}/{host}{path}",
            self.config.base_url.as_str().trim_end_matches('/')
        )
    }

    /// 32 random bytes as base64url, for codes, tokens and ids of forms.
    pub(crate) fn random_token(&self) -> String {
        clock::random_token(self.config.random.as_ref())
    }

    /// A random UUID (version 4) from the injected randomness.
    pub(crate) fn random_uuid(&self) -> uuid::Uuid {
        clock::random_uuid(self.config.random.as_ref())
    }

    /// The key that signs ID tokens, made on first use.
    pub(crate) fn signing_key(&self) -> Result<&SigningKey, entra::SigningError> {
        if let Some(key) = self.signing_key.get() {
            return Ok(key);
        }
        let fresh = SigningKey::generate()?;
        Ok(self.signing_key.get_or_init(|| fresh))
    }
}

async fn unknown_host() -> Response {
    let text = "no simulated host has this path; see / for what there is\n";
    (
        StatusCode::NOT_FOUND,
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        text,
    )
        .into_response()
}
