//! One request to the provider: sent with the credential, repeated where that is safe.

use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use paragon_azure_devops::UpstreamTarget;
use paragon_azure_devops::content_type::only_reads;
use paragon_azure_devops::sign_in::{SignIn, is_not_permitted, sign_in};

use super::egress::EgressError;
use super::error::ProxyError;
use super::forward::ProxyContext;
use super::headers::{retry_after, set_authorization};
use super::request_body::{RequestBody, UploadFailure, UploadState};
use super::standing::{Standing, standing};

/// How much of a refusal is read to find out what it means.
const REFUSAL_BYTES: usize = 16 << 10;

pub(super) struct Exchange<'a> {
    pub(super) context: &'a ProxyContext<'a>,
    pub(super) target: &'a UpstreamTarget,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: RequestBody,
}

/// What a refused credential was answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Unauthenticated,
    NotPermitted,
    /// A call of the gateway's own was refused as well.
    Confirmed,
}

impl Exchange<'_> {
    /// Sends the request with the credential; renews it once and sends once more when the provider refuses it.
    pub(super) async fn run(mut self) -> Result<Response<Incoming>, ProxyError> {
        let authorizer = self.context.authorizer;
        let authorization = if self.target.needs_credential {
            Some(authorizer.authorization().await?)
        } else {
            None
        };
        let refusal = match self.attempt(authorization.as_ref()).await? {
            Ok(answer) => return Ok(answer),
            Err(refusal) => refusal,
        };
        let Some(rejected) = authorization else {
            return Err(ProxyError::ProviderForbidden);
        };
        let renewed = authorizer.renew(&rejected).await?;
        if renewed == rejected {
            return Err(give_up(self.context, refusal, &rejected).await);
        }
        if !self.body.can_be_sent() {
            return Err(ProxyError::SendAgain);
        }
        match self.attempt(Some(&renewed)).await? {
            Ok(answer) => Ok(answer),
            Err(refusal) => Err(give_up(self.context, refusal, &renewed).await),
        }
    }

    /// One try with one credential: an answer for the caller, or a refusal of the credential.
    async fn attempt(
        &mut self,
        authorization: Option<&HeaderValue>,
    ) -> Result<Result<Response<Incoming>, Refusal>, ProxyError> {
        let answer = self.send_with_retries(authorization).await?;
        match sign_in(answer.status(), answer.headers(), &self.target.path) {
            SignIn::Accepted => Ok(Ok(answer)),
            SignIn::Redirected => Err(ProxyError::ProviderRedirectRefused {
                status: answer.status().as_u16(),
            }),
            SignIn::Refused => Ok(Err(read_refusal(self.context, answer).await)),
            SignIn::Page => {
                let Some(authorization) = authorization else {
                    return Ok(Err(Refusal::NotPermitted));
                };
                match standing(self.context, authorization).await {
                    Standing::Good => Ok(Ok(answer)),
                    Standing::Refused => Ok(Err(Refusal::Confirmed)),
                    Standing::Unknown if asks_for_page(&self.headers) => Ok(Ok(answer)),
                    Standing::Unknown => Err(ProxyError::CredentialUnclear),
                }
            }
        }
    }

    /// Repeats what may be repeated: reads that the provider throttled, failed or dropped.
    async fn send_with_retries(
        &mut self,
        authorization: Option<&HeaderValue>,
    ) -> Result<Response<Incoming>, ProxyError> {
        let limits = self.context.limits;
        let mut backoff = limits.retry_backoff;
        for _ in 0..limits.max_retries {
            let result = self.send(authorization).await;
            let wait = match &result {
                Ok(answer) => self.wait_before_retry(answer, backoff),
                Err(ProxyError::ProviderUnreachable(EgressError::Unreachable(_))) => Some(backoff),
                Err(ProxyError::ProviderUnreachable(EgressError::Interrupted(_)))
                    if self.only_reads() =>
                {
                    Some(backoff)
                }
                Err(_) => None,
            };
            match wait {
                Some(wait) if self.body.can_be_sent() => sleep(wait).await,
                _ => return result,
            }
            backoff *= 2;
        }
        self.send(authorization).await
    }

    fn only_reads(&self) -> bool {
        only_reads(&self.method, &self.target.path)
    }

    fn wait_before_retry(
        &self,
        answer: &Response<Incoming>,
        backoff: std::time::Duration,
    ) -> Option<std::time::Duration> {
        let is_busy = matches!(
            answer.status(),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        );
        if !is_busy || !self.only_reads() {
            return None;
        }
        if answer.headers().contains_key(http::header::RETRY_AFTER) {
            return retry_after(answer.headers())
                .filter(|wait| *wait <= self.context.limits.longest_retry_wait);
        }
        Some(backoff)
    }

    async fn send(
        &mut self,
        authorization: Option<&HeaderValue>,
    ) -> Result<Response<Incoming>, ProxyError> {
        let (body, upload) = self.body.take();
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.target.uri.clone();
        *request.headers_mut() = self.headers.clone();
        if let Some(authorization) = authorization {
            set_authorization(request.headers_mut(), authorization);
        }
        let sending = self.context.client.send(request);
        let result = tokio::select! {
            result = sending => result.map_err(ProxyError::from),
            () = silence(self.context, &upload) => Err(ProxyError::ProviderTimeout),
        };
        match (upload.failure(), result) {
            (Some(failure), Err(_)) => Err(self.upload_error(failure)),
            // RFC 9110, 15: the gateway asks for no upgrade, and a first digit above 5 has no meaning to pass on.
            (_, Ok(answer)) if !(200..600).contains(&answer.status().as_u16()) => {
                let status = answer.status().as_u16();
                Err(ProxyError::ProviderAnswerNotFinal { status })
            }
            (_, result) => result,
        }
    }

    fn upload_error(&self, failure: UploadFailure) -> ProxyError {
        match failure {
            UploadFailure::TooLarge => ProxyError::BodyTooLarge {
                limit_bytes: self.context.limits.request_bytes,
            },
            UploadFailure::Incomplete => ProxyError::BodyIncomplete,
        }
    }
}

