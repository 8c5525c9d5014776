//! What is not counted but looked up when somebody asks: jobs, connections, queues.

use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, gauge};
use tokio::time::timeout;

use crate::state::App;

const JOB_UP: &str = "paragon_background_job_up";
const JOB_PASSES: &str = "paragon_background_passes_total";
const CONNECTIONS: &str = "paragon_database_connections";
const DATABASE_UP: &str = "paragon_database_up";
const INBOX_AGE: &str = "paragon_inbox_oldest_seconds";
const INBOX: &str = "paragon_inbox_waiting";
const OPEN_RUNS: &str = "paragon_runs_open";
const SUBSCRIPTIONS: &str = "paragon_hook_subscriptions";
/// Whoever asks for metrics must get them also while the database does not answer.
const LONGEST_QUERY: Duration = Duration::from_secs(3);

pub(super) fn describe() {
    describe_gauge!(JOB_UP, "Whether a background job does its work.");
    describe_counter!(JOB_PASSES, "Passes of background jobs by outcome.");
    describe_gauge!(CONNECTIONS, "Connections to the database by state.");
    describe_gauge!(DATABASE_UP, "Whether the database answered.");
    describe_gauge!(
        INBOX,
        "Events and requests that have not started their runs yet."
    );
    describe_gauge!(INBOX_AGE, "Age of the oldest of them.");
    describe_gauge!(OPEN_RUNS, "Workflow runs that have not ended, by status.");
    describe_gauge!(SUBSCRIPTIONS, "Service hook subscriptions by state.");
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) async fn collect(app: &App) {
    for (job, health) in app.supervisor.health() {
        gauge!(JOB_UP, "task" => job).set(f64::from(u8::from(health.is_good())));
        for (outcome, passes) in [
            ("good", health.passes),
            ("failed", health.failures),
            ("panicked", health.panics),
        ] {
            counter!(JOB_PASSES, "task" => job, "outcome" => outcome).absolute(passes);
        }
    }
    let (idle, used) = app.store.connections();
    gauge!(CONNECTIONS, "state" => "idle").set(f64::from(idle));
    gauge!(CONNECTIONS, "state" => "used").set(f64::from(used));
    let depths = timeout(LONGEST_QUERY, app.store.queue_depths()).await;
    let is_up = matches!(depths, Ok(Ok(_)));
    gauge!(DATABASE_UP).set(f64::from(u8::from(is_up)));
    let Ok(Ok(depths)) = depths else {
        tracing::warn!("metrics lack what the database would tell: it does not answer");
        return;
    };
    let age = depths
        .oldest_arrival
        .map_or(0, |oldest| app.clock.now().saturating_sub(oldest).max(0));
    gauge!(INBOX).set(depths.arrivals as f64);
    gauge!(INBOX_AGE).set(age as f64 / 1000.0);
    for (status, runs) in depths.open_runs {
        gauge!(OPEN_RUNS, "status" => status).set(runs as f64);
    }
    for (state, hooks) in [
        ("active", depths.active_hooks),
        ("pending", depths.pending_hooks),
    ] {
        gauge!(SUBSCRIPTIONS, "state" => state).set(hooks as f64);
    }
}
