//! A user's way to the provider: through the proxy, with the credential's token.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use paragon_wire::ErrorCode;
use paragon_wire::header::USE_RAW_RESPONSE;
use paragon_wire::integration::AZURE_DEVOPS;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use url::Url;
use uuid::Uuid;

use super::pauses::LONGEST_PAUSE;
use super::refusal::refusal;
use crate::credentials::store::CredentialRow;
use crate::error::{ApiError, ApiResult, chain};
use crate::identity::caller::EndUser;
use crate::json_input;
use crate::proxy::account_authorizer::CredentialAuthorizer;
use crate::proxy::{self, ProxyContext, ProxyError, headers};
use crate::state::App;
use paragon_azure_devops::actions::ProviderRequest;
use paragon_azure_devops::{Alias, Organization};

/// Largest answer that is read whole.
pub const MAX_ANSWER_BYTES: usize = 8 << 20;
/// Some of the provider's answers begin with one.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Time of a call, all its requests and the waits between them together; longer waits are for the caller.
const CALL_TIME: Duration = Duration::from_secs(20);

/// One credential and where it leads.
pub struct ProviderAccess {
    app: Arc<App>,
    organization: Organization,
    public_base: Url,
    authorizer: CredentialAuthorizer,
    deadline: Instant,
    /// Until when the provider wants no further request of this call.
    pause: Mutex<Instant>,
    waits_for_others: bool,
}

impl ProviderAccess {
    /// The way of `credential`, which belongs to `caller`.
    pub fn new(app: &Arc<App>, caller: &EndUser, credential: CredentialRow) -> ApiResult<Self> {
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
            deadline: Instant::now() + CALL_TIME,
            pause: Mutex::new(Instant::now()),
            waits_for_others: false,
        })
    }

    /// The way of a step of a run: what the provider asked of other calls of the account counts for it as well.
    #[must_use]
    pub fn waiting_for_others(self) -> Self {
        Self {
            waits_for_others: true,
            ..self
        }
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

    /// JSON of a GET.
    ///
    /// # Errors
    /// Those of the proxy and of [`refusal`].
    pub async fn get(&self, path_and_query: &str) -> ApiResult<Value> {
        let request = ProviderRequest::get(path_and_query.to_owned());
        let answer = self.send(&request).await.map_err(send_error)?;
        if answer.status != StatusCode::OK {
            return Err(refusal(&answer));
        }
        answer
            .json
            .ok_or_else(|| unreadable().with_detail("no JSON"))
    }

    /// Sends one request through the proxy and reads the answer whole.
    ///
    /// What the provider asks to wait, with whatever answer, is waited for before the next request, as long as the time
    /// of the whole call lasts.
    ///
    /// # Errors
    /// [`SendError`]; answers of the provider are `Ok` whatever their status.
    pub async fn send(&self, request: &ProviderRequest) -> Result<ProviderAnswer, SendError> {
        self.wait().await?;
        let body = request.body.as_ref().map(|(_, body)| body.to_string());
        let mut outgoing = Request::new(Bytes::from(body.unwrap_or_default()).into());
        *outgoing.method_mut() = request.method.clone();
        *outgoing.headers_mut() = headers_of(request);
        let answer = proxy::forward(&self.context(), &request.path, outgoing).await?;
        let (parts, body) = answer.into_parts();
        if let Some(wait) = headers::retry_after(&parts.headers) {
            self.note_wait(wait);
        }
        let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| {
            if error.is::<LengthLimitError>() {
                SendError::TooLarge
            } else {
                SendError::BrokenOff(chain(error.as_ref()))
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

    fn note_wait(&self, wait: Duration) {
        let wait = wait.min(LONGEST_PAUSE);
        let now = Instant::now();
        self.app.pauses.note(self.credential(), wait, now);
        let until = now + wait;
        let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        *pause = until.max(*pause);
    }

    fn wait_left(&self) -> Duration {
        let now = Instant::now();
        let own = *self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        let own = own.saturating_duration_since(now);
        let others = self.app.pauses.left(self.credential(), now);
        own.max(others.filter(|_| self.waits_for_others).unwrap_or_default())
    }

    /// Waits as long as the provider asked for.
    async fn wait(&self) -> Result<(), SendError> {
        loop {
            let left = self.wait_left();
            if left.is_zero() {
                return Ok(());
            }
            if Instant::now() + left > self.deadline {
                return Err(SendError::Throttled { left });
            }
            sleep(left).await;
        }
    }

    fn credential(&self) -> Uuid {
        self.authorizer.credential.id
    }

    /// The organization of the account.
    pub fn organization(&self) -> &Organization {
        &self.organization
    }

    /// Address of the organization's work items, without an id: what links between them point to.
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
    #[error("the response is larger than {MAX_ANSWER_BYTES} bytes")]
    TooLarge,
    /// One that broke off.
    #[error("the response ended early: {0}")]
    BrokenOff(String),
    /// Nothing was sent: the provider asked for a longer wait than the call may take.
    #[error("the provider accepts no request for {} seconds", left.as_secs())]
    Throttled {
        /// What is left of the wait.
        left: Duration,
    },
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

/// The error for a request that got no whole answer.
pub fn send_error(failure: SendError) -> ApiError {
    match failure {
        SendError::Proxy(error) => error.into(),
        SendError::TooLarge => unreadable().with_detail("the response is too large"),
        SendError::BrokenOff(detail) => unreadable().with_detail(detail),
        SendError::Throttled { left } => ApiError::new(
            ErrorCode::ProviderThrottled,
            "Azure DevOps limits the request rate.",
        )
        .with_retry_after(Some(left)),
    }
}

pub(crate) fn unreadable() -> ApiError {
    ApiError::new(
        ErrorCode::ProviderUnavailable,
        "Azure DevOps sent an unexpected response. Try again.",
    )
}
