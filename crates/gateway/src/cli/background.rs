//! What the program does of itself, again and again, for as long as it lives.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::error::ApiResult;
use crate::service::dashboard::sessions;
use crate::service::{connect, inbox, proxy_calls, runs, triggers};

const RUNS_EVERY: Duration = Duration::from_secs(2);
const TRIGGERS_EVERY: Duration = Duration::from_secs(1);
const CALLS_EVERY: Duration = Duration::from_secs(5);
const FORGET_EVERY: Duration = Duration::from_mins(1);

/// Begins all of it. Each has a task of its own, since providers may take their time.
pub(super) fn begin(app: &Arc<App>) {
    repeat(app, RUNS_EVERY, |app| Box::pin(sweep_runs(app)));
    repeat(app, TRIGGERS_EVERY, |app| Box::pin(sweep_triggers(app)));
    repeat(app, TRIGGERS_EVERY, |app| Box::pin(reconcile(app)));
    repeat(app, CALLS_EVERY, |app| {
        Box::pin(async move { write_calls(&app).await })
    });
    repeat(app, FORGET_EVERY, |app| Box::pin(forget(app)));
}

fn repeat(app: &Arc<App>, every: Duration, work: fn(Arc<App>) -> BoxFuture<'static, ()>) {
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            work(Arc::clone(&app)).await;
        }
    });
}

/// Takes up runs that were left behind, wakes those that wait, and forgets old ones.
async fn sweep_runs(app: Arc<App>) {
    tell(runs::sweep(&app).await, "runs could not be swept");
}

/// Makes triggers follow what is set, and starts what is due.
async fn sweep_triggers(app: Arc<App>) {
    tell(triggers::sweep(&app).await, "triggers could not be swept");
}

/// Makes and removes subscriptions at the provider.
async fn reconcile(app: Arc<App>) {
    let done = triggers::reconcile(&app).await;
    tell(done, "subscriptions could not be read");
}

/// Expires old flows, and forgets what is too old.
async fn forget(app: Arc<App>) {
    app.limits.forget_idle();
    for swept in [
        connect::sweep(&app).await,
        inbox::sweep(&app).await,
        triggers::forget(&app).await,
        sessions::sweep(&app).await,
        proxy_calls::sweep(&app).await,
    ] {
        tell(swept, "what is old could not be swept");
    }
}

/// Writes down what was counted of the proxy's calls.
pub(super) async fn write_calls(app: &App) {
    tell(
        proxy_calls::flush(app).await,
        "calls through the proxy could not be counted",
    );
}

fn tell(done: ApiResult<()>, failed: &'static str) {
    if let Err(error) = done {
        tracing::error!(detail = error.detail.as_deref(), "{failed}");
    }
}
