//! What the program does of itself, again and again, for as long as it lives.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::app::App;
use crate::error::ApiResult;
use crate::service::dashboard::sessions;
use crate::service::{connect, inbox, proxy_calls, runs, triggers};

const RUNS_EVERY: Duration = Duration::from_secs(2);
const TRIGGERS_EVERY: Duration = Duration::from_secs(1);
const CALLS_EVERY: Duration = Duration::from_secs(5);
const FORGET_EVERY: Duration = Duration::from_mins(1);

/// Begins all of it. Each has a loop of its own, since providers may take their time.
pub(super) fn begin(app: &Arc<App>) {
    // Takes up runs that were left behind, wakes those that wait, and forgets old ones.
    repeat(app, "runs", RUNS_EVERY, |app| {
        Box::pin(async move { runs::sweep(&app).await })
    });
    // Makes triggers follow what is set, and starts what is due.
    repeat(app, "triggers", TRIGGERS_EVERY, |app| {
        Box::pin(async move { triggers::sweep(&app).await })
    });
    // Makes and removes subscriptions at the provider.
    repeat(app, "subscriptions", TRIGGERS_EVERY, |app| {
        Box::pin(async move { triggers::reconcile(&app).await })
    });
    // Writes down what was counted of the proxy's calls.
    repeat(app, "proxy calls", CALLS_EVERY, |app| {
        Box::pin(async move { proxy_calls::flush(&app).await })
    });
    // Expires old flows, and forgets what is too old.
    repeat(app, "old flows", FORGET_EVERY, |app| {
        Box::pin(async move { connect::sweep(&app).await })
    });
    repeat(app, "old arrivals", FORGET_EVERY, |app| {
        Box::pin(async move { inbox::sweep(&app).await })
    });
    repeat(app, "old deliveries", FORGET_EVERY, |app| {
        Box::pin(async move { triggers::forget(&app).await })
    });
    repeat(app, "old sessions", FORGET_EVERY, |app| {
        Box::pin(async move { sessions::sweep(&app).await })
    });
    repeat(app, "old limits", FORGET_EVERY, |app| {
        Box::pin(async move {
            app.limits.forget_idle();
            Ok(())
        })
    });
    repeat(app, "old proxy calls", FORGET_EVERY, |app| {
        Box::pin(async move { proxy_calls::sweep(&app).await })
    });
}

fn repeat(
    app: &Arc<App>,
    name: &'static str,
    every: Duration,
    work: fn(Arc<App>) -> BoxFuture<'static, ApiResult<()>>,
) {
    let shared = Arc::clone(app);
    let work = Box::new(move || work(Arc::clone(&shared)));
    app.supervisor.repeat(name, every, work);
}
