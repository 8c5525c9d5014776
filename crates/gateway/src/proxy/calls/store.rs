//! Calls through the proxy, counted by hour; several processes add to the same rows.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::{CallKind, Outcome};
use crate::clock::{Millis, Span};
use crate::store::Store;

/// Calls of one kind within one bucket of a span.
#[derive(Debug, PartialEq, Eq)]
pub struct CallCount {
    /// Number of the bucket, from 0.
    pub bucket: usize,
    /// What came of them.
    pub outcome: Outcome,
    /// Upper bound of the time that the answers took, milliseconds.
    pub up_to_ms: u32,
    /// How many.
    pub calls: u64,
}

#[derive(FromRow)]
struct Raw {
    bucket: i64,
    outcome: String,
    up_to_ms: i64,
    calls: i64,
}

impl Store {
    /// Adds to what is there.
    pub async fn add_proxy_calls(
        &self,
        counts: &BTreeMap<CallKind, u64>,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.begin().await?;
        for (kind, calls) in counts {
            sqlx::query(
                "INSERT INTO proxy_calls (project_id, hour, outcome, up_to_ms, calls) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (project_id, hour, outcome, up_to_ms) DO UPDATE SET calls = proxy_calls.calls + excluded.calls",
            )
            .bind(&kind.project)
            .bind(kind.hour)
            .bind(kind.outcome.as_str())
            .bind(i64::from(kind.up_to_ms))
            .bind(i64::try_from(*calls).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await
    }

    /// Calls of a project by bucket, outcome and time taken. An hour belongs to the bucket in which it begins.
    pub async fn proxy_calls(
        &self,
        project: &str,
        span: Span,
    ) -> Result<Vec<CallCount>, sqlx::Error> {
        let rows: Vec<Raw> = sqlx::query_as(
            "SELECT (hour - $2) / $4 AS bucket, outcome, up_to_ms, CAST(SUM(calls) AS BIGINT) AS calls FROM proxy_calls
             WHERE project_id = $1 AND hour >= $2 AND hour < $3 GROUP BY bucket, outcome, up_to_ms",
        )
        .bind(project)
        .bind(span.from)
        .bind(span.until)
        .bind(span.width)
        .fetch_all(&self.pool)
        .await?;
        let read = |raw: Raw| {
            Some(CallCount {
                bucket: usize::try_from(raw.bucket).ok()?,
                outcome: Outcome::parse(&raw.outcome)?,
                up_to_ms: u32::try_from(raw.up_to_ms).ok()?,
                calls: u64::try_from(raw.calls).ok()?,
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Forgets the calls of hours that began before `before`.
    pub async fn forget_proxy_calls(&self, before: Millis) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM proxy_calls WHERE hour < $1")
            .bind(before)
            .execute(&self.pool)
            .await
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proxy::calls::HOUR;

    fn counts(hour: Millis, calls: u64) -> BTreeMap<CallKind, u64> {
        let kind = CallKind {
            project: "app".into(),
            hour,
            outcome: Outcome::Answered,
            up_to_ms: 50,
        };
        BTreeMap::from([(kind, calls)])
    }

    #[tokio::test]
    async fn counts_add_up_and_old_ones_are_forgotten() {
        let store = Store::open("sqlite::memory:").await.expect("a store");
        for calls in [counts(0, 1), counts(0, 2), counts(HOUR, 4)] {
            store.add_proxy_calls(&calls).await.expect("written");
        }
        let span = Span {
            from: 0,
            until: 2 * HOUR,
            width: HOUR,
        };
        let seen = async |project| -> Vec<_> {
            let rows = store.proxy_calls(project, span).await.expect("rows");
            rows.iter().map(|row| (row.bucket, row.calls)).collect()
        };
        assert_eq!(seen("app").await, [(0, 3), (1, 4)]);
        assert!(seen("other").await.is_empty());
        store.forget_proxy_calls(HOUR).await.expect("forgotten");
        assert_eq!(seen("app").await, [(1, 4)]);
    }
}
