//! Keys of projects that publish a JWK set: fetched, cached, fetched again for a new key id.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http::header::ACCEPT;
use jsonwebtoken::jwk::JwkSet;
use moka::future::Cache;
use url::Url;

use super::{KeySource, VerifyingKey};
use crate::project::Project;
use crate::proxy::EgressClient;
use crate::proxy::egress::FetchLimits;

/// How long a JWK set is used without asking again.
const FRESH: Duration = Duration::from_mins(10);
/// How long a key id that was not found is not asked for again, so that made-up ids cause no load.
const UNKNOWN_ID: Duration = Duration::from_mins(1);
const MAX_BYTES: usize = 256 * 1024;

/// A JWK set could not be fetched or read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the JWK set cannot be read: {0}")]
pub struct JwksError(String);

/// The keys of a project.
#[derive(Debug, Default)]
pub struct ProjectKeys {
    /// Those that could be had.
    pub keys: Vec<VerifyingKey>,
    /// Why others could not.
    pub missing: Option<JwksError>,
}

/// Fetches and caches the JWK sets of all projects.
#[derive(Debug, Clone)]
pub struct JwksCache {
    http: reqwest::Client,
    egress: EgressClient,
    sets: Cache<(Url, Trust), Arc<Vec<VerifyingKey>>>,
    unknown: Cache<(Url, String), ()>,
}

impl JwksCache {
    /// An empty cache that fetches addresses of the configuration with `http`, and others with `egress`.
    pub fn new(http: reqwest::Client, egress: EgressClient) -> Self {
        Self {
            http,
            egress,
            sets: Cache::builder()
                .max_capacity(1_000)
                .time_to_live(FRESH)
                .build(),
            unknown: Cache::builder()
                .max_capacity(10_000)
                .time_to_live(UNKNOWN_ID)
                .build(),
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
                    Ok(set) => found.keys.extend(set.iter().cloned()),
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
        self.set(url, Trust::Configured, kid).await
    }

    /// A JWK set, fetched anew when it does not have the key named `kid`.
    async fn set(
        &self,
        url: &Url,
        trust: Trust,
        kid: Option<&str>,
    ) -> Result<Arc<Vec<VerifyingKey>>, JwksError> {
        let keys = self.cached(url, trust).await?;
        let Some(kid) = kid else { return Ok(keys) };
        let unknown = (url.clone(), kid.to_owned());
        let known = keys.iter().any(|key| key.kid.as_deref() == Some(kid));
        if known || self.unknown.contains_key(&unknown) {
            return Ok(keys);
        }
        self.unknown.insert(unknown, ()).await;
        self.sets.invalidate(&(url.clone(), trust)).await;
        self.cached(url, trust).await
    }

    async fn cached(&self, url: &Url, trust: Trust) -> Result<Arc<Vec<VerifyingKey>>, JwksError> {
        self.sets
            .try_get_with((url.clone(), trust), self.fetch(url, trust))
            .await
            .map_err(|error: Arc<JwksError>| JwksError::clone(&error))
    }

    async fn fetch(&self, url: &Url, trust: Trust) -> Result<Arc<Vec<VerifyingKey>>, JwksError> {
        let bytes = match trust {
            Trust::Configured => self.fetch_configured(url).await?,
            Trust::Added => self.fetch_guarded(url).await?,
        };
        let set: JwkSet =
            serde_json::from_slice(&bytes).map_err(|error| JwksError(error.to_string()))?;
        Ok(Arc::new(
            set.keys.iter().filter_map(VerifyingKey::from_jwk).collect(),
        ))
    }

    async fn fetch_configured(&self, url: &Url) -> Result<Bytes, JwksError> {
        let text = |error: reqwest::Error| JwksError(error.without_url().to_string());
        let response = self
            .http
            .get(url.clone())
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(text)?;
        let bytes = response.bytes().await.map_err(text)?;
        if bytes.len() > MAX_BYTES {
            return Err(JwksError(format!("it is larger than {MAX_BYTES} bytes")));
        }
        Ok(bytes)
    }

    /// Through the guard that lets public addresses through alone.
    async fn fetch_guarded(&self, url: &Url) -> Result<Bytes, JwksError> {
        let request = Request::get(url.as_str())
            .header(ACCEPT, "application/json")
            .body(Bytes::new())
            .map_err(|error| JwksError(error.to_string()))?;
        let limits = FetchLimits {
            timeout: Duration::from_secs(10),
            body_bytes: MAX_BYTES,
        };
        let answer = self
            .egress
            .fetch(request, limits)
            .await
            .map_err(|error| JwksError(error.to_string()))?;
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
        let cache = JwksCache::new(reqwest::Client::new(), egress);
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
