//! Workflows that are made in the dashboard. What is in force stands with those of the configuration file.

use std::collections::BTreeMap;

use paragon_workflow::Workflow;
use serde_json::Value;
use sqlx::{Any, FromRow, Transaction};

use crate::audit;
use crate::audit::store::NewAuditEntry;
use crate::clock::Millis;
use crate::integration::store::IntegrationKey;
use crate::store::Store;
use crate::store::column::Row;
use crate::store::turns::Turn;
use crate::workflows::store::versions::{keep_version, read_definition, write_definition};

/// A workflow as the dashboard lists it.
#[derive(Debug)]
pub struct ListedWorkflow {
    /// The version in force, or the newest one if none is.
    pub workflow: Workflow,
    /// Newest version.
    pub saved_version: u32,
    /// Version in force.
    pub deployed_version: Option<u32>,
    /// Whether the configuration file has it.
    pub in_file: bool,
    /// Epoch milliseconds of the newest version.
    pub saved_at: Millis,
    /// Who saved it; none for the configuration file.
    pub author: Option<String>,
}

#[derive(FromRow)]
struct Raw {
    definition: String,
    saved_version: i64,
    deployed_version: Option<i64>,
    in_file: i64,
    saved_at: i64,
    author: Option<String>,
}

/// Bytes of an output that is looked at for the variable menu.
const MAX_SAMPLE_BYTES: i64 = 100_000;
/// Runs whose outputs are looked at.
const RUNS_LOOKED_AT: i64 = 20;

/// Who saves or deploys what, and the entry that tells of it.
#[derive(Debug)]
pub struct WorkflowChange<'a> {
    /// Project and integration.
    pub key: IntegrationKey<'a>,
    /// The workflow.
    pub id: &'a str,
    /// Entry of the audit log.
    pub entry: NewAuditEntry<'a>,
}

