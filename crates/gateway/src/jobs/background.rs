//! What the program does of itself, again and again, for as long as it lives.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::Notify;

use crate::error::ApiResult;
use crate::operators::sessions;
use crate::proxy::calls;
use crate::state::App;
use crate::triggers::inbox;
use crate::{connect, runs, triggers};

/// How often is looked whether there is anything to do.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const RUNS_EVERY: Duration = Duration::from_secs(2);
const TRIGGERS_EVERY: Duration = Duration::from_secs(1);
const CALLS_EVERY: Duration = Duration::from_secs(5);
const FORGET_EVERY: Duration = Duration::from_mins(1);

/// Begins all of it. Each has a loop of its own, since providers may take their time.
pub(crate) fn begin(app: &Arc<App>) {
    // Takes up runs that were left behind, and wakes those that wait.
    let runs = when_woken(app, "runs", RUNS_EVERY, |app| {
        Box::pin(async move { runs::sweep(&app).await })
    });
    // Makes triggers follow what is set, and starts what is due.
    let triggers = when_woken(app, "triggers", TRIGGERS_EVERY, |app| {
        Box::pin(async move { triggers::sweep(&app).await })
    });
    // Makes and removes subscriptions at the provider.
    let subscriptions = when_woken(app, "subscriptions", TRIGGERS_EVERY, |app| {
        Box::pin(async move { triggers::reconcile(&app).await })
    });
    look(
        app,
        Wakers {
            runs,
            triggers,
            subscriptions,
        },
    );
    repeat(app, "old runs", FORGET_EVERY, |app| {
        Box::pin(async move { runs::forget(&app).await })
    });
    // Writes down what was counted of the proxy's calls.
    repeat(app, "proxy calls", CALLS_EVERY, |app| {
        Box::pin(async move { calls::service::flush(&app).await })
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
        Box::pin(async move { calls::service::sweep(&app).await })
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

/// Wakes each kind of work.
#[derive(Clone)]
struct Wakers {
    runs: Arc<Notify>,
    triggers: Arc<Notify>,
    subscriptions: Arc<Notify>,
}

/// Looks whether there is anything to do, with one question for all of it, and wakes what does it.
fn look(app: &Arc<App>, wakers: Wakers) {
    let shared = Arc::clone(app);
    let work = move || -> BoxFuture<'static, ApiResult<()>> {
        let (app, wakers) = (Arc::clone(&shared), wakers.clone());
        Box::pin(async move {
            let now = app.clock.now();
            let waiting = app.store.waiting_work(now, runs::at_rest(now)).await?;
            for (is_waiting, waker) in [
                (waiting.runs, &wakers.runs),
                (waiting.triggers, &wakers.triggers),
                (waiting.subscriptions, &wakers.subscriptions),
            ] {
                if is_waiting {
                    waker.notify_one();
                }
            }
            Ok(())
        })
    };
    app.supervisor
        .repeat("waiting work", LOOK_EVERY, Box::new(work));
}

fn when_woken(
    app: &Arc<App>,
    name: &'static str,
    every: Duration,
    work: fn(Arc<App>) -> BoxFuture<'static, ApiResult<()>>,
) -> Arc<Notify> {
    let (shared, waker) = (Arc::clone(app), Arc::new(Notify::new()));
    let work = Box::new(move || work(Arc::clone(&shared)));
    app.supervisor
        .when_woken(name, every, Arc::clone(&waker), work);
    waker
}
