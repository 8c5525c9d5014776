//! A user's way to the provider: through the proxy, with the credential's token.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use paragon_wire::ErrorCode;
use paragon_wire::header::USE_RAW_RESPONSE;
use paragon_wire::integration::AZURE_DEVOPS;
use serde_json::Value;
use url::Url;

use super::authorizer::CredentialAuthorizer;
use crate::app::App;
use crate::azure_devops::actions::ProviderRequest;
use crate::azure_devops::{Alias, Organization};
use crate::caller::Caller;
use crate::error::{ApiError, ApiResult};
use crate::json_input;
use crate::proxy::{self, ProxyContext, ProxyError, headers};
use crate::store::CredentialRow;

/// Largest answer that is read whole.
pub const MAX_ANSWER_BYTES: usize = 8 << 20;
/// Some of the provider's answers begin with one.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
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
        let request = ProviderRequest::get(path_and_query.to_owned());
        let answer = self.send(&request).await.map_err(|failure| match failure {
            SendError::Proxy(error) => proxy_error(&error),
            SendError::TooLarge => unreadable().with_detail("the answer is too large"),
            SendError::BrokenOff(detail) => unreadable().with_detail(detail),
        })?;
        if answer.status == StatusCode::OK {
            return answer
                .json
                .ok_or_else(|| unreadable().with_detail("no JSON"));
        }
        let message = answer
            .json
            .as_ref()
            .and_then(|body| body["message"].as_str());
        Err(refusal(&answer, message.map(str::to_owned)))
    }

    /// Sends one request through the proxy and reads the answer whole.
    pub async fn send(&self, request: &ProviderRequest) -> Result<ProviderAnswer, SendError> {
        let body = request.body.as_ref().map(|(_, body)| body.to_string());
        let mut outgoing = Request::new(Bytes::from(body.unwrap_or_default()).into());
        *outgoing.method_mut() = request.method.clone();
        *outgoing.headers_mut() = headers_of(request);
        let answer = proxy::forward(&self.context(), &request.path, outgoing).await?;
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| {
            if error.is::<LengthLimitError>() {
                SendError::TooLarge
            } else {
                SendError::BrokenOff(error.to_string())
            }
        })?;
        let bytes = body.to_bytes();
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
        Ok(ProviderAnswer {
            status: parts.status,
            headers: parts.headers,
            json: json_input::from_slice(text).ok(),
            text: bytes.slice_ref(text),
        })
    }

    /// The organization of the account.
    pub fn organization(&self) -> &Organization {
        &self.organization
    }

    /// Address of the organisation's work items, without an id: what links between them point to.
    pub fn work_items_url(&self) -> ApiResult<String> {
        let base = self.app.hosts.base(Alias::Dev);
        let path = format!("/{}/_apis/wit/workItems/", self.organization);
        let uri = base.and_then(|base| base.uri(&path));
        Ok(uri
            .ok_or_else(|| ApiError::internal("no address of work items"))?
            .to_string())
    }
}

/// An answer of the provider, read whole.
#[derive(Debug)]
pub struct ProviderAnswer {
    /// Status.
    pub status: StatusCode,
    /// Headers, as far as the proxy lets them through.
    pub headers: HeaderMap,
    /// The body, if it is JSON.
    pub json: Option<Value>,
    /// The body.
    pub text: Bytes,
}

/// No whole answer of the provider.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// None at all.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// One that is larger than is read.
    #[error("the answer is larger than {MAX_ANSWER_BYTES} bytes")]
    TooLarge,
    /// One that broke off.
    #[error("the answer broke off: {0}")]
    BrokenOff(String),
}

fn headers_of(request: &ProviderRequest) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(USE_RAW_RESPONSE, HeaderValue::from_static("true"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some((content_type, _)) = request.body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    headers
}

/// The error for a request that got no answer of the provider's.
pub fn proxy_error(error: &ProxyError) -> ApiError {
    ApiError::new(error.code(), error.to_string()).with_retry_after(error.retry_after())
}

pub(super) fn unreadable() -> ApiError {
    ApiError::new(
        ErrorCode::ProviderUnavailable,
        "Azure DevOps gave an answer that is not understood. Try again.",
    )
}

fn refusal(answer: &ProviderAnswer, message: Option<String>) -> ApiError {
    let message: String = message
        .unwrap_or_else(|| format!("status {}", answer.status.as_u16()))
        .chars()
        .filter(|character| !character.is_control())
        .take(MAX_MESSAGE_CHARS)
        .collect();
    match answer.status {
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
        .with_retry_after(headers::retry_after(&answer.headers)),
        _ => unreadable().with_detail(message),
    }
}
