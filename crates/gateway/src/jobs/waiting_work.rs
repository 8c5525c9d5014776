//! Whether there is anything to do in the background: one question in place of one for each kind of work.

use sqlx::FromRow;

use crate::clock::Millis;
use crate::store::Store;

/// Which kinds of work there are.
#[derive(Debug, Clone, Copy, FromRow)]
struct Raw {
    runs: i64,
    triggers: i64,
    subscriptions: i64,
}

/// What waits to be done in the background.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaitingWork {
    /// Arrivals or runs that nobody brings on.
    pub runs: bool,
    /// Triggers that are due, or do not follow what is set.
    pub triggers: bool,
    /// Subscriptions to be made, looked after or removed.
    pub subscriptions: bool,
}

/// Since when something must have been at rest to be taken up, epoch milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct AtRest {
    /// Arrivals and runs that were not begun.
    pub not_begun: Millis,
    /// Runs of which nothing was heard.
    pub silent: Millis,
}

impl Store {
    /// What waits at the time `now`. It may say too much, never too little.
    pub async fn waiting_work(
        &self,
        now: Millis,
        since: AtRest,
    ) -> Result<WaitingWork, sqlx::Error> {
        let raw: Raw = sqlx::query_as(
            "SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM workflow_inbox WHERE dispatched_at IS NULL AND received_at <= $2)
                    OR EXISTS (SELECT 1 FROM runs WHERE ended_at IS NULL AND status = 'waiting')
                    OR EXISTS (SELECT 1 FROM runs WHERE ended_at IS NULL AND updated_at <= $2 AND status = 'queued')
                    OR EXISTS (SELECT 1 FROM runs WHERE ended_at IS NULL AND updated_at <= $3 AND status = 'running')
                    THEN 1 ELSE 0 END AS BIGINT) AS runs,
                CAST(CASE WHEN EXISTS (SELECT 1 FROM workflows WHERE settled_version <> version)
                    OR EXISTS (SELECT 1 FROM workflow_states WHERE unsettled_since IS NOT NULL
                        OR (next_due <= $1 AND enabled = 1))
                    THEN 1 ELSE 0 END AS BIGINT) AS triggers,
                CAST(CASE WHEN EXISTS (SELECT 1 FROM service_hooks WHERE next_try <= $1)
                    THEN 1 ELSE 0 END AS BIGINT) AS subscriptions",
        )
        .bind(now)
        .bind(since.not_begun)
        .bind(since.silent)
        .fetch_one(&self.pool)
        .await?;
        Ok(WaitingWork {
            runs: raw.runs != 0,
            triggers: raw.triggers != 0,
            subscriptions: raw.subscriptions != 0,
        })
    }
}
