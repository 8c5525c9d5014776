//! Accepts connections and serves them, with a bound on slow ones and an orderly end.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::middleware::AddExtension;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tower::Layer as _;

/// How long is waited for clients.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a request's headers to be complete, and for the next request on an idle connection.
    pub headers: Duration,
    /// For requests under way when the process is told to stop.
    pub ending: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(30),
            ending: Duration::from_secs(5),
        }
    }
}

/// Wait after the system refused a connection (too many open files): it may recover.
const AFTER_REFUSAL: Duration = Duration::from_millis(100);
/// HTTP/2 connections that do not answer a ping for this long are closed.
const PING_EVERY: Duration = Duration::from_secs(30);

/// Serves `router` until `stop` completes, then lets requests under way end.
///
/// Event streams stay open as long as their clients want, so the end is bounded by [`Patience::ending`].
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    stop: impl Future<Output = ()>,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.headers);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_EVERY);
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // Where attempts are counted by address, handlers take it from here.
                    let service = Extension(ConnectInfo(peer)).layer(router.clone());
                    connection(&builder, &connections, stream, service);
                }
                Err(error) => {
                    tracing::warn!(detail = %error, "a connection could not be accepted");
                    tokio::time::sleep(AFTER_REFUSAL).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    let ended = tokio::time::timeout(patience.ending, connections.shutdown()).await;
    if ended.is_err() {
        tracing::info!("connections that were still open are closed");
    }
}

fn connection(
    builder: &Builder<TokioExecutor>,
    connections: &GracefulShutdown,
    stream: TcpStream,
    service: AddExtension<Router, ConnectInfo<SocketAddr>>,
) {
    // Small answers must not wait for more.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(service);
    let connection = builder
        .serve_connection_with_upgrades(TokioIo::new(stream), service)
        .into_owned();
    let watched = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(detail = %error, "a connection ended early");
        }
    });
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::oneshot;

    use super::*;

    async fn started(
        patience: Patience,
    ) -> (
        std::net::SocketAddr,
        oneshot::Sender<()>,
        tokio::task::JoinHandle<()>,
    ) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let endless = get(|| async { std::future::pending::<&'static str>().await });
        let router = Router::new()
            .route("/", get(|| async { "hello" }))
            .route("/endless", endless);
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(serve(listener, router, patience, async {
            drop(stopped.await);
        }));
        (address, stop, serving)
    }

    #[tokio::test]
    async fn a_client_that_never_ends_its_headers_is_cut_off() {
        let patience = Patience {
            headers: Duration::from_millis(50),
            ..Patience::default()
        };
        let (address, _stop, _serving) = started(patience).await;
        let mut slow = TcpStream::connect(address).await.expect("connects");
        slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            .await
            .expect("writes");
        let mut answer = Vec::new();
        // Ends only when the server closes the connection.
        let _ = slow.read_to_end(&mut answer).await;
        assert!(!String::from_utf8_lossy(&answer).contains("hello"));
    }

    #[tokio::test]
    async fn stopping_does_not_wait_for_a_request_without_end() {
        let patience = Patience {
            ending: Duration::from_millis(50),
            ..Patience::default()
        };
        let (address, stop, serving) = started(patience).await;
        let mut client = TcpStream::connect(address).await.expect("connects");
        client
            .write_all(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .expect("writes");
        let mut other = TcpStream::connect(address).await.expect("connects");
        other
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .await
            .expect("writes");
        let mut answer = String::new();
        other.read_to_string(&mut answer).await.expect("reads");
        assert!(answer.ends_with("hello"), "{answer}");
        drop(stop);
        serving.await.expect("it ended");
    }
}
