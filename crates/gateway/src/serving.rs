//! Accepts connections and serves them: with a bound on silent and slow ones, on how many there are, and an orderly end.

mod activity;
mod descriptors;
mod limits;
mod strict_lines;
mod watched;
mod workers;

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use self::activity::Activity;
pub use self::descriptors::raise as raise_descriptor_limit;
use self::limits::{Connections, Place};
use self::watched::Watched;
pub use self::workers::Workers;

/// How long is waited for clients.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the first byte of a new connection.
    pub first_byte: Duration,
    /// For a request's headers to be complete, and for the next request on an idle connection.
    pub headers: Duration,
    /// For a client that takes nothing more of its answer.
    pub answer: Duration,
    /// For requests under way when the process is told to stop.
    pub ending: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            headers: Duration::from_secs(30),
            answer: Duration::from_mins(1),
            ending: Duration::from_secs(5),
        }
    }
}

/// How many connections there may be.
#[derive(Debug, Clone)]
pub struct ConnectionLimits {
    /// In total; fewer where the system allows fewer open files.
    pub total: usize,
    /// From one address, or one network of IPv6.
    pub per_peer: usize,
    /// Addresses that speak for many, which only the total bounds.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            total: 4096,
            per_peer: 1024,
            trusted_proxies: Vec::new(),
        }
    }
}

/// Wait after the system refused a connection (too many open files): it may recover.
const AFTER_REFUSAL: Duration = Duration::from_millis(100);
/// HTTP/2 connections that do not answer a ping for this long are closed.
const PING_EVERY: Duration = Duration::from_secs(30);

/// Serves `router` on `workers` until `stop` completes, then lets requests under way end.
///
/// Event streams stay open as long as their clients want, so the end is bounded by [`Patience::ending`].
pub async fn serve(
    listener: TcpListener,
    router: Router,
    (patience, limits): (Patience, ConnectionLimits),
    workers: &Workers,
    stop: impl Future<Output = ()>,
) {
    let connections = Connections::new(limits.within(descriptors::limit()));
    let ending = GracefulShutdown::new();
    let server = Server {
        builder: builder(patience),
        router,
        patience,
    };
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = accept(&listener) => match accepted {
                Ok((stream, peer)) => if let Some(place) = connections.admit(peer.ip()) {
                    let (server, watcher) = (server.clone(), ending.watcher());
                    workers.spawn(async move {
                        if let Err(error) = server.connection(stream, peer, place, watcher).await {
                            tracing::warn!(detail = %error, "a connection could not be served");
                        }
                    });
                },
                Err(error) => {
                    tracing::warn!(detail = %error, "a connection could not be accepted");
                    connections.make_room();
                    tokio::time::sleep(AFTER_REFUSAL).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    let ended = tokio::time::timeout(patience.ending, ending.shutdown()).await;
    if ended.is_err() {
        tracing::info!("connections that were still open are closed");
    }
}

/// A connection that any runtime can serve.
async fn accept(listener: &TcpListener) -> std::io::Result<(std::net::TcpStream, SocketAddr)> {
    let (stream, peer) = listener.accept().await?;
    Ok((stream.into_std()?, peer))
}

fn builder(patience: Patience) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.headers);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_EVERY);
    builder
}

#[derive(Clone)]
struct Server {
    builder: Builder<TokioExecutor>,
    router: Router,
    patience: Patience,
}

impl Server {
    /// Serves one connection to its end.
    async fn connection(
        self,
        stream: std::net::TcpStream,
        peer: SocketAddr,
        place: Place,
        watcher: Watcher,
    ) -> std::io::Result<()> {
        let stream = TcpStream::from_std(stream)?;
        // Small answers must not wait for more.
        let _ = stream.set_nodelay(true);
        let activity = Arc::clone(place.activity());
        let io = TokioIo::new(Watched::new(stream, Arc::clone(&activity)));
        let (router, requests) = (self.router, Arc::clone(&activity));
        let service =
            service_fn(move |request| answer(router.clone(), Arc::clone(&requests), peer, request));
        let connection = self.builder.serve_connection(io, service);
        tokio::select! {
            ended = watcher.watch(connection) => if let Err(error) = ended {
                tracing::debug!(detail = %error, "a connection ended early");
            },
            reason = activity.overdue(self.patience) => {
                tracing::debug!(reason, "a connection is closed");
            }
        }
        drop(place);
        Ok(())
    }
}

/// The router's answer; the connection is busy until its last byte was handed on.
async fn answer(
    router: Router,
    activity: Arc<Activity>,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let busy = activity.begin();
    // Where attempts are counted by address, handlers take it from here.
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.oneshot(request).await?;
    Ok(response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _ = &busy;
            frame
        }))
    }))
}

#[cfg(test)]
mod tests;
