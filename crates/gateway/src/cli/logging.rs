//! Structured logs on standard error.

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts logging with a filter such as `info` or `paragon_gateway=debug`.
pub(super) fn start(filter: &str, format: LogFormat) -> anyhow::Result<()> {
    // The workflow engine tells of each lock that it had to wait for; `duroxide=…` in the filter brings that back.
    let filter = EnvFilter::try_new(format!("duroxide=error,{filter}")).with_context(|| {
        format!("`log` is `{filter}`: write a level such as info, or paragon_gateway=debug")
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logging cannot start: {error}"))
}
