//! Small calls of the gateway's own to Azure DevOps: one GET, answered by JSON.

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Request, Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::json_input;
use crate::proxy::egress::{EgressClient, EgressError, FetchLimits};
use crate::proxy::headers;

use paragon_azure_devops::sign_in::{SignIn, is_conditional_access, is_not_permitted, sign_in};
use paragon_azure_devops::{Alias, HostTable, Organization};

/// Why Azure DevOps gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum ApiCallError {
    /// The credential was not taken.
    #[error("azure devops does not accept the credential")]
    Unauthenticated,
    /// The credential was taken, but not for this organization or permission.
    #[error("azure devops denies this user access (TF400813 or status 403)")]
    NotPermitted,
    /// The directory's Conditional Access rules, which the organization enforces, refuse the call.
    #[error("conditional access refuses this call (VS403463)")]
    ConditionalAccess,
    /// There is no such organization.
    #[error("azure devops has no such organization or resource")]
    NotFound,
    /// Throttling or failing for now; `retry_after_s` as the service said it.
    #[error("azure devops is busy or failing (status {status})")]
    Unavailable {
        /// Status of the answer.
        status: u16,
        /// Seconds to wait.
        retry_after_s: Option<u64>,
    },
    /// Something that is not the documented answer.
    #[error("azure devops sent an unexpected response (status {status})")]
    Unexpected {
        /// Status of the answer.
        status: u16,
    },
    /// The table does not open the host that is needed.
    #[error("host `{alias}` is not an allowed host")]
    HostClosed {
        /// Alias of the host.
        alias: &'static str,
    },
    /// No answer.
    #[error(transparent)]
    Egress(#[from] EgressError),
}

/// Everything a call needs beside its path.
#[derive(Clone, Copy)]
pub struct ApiCaller<'a> {
    /// Client that makes the call.
    pub client: &'a EgressClient,
    /// Where the hosts are.
    pub hosts: &'a HostTable,
    /// Value of the `Authorization` header (`Bearer …` or `Basic …`).
    pub authorization: &'a HeaderValue,
}

impl ApiCaller<'_> {
    /// GET of `path_and_query` on `alias`, in `organization` where the host has organizations.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        alias: Alias,
        organization: Option<&Organization>,
        path_and_query: &str,
    ) -> Result<T, ApiCallError> {
        let prefix =
            organization.map_or_else(String::new, |organization| format!("/{organization}"));
        let uri = self
            .hosts
            .base(alias)
            .and_then(|base| base.uri(&format!("{prefix}{path_and_query}")));
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = uri.ok_or(ApiCallError::HostClosed {
            alias: alias.as_str(),
        })?;
        let mut authorization = self.authorization.clone();
        authorization.set_sensitive(true);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, authorization);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(USER_AGENT, HeaderValue::from_static(headers::GATEWAY_AGENT));
        headers.insert(
            headers::FED_AUTH_REDIRECT,
            HeaderValue::from_static("Suppress"),
        );
        let answer = self.client.fetch(request, FetchLimits::default()).await?;
        let path = path_and_query.split('?').next().unwrap_or_default();
        read(&answer, path)
    }
}

fn read<T: DeserializeOwned>(answer: &Response<Bytes>, path: &str) -> Result<T, ApiCallError> {
    let status = answer.status();
    let unexpected = || ApiCallError::Unexpected {
        status: status.as_u16(),
    };
    let is_refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if is_refused && is_conditional_access(answer.headers(), answer.body()) {
        return Err(ApiCallError::ConditionalAccess);
    }
    match sign_in(status, answer.headers(), path) {
        SignIn::Refused | SignIn::Page if is_not_permitted(answer.headers(), answer.body()) => {
            return Err(ApiCallError::NotPermitted);
        }
        SignIn::Refused | SignIn::Page => return Err(ApiCallError::Unauthenticated),
        SignIn::Redirected => return Err(unexpected()),
        SignIn::Accepted => {}
    }
    match status {
        StatusCode::OK => {}
        StatusCode::FORBIDDEN => return Err(ApiCallError::NotPermitted),
        StatusCode::NOT_FOUND => return Err(ApiCallError::NotFound),
        StatusCode::TOO_MANY_REQUESTS => return Err(unavailable(answer)),
        _ if status.is_server_error() => return Err(unavailable(answer)),
        _ => return Err(unexpected()),
    }
    let kind = answer
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(headers::is_json) {
        return Err(unexpected());
    }
    json_input::from_slice(answer.body()).map_err(|_| unexpected())
}

fn unavailable(answer: &Response<Bytes>) -> ApiCallError {
    ApiCallError::Unavailable {
        status: answer.status().as_u16(),
        retry_after_s: headers::retry_after(answer.headers()).map(|wait| wait.as_secs()),
    }
}
