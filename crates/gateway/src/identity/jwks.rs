//! Keys of projects that publish a JWK set: fetched, cached, fetched again for a new key id, and kept while the address
//! does not answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http::header::ACCEPT;
use moka::future::Cache;
use url::Url;

use super::{KeySource, VerifyingKey, jwk_set};
use crate::clock::{Clock, Millis};
use crate::error::chain;
use crate::oauth;
use crate::projects::Project;
use crate::proxy::EgressClient;
use crate::proxy::egress::FetchLimits;

/// How long a JWK set is used without asking again.
const FRESH: Duration = Duration::from_mins(10);
/// How long a set that cannot be fetched anew is used: an outage must not sign users out, a withdrawn key must end.
const STALE: Duration = Duration::from_hours(24);
/// One fetch for unknown key ids per address in this time, whatever the ids: anybody can make them up.
const FORCED_EVERY: Duration = Duration::from_mins(1);
/// Wait after a fetch that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
const MAX_BYTES: usize = 256 * 1024;

/// A JWK set could not be fetched or read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the JWK set cannot be read: {0}")]
pub struct JwksError(pub(super) String);

/// The keys of a project.
#[derive(Debug, Default)]
pub struct ProjectKeys {
    /// Those that could be had.
    pub keys: Vec<VerifyingKey>,
    /// Why others could not, or newer ones.
    pub missing: Option<JwksError>,
}

/// Fetches and caches the JWK sets of all projects.
#[derive(Debug, Clone)]
pub struct JwksCache {
    fetcher: Fetcher,
    clock: Clock,
    sets: Cache<(Url, Trust), Arc<Published>>,
}

/// What is known of one address.
#[derive(Debug, Default)]
struct Published {
    state: Mutex<State>,
    /// Held by the one fetch that is under way.
    fetching: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Clone, Default)]
struct State {
    keys: Option<Arc<Vec<VerifyingKey>>>,
    fetched_at: Millis,
    /// When an unknown key id last caused a fetch.
    forced_at: Option<Millis>,
    /// The last fetch, if it failed, and when that was.
    failed: Option<(JwksError, Millis)>,
}

/// Keys that can be used, and why there may be newer ones.
type Found = (Arc<Vec<VerifyingKey>>, Option<JwksError>);

/// What a set is asked for.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    kid: Option<&'a str>,
    now: Millis,
}

impl State {
    /// The keys, unless they are so old that they must not be used.
    fn usable(&self, now: Millis) -> Option<&Arc<Vec<VerifyingKey>>> {
        self.keys
            .as_ref()
            .filter(|_| is_within(self.fetched_at, STALE, now))
    }

    /// Whether a key named `kid` is there, as far as can be known.
    fn knows(&self, wanted: Wanted<'_>) -> bool {
        let Some(keys) = self.usable(wanted.now) else {
            return false;
        };
        has(keys, wanted.kid)
    }

    /// Whether to fetch before answering.
    fn needs_fetch(&self, wanted: Wanted<'_>) -> bool {
        let now = wanted.now;
        let failed = self.failed.as_ref();
        if failed.is_some_and(|(_, at)| is_within(*at, AFTER_FAILURE, now)) {
            return false;
        }
        if self.keys.is_none() || !is_within(self.fetched_at, FRESH, now) {
            return true;
        }
        let forced = self.forced_at;
        !self.knows(wanted) && forced.is_none_or(|at| !is_within(at, FORCED_EVERY, now))
    }

    fn found(&self, now: Millis) -> Result<Found, JwksError> {
        let failed = self.failed.as_ref().map(|(error, _)| error.clone());
        match (self.usable(now), failed) {
            (Some(keys), failed) => Ok((Arc::clone(keys), failed)),
            (None, Some(error)) => Err(error),
            (None, None) => Err(JwksError("it was not fetched yet".into())),
        }
    }
}

/// A clock that was set back makes nothing younger than it is.
fn is_within(since: Millis, span: Duration, now: Millis) -> bool {
    let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    (0..span).contains(&now.saturating_sub(since))
}

impl Published {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl JwksCache {
    /// An empty cache that fetches addresses of the configuration with `http`, and others with `egress`.
    pub fn new(http: reqwest::Client, egress: EgressClient, clock: Clock) -> Self {
        Self {
            fetcher: Fetcher { http, egress },
            clock,
            sets: Cache::builder().max_capacity(1_000).build(),
        }
    }

    /// Keys of `project`, and of the sources that operators `added`, among which the one named `kid` should be.
    pub async fn keys(
        &self,
        project: &Project,
        added: &[KeySource],
        kid: Option<&str>,
    ) -> ProjectKeys {
        let mut found = ProjectKeys::default();
        let file = std::iter::once((&project.keys, Trust::Configured));
        for (source, trust) in file.chain(added.iter().map(|source| (source, Trust::Added))) {
            match source {
                KeySource::Fixed(fixed) => found.keys.extend(fixed.iter().cloned()),
                KeySource::Jwks(url) => match self.set(url, trust, kid).await {
                    Ok((set, missing)) => {
                        found.keys.extend(set.iter().cloned());
                        found.missing = missing.or(found.missing);
                    }
                    Err(error) => found.missing = Some(error),
                },
            }
        }
        found
    }

