//! The scripted provider, the gateway in front of it, and clients.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::error::{ApiError, ApiResult};
use crate::proxy::{
    Authorizer, EgressClient, EgressPolicy, ProxyContext, ProxyLimits, forward, path_behind,
};
use paragon_azure_devops::{HostTable, Organization};

/// Prefix of proxied paths on the gateway.
pub(super) const PREFIX: &str = "/projects/p/sdk/proxy/azuredevops";

#[track_caller]
pub(super) fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// A request as the provider received it.
#[derive(Debug, Clone, Default)]
pub(super) struct Received {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Received {
    pub(super) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "));
        lines
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// What the provider does with one connection's request.
pub(super) type Script = Arc<dyn Fn(usize, &Received) -> Reply + Send + Sync>;

pub(super) enum Reply {
    /// Bytes of a whole response, then the connection closes.
    Bytes(Vec<u8>),
    /// The connection closes without an answer.
    Close,
    /// Nothing, for ever.
    Silence,
    /// The socket itself.
    Socket(Box<dyn FnOnce(TcpStream) -> tokio::task::JoinHandle<()> + Send>),
}

pub(super) fn reply(status: &str, headers: &str, body: &str) -> Reply {
    let head = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    Reply::Bytes([head.as_bytes(), body.as_bytes()].concat())
}

pub(super) fn json(body: &str) -> Reply {
    reply(
        "200 OK",
        "content-type: application/json; charset=utf-8\r\n",
        body,
    )
}

pub(super) struct Stand {
    pub(super) gateway: SocketAddr,
    pub(super) provider: SocketAddr,
    pub(super) credential: Arc<Credential>,
    received: Arc<Mutex<Vec<Received>>>,
    client: reqwest::Client,
}

/// A credential whose tokens are `token-0`, `token-1` and so on.
#[derive(Debug, Default)]
pub(super) struct Credential {
    pub(super) renewals: AtomicUsize,
    pub(super) marks: AtomicUsize,
    pub(super) is_fixed: AtomicBool,
    pub(super) is_dead: AtomicBool,
}

impl Credential {
    fn value(&self) -> HeaderValue {
        must(HeaderValue::try_from(format!(
            "Bearer token-{}",
            self.renewals.load(Ordering::SeqCst)
        )))
    }
}

#[async_trait]
impl Authorizer for Credential {
    async fn authorization(&self) -> ApiResult<HeaderValue> {
        Ok(self.value())
    }

    async fn renew(&self, rejected: &HeaderValue) -> ApiResult<HeaderValue> {
        assert_eq!(*rejected, self.value());
        if self.is_dead.load(Ordering::SeqCst) {
            let code = paragon_wire::ErrorCode::StorageUnavailable;
            return Err(ApiError::new(code, "later"));
        }
        if !self.is_fixed.load(Ordering::SeqCst) {
            self.renewals.fetch_add(1, Ordering::SeqCst);
        }
        Ok(self.value())
    }

    async fn needs_reconnect(&self, rejected: &HeaderValue) {
        assert_eq!(*rejected, self.value());
        self.marks.fetch_add(1, Ordering::SeqCst);
    }
}

impl Stand {
    pub(super) async fn new(
        script: impl Fn(usize, &Received) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::with_limits(
            ProxyLimits {
                retry_backoff: Duration::ZERO,
                ..ProxyLimits::default()
            },
            script,
        )
        .await
    }

    pub(super) async fn with_limits(
        limits: ProxyLimits,
        script: impl Fn(usize, &Received) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let received = Arc::default();
        let provider = provider(Arc::new(script), Arc::clone(&received)).await;
        let credential = Arc::new(Credential::default());
        let gateway = gateway(provider, Arc::clone(&credential), limits).await;
        let client = must(
            reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build(),
        );
        Self {
            gateway,
            provider,
            credential,
            received,
            client,
        }
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = must(reqwest::Method::from_bytes(method.as_bytes()));
        self.client
            .request(method, format!("http://{}{PREFIX}{path}", self.gateway))
    }

    pub(super) async fn get(&self, path: &str) -> reqwest::Response {
        must(self.request("GET", path).send().await)
    }

    /// Status and, for the proxy's own errors, code.
    pub(super) async fn code(&self, request: reqwest::RequestBuilder) -> (u16, String) {
        let response = must(request.send().await);
        (response.status().as_u16(), must(response.text().await))
    }