// Free functions, since a request body cannot be shared between threads and so `&Exchange` may not be held over an
// await.

/// What a request ends with when no newer credential is left to try. The credential is marked only when a call of the
/// gateway's own was refused, too.
async fn give_up(
    context: &ProxyContext<'_>,
    refusal: Refusal,
    rejected: &HeaderValue,
) -> ProxyError {
    let standing = match refusal {
        Refusal::NotPermitted => return ProxyError::ProviderForbidden,
        Refusal::Confirmed => Standing::Refused,
        Refusal::Unauthenticated => standing(context, rejected).await,
    };
    match standing {
        Standing::Good => ProxyError::RequestRefused,
        Standing::Unknown => ProxyError::CredentialUnclear,
        Standing::Refused => {
            context.authorizer.needs_reconnect(rejected).await;
            ProxyError::CredentialNeedsReconnect
        }
    }
}

/// A refusal whose body cannot be read counts as an ordinary one.
async fn read_refusal(context: &ProxyContext<'_>, answer: Response<Incoming>) -> Refusal {
    let (parts, body) = answer.into_parts();
    let mut read = Vec::new();
    let mut body = Limited::new(body, REFUSAL_BYTES);
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            read.extend_from_slice(&frame.into_data().unwrap_or_default());
        }
    };
    let _ = timeout(context.limits.idle_timeout, reading).await;
    if is_not_permitted(&parts.headers, &read) {
        Refusal::NotPermitted
    } else {
        Refusal::Unauthenticated
    }
}

/// Whether the caller asked for a page, not just for anything.
fn asks_for_page(headers: &HeaderMap) -> bool {
    let asked = headers.get_all(ACCEPT).iter();
    asked
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|kind| kind.split(';').next())
        .any(|kind| kind.trim().eq_ignore_ascii_case("text/html"))
}

/// Ends when nothing was sent for as long as the provider may take for its answer.
async fn silence(context: &ProxyContext<'_>, upload: &UploadState) {
    let started = Instant::now();
    loop {
        let seen = upload.moved_at().unwrap_or(started);
        sleep_until(seen + context.limits.header_timeout).await;
        if upload.moved_at().unwrap_or(started) == seen {
            return;
        }
    }
}