    /// Keys at an address of the configuration, among which the one named `kid` should be.
    pub async fn configured(
        &self,
        url: &Url,
        kid: Option<&str>,
    ) -> Result<Arc<Vec<VerifyingKey>>, JwksError> {
        match self.set(url, Trust::Configured, kid).await? {
            (keys, Some(error)) if !has(&keys, kid) => Err(error),
            (keys, _) => Ok(keys),
        }
    }

    /// A JWK set, fetched anew when it is old or does not have the key named `kid`; what was fetched before stays until
    /// there is something to replace it.
    async fn set(&self, url: &Url, trust: Trust, kid: Option<&str>) -> Result<Found, JwksError> {
        let key = (url.clone(), trust);
        let published = self.sets.get_with(key, async { Arc::default() }).await;
        let wanted = || Wanted {
            kid,
            now: self.clock.now(),
        };
        if !published.state().needs_fetch(wanted()) {
            return published.state().found(self.clock.now());
        }
        let fetching = Arc::clone(&published.fetching);
        let turn = match Arc::clone(&fetching).try_lock_owned() {
            Ok(turn) => turn,
            // Somebody fetches it already: who has what they need does not wait.
            Err(_) if published.state().knows(wanted()) => {
                return published.state().found(self.clock.now());
            }
            Err(_) => fetching.lock_owned().await,
        };
        if published.state().needs_fetch(wanted()) {
            let is_known = published.state().knows(wanted());
            let task = self.refetch(url.clone(), trust, Arc::clone(&published), !is_known);
            // A task of its own: a caller who goes away does not take the fetch along.
            let fetched = tokio::spawn(async move {
                task.await;
                drop(turn);
            });
            if fetched.await.is_err() {
                return Err(JwksError("fetching it failed".into()));
            }
        }
        published.state().found(self.clock.now())
    }

    fn refetch(
        &self,
        url: Url,
        trust: Trust,
        published: Arc<Published>,
        is_forced: bool,
    ) -> impl Future<Output = ()> + Send + 'static {
        let (fetcher, clock) = (self.fetcher.clone(), self.clock.clone());
        async move {
            let answer = fetcher.fetch(&url, trust).await;
            let now = clock.now();
            let mut state = published.state();
            if is_forced && state.keys.is_some() {
                state.forced_at = Some(now);
            }
            match answer {
                Ok(keys) => {
                    state.keys = Some(Arc::new(keys));
                    state.fetched_at = now;
                    state.failed = None;
                }
                Err(error) => state.failed = Some((error, now)),
            }
        }
    }
}

fn has(keys: &[VerifyingKey], kid: Option<&str>) -> bool {
    kid.is_none_or(|kid| keys.iter().any(|key| key.kid.as_deref() == Some(kid)))
}

/// Fetches a set, once.
#[derive(Debug, Clone)]
struct Fetcher {
    http: reqwest::Client,
    egress: EgressClient,
}

impl Fetcher {
    async fn fetch(&self, url: &Url, trust: Trust) -> Result<Vec<VerifyingKey>, JwksError> {
        let bytes = match trust {
            Trust::Configured => self.fetch_configured(url).await?,
            Trust::Added => self.fetch_guarded(url).await?,
        };
        jwk_set::read(&bytes)
    }

    async fn fetch_configured(&self, url: &Url) -> Result<Bytes, JwksError> {
        let text = |error: reqwest::Error| JwksError(chain(&error.without_url()));
        let response = self
            .http
            .get(url.clone())
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(text)?;
        let bytes = oauth::read_limited(response, MAX_BYTES).await;
        bytes
            .map(Bytes::from)
            .map_err(|error| JwksError(chain(&error)))
    }

    /// Through the guard that lets public addresses through alone.
    async fn fetch_guarded(&self, url: &Url) -> Result<Bytes, JwksError> {
        let request = Request::get(url.as_str())
            .header(ACCEPT, "application/json")
            .body(Bytes::new())
            .map_err(|error| JwksError(chain(&error)))?;
        let limits = FetchLimits {
            timeout: Duration::from_secs(10),
            body_bytes: MAX_BYTES,
        };
        let answer = self
            .egress
            .fetch(request, limits)
            .await
            .map_err(|error| JwksError(chain(&error)))?;
        if !answer.status().is_success() {
            return Err(JwksError(format!("it was answered {}", answer.status())));
        }
        Ok(answer.into_body())
    }
}

/// Who gave an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Trust {
    /// The configuration file: any address that the gateway's machine reaches.
    Configured,
    /// An operator: public addresses alone.
    Added,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proxy::EgressPolicy;

    #[tokio::test]
    async fn an_operator_s_address_cannot_lead_into_the_gateway_s_network() {
        let egress =
            EgressClient::new(EgressPolicy::PublicOnly, Duration::from_secs(5)).expect("a client");
        let cache = JwksCache::new(reqwest::Client::new(), egress, Clock::system());
        for address in [
            "https://127.0.0.1/keys",
            "https://10.0.0.7/keys",
            "https://[::1]/keys",
        ] {
            let url = Url::parse(address).expect("an address");
            let error = cache.set(&url, Trust::Added, None).await.err();
            let text = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(text.contains("has no public address"), "{address}: {text}");
        }
        let plain = Url::parse("http://198.51.100.7/keys").expect("an address");
        assert!(
            cache.set(&plain, Trust::Added, None).await.is_err(),
            "by https alone"
        );
    }
}
