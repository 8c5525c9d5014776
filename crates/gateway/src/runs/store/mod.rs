//! Runs of workflows: queued, found, moved on, forgotten.

pub mod begun_changes;
pub mod steps;

use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::clock::Millis;
use crate::identity::UserId;
use crate::store::column::Row;
use crate::store::{Store, column};

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunStatus {
    /// Written down; the engine does not have it yet.
    Queued,
    /// It goes on.
    Running,
    /// It waits until the user connects the account again.
    Waiting,
    /// Over, and all went well.
    Succeeded,
    /// Over: a step failed.
    Failed,
    /// Over: somebody ended it.
    Cancelled,
}

impl RunStatus {
    /// Every status.
    pub const ALL: &'static [Self] = &[
        Self::Queued,
        Self::Running,
        Self::Waiting,
        Self::Succeeded,
        Self::Failed,
        Self::Cancelled,
    ];

    /// As it stands in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|status| status.as_str() == text)
    }

    /// Whether the run is over.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// One run.
#[derive(Debug, Clone)]
pub struct RunRow {
    /// Id, UUID version 7.
    pub id: Uuid,
    /// Project.
    pub project: String,
    /// User.
    pub user: UserId,
    /// Account.
    pub credential: Uuid,
    /// Its configuration.
    pub configuration: Uuid,
    /// Workflow.
    pub workflow: String,
    /// Version of the workflow.
    pub version: u32,
    /// What started it: `app_event`, `request`.
    pub trigger: String,
    /// The run that this one repeats.
    pub replay_of: Option<Uuid>,
    /// Where it stands.
    pub status: RunStatus,
    /// What the trigger brought.
    pub input: Value,
    /// What the user had set.
    pub settings: Value,
    /// What the app said of the user.
    pub meta: Value,
    /// Answer to the request that started it: `{"status", "body"}`.
    pub response: Option<Value>,
    /// Why it failed: `{"step", "code", "message"}`.
    pub error: Option<Value>,
    /// Epoch milliseconds.
    pub created_at: Millis,
    /// Epoch milliseconds.
    pub started_at: Option<Millis>,
    /// Epoch milliseconds.
    pub updated_at: Millis,
    /// Epoch milliseconds.
    pub ended_at: Option<Millis>,
}

#[derive(FromRow)]
struct Raw {
    id: String,
    project_id: String,
    user_id: String,
    credential_id: String,
    configuration_id: String,
    workflow_id: String,
    version: i64,
    trigger_kind: String,
    replay_of: Option<String>,
    status: String,
    input: String,
    settings: String,
    meta: String,
    response: Option<String>,
    error: Option<String>,
    created_at: i64,
    started_at: Option<i64>,
    updated_at: i64,
    ended_at: Option<i64>,
}

impl TryFrom<Raw> for RunRow {
    type Error = sqlx::Error;

    fn try_from(raw: Raw) -> Result<Self, sqlx::Error> {
        let row = Row::of("runs", &raw.id);
        Ok(Self {
            id: row.uuid("id", &raw.id)?,
            project: raw.project_id,
            user: UserId(raw.user_id),
            credential: row.uuid("credential_id", &raw.credential_id)?,
            configuration: row.uuid("configuration_id", &raw.configuration_id)?,
            workflow: raw.workflow_id,
            version: row.count("version", raw.version)?,
            trigger: raw.trigger_kind,
            replay_of: row.optional_uuid("replay_of", raw.replay_of.as_deref())?,
            status: row.known("status", RunStatus::parse(&raw.status))?,
            input: row.json("input", &raw.input)?,
            settings: row.json("settings", &raw.settings)?,
            meta: row.json("meta", &raw.meta)?,
            response: row.optional_json("response", raw.response.as_deref())?,
            error: row.optional_json("error", raw.error.as_deref())?,
            created_at: raw.created_at,
            started_at: raw.started_at,
            updated_at: raw.updated_at,
            ended_at: raw.ended_at,
        })
    }
}

/// Which runs.
#[derive(Debug, Default)]
pub struct RunFilter<'a> {
    /// Of this user.
    pub user: Option<&'a UserId>,
    /// Of this workflow.
    pub workflow: Option<&'a str>,
    /// In this status.
    pub status: Option<RunStatus>,
    /// Made at or after, epoch milliseconds.
    pub since: Option<Millis>,
    /// Made before, epoch milliseconds.
    pub until: Option<Millis>,
    /// Older than this run.
    pub before: Option<Uuid>,
    /// So many at most.
    pub limit: u32,
}

const COLUMNS: &str = "id, project_id, user_id, credential_id, configuration_id, workflow_id, version, trigger_kind,
    replay_of, status, input, settings, meta, response, error, created_at, started_at, updated_at, ended_at";

