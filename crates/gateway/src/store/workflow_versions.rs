//! Every version that a workflow had: runs keep the one they began with.

use paragon_wire::workflow::Workflow;
use sqlx::{Sqlite, Transaction};

use super::Store;
use crate::clock::Millis;

/// The number of the newest version: a new one if `definition` is not what that says.
pub(super) async fn keep_version(
    transaction: &mut Transaction<'_, Sqlite>,
    project: &str,
    workflow: &str,
    definition: &str,
    now: Millis,
) -> Result<i64, sqlx::Error> {
    let newest: Option<(i64, String)> = sqlx::query_as(
        "SELECT version, definition FROM workflow_versions WHERE project_id = ? AND workflow_id = ?
         ORDER BY version DESC LIMIT 1",
    )
    .bind(project)
    .bind(workflow)
    .fetch_optional(&mut **transaction)
    .await?;
    let version = match newest {
        Some((version, same)) if same == definition => return Ok(version),
        Some((version, _)) => version + 1,
        None => 1,
    };
    sqlx::query(
        "INSERT INTO workflow_versions (project_id, workflow_id, version, definition, created_at) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(project)
    .bind(workflow)
    .bind(version)
    .bind(definition)
    .bind(now)
    .execute(&mut **transaction)
    .await?;
    Ok(version)
}

impl Store {
    /// A version of a workflow, also one that is no longer offered.
    pub async fn workflow_version(
        &self,
        project: &str,
        workflow: &str,
        version: u32,
    ) -> Result<Option<Workflow>, sqlx::Error> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT definition FROM workflow_versions WHERE project_id = ? AND workflow_id = ? AND version = ?",
        )
        .bind(project)
        .bind(workflow)
        .bind(version)
        .fetch_optional(&self.pool)
        .await?;
        row.map(|(definition,)| serde_json::from_str(&definition))
            .transpose()
            .map_err(|error| sqlx::Error::Decode(Box::new(error)))
    }
}
