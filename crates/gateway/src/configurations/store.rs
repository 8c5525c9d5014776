//! Configurations of credentials and what is set in them. Every query names project and user.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};
use sqlx::{Any, FromRow, Transaction};
use uuid::Uuid;

use crate::clock::Millis;
use crate::identity::UserId;
use crate::store::Store;
use crate::store::column::Row;
use crate::store::turns::Turn;
use crate::triggers::store::inbox::insert_enabled;
use crate::triggers::store::wanted_hooks::leave_configuration;
use crate::triggers::store::{StatesOf, UNSETTLED, unsettle};

/// What a user set for one workflow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WorkflowState {
    /// Switched on.
    pub enabled: bool,
    /// Settings by input id.
    pub settings: Map<String, Value>,
}

/// One configuration of a credential.
#[derive(Debug, Clone)]
pub struct ConfigurationRow {
    /// Id, UUID version 4.
    pub id: Uuid,
    /// Credential it belongs to.
    pub credential_id: Uuid,
    /// The app's own label, unique for the credential.
    pub external_id: Option<String>,
    /// The one that is used when none is named.
    pub is_default: bool,
    /// Settings of the integration by input id.
    pub shared_settings: Map<String, Value>,
    /// The app's own data.
    pub meta: Map<String, Value>,
    /// By workflow id, also for workflows that the project no longer has.
    pub workflows: BTreeMap<String, WorkflowState>,
    /// Epoch milliseconds.
    pub created_at: Millis,
    /// Epoch milliseconds.
    pub updated_at: Millis,
}

/// A configuration to be made.
#[derive(Debug)]
pub struct NewConfiguration<'a> {
    /// Id, UUID version 4.
    pub id: Uuid,
    /// The app's own label.
    pub external_id: Option<&'a str>,
    /// The credential's default one.
    pub is_default: bool,
    /// Workflows that are on from the beginning.
    pub enabled_workflows: &'a [String],
    /// Epoch milliseconds.
    pub now: Millis,
}

