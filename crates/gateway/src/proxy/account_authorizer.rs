//! A stored credential as the proxy's source of `Authorization` values.

use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderValue;

use super::Authorizer;
use crate::credentials::access;
use crate::credentials::store::CredentialRow;
use crate::error::{ApiError, ApiResult};
use crate::oauth::Secret;
use crate::projects::Project;
use crate::state::App;

/// One credential for the time of one request.
pub struct CredentialAuthorizer {
    /// Everything else.
    pub app: Arc<App>,
    /// Project the credential belongs to.
    pub project: Arc<Project>,
    /// The credential as it was read.
    pub credential: CredentialRow,
}

#[async_trait]
impl Authorizer for CredentialAuthorizer {
    async fn authorization(&self) -> ApiResult<HeaderValue> {
        self.header(None).await
    }

    async fn renew(&self, rejected: &HeaderValue) -> ApiResult<HeaderValue> {
        self.header(Some(rejected)).await
    }

    async fn needs_reconnect(&self, rejected: &HeaderValue) {
        if let Err(error) = self.mark(rejected).await {
            tracing::error!(
                error = error.in_full(),
                "a dead credential could not be marked"
            );
        }
    }
}

impl CredentialAuthorizer {
    async fn header(&self, rejected: Option<&HeaderValue>) -> ApiResult<HeaderValue> {
        let header =
            access::authorization(&self.app, &self.project, &self.credential, rejected).await;
        header.inspect_err(|error| {
            tracing::info!(error = error.in_full(), "no access to the provider");
        })
    }

    async fn mark(&self, rejected: &HeaderValue) -> ApiResult<()> {
        let own = &self.credential;
        let current = self
            .app
            .store
            .credential(&own.project_id, &own.user_id, own.id)
            .await?;
        let Some(current) = current else {
            return Ok(());
        };
        let secret = Secret::of(&self.app.vault, &current).map_err(ApiError::internal)?;
        if secret.authorization().as_ref() == Some(rejected) {
            access::mark_needs_reconnect(&self.app, &current, None).await?;
        }
        Ok(())
    }
}
