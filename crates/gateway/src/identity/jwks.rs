//! Keys of projects that publish a JWK set: fetched, cached, fetched again for a new key id.

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use moka::future::Cache;
use url::Url;

use super::{KeySource, VerifyingKey};
use crate::project::Project;

/// How long a JWK set is used without asking again.
const FRESH: Duration = Duration::from_mins(10);
/// How long a key id that was not found is not asked for again, so that made-up ids cause no load.
const UNKNOWN_ID: Duration = Duration::from_mins(1);
const MAX_BYTES: usize = 256 * 1024;

/// A JWK set could not be fetched or read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the project's JWK set cannot be read: {0}")]
pub struct JwksError(String);

/// Fetches and caches the JWK sets of all projects.
#[derive(Debug, Clone)]
pub struct JwksCache {
    http: reqwest::Client,
    sets: Cache<Url, Arc<Vec<VerifyingKey>>>,
    unknown: Cache<(Url, String), ()>,
}

impl JwksCache {
    /// An empty cache that fetches with `http`.
    pub fn new(http: reqwest::Client) -> Self {
        Self {
            http,
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

    /// Keys of `project` among which the one named `kid` should be.
    pub async fn keys(
        &self,
        project: &Project,
        kid: Option<&str>,
    ) -> Result<Arc<Vec<VerifyingKey>>, JwksError> {
        let url = match &project.keys {
            KeySource::Fixed(keys) => return Ok(Arc::new(keys.clone())),
            KeySource::Jwks(url) => url,
        };
        let keys = self.cached(url).await?;
        let Some(kid) = kid else { return Ok(keys) };
        let unknown = (url.clone(), kid.to_owned());
        let known = keys.iter().any(|key| key.kid.as_deref() == Some(kid));
        if known || self.unknown.contains_key(&unknown) {
            return Ok(keys);
        }
        self.unknown.insert(unknown, ()).await;
        self.sets.invalidate(url).await;
        self.cached(url).await
    }

    async fn cached(&self, url: &Url) -> Result<Arc<Vec<VerifyingKey>>, JwksError> {
        self.sets
            .try_get_with_by_ref(url, self.fetch(url))
            .await
            .map_err(|error: Arc<JwksError>| JwksError::clone(&error))
    }

    async fn fetch(&self, url: &Url) -> Result<Arc<Vec<VerifyingKey>>, JwksError> {
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
        let set: JwkSet =
            serde_json::from_slice(&bytes).map_err(|error| JwksError(error.to_string()))?;
        Ok(Arc::new(
            set.keys.iter().filter_map(VerifyingKey::from_jwk).collect(),
        ))
    }
}
