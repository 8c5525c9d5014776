//! Listening, serving and stopping.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use crate::app::App;
use crate::service::dashboard::sessions;
use crate::service::{connect, inbox, proxy_calls, runs};
use crate::serving::{self, Patience};

const SWEEP_EVERY: Duration = Duration::from_mins(1);
const SWEEP_RUNS_EVERY: Duration = Duration::from_secs(2);
const WRITE_CALLS_EVERY: Duration = Duration::from_secs(5);

/// Listens on `address`; a taken port is named together with the way out.
pub(super) async fn listen(address: SocketAddr, other_port: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!("port {} is taken by another program; stop it, or choose another port with {other_port}", address.port()),
        _ => anyhow::Error::new(error).context(format!("cannot listen on {address}")),
    })
}

/// Serves until the process is told to stop.
pub(super) async fn serve(listener: TcpListener, router: Router) {
    serving::serve(listener, router, Patience::default(), stop_signal()).await;
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

/// Lets steps of workflows end, writes down what is counted, and closes the database.
pub(super) async fn close(app: &App) {
    if let Some(engine) = app.engine.get() {
        engine.shutdown().await;
    }
    write_calls(app).await;
    app.store.close().await;
}

/// Takes up runs that were left behind, wakes those that wait, and forgets old ones.
fn sweep_runs(app: Arc<App>) {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(SWEEP_RUNS_EVERY);
        loop {
            ticks.tick().await;
            if let Err(error) = runs::sweep(&app).await {
                tracing::error!(detail = error.detail.as_deref(), "runs could not be swept");
            }
        }
    });
}

async fn write_calls(app: &App) {
    if let Err(error) = proxy_calls::flush(app).await {
        tracing::error!(
            detail = error.detail.as_deref(),
            "calls through the proxy could not be counted"
        );
    }
}

/// Writes down what was counted, now and then.
fn count_calls(app: Arc<App>) {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(WRITE_CALLS_EVERY);
        loop {
            ticks.tick().await;
            write_calls(&app).await;
        }
    });
}

/// Expires old flows and forgets what is too old now and then, for as long as the process lives.
pub(super) fn sweep(app: Arc<App>) {
    sweep_runs(Arc::clone(&app));
    count_calls(Arc::clone(&app));
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(SWEEP_EVERY);
        loop {
            ticks.tick().await;
            for swept in [
                connect::sweep(&app).await,
                inbox::sweep(&app).await,
                sessions::sweep(&app).await,
                proxy_calls::sweep(&app).await,
            ] {
                if let Err(error) = swept {
                    tracing::error!(
                        detail = error.detail.as_deref(),
                        "what is old could not be swept"
                    );
                }
            }
        }
    });
}
