//! The one HTTP client for calls to providers.
//!
//! It follows no redirect, reads no proxy settings from the environment, keeps no cookies, sends paths byte for byte and
//! connects to public addresses only. The address is checked after name resolution and is the one connected to, so a
//! name that changes its address in between gains nothing.
//!
//! Each thread keeps connections of its own: a request is answered on the thread that sent it, without waking another.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use thread_local::ThreadLocal;
use tower::Service;

use super::address::{is_loopback, is_public};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Which addresses may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EgressPolicy {
    /// Public addresses, by https only.
    PublicOnly,
    /// Public addresses and this machine's loopback, also by plain http: for the simulator.
    AllowLoopback,
}

impl EgressPolicy {
    fn allows(self, address: IpAddr) -> bool {
        is_public(address) || (self == Self::AllowLoopback && is_loopback(address))
    }
}

/// Why a call to a provider gave no (whole) answer.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    /// The host has no address that may be connected to.
    #[error("host `{host}` has no public address")]
    AddressRefused {
        /// Host name or literal.
        host: String,
    },
    /// No connection: name unknown, refused, TLS failed. Nothing was sent.
    #[error("the provider cannot be reached")]
    Unreachable(#[source] BoxError),
    /// The connection broke after the request, or a part of it, was sent.
    #[error("the connection to the provider broke")]
    Interrupted(#[source] BoxError),
    /// The provider took too long.
    #[error("the provider timed out")]
    Timeout,
    /// The answer is larger than the caller takes.
    #[error("the provider's answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// Largest answer taken.
        limit_bytes: usize,
    },
}

/// The system's certificates cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the system's certificate store cannot be used: {0}")]
pub struct EgressSetupError(#[source] std::io::Error);

/// Limits of a small call, whose answer is read whole.
#[derive(Debug, Clone, Copy)]
pub struct FetchLimits {
    /// From start to the answer's last byte.
    pub timeout: Duration,
    /// Largest answer.
    pub body_bytes: usize,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            body_bytes: 1 << 20,
        }
    }
}

type Connector = Timed<HttpsConnector<Guarded>>;

/// HTTP client for providers; cheap to clone, shares its connections.
#[derive(Clone)]
pub struct EgressClient {
    clients: Arc<ThreadLocal<Client<Connector, Body>>>,
    connector: Connector,
    policy: EgressPolicy,
}

impl std::fmt::Debug for EgressClient {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("EgressClient")
            .finish_non_exhaustive()
    }
}

impl EgressClient {
    /// Makes the client; `connect_timeout` covers name resolution, TCP and TLS together.
    ///
    /// # Errors
    /// [`EgressSetupError`] when the certificate store cannot be read.
    pub fn new(policy: EgressPolicy, connect_timeout: Duration) -> Result<Self, EgressSetupError> {
        let mut http = HttpConnector::new_with_resolver(Resolver { policy });
        http.enforce_http(false);
        http.set_nodelay(true);
        let builder = HttpsConnectorBuilder::new()
            .with_provider_and_platform_verifier(rustls::crypto::aws_lc_rs::default_provider())
            .map_err(EgressSetupError)?;
        let builder = match policy {
            EgressPolicy::PublicOnly => builder.https_only(),
            EgressPolicy::AllowLoopback => builder.https_or_http(),
        };
        let https = builder
            .enable_all_versions()
            .wrap_connector(Guarded { policy, http });
        Ok(Self {
            clients: Arc::default(),
            connector: Timed {
                timeout: connect_timeout,
                inner: https,
            },
            policy,
        })
    }

    /// This thread's client.
    fn client(&self) -> &Client<Connector, Body> {
        self.clients.get_or(|| {
            Client::builder(TokioExecutor::new())
                .pool_idle_timeout(Duration::from_mins(1))
                .pool_timer(TokioTimer::new())
                .http2_keep_alive_interval(Duration::from_secs(30))
                .http2_keep_alive_timeout(Duration::from_secs(10))
                .timer(TokioTimer::new())
                .build(self.connector.clone())
        })
    }

