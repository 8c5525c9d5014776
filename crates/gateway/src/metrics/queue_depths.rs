//! How much waits, for metrics.

use crate::clock::Millis;
use crate::runs::store::RunStatus;
use crate::store::Store;

/// What waits to be done.
#[derive(Debug)]
pub struct QueueDepths {
    /// Arrivals that have not started their runs.
    pub arrivals: i64,
    /// When the oldest of them came, epoch milliseconds.
    pub oldest_arrival: Option<Millis>,
    /// Runs that have not ended, by status; each status once.
    pub open_runs: Vec<(&'static str, i64)>,
    /// Subscriptions that exist at the provider.
    pub active_hooks: i64,
    /// Subscriptions that are to be made or removed.
    pub pending_hooks: i64,
}

impl Store {
    /// Connections that are idle, and those in use.
    pub fn connections(&self) -> (u32, u32) {
        let idle = u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX);
        (idle, self.pool.size().saturating_sub(idle))
    }

    /// How much waits.
    pub async fn queue_depths(&self) -> Result<QueueDepths, sqlx::Error> {
        let (arrivals, oldest_arrival) = sqlx::query_as(
            "SELECT COUNT(*), MIN(received_at) FROM workflow_inbox WHERE dispatched_at IS NULL",
        )
        .fetch_one(&self.pool)
        .await?;
        let runs: Vec<(String, i64)> = sqlx::query_as(
            "SELECT status, COUNT(*) FROM runs WHERE ended_at IS NULL GROUP BY status",
        )
        .fetch_all(&self.pool)
        .await?;
        let hooks: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT CAST(CASE WHEN is_wanted = 1 AND subscription_id IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS active,
                COUNT(*) FROM service_hooks WHERE next_try IS NOT NULL OR is_wanted = 1 GROUP BY 1",
        )
        .fetch_all(&self.pool)
        .await?;
        let runs_of = |status: RunStatus| {
            let found = runs.iter().find(|(name, _)| name == status.as_str());
            (status.as_str(), found.map_or(0, |(_, count)| *count))
        };
        let hooks_of = |wanted: i64| {
            let found = hooks.iter().find(|(active, _)| *active == wanted);
            found.map_or(0, |(_, count)| *count)
        };
        Ok(QueueDepths {
            arrivals,
            oldest_arrival,
            open_runs: [RunStatus::Queued, RunStatus::Running, RunStatus::Waiting]
                .map(runs_of)
                .to_vec(),
            active_hooks: hooks_of(1),
            pending_hooks: hooks_of(0),
        })
    }
}
