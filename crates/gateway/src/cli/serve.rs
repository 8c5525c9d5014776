//! `paragon-gateway serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::config::{self, Config};
use crate::http::router::router;
use crate::integration::settings::InForce;
use crate::metrics::Metrics;
use crate::runs;
use crate::serving::{self, Workers};
use crate::state::App;
use crate::store::keep_private;

use super::{logging, server};
use crate::jobs::background;

/// Serves the configured projects until told to stop.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    logging::start(&config.log, config.log_format)?;
    serving::raise_descriptor_limit();
    let checked = config::check(&config, false)?;
    let (address, public_url) = (checked.listen, checked.public_url.clone());
    let metrics_address = checked.metrics_listen;
    let connections = checked.connections.clone();
    keep_private(&config.workflow_database())?;
    let app = App::start(&config, checked, Clock::system(), None).await?;
    for project in app.projects.iter() {
        if !InForce::read(&app, project).await?.is_set_up() {
            tracing::warn!(project.id = %project.id, "users cannot connect yet: set the client ID and client secret in the dashboard or in the configuration file");
        }
    }
    let listener = server::listen(address, "`listen`, PARAGON_LISTEN or --listen").await?;
    let address = listener.local_addr()?;
    let metrics = serve_metrics(metrics_address, &app).await?;
    runs::run_workflows(&app, &config.workflow_database()).await?;
    background::begin(&app);
    tracing::info!(%address, %public_url, redirect_uri = %app.entra.redirect_uri(), "listening");
    let workers = Workers::start().context("no threads to serve on")?;
    server::serve(listener, router(app.clone()), connections, &workers).await;
    server::close(&app).await;
    // To the end, so that how it ends can be watched.
    if let Some(metrics) = metrics {
        metrics.abort();
    }
    Ok(())
}

/// Serves metrics on an address of their own, if there is one.
async fn serve_metrics(
    address: Option<SocketAddr>,
    app: &Arc<App>,
) -> anyhow::Result<Option<JoinHandle<()>>> {
    let Some(address) = address else {
        return Ok(None);
    };
    let metrics = Metrics::install().context("metrics cannot be counted")?;
    let listener = server::listen(address, "`metrics_listen` or PARAGON_METRICS_LISTEN").await?;
    tracing::info!(metrics.address = %listener.local_addr()?, "metrics are served");
    let router = metrics.router(Arc::clone(app));
    let serving = async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "metrics are no longer served");
        }
    };
    Ok(Some(tokio::spawn(serving)))
}
