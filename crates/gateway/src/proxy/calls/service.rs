//! Counts of calls through the proxy: from memory to the database, and forgotten in time.

use crate::error::ApiResult;
use crate::state::App;

/// Writes down what was counted since the last time. What cannot be written is kept for the next.
///
/// # Errors
/// `StorageUnavailable`.
pub async fn flush(app: &App) -> ApiResult<()> {
    let taken = app.proxy_calls.take();
    if taken.is_empty() {
        return Ok(());
    }
    let written = app.store.add_proxy_calls(&taken).await;
    if written.is_err() {
        app.proxy_calls.put_back(taken);
    }
    Ok(written?)
}

/// Forgets what is older than history is kept.
///
/// # Errors
/// `StorageUnavailable`.
pub async fn sweep(app: &App) -> ApiResult<()> {
    let before = app.history_begins();
    Ok(app.store.forget_proxy_calls(before).await?)
}
