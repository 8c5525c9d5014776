//! Listening, serving and stopping.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;

use crate::proxy::calls;
use crate::serving::{self, ConnectionLimits, Patience, Workers};
use crate::state::App;

/// Listens on `address`; a taken port is named together with the way out.
pub(super) async fn listen(address: SocketAddr, other_port: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!("port {} is used by another program; stop it, or choose another port with {other_port}", address.port()),
        _ => anyhow::Error::new(error).context(format!("cannot listen on {address}")),
    })
}

/// Serves until the process is told to stop.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    workers: &Workers,
) {
    let bounds = (Patience::default(), limits);
    serving::serve(listener, router, bounds, workers, stop_signal()).await;
}

/// Completes on Ctrl-C or SIGTERM.
async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}

/// Lets steps of workflows and work in the background end, writes down what is counted, and closes the database.
pub(super) async fn close(app: &App) {
    if let Some(engine) = app.engine.get() {
        engine.shutdown().await;
    }
    app.supervisor.stop().await;
    if let Err(error) = calls::service::flush(app).await {
        tracing::error!(
            error = error.in_full(),
            "the last calls through the proxy could not be counted"
        );
    }
    app.store.close().await;
}