impl Store {
    /// Writes down runs, and that what came in under `arrival` has been dealt with. False if it was before: then nothing
    /// is written.
    pub async fn queue_runs(
        &self,
        arrival: Option<Uuid>,
        runs: &[RunRow],
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.begin().await?;
        if let Some(arrival) = arrival {
            let taken = sqlx::query(
                "UPDATE workflow_inbox SET dispatched_at = $1 WHERE id = $2 AND dispatched_at IS NULL",
            )
            .bind(now)
            .bind(arrival.to_string())
            .execute(&mut *transaction)
            .await?;
            if taken.rows_affected() == 0 {
                return Ok(false);
            }
        }
        for run in runs {
            sqlx::query(
                "INSERT INTO runs (id, project_id, user_id, credential_id, configuration_id, workflow_id, version,
                    trigger_kind, replay_of, status, input, settings, meta, created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10, $11, $12, $13, $13)",
            )
            .bind(run.id.to_string())
            .bind(&run.project)
            .bind(run.user.as_str())
            .bind(run.credential.to_string())
            .bind(run.configuration.to_string())
            .bind(&run.workflow)
            .bind(i64::from(run.version))
            .bind(&run.trigger)
            .bind(run.replay_of.map(|id| id.to_string()))
            .bind(run.input.to_string())
            .bind(run.settings.to_string())
            .bind(run.meta.to_string())
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// A run, of whatever project: for the engine alone.
    pub async fn run_of_engine(&self, id: Uuid) -> Result<Option<RunRow>, sqlx::Error> {
        let sql = format!("SELECT {COLUMNS} FROM runs WHERE id = $1");
        let row: Option<Raw> = sqlx::query_as(&sql)
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(RunRow::try_from).transpose()
    }

    /// Runs of a project, newest first.
    pub async fn runs(
        &self,
        project: &str,
        filter: &RunFilter<'_>,
    ) -> Result<Vec<RunRow>, sqlx::Error> {
        let before = filter.before.map(|id| id.to_string());
        let conditions = [
            ("user_id =", filter.user.map(UserId::as_str)),
            ("workflow_id =", filter.workflow),
            ("status =", filter.status.map(RunStatus::as_str)),
            ("id <", before.as_deref()),
        ];
        let conditions = conditions
            .into_iter()
            .filter_map(|(what, value)| Some((what, value?)));
        let mut sql = format!(
            "SELECT {COLUMNS} FROM runs WHERE project_id = $1 AND created_at >= $2 AND created_at < $3"
        );
        let mut values = Vec::new();
        for (number, (condition, value)) in (5..).zip(conditions) {
            sql.extend([" AND ", condition, " $", &number.to_string()]);
            values.push(value);
        }
        // The ids hold the time.
        sql += " ORDER BY id DESC LIMIT $4";
        let mut query = sqlx::query_as(&sql)
            .bind(project)
            .bind(filter.since.unwrap_or(Millis::MIN))
            .bind(filter.until.unwrap_or(Millis::MAX))
            .bind(i64::from(filter.limit));
        for value in values {
            query = query.bind(value);
        }
        let rows: Vec<Raw> = query.fetch_all(&self.pool).await?;
        column::all(rows)
    }

    /// Runs in `status` that nothing was heard of since `before`, oldest first.
    pub async fn runs_at_rest(
        &self,
        status: RunStatus,
        before: Millis,
        limit: u32,
    ) -> Result<Vec<RunRow>, sqlx::Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM runs WHERE ended_at IS NULL AND status = $1 AND updated_at <= $2 ORDER BY updated_at LIMIT $3"
        );
        let rows: Vec<Raw> = sqlx::query_as(&sql)
            .bind(status.as_str())
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(column::readable(rows))
    }

    /// Moves a run on. False if it is over: then it stays as it is.
    pub async fn move_run(
        &self,
        id: Uuid,
        status: RunStatus,
        error: Option<&Value>,
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        let moved = sqlx::query(
            "UPDATE runs SET status = $2, error = $3, updated_at = $4, started_at = coalesce(started_at, $4),
                ended_at = CASE WHEN $5 = 1 THEN $4 END
             WHERE id = $1 AND ended_at IS NULL",
        )
        .bind(id.to_string())
        .bind(status.as_str())
        .bind(error.map(Value::to_string))
        .bind(now)
        .bind(i64::from(status.is_over()))
        .execute(&self.pool)
        .await?;
        Ok(moved.rows_affected() > 0)
    }

    /// The engine has the run.
    pub async fn run_started(&self, id: Uuid, now: Millis) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE runs SET status = 'running', updated_at = $2, started_at = $2 WHERE id = $1 AND status = 'queued'",
        )
        .bind(id.to_string())
        .bind(now)
        .execute(&self.pool)
        .await
        .map(drop)
    }

    /// Something was heard of the run.
    pub async fn touch_run(&self, id: Uuid, now: Millis) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE runs SET updated_at = $1 WHERE id = $2 AND ended_at IS NULL")
            .bind(now)
            .bind(id.to_string())
            .execute(&self.pool)
            .await
            .map(drop)
    }

    /// Keeps a run's answer, once.
    pub async fn set_run_response(&self, id: Uuid, response: &Value) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE runs SET response = $1 WHERE id = $2 AND response IS NULL")
            .bind(response.to_string())
            .bind(id.to_string())
            .execute(&self.pool)
            .await
            .map(drop)
    }

    /// Ids of runs that ended before `before`.
    pub async fn runs_ended(&self, before: Millis, limit: u32) -> Result<Vec<Uuid>, sqlx::Error> {
        let rows: Vec<(String,)> =
            sqlx::query_as("SELECT id FROM runs WHERE ended_at < $1 LIMIT $2")
                .bind(before)
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
        let id = |(id,): &(String,)| Row::of("runs", id).uuid("id", id);
        rows.iter().map(id).collect()
    }

    /// Forgets a run with its steps.
    pub async fn delete_run(&self, id: Uuid) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM runs WHERE id = $1")
            .bind(id.to_string())
            .execute(&self.pool)
            .await
            .map(drop)
    }
}
