//! Steps of runs, with every try.

use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::clock::Millis;
use crate::store::Store;
use crate::store::column::Row;

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepStatus {
    /// It is under way, or waits for its next try.
    Running,
    /// It waits until the user connects the account again.
    Waiting,
    /// It worked.
    Succeeded,
    /// It failed.
    Failed,
}

impl StepStatus {
    /// As it stands in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

/// What an earlier try of a step left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// There was none.
    Nothing,
    /// It never came to its end: what it asked for may have been done.
    Unfinished,
    /// It failed, or waits for the account to be connected again.
    Finished,
    /// It worked, and gave this; the engine was not told any more.
    Succeeded(Value),
}

/// One step of a run.
#[derive(Debug, Clone, FromRow)]
pub struct StepRow {
    /// The step and the entries of fan-outs around it.
    pub path: String,
    /// Where it stands.
    pub status: String,
    /// What it was given (JSON), without secrets.
    pub input: Option<String>,
    /// What it gave (JSON).
    pub output: Option<String>,
    /// Why it failed (JSON).
    pub error: Option<String>,
    /// Its tries (JSON array).
    pub attempts: String,
    /// Epoch milliseconds.
    pub started_at: Millis,
    /// Epoch milliseconds.
    pub ended_at: Option<Millis>,
}

/// What became of a step, or of one try.
#[derive(Debug)]
pub struct StepResult<'a> {
    /// Where it stands.
    pub status: StepStatus,
    /// What it gave.
    pub output: Option<&'a Value>,
    /// Why it failed.
    pub error: Option<&'a Value>,
    /// The try, if it was one.
    pub attempt: Option<&'a Value>,
}

impl Store {
    /// Writes down that a step begins, and gives what an earlier try left. One that worked is not begun again.
    pub async fn begin_step(
        &self,
        run: Uuid,
        path: &str,
        input: &Value,
        now: Millis,
    ) -> Result<Earlier, sqlx::Error> {
        let mut transaction = self.begin().await?;
        let earlier: Option<(String, Option<String>)> =
            sqlx::query_as("SELECT status, output FROM run_steps WHERE run_id = $1 AND path = $2")
                .bind(run.to_string())
                .bind(path)
                .fetch_optional(&mut *transaction)
                .await?;
        if let Some((status, output)) = &earlier
            && status == StepStatus::Succeeded.as_str()
        {
            let row = format!("{run}/{path}");
            let output = Row::of("run_steps", &row).optional_json("output", output.as_deref())?;
            return Ok(Earlier::Succeeded(output.unwrap_or_default()));
        }
        sqlx::query(
            "INSERT INTO run_steps (run_id, path, status, input, started_at) VALUES ($1, $2, 'running', $3, $4)
             ON CONFLICT (run_id, path) DO UPDATE SET status = 'running', input = $3",
        )
        .bind(run.to_string())
        .bind(path)
        .bind(input.to_string())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(match earlier {
            None => Earlier::Nothing,
            Some((status, _)) if status == StepStatus::Running.as_str() => Earlier::Unfinished,
            Some(_) => Earlier::Finished,
        })
    }

    /// Writes down what became of it.
    pub async fn finish_step(
        &self,
        run: Uuid,
        path: &str,
        result: &StepResult<'_>,
        now: Millis,
    ) -> Result<(), sqlx::Error> {
        let is_over = matches!(result.status, StepStatus::Succeeded | StepStatus::Failed);
        sqlx::query(
            "UPDATE run_steps SET status = $1, output = $2, error = $3, ended_at = CASE WHEN $4 = 1 THEN $5 END,
                attempts = CASE WHEN $6 IS NULL THEN attempts WHEN attempts = '[]' THEN '[' || $6 || ']'
                    ELSE SUBSTR(attempts, 1, LENGTH(attempts) - 1) || ',' || $6 || ']' END
             WHERE run_id = $7 AND path = $8",
        )
        .bind(result.status.as_str())
        .bind(result.output.map(Value::to_string))
        .bind(result.error.map(Value::to_string))
        .bind(i64::from(is_over))
        .bind(now)
        .bind(result.attempt.map(Value::to_string))
        .bind(run.to_string())
        .bind(path)
        .execute(&self.pool)
        .await
        .map(drop)
    }

    /// Steps of a run in the order in which they began.
    pub async fn run_steps(&self, run: Uuid) -> Result<Vec<StepRow>, sqlx::Error> {
        sqlx::query_as(
            "SELECT path, status, input, output, error, attempts, started_at, ended_at FROM run_steps
             WHERE run_id = $1 ORDER BY started_at, rowid",
        )
        .bind(run.to_string())
        .fetch_all(&self.pool)
        .await
    }
}