impl Store {
    /// Every workflow of an integration: those of the configuration file first, then by name.
    pub async fn listed_workflows(
        &self,
        key: IntegrationKey<'_>,
    ) -> Result<Vec<ListedWorkflow>, sqlx::Error> {
        let description = self.dialect.json_text("shown.definition", "description");
        let sql = format!(
            "WITH ids AS (
                SELECT id, version AS deployed_version, in_file, version AS saved_version FROM workflows
                WHERE project_id = $1 AND integration = $2 AND (in_file = 1 OR id NOT IN
                    (SELECT id FROM edited_workflows WHERE project_id = $1))
                UNION ALL
                SELECT edited.id, deployed.version, 0, edited.saved_version FROM edited_workflows edited
                LEFT JOIN workflows deployed ON deployed.project_id = edited.project_id AND deployed.id = edited.id
                WHERE edited.project_id = $1 AND edited.integration = $2 AND COALESCE(deployed.in_file, 0) = 0
             )
             SELECT shown.definition, ids.saved_version, ids.deployed_version, ids.in_file,
                saved.created_at AS saved_at, saved.author
             FROM ids
             JOIN workflow_versions shown ON shown.project_id = $1 AND shown.workflow_id = ids.id
                AND shown.version = COALESCE(ids.deployed_version, ids.saved_version)
             JOIN workflow_versions saved ON saved.project_id = $1 AND saved.workflow_id = ids.id
                AND saved.version = ids.saved_version
             ORDER BY ids.in_file DESC, LOWER({description}), ids.id"
        );
        let rows: Vec<Raw> = sqlx::query_as(&sql)
            .bind(key.project)
            .bind(key.integration)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter()
            .map(|raw| {
                let workflow = read_definition(&raw.definition)?;
                let row = Row::of("edited_workflows", &workflow.id);
                let number = |version| row.count("version", version);
                Ok(ListedWorkflow {
                    saved_version: number(raw.saved_version)?,
                    deployed_version: raw.deployed_version.map(number).transpose()?,
                    workflow,
                    in_file: raw.in_file != 0,
                    saved_at: raw.saved_at,
                    author: raw.author,
                })
            })
            .collect()
    }

    /// Saves the first version of a workflow; false if there is one with this id.
    pub async fn create_workflow(
        &self,
        change: &WorkflowChange<'_>,
        workflow: &Workflow,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self
            .begin_in_turn(&[Turn::Project(change.key.project)])
            .await?;
        let key = change.key;
        let made = sqlx::query(
            "INSERT INTO edited_workflows (project_id, integration, id, saved_version, created_at, updated_at)
             SELECT $1, $2, $3, 0, $4, $4 WHERE NOT EXISTS (SELECT 1 FROM workflows WHERE project_id = $1 AND id = $3)
             ON CONFLICT (project_id, id) DO NOTHING",
        )
        .bind(key.project)
        .bind(key.integration)
        .bind(change.id)
        .bind(change.entry.at)
        .execute(&mut *transaction)
        .await?;
        if made.rows_affected() == 0 {
            return Ok(false);
        }
        add_version(transaction, change, workflow).await
    }

    /// Saves a version after version `based_on`; false if that is not the newest one.
    pub async fn save_workflow(
        &self,
        change: &WorkflowChange<'_>,
        based_on: u32,
        workflow: &Workflow,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self
            .begin_in_turn(&[Turn::Project(change.key.project)])
            .await?;
        let locked = sqlx::query(
            "UPDATE edited_workflows SET updated_at = $1 WHERE project_id = $2 AND id = $3 AND saved_version = $4",
        )
        .bind(change.entry.at)
        .bind(change.key.project)
        .bind(change.id)
        .bind(i64::from(based_on))
        .execute(&mut *transaction)
        .await?;
        if locked.rows_affected() == 0 {
            return Ok(false);
        }
        add_version(transaction, change, workflow).await
    }

    /// Puts a version in force; false if there is none, or if the workflow is the configuration file's.
    pub async fn deploy_workflow(
        &self,
        change: &WorkflowChange<'_>,
        version: u32,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self
            .begin_in_turn(&[Turn::Project(change.key.project)])
            .await?;
        let deployed = sqlx::query(
            "INSERT INTO workflows (project_id, integration, id, position, descriptor, created_at, updated_at, version, in_file)
             SELECT $1, $2, $3, (SELECT COALESCE(MAX(position), -1) + 1 FROM workflows WHERE project_id = $1),
                definition, $5, $5, version, 0
             FROM workflow_versions WHERE project_id = $1 AND workflow_id = $3 AND version = $4
                AND EXISTS (SELECT 1 FROM edited_workflows WHERE project_id = $1 AND id = $3)
             ON CONFLICT (project_id, id) DO UPDATE SET descriptor = excluded.descriptor, updated_at = $5,
                version = excluded.version WHERE workflows.in_file = 0",
        )
        .bind(change.key.project)
        .bind(change.key.integration)
        .bind(change.id)
        .bind(i64::from(version))
        .bind(change.entry.at)
        .execute(&mut *transaction)
        .await?;
        audit::store::commit(transaction, deployed.rows_affected(), &change.entry).await
    }

    /// Takes a workflow of the dashboard out of force; false if it is not.
    pub async fn withdraw_workflow(
        &self,
        change: &WorkflowChange<'_>,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self
            .begin_in_turn(&[Turn::Project(change.key.project)])
            .await?;
        let withdrawn =
            sqlx::query("DELETE FROM workflows WHERE project_id = $1 AND id = $2 AND in_file = 0")
                .bind(change.key.project)
                .bind(change.id)
                .execute(&mut *transaction)
                .await?;
        audit::store::commit(transaction, withdrawn.rows_affected(), &change.entry).await
    }

    /// Removes a workflow of the dashboard. Its versions stay: runs refer to them.
    pub async fn remove_workflow(&self, change: &WorkflowChange<'_>) -> Result<bool, sqlx::Error> {
        let mut transaction = self
            .begin_in_turn(&[Turn::Project(change.key.project)])
            .await?;
        sqlx::query("DELETE FROM workflows WHERE project_id = $1 AND id = $2 AND in_file = 0")
            .bind(change.key.project)
            .bind(change.id)
            .execute(&mut *transaction)
            .await?;
        let removed = sqlx::query("DELETE FROM edited_workflows WHERE project_id = $1 AND id = $2")
            .bind(change.key.project)
            .bind(change.id)
            .execute(&mut *transaction)
            .await?;
        audit::store::commit(transaction, removed.rows_affected(), &change.entry).await
    }

    /// What the steps of a workflow gave last, by the id of the step, and what its trigger brought, as `trigger`.
    pub async fn last_outputs(
        &self,
        project: &str,
        workflow: &str,
    ) -> Result<BTreeMap<String, Value>, sqlx::Error> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "WITH last AS (SELECT id, input, created_at FROM runs WHERE project_id = $1 AND workflow_id = $2
                ORDER BY created_at DESC LIMIT $3)
             SELECT 'trigger', input FROM last WHERE length(input) <= $4
             UNION ALL
             SELECT path, output FROM (SELECT path, output FROM run_steps JOIN last ON last.id = run_steps.run_id
                WHERE status = 'succeeded' AND output IS NOT NULL AND length(output) <= $4
                ORDER BY last.created_at DESC, run_steps.rowid DESC LIMIT 300) AS done",
        )
        .bind(project)
        .bind(workflow)
        .bind(RUNS_LOOKED_AT)
        .bind(MAX_SAMPLE_BYTES)
        .fetch_all(&self.pool)
        .await?;
        let mut outputs = BTreeMap::new();
        for (path, output) in rows {
            let step = path.rsplit('/').next().unwrap_or(&path);
            if !outputs.contains_key(step) {
                outputs.insert(step.to_owned(), read_json(&output)?);
            }
        }
        Ok(outputs)
    }
}

/// Keeps a version as the newest one, and ends the transaction.
async fn add_version(
    mut transaction: Transaction<'_, Any>,
    change: &WorkflowChange<'_>,
    workflow: &Workflow,
) -> Result<bool, sqlx::Error> {
    let (project, id) = (change.key.project, change.id);
    let definition = write_definition(workflow)?;
    let (author, now) = (Some(change.entry.actor), change.entry.at);
    let version = keep_version(&mut transaction, (project, id), &definition, author, now).await?;
    sqlx::query("UPDATE edited_workflows SET saved_version = $1 WHERE project_id = $2 AND id = $3")
        .bind(version)
        .bind(project)
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    audit::store::commit(transaction, 1, &change.entry).await
}

fn read_json(text: &str) -> Result<Value, sqlx::Error> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
