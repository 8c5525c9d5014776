//! What ran and was called in a project, counted for an operator.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::failures;
use super::failures::Failures;
use super::store::RunCount;
use super::window::Window;
use crate::clock::{Millis, rfc3339};
use crate::error::ApiResult;
use crate::operators::{Operator, Right};
use crate::projects::Project;
use crate::proxy::calls;
use crate::proxy::calls::store::CallCount;
use crate::proxy::calls::{Latencies, Outcome};
use crate::runs::store::RunStatus;
use crate::state::App;

/// Which time, in the operator's words.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OverviewQuery {
    /// `24h`, `7d` or `30d`.
    window: String,
    /// Minutes that the viewer's clock is ahead of UTC.
    #[serde(default)]
    offset: i64,
}

/// What ran and was called in a window.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// `24h`, `7d` or `30d`.
    window: &'static str,
    /// Minutes of a bucket.
    bucket_minutes: i64,
    /// When it was read, RFC 3339.
    until: String,
    /// Days for which history is kept.
    history_days: u32,
    /// Whether history has any run, of whatever time.
    has_runs: bool,
    /// Runs that wait until their user connects the account again, of whatever time.
    waiting: i64,
    /// Runs by bucket, the oldest first.
    runs: Vec<RunBucket>,
    /// Failed runs by step.
    failures: Failures,
    /// Calls through the proxy.
    proxy: ProxyCalls,
}

/// Runs that were made within one bucket, by where they stand now.
#[derive(Debug, Serialize, JsonSchema)]
struct RunBucket {
    /// Begin, RFC 3339.
    at: String,
    queued: u64,
    running: u64,
    waiting: u64,
    succeeded: u64,
    failed: u64,
    cancelled: u64,
}

/// Calls through the proxy.
#[derive(Debug, Serialize, JsonSchema)]
struct ProxyCalls {
    /// Of the whole window.
    total: CallCounts,
    /// By bucket, the oldest first.
    buckets: Vec<CallBucket>,
}

/// Calls within one bucket.
#[derive(Debug, Serialize, JsonSchema)]
struct CallBucket {
    /// Begin, RFC 3339.
    at: String,
    #[serde(flatten)]
    calls: CallCounts,
}

/// Calls by what came of them, and estimates of how long they took.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CallCounts {
    answered: u64,
    refused: u64,
    failed: u64,
    /// Half of the calls were answered within so many milliseconds; null without calls.
    p50_ms: Option<u64>,
    /// 95 of 100 were.
    p95_ms: Option<u64>,
}

/// Key figures, runs by bucket and status, failures by step, calls through the proxy by bucket.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`.
pub async fn show(
    app: &App,
    operator: &Operator,
    project: &Project,
    query: &OverviewQuery,
) -> ApiResult<Overview> {
    operator.require(Right::Read)?;
    let now = app.clock.now();
    let window = Window::new(&query.window, query.offset, now)?;
    // Calls of a moment ago count, too. If they cannot be written now, they are the next time.
    if let Err(error) = calls::service::flush(app).await {
        tracing::warn!(
            error = error.in_full(),
            "calls through the proxy could not be counted yet"
        );
    }
    let (store, id, span) = (&app.store, project.id.as_str(), window.span);
    let runs = RunTable::new(&window, &store.count_runs(id, span).await?);
    let calls = CallTable::new(&window, &store.proxy_calls(id, span).await?);
    let waiting = store.count_waiting_runs(id).await?;
    let failures = failures::by_step(app, id, span).await?;
    Ok(Overview {
        window: window.name,
        bucket_minutes: window.bucket_minutes(),
        until: rfc3339(now),
        history_days: app.history_days,
        has_runs: store.has_runs(id).await?,
        waiting,
        runs: runs.buckets(),
        failures,
        proxy: ProxyCalls {
            total: calls.total().counts(),
            buckets: calls.buckets(),
        },
    })
}

/// Runs by bucket and status.
struct RunTable(Vec<(Millis, [u64; RunStatus::ALL.len()])>);

impl RunTable {
    fn new(window: &Window, counts: &[RunCount]) -> Self {
        let mut rows: Vec<_> = window
            .begins()
            .map(|at| (at, <[u64; _]>::default()))
            .collect();
        for count in counts {
            if let Some((_, row)) = rows.get_mut(count.bucket) {
                row[count.status as usize] += count.runs;
            }
        }
        Self(rows)
    }

    fn buckets(&self) -> Vec<RunBucket> {
        let bucket = |(at, row): &(Millis, [u64; _])| {
            let of = |status: RunStatus| row[status as usize];
            RunBucket {
                at: rfc3339(*at),
                queued: of(RunStatus::Queued),
                running: of(RunStatus::Running),
                waiting: of(RunStatus::Waiting),
                succeeded: of(RunStatus::Succeeded),
                failed: of(RunStatus::Failed),
                cancelled: of(RunStatus::Cancelled),
            }
        };
        self.0.iter().map(bucket).collect()
    }
}

/// Calls of one bucket, or of all.
#[derive(Default)]
struct Calls {
    by_outcome: [u64; Outcome::ALL.len()],
    latencies: Latencies,
}

impl Calls {
    fn counts(&self) -> CallCounts {
        let of = |outcome: Outcome| self.by_outcome[outcome as usize];
        CallCounts {
            answered: of(Outcome::Answered),
            refused: of(Outcome::Refused),
            failed: of(Outcome::Failed),
            p50_ms: self.latencies.percentile(50),
            p95_ms: self.latencies.percentile(95),
        }
    }
}

/// Calls through the proxy by bucket.
struct CallTable(Vec<(Millis, Calls)>);

impl CallTable {
    fn new(window: &Window, counts: &[CallCount]) -> Self {
        let mut rows: Vec<_> = window.begins().map(|at| (at, Calls::default())).collect();
        for count in counts {
            if let Some((_, calls)) = rows.get_mut(count.bucket) {
                calls.by_outcome[count.outcome as usize] += count.calls;
                calls.latencies.add(count.up_to_ms, count.calls);
            }
        }
        Self(rows)
    }

    fn total(&self) -> Calls {
        let mut total = Calls::default();
        for (_, calls) in &self.0 {
            for (sum, calls) in total.by_outcome.iter_mut().zip(calls.by_outcome) {
                *sum += calls;
            }
            total.latencies.merge(&calls.latencies);
        }
        total
    }

    fn buckets(&self) -> Vec<CallBucket> {
        let bucket = |(at, calls): &(Millis, Calls)| CallBucket {
            at: rfc3339(*at),
            calls: calls.counts(),
        };
        self.0.iter().map(bucket).collect()
    }
}