#[derive(FromRow)]
struct Raw {
    id: String,
    credential_id: String,
    external_id: Option<String>,
    is_default: i64,
    shared_settings: String,
    meta: String,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Raw> for ConfigurationRow {
    type Error = sqlx::Error;

    fn try_from(raw: Raw) -> Result<Self, sqlx::Error> {
        let row = Row::of("configurations", &raw.id);
        Ok(Self {
            id: row.uuid("id", &raw.id)?,
            credential_id: row.uuid("credential_id", &raw.credential_id)?,
            external_id: raw.external_id,
            is_default: raw.is_default != 0,
            shared_settings: row.json("shared_settings", &raw.shared_settings)?,
            meta: row.json("meta", &raw.meta)?,
            workflows: BTreeMap::new(),
            created_at: raw.created_at,
            updated_at: raw.updated_at,
        })
    }
}

#[derive(FromRow)]
struct RawState {
    configuration_id: String,
    workflow_id: String,
    enabled: i64,
    settings: String,
}

fn text(object: &Map<String, Value>) -> String {
    serde_json::to_string(object).unwrap_or_else(|_| "{}".into())
}

/// Ends a query on `configurations` whose first two parameters are project and user.
const OWNED: &str =
    "credential_id IN (SELECT id FROM credentials WHERE project_id = $1 AND user_id = $2)";

impl Store {
    /// All configurations of a user's credentials: each credential's default one first, then by age.
    pub async fn configurations(
        &self,
        project: &str,
        user: &UserId,
    ) -> Result<Vec<ConfigurationRow>, sqlx::Error> {
        let sql = format!(
            "SELECT * FROM configurations WHERE {OWNED} ORDER BY credential_id, is_default DESC, created_at, id"
        );
        let rows: Vec<Raw> = sqlx::query_as(&sql)
            .bind(project)
            .bind(user.as_str())
            .fetch_all(&self.pool)
            .await?;
        let sql = format!(
            "SELECT * FROM workflow_states WHERE configuration_id IN (SELECT id FROM configurations WHERE {OWNED})"
        );
        let states: Vec<RawState> = sqlx::query_as(&sql)
            .bind(project)
            .bind(user.as_str())
            .fetch_all(&self.pool)
            .await?;
        let mut by_configuration: HashMap<String, BTreeMap<String, WorkflowState>> = HashMap::new();
        for state in states {
            let row = Row::of("workflow_states", &state.configuration_id);
            let workflow = WorkflowState {
                enabled: state.enabled != 0,
                settings: row.json("settings", &state.settings)?,
            };
            by_configuration
                .entry(state.configuration_id)
                .or_default()
                .insert(state.workflow_id, workflow);
        }
        let read = |raw: Raw| {
            let workflows = by_configuration.remove(&raw.id).unwrap_or_default();
            Ok(ConfigurationRow {
                workflows,
                ..raw.try_into()?
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// The account of a configuration; it never changes.
    async fn account_of(
        &self,
        project: &str,
        user: &UserId,
        id: Uuid,
    ) -> Result<Option<Uuid>, sqlx::Error> {
        let sql = format!("SELECT credential_id FROM configurations WHERE id = $3 AND {OWNED}");
        let found: Option<(String,)> = sqlx::query_as(&sql)
            .bind(project)
            .bind(user.as_str())
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        let read = |(account,): (String,)| {
            Row::of("configurations", &id.to_string()).uuid("credential_id", &account)
        };
        found.map(read).transpose()
    }

    /// Adds a configuration to a user's credential.
    ///
    /// # Errors
    /// A unique violation for an external id that is taken; `RowNotFound` for a credential that is gone.
    pub async fn insert_configuration(
        &self,
        project: &str,
        user: &UserId,
        credential_id: Uuid,
        new: &NewConfiguration<'_>,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.begin_in_turn(&[Turn::Account(credential_id)]).await?;
        insert(&mut transaction, project, user, credential_id, new).await?;
        transaction.commit().await
    }

    /// Lets `change` have a configuration's metadata, and keeps what it makes of it; nobody changes it meanwhile. `false`:
    /// there is no such configuration.
    ///
    /// # Errors
    /// Those of `change`; then nothing is kept.
    pub async fn change_configuration_meta<E: From<sqlx::Error>>(
        &self,
        project: &str,
        user: &UserId,
        id: Uuid,
        now: Millis,
        change: impl FnOnce(&mut Map<String, Value>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let mut transaction = self.begin().await?;
        let lock = self.dialect.row_lock();
        let sql = format!("SELECT meta FROM configurations WHERE id = $3 AND {OWNED} {lock}");
        let stored: Option<(String,)> = sqlx::query_as(&sql)
            .bind(project)
            .bind(user.as_str())
            .bind(id.to_string())
            .fetch_optional(&mut *transaction)
            .await?;
        let Some((stored,)) = stored else {
            return Ok(false);
        };
        let id = id.to_string();
        let row = Row::of("configurations", &id);
        let mut meta = row.json("meta", &stored)?;
        change(&mut meta)?;
        sqlx::query("UPDATE configurations SET meta = $2, updated_at = $3 WHERE id = $1")
            .bind(&id)
            .bind(text(&meta))
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Replaces settings of a configuration, all or none of them. `false`: there is no such configuration.
    pub async fn save_settings(
        &self,
        project: &str,
        user: &UserId,
        id: Uuid,
        shared: Option<&Map<String, Value>>,
        workflows: &BTreeMap<String, Map<String, Value>>,
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        let Some(account) = self.account_of(project, user, id).await? else {
            return Ok(false);
        };
        let mut transaction = self.begin_in_turn(&[Turn::Account(account)]).await?;
        let sql = format!(
            "UPDATE configurations SET shared_settings = coalesce($4, shared_settings), updated_at = $5
             WHERE id = $3 AND {OWNED}"
        );
        let done = sqlx::query(&sql)
            .bind(project)
            .bind(user.as_str())
            .bind(id.to_string())
            .bind(shared.map(text))
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        for (workflow, settings) in workflows {
            sqlx::query(
                "INSERT INTO workflow_states (configuration_id, workflow_id, enabled, settings, updated_at)
                 VALUES ($1, $2, 0, $3, $4) ON CONFLICT (configuration_id, workflow_id)
                 DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at",
            )
            .bind(id.to_string())
            .bind(workflow)
            .bind(text(settings))
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        }
        unsettle(
            &mut transaction,
            self.dialect,
            StatesOf::Configuration(id),
            now,
        )
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Deletes a configuration that is not the default one. `false`: there is none.
    pub async fn delete_configuration(
        &self,
        project: &str,
        user: &UserId,
        id: Uuid,
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        let Some(account) = self.account_of(project, user, id).await? else {
            return Ok(false);
        };
        let mut transaction = self.begin_in_turn(&[Turn::Account(account)]).await?;
        let sql =
            format!("DELETE FROM configurations WHERE id = $3 AND is_default = 0 AND {OWNED}");
        let done = sqlx::query(&sql)
            .bind(project)
            .bind(user.as_str())
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        leave_configuration(&mut transaction, id, now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Switches a workflow on or off. `false`: it stood like that already, or the configuration is gone.
    pub async fn switch_workflow(
        &self,
        project: &str,
        user: &UserId,
        configuration: Uuid,
        workflow: &str,
        enabled: bool,
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        let sql = if enabled {
            format!(
                "INSERT INTO workflow_states (configuration_id, workflow_id, enabled, updated_at, unsettled_since)
                 SELECT id, $4, 1, $5, $5 FROM configurations WHERE id = $3 AND {OWNED}
                 ON CONFLICT (configuration_id, workflow_id)
                 DO UPDATE SET enabled = 1, updated_at = excluded.updated_at, {UNSETTLED} WHERE workflow_states.enabled = 0"
            )
        } else {
            format!(
                "UPDATE workflow_states SET enabled = 0, updated_at = $5, next_due = NULL, {UNSETTLED} WHERE workflow_id = $4 AND enabled = 1
                 AND configuration_id IN (SELECT id FROM configurations WHERE id = $3 AND {OWNED})"
            )
        };
        let Some(account) = self.account_of(project, user, configuration).await? else {
            return Ok(false);
        };
        let mut transaction = self.begin_in_turn(&[Turn::Account(account)]).await?;
        let done = sqlx::query(&sql)
            .bind(project)
            .bind(user.as_str())
            .bind(configuration.to_string())
            .bind(workflow)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        let switched = done.rows_affected() == 1;
        if switched && enabled {
            insert_enabled(&mut transaction, configuration, workflow, now).await?;
        }
        transaction.commit().await?;
        Ok(switched)
    }
}

/// Inserts a configuration and switches its workflows on.
pub(crate) async fn insert(
    transaction: &mut Transaction<'_, Any>,
    project: &str,
    user: &UserId,
    credential_id: Uuid,
    new: &NewConfiguration<'_>,
) -> Result<(), sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO configurations (id, credential_id, external_id, is_default, created_at, updated_at)
         SELECT $4, id, $5, $6, $7, $7 FROM credentials WHERE project_id = $1 AND user_id = $2 AND id = $3",
    )
    .bind(project)
    .bind(user.as_str())
    .bind(credential_id.to_string())
    .bind(new.id.to_string())
    .bind(new.external_id)
    .bind(i64::from(new.is_default))
    .bind(new.now)
    .execute(&mut **transaction)
    .await?;
    if done.rows_affected() != 1 {
        return Err(sqlx::Error::RowNotFound);
    }
    for workflow in new.enabled_workflows {
        sqlx::query(
            "INSERT INTO workflow_states (configuration_id, workflow_id, enabled, updated_at, unsettled_since)
             VALUES ($1, $2, 1, $3, $3)",
        )
        .bind(new.id.to_string())
        .bind(workflow)
        .bind(new.now)
        .execute(&mut **transaction)
        .await?;
        insert_enabled(transaction, new.id, workflow, new.now).await?;
    }
    Ok(())
}
