//! What projects offer their users: workflows and the inputs of an integration's own settings.

pub mod edited;
pub mod versions;

use sqlx::FromRow;

use self::versions::{keep_version, read_definition, write_definition};
use crate::clock::Millis;
use crate::store::Store;
use crate::store::column::Row;
use crate::store::turns::Turn;
use paragon_workflow::{Input, Workflow};

/// A workflow of a project.
#[derive(Debug, Clone)]
pub struct WorkflowRow {
    /// What it is.
    pub workflow: Workflow,
    /// Number of its version, from 1.
    pub version: u32,
    /// Epoch milliseconds.
    pub created_at: Millis,
    /// Epoch milliseconds.
    pub updated_at: Millis,
}

#[derive(FromRow)]
struct Raw {
    descriptor: String,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

fn unreadable(error: serde_json::Error) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

fn unwritable(error: serde_json::Error) -> sqlx::Error {
    sqlx::Error::Encode(Box::new(error))
}

impl Store {
    /// Makes the inputs of an integration and the workflows of the configuration file those given, in their order. Those
    /// that the dashboard deployed stay, unless the file has one of the same id.
    pub async fn set_workflows(
        &self,
        project: &str,
        integration: &str,
        inputs: &[Input],
        workflows: &[Workflow],
        now: Millis,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.begin_in_turn(&[Turn::Project(project)]).await?;
        sqlx::query(
            "INSERT INTO integration_settings (project_id, integration, inputs, updated_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (project_id, integration) DO UPDATE SET inputs = excluded.inputs, updated_at = excluded.updated_at
             WHERE integration_settings.inputs <> excluded.inputs",
        )
        .bind(project)
        .bind(integration)
        .bind(serde_json::to_string(inputs).map_err(unwritable)?)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        let offered: Vec<(String,)> = sqlx::query_as(
            "SELECT id FROM workflows WHERE project_id = $1 AND integration = $2 AND in_file = 1",
        )
        .bind(project)
        .bind(integration)
        .fetch_all(&mut *transaction)
        .await?;
        for (id,) in offered {
            if workflows.iter().all(|workflow| workflow.id != id) {
                sqlx::query("DELETE FROM workflows WHERE project_id = $1 AND id = $2")
                    .bind(project)
                    .bind(id)
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        for (position, workflow) in (0_i64..).zip(workflows) {
            let definition = write_definition(workflow)?;
            let version = keep_version(
                &mut transaction,
                (project, &workflow.id),
                &definition,
                None,
                now,
            )
            .await?;
            sqlx::query(
                "INSERT INTO workflows (project_id, integration, id, position, descriptor, created_at, updated_at, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $6, $7) ON CONFLICT (project_id, id)
                 DO UPDATE SET position = $4, descriptor = $5, updated_at = $6, version = $7, in_file = 1
                 WHERE workflows.position <> $4 OR workflows.version <> $7 OR workflows.in_file = 0",
            )
            .bind(project)
            .bind(integration)
            .bind(&workflow.id)
            .bind(position)
            .bind(&definition)
            .bind(now)
            .bind(version)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await
    }

    /// Workflows of an integration, in the operator's order.
    pub async fn workflows(
        &self,
        project: &str,
        integration: &str,
    ) -> Result<Vec<WorkflowRow>, sqlx::Error> {
        let rows: Vec<Raw> = sqlx::query_as(
            "SELECT descriptor, version, created_at, updated_at FROM workflows WHERE project_id = $1 AND integration = $2
             ORDER BY position, id",
        )
        .bind(project)
        .bind(integration)
        .fetch_all(&self.pool)
        .await?;
        let read = |raw: Raw| {
            let workflow = read_definition(&raw.descriptor)?;
            let row = Row::of("workflows", &workflow.id);
            Ok(WorkflowRow {
                version: row.count("version", raw.version)?,
                workflow,
                created_at: raw.created_at,
                updated_at: raw.updated_at,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Inputs of an integration's own settings.
    pub async fn settings_inputs(
        &self,
        project: &str,
        integration: &str,
    ) -> Result<Vec<Input>, sqlx::Error> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT inputs FROM integration_settings WHERE project_id = $1 AND integration = $2",
        )
        .bind(project)
        .bind(integration)
        .fetch_optional(&self.pool)
        .await?;
        row.map_or_else(
            || Ok(Vec::new()),
            |(inputs,)| serde_json::from_str(&inputs).map_err(unreadable),
        )
    }
}
