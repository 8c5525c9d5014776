//! Runs of a project, counted over a span of time.

use sqlx::FromRow;

use crate::clock::Span;
use crate::runs::store::RunStatus;
use crate::store::Store;

/// Runs of one status that were made within one bucket.
#[derive(Debug)]
pub struct RunCount {
    /// Number of the bucket, from 0.
    pub bucket: usize,
    /// Where they stand now.
    pub status: RunStatus,
    /// How many.
    pub runs: u64,
}

/// Runs of a workflow that failed at one step.
#[derive(Debug, FromRow)]
pub struct FailureCount {
    /// Workflow.
    pub workflow: String,
    /// Newest version that failed there.
    pub version: i64,
    /// The step with the entries of fan-outs around it; none when no step was to blame.
    pub path: Option<String>,
    /// How many.
    pub runs: i64,
}

impl Store {
    /// Runs of a project by the bucket in which they were made and by status; buckets without runs are left out.
    pub async fn count_runs(
        &self,
        project: &str,
        span: Span,
    ) -> Result<Vec<RunCount>, sqlx::Error> {
        let rows: Vec<(i64, String, i64)> = sqlx::query_as(
            "SELECT (created_at - $2) / $4 AS bucket, status, COUNT(*) FROM runs
             WHERE project_id = $1 AND created_at >= $2 AND created_at < $3 GROUP BY bucket, status",
        )
        .bind(project)
        .bind(span.from)
        .bind(span.until)
        .bind(span.width)
        .fetch_all(&self.pool)
        .await?;
        let read = |(bucket, status, runs): (i64, String, i64)| {
            Some(RunCount {
                bucket: usize::try_from(bucket).ok()?,
                status: RunStatus::parse(&status)?,
                runs: u64::try_from(runs).ok()?,
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Failed runs of a project that were made within the span, by the step that failed.
    pub async fn count_failures(
        &self,
        project: &str,
        span: Span,
    ) -> Result<Vec<FailureCount>, sqlx::Error> {
        let step = self.dialect.json_text("error", "step");
        let by_index = self.dialect.indexed_by("runs_failed");
        let sql = format!(
            "SELECT workflow_id AS workflow, MAX(version) AS version, {step} AS path, COUNT(*) AS runs
             FROM runs {by_index}
             WHERE project_id = $1 AND status = 'failed' AND created_at >= $2 AND created_at < $3
             GROUP BY workflow_id, {step}"
        );
        sqlx::query_as(&sql)
            .bind(project)
            .bind(span.from)
            .bind(span.until)
            .fetch_all(&self.pool)
            .await
    }

    /// Runs of a project that wait until their user connects the account again, whenever they were made.
    pub async fn count_waiting_runs(&self, project: &str) -> Result<i64, sqlx::Error> {
        let (runs,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM runs WHERE project_id = $1 AND status = 'waiting'",
        )
        .bind(project)
        .fetch_one(&self.pool)
        .await?;
        Ok(runs)
    }

    /// Whether history has any run of the project.
    pub async fn has_runs(&self, project: &str) -> Result<bool, sqlx::Error> {
        let (has,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM (SELECT 1 FROM runs WHERE project_id = $1 LIMIT 1) AS any_run",
        )
        .bind(project)
        .fetch_one(&self.pool)
        .await?;
        Ok(has > 0)
    }
}
