//! A user's way to the provider: through the proxy, with the credential's token.

use std::sync::Arc;

use http::header::{ACCEPT, ACCEPT_ENCODING};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use paragon_wire::ErrorCode;
use paragon_wire::header::USE_RAW_RESPONSE;
use paragon_wire::integration::AZURE_DEVOPS;
use serde_json::Value;
use url::Url;

use super::authorizer::CredentialAuthorizer;
use crate::app::App;
use crate::azure_devops::Organization;
use crate::caller::Caller;
use crate::error::{ApiError, ApiResult};
use crate::proxy::{self, ProxyContext, ProxyError, headers};
use crate::store::CredentialRow;

/// Largest answer that is read whole.
const MAX_ANSWER_BYTES: usize = 8 << 20;
/// Longest part of the provider's own message that is passed on.
const MAX_MESSAGE_CHARS: usize = 300;

/// One credential and where it leads.
pub struct ProviderAccess {
    app: Arc<App>,
    organization: Organization,
    public_base: Url,
    authorizer: CredentialAuthorizer,
}

impl ProviderAccess {
    /// The way of `credential`, which belongs to `caller`.
    pub fn new(app: &Arc<App>, caller: &Caller, credential: CredentialRow) -> ApiResult<Self> {
        let organization =
            Organization::new(credential.organization.as_str()).map_err(ApiError::internal)?;
        let prefix = format!("/projects/{}/sdk/proxy/{AZURE_DEVOPS}", caller.project.id);
        Ok(Self {
            organization,
            public_base: app.public_url.join(&prefix).map_err(ApiError::internal)?,
            authorizer: CredentialAuthorizer {
                app: Arc::clone(app),
                project: Arc::clone(&caller.project),
                credential,
            },
            app: Arc::clone(app),
        })
    }

    /// What the proxy needs.
    pub fn context(&self) -> ProxyContext<'_> {
        ProxyContext {
            hosts: &self.app.hosts,
            organization: &self.organization,
            public_base: &self.public_base,
            client: &self.app.upstream,
            authorizer: &self.authorizer,
            limits: &self.app.proxy_limits,
        }
    }

    /// JSON of a GET; the provider's errors become the caller's.
    pub async fn get(&self, path_and_query: &str) -> ApiResult<Value> {
        let mut request = Request::new(bytes::Bytes::new().into());
        let headers = request.headers_mut();
        headers.insert(USE_RAW_RESPONSE, HeaderValue::from_static("true"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let answer = proxy::forward(&self.context(), path_and_query, request)
            .await
            .map_err(|error| proxy_error(&error))?;
        let (parts, body) = answer.into_parts();
        let read = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
        let bytes = read
            .map_err(|error| unreadable().with_detail(error))?
            .to_bytes();
        let json = serde_json::from_slice(&bytes);
        if parts.status == StatusCode::OK {
            return json.map_err(|error| unreadable().with_detail(error));
        }
        let message = json
            .ok()
            .and_then(|body: Value| body["message"].as_str().map(str::to_owned));
        Err(refusal(&Response::from_parts(parts, ()), message))
    }
}

/// The error for a request that got no answer of the provider's.
pub fn proxy_error(error: &ProxyError) -> ApiError {
    ApiError::new(error.code(), error.to_string()).with_retry_after(error.retry_after())
}

fn unreadable() -> ApiError {
    ApiError::new(
        ErrorCode::ProviderUnavailable,
        "Azure DevOps gave an answer that is not understood. Try again.",
    )
}

fn refusal(answer: &Response<()>, message: Option<String>) -> ApiError {
    let message: String = message
        .unwrap_or_else(|| format!("status {}", answer.status().as_u16()))
        .chars()
        .filter(|character| !character.is_control())
        .take(MAX_MESSAGE_CHARS)
        .collect();
    match answer.status() {
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {
            ApiError::invalid(format!("Azure DevOps refused the request: {message}"))
        }
        StatusCode::FORBIDDEN => ApiError::new(
            ErrorCode::ProviderForbidden,
            format!("Azure DevOps does not let this account read that: {message}"),
        ),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => ApiError::new(
            ErrorCode::ProviderUnavailable,
            "Azure DevOps is busy just now. Wait a moment and try again.",
        )
        .with_retry_after(headers::retry_after(answer.headers())),
        _ => unreadable().with_detail(message),
    }
}
