//! Every version that a workflow had: runs keep the one they began with.

use paragon_workflow::Workflow;
use sqlx::{Any, FromRow, Transaction};

use crate::clock::Millis;
use crate::store::Store;

/// A version, without its definition.
#[derive(Debug, FromRow)]
pub struct VersionRow {
    /// Number, from 1.
    pub version: i64,
    /// Who saved it; none for the configuration file.
    pub author: Option<String>,
    /// Epoch milliseconds.
    pub created_at: Millis,
}

pub(crate) fn read_definition(text: &str) -> Result<Workflow, sqlx::Error> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

pub(crate) fn write_definition(workflow: &Workflow) -> Result<String, sqlx::Error> {
    serde_json::to_string(workflow).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

/// The number of the newest version: a new one if `definition` is not what that says.
pub(crate) async fn keep_version(
    transaction: &mut Transaction<'_, Any>,
    (project, workflow): (&str, &str),
    definition: &str,
    author: Option<&str>,
    now: Millis,
) -> Result<i64, sqlx::Error> {
    let newest: Option<(i64, String)> = sqlx::query_as(
        "SELECT version, definition FROM workflow_versions WHERE project_id = $1 AND workflow_id = $2
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
        "INSERT INTO workflow_versions (project_id, workflow_id, version, definition, author, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(project)
    .bind(workflow)
    .bind(version)
    .bind(definition)
    .bind(author)
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
            "SELECT definition FROM workflow_versions WHERE project_id = $1 AND workflow_id = $2 AND version = $3",
        )
        .bind(project)
        .bind(workflow)
        .bind(i64::from(version))
        .fetch_optional(&self.pool)
        .await?;
        row.map(|(definition,)| read_definition(&definition))
            .transpose()
    }

    /// The versions of a workflow, newest first.
    pub async fn workflow_versions(
        &self,
        project: &str,
        workflow: &str,
    ) -> Result<Vec<VersionRow>, sqlx::Error> {
        sqlx::query_as(
            "SELECT version, author, created_at FROM workflow_versions WHERE project_id = $1 AND workflow_id = $2
             ORDER BY version DESC LIMIT 200",
        )
        .bind(project)
        .bind(workflow)
        .fetch_all(&self.pool)
        .await
    }
}