    pub(super) fn renewals(&self) -> usize {
        self.credential.renewals.load(Ordering::SeqCst)
    }

    pub(super) fn marks(&self) -> usize {
        self.credential.marks.load(Ordering::SeqCst)
    }

    /// Sends `raw` (which must ask to close the connection) and gives all that comes back.
    pub(super) async fn raw(&self, raw: &[u8]) -> String {
        let mut socket = must(TcpStream::connect(self.gateway).await);
        must(socket.write_all(raw).await);
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

async fn gateway(
    provider: SocketAddr,
    credential: Arc<Credential>,
    limits: ProxyLimits,
) -> SocketAddr {
    let hosts = must(HostTable::simulator(&must(Url::parse(&format!(
        "http://{provider}"
    )))));
    let organization = must(Organization::new("contoso"));
    let public_base = must(Url::parse(&format!("https://gateway.example{PREFIX}")));
    let client = must(EgressClient::new(
        EgressPolicy::AllowLoopback,
        Duration::from_secs(5),
    ));
    let shared = Arc::new((hosts, organization, public_base, client));
    let handler = move |request: Request| {
        let (shared, credential) = (Arc::clone(&shared), Arc::clone(&credential));
        async move {
            let (hosts, organization, public_base, client) = &*shared;
            let authorizer = &*credential;
            let context = ProxyContext {
                hosts,
                organization,
                public_base,
                client,
                authorizer,
                limits: &limits,
            };
            let path = path_behind(request.uri(), 5).to_owned();
            match forward(&context, &path, request).await {
                Ok(response) => response,
                Err(error) => {
                    let text = format!("{error} {error:?}");
                    assert!(
                        !text.contains("token-"),
                        "an error text holds the credential: {text}"
                    );
                    error_response(error.code())
                }
            }
        }
    };
    let listener = must(TcpListener::bind("127.0.0.1:0").await);
    let address = must(listener.local_addr());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handler)).await });
    address
}

fn error_response(code: paragon_wire::ErrorCode) -> Response<Body> {
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, code.as_str()).into_response()
}

async fn provider(script: Script, received: Arc<Mutex<Vec<Received>>>) -> SocketAddr {
    let listener = must(TcpListener::bind("127.0.0.1:0").await);
    let address = must(listener.local_addr());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(socket, Arc::clone(&script), Arc::clone(&received)));
        }
    });
    address
}

async fn serve(socket: TcpStream, script: Script, received: Arc<Mutex<Vec<Received>>>) {
    let mut reader = BufReader::new(socket);
    let Some(mut request) = read_head(&mut reader).await else {
        return;
    };
    let wants_socket = request.head.contains("/socket");
    if !wants_socket {
        read_body(&mut reader, &mut request).await;
    }
    let index = {
        let mut all = received.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(request.clone());
        all.len() - 1
    };
    let mut socket = reader.into_inner();
    match script(index, &request) {
        Reply::Bytes(bytes) => {
            let _ = socket.write_all(&bytes).await;
            let _ = socket.shutdown().await;
        }
        Reply::Close => {}
        Reply::Silence => std::future::pending().await,
        Reply::Socket(run) => {
            let _ = run(socket).await;
        }
    }
}

async fn read_head(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        // Straight from the socket: nothing of the body may be taken along.
        reader.get_mut().read_exact(&mut byte).await.ok()?;
        head.push(byte[0]);
    }
    Some(Received {
        head: String::from_utf8_lossy(&head).into_owned(),
        body: Vec::new(),
    })
}

async fn read_body(reader: &mut BufReader<TcpStream>, request: &mut Received) {
    use tokio::io::AsyncBufReadExt;
    if let Some(length) = request
        .header("content-length")
        .and_then(|length| length.parse().ok())
    {
        request.body = vec![0; length];
        let _ = reader.read_exact(&mut request.body).await;
        return;
    }
    if request.header("transfer-encoding").is_none() {
        return;
    }
    loop {
        let mut size = String::new();
        if reader.read_line(&mut size).await.is_err() {
            return;
        }
        let Ok(size) = usize::from_str_radix(size.trim(), 16) else {
            return;
        };
        let mut chunk = vec![0; size + 2];
        if size == 0 || reader.read_exact(&mut chunk).await.is_err() {
            return;
        }
        request.body.extend_from_slice(&chunk[..size]);
    }
}
