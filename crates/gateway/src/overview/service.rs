//! What ran and was called in a project, counted for an operator.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::failures;
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
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverviewQuery {
    /// `24h`, `7d` or `30d`.
    window: String,
    /// Minutes that the viewer's clock is ahead of UTC.
    #[serde(default)]
    offset: i64,
}

/// Key figures, runs by bucket and status, failures by step, calls through the proxy by bucket; docs/dashboard.md has the
/// form.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`.
pub async fn show(
    app: &App,
    operator: &Operator,
    project: &Project,
    query: &OverviewQuery,
) -> ApiResult<Value> {
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
    Ok(json!({
        "window": window.name,
        "bucketMinutes": window.bucket_minutes(),
        "until": rfc3339(now),
        "historyDays": app.history_days,
        "hasRuns": store.has_runs(id).await?,
        "waiting": waiting,
        "runs": runs.json(),
        "failures": failures,
        "proxy": { "total": calls.total(), "buckets": calls.json() },
    }))
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

    fn json(&self) -> Value {
        let bucket = |(at, row): &(Millis, [u64; _])| -> Value {
            let counts = RunStatus::ALL
                .iter()
                .map(|status| (status.as_str().to_owned(), json!(row[*status as usize])));
            let at = ("at".to_owned(), json!(rfc3339(*at)));
            std::iter::once(at)
                .chain(counts)
                .collect::<Map<_, _>>()
                .into()
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
    fn json(&self) -> Map<String, Value> {
        let counts = Outcome::ALL.iter().map(|outcome| {
            let calls = self.by_outcome[*outcome as usize];
            (outcome.as_str().to_owned(), json!(calls))
        });
        let percentiles = [50, 95].map(|percent| {
            let estimate = self.latencies.percentile(percent);
            (format!("p{percent}Ms"), json!(estimate))
        });
        counts.chain(percentiles).collect()
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

    fn total(&self) -> Value {
        let mut total = Calls::default();
        for (_, calls) in &self.0 {
            for (sum, calls) in total.by_outcome.iter_mut().zip(calls.by_outcome) {
                *sum += calls;
            }
            total.latencies.merge(&calls.latencies);
        }
        total.json().into()
    }

    fn json(&self) -> Value {
        let bucket = |(at, calls): &(Millis, Calls)| -> Value {
            let at = ("at".to_owned(), json!(rfc3339(*at)));
            std::iter::once(at)
                .chain(calls.json())
                .collect::<Map<_, _>>()
                .into()
        };
        self.0.iter().map(bucket).collect()
    }
}