    /// Whether it connects to this machine, and by plain http: where Microsoft is simulated.
    pub fn allows_loopback(&self) -> bool {
        self.policy == EgressPolicy::AllowLoopback
    }

    /// Sends `request` and gives the answer as soon as its headers are there.
    ///
    /// # Errors
    /// [`EgressError`]; no timeout but the connect timeout applies.
    pub async fn send(&self, request: Request<Body>) -> Result<Response<Incoming>, EgressError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        self.client()
            .request(request)
            .await
            .map_err(|error| classify(error, host))
    }

    /// Sends `request` and reads its whole answer: for token endpoints and other small calls.
    ///
    /// # Errors
    /// [`EgressError`], also when a limit is passed.
    pub async fn fetch(
        &self,
        request: Request<Bytes>,
        limits: FetchLimits,
    ) -> Result<Response<Bytes>, EgressError> {
        let call = async {
            let (parts, body) = self.send(request.map(Body::from)).await?.into_parts();
            let read = Limited::new(body, limits.body_bytes).collect().await;
            let body =
                read.map_err(
                    |error| match error.downcast::<http_body_util::LengthLimitError>() {
                        Ok(_) => EgressError::TooLarge {
                            limit_bytes: limits.body_bytes,
                        },
                        Err(error) => EgressError::Interrupted(error),
                    },
                )?;
            Ok(Response::from_parts(parts, body.to_bytes()))
        };
        tokio::time::timeout(limits.timeout, call)
            .await
            .unwrap_or(Err(EgressError::Timeout))
    }
}

/// Marks of our own connectors inside the client's error chain.
#[derive(Debug, thiserror::Error)]
enum ConnectRefused {
    #[error("no address is allowed")]
    Address,
    #[error("connecting took too long")]
    Timeout,
}

fn classify(error: hyper_util::client::legacy::Error, host: String) -> EgressError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(present) = cause {
        match present.downcast_ref::<ConnectRefused>() {
            Some(ConnectRefused::Address) => return EgressError::AddressRefused { host },
            Some(ConnectRefused::Timeout) => return EgressError::Timeout,
            None => cause = present.source(),
        }
    }
    if error.is_connect() {
        EgressError::Unreachable(error.into())
    } else {
        EgressError::Interrupted(error.into())
    }
}

/// Name resolution that drops every address the policy does not allow.
#[derive(Clone)]
struct Resolver {
    policy: EgressPolicy,
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = BoxFuture<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let policy = self.policy;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = found
                .filter(|address| policy.allows(address.ip()))
                .collect();
            if allowed.is_empty() {
                Err(ConnectRefused::Address.into())
            } else {
                Ok(allowed.into_iter())
            }
        })
    }
}

/// TCP connector that also checks IP literals, which never reach the resolver.
#[derive(Clone)]
struct Guarded {
    policy: EgressPolicy,
    http: HttpConnector<Resolver>,
}

impl Service<Uri> for Guarded {
    type Response = <HttpConnector<Resolver> as Service<Uri>>::Response;
    type Error = BoxError;
    type Future = BoxFuture<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.http.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let host = uri.host().unwrap_or_default();
        let literal = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>();
        if literal.is_ok_and(|address| !self.policy.allows(address)) {
            return Box::pin(std::future::ready(Err(ConnectRefused::Address.into())));
        }
        let connecting = self.http.call(uri);
        Box::pin(async move { connecting.await.map_err(Into::into) })
    }
}

/// Connector with one time limit for all it does.
#[derive(Clone)]
struct Timed<S> {
    timeout: Duration,
    inner: S,
}

impl<S> Service<Uri> for Timed<S>
where
    S: Service<Uri, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<S::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(self.timeout, self.inner.call(uri));
        Box::pin(async move {
            connecting
                .await
                .unwrap_or_else(|_| Err(ConnectRefused::Timeout.into()))
        })
    }
}

#[cfg(test)]
mod tests;
