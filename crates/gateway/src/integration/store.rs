//! Settings of an integration as operators saved them, and its client secrets.

use std::sync::Arc;

use serde_json::Value;
use sqlx::{Any, FromRow, Transaction};
use uuid::Uuid;

use crate::audit;
use crate::audit::store::NewAuditEntry;
use crate::clock::Millis;
use crate::store::Store;
use crate::store::column::Row;
use crate::store::turns::Turn;
use crate::vault::Sealed;

/// Settings as they were saved.
#[derive(Debug, Clone)]
pub struct IntegrationRow {
    /// Client id; absent: the configuration file's.
    pub client_id: Option<String>,
    /// Names of the permissions; absent: the configuration file's.
    pub scopes: Option<Vec<String>>,
    /// Whether users may connect and call.
    pub active: bool,
    /// Rises with every change of the settings and the secrets.
    pub revision: i64,
    /// Epoch milliseconds.
    pub updated_at: Millis,
    /// E-mail address of the operator.
    pub updated_by: String,
}

#[derive(FromRow)]
struct RawIntegration {
    client_id: Option<String>,
    scopes: Option<String>,
    active: i64,
    revision: i64,
    updated_at: i64,
    updated_by: String,
}

/// A client secret.
#[derive(Debug, Clone)]
pub struct ClientSecretRow {
    /// Id, UUID version 4.
    pub id: Uuid,
    /// The secret, sealed for row `client-secret/{project}/{id}`.
    pub secret: Sealed,
    /// When Entra ID refuses it, in epoch milliseconds, as far as is known.
    pub expires_at: Option<Millis>,
    /// Epoch milliseconds.
    pub created_at: Millis,
    /// E-mail address of the operator.
    pub created_by: String,
}

impl ClientSecretRow {
    /// Row name that a secret is sealed for.
    pub fn seal_row(project: &str, id: Uuid) -> String {
        format!("client-secret/{project}/{id}")
    }
}

#[derive(FromRow)]
struct RawSecret {
    id: String,
    secret: Vec<u8>,
    secret_key_id: String,
    expires_at: Option<i64>,
    created_at: i64,
    created_by: String,
}

/// Which integration is changed, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct IntegrationKey<'a> {
    /// Project.
    pub project: &'a str,
    /// Integration type.
    pub integration: &'a str,
}

impl IntegrationKey<'_> {
    fn names(self) -> (String, String) {
        (self.project.to_owned(), self.integration.to_owned())
    }
}

impl Store {
    /// The saved settings of an integration; absent when nothing was ever saved.
    pub async fn integration(
        &self,
        key: IntegrationKey<'_>,
    ) -> Result<Option<IntegrationRow>, sqlx::Error> {
        let row: Option<RawIntegration> =
            sqlx::query_as("SELECT * FROM integrations WHERE project_id = $1 AND integration = $2")
                .bind(key.project)
                .bind(key.integration)
                .fetch_optional(&self.pool)
                .await?;
        let read = |raw: RawIntegration| {
            let scopes = raw
                .scopes
                .map(|text| serde_json::from_str(&text))
                .transpose();
            Ok(IntegrationRow {
                client_id: raw.client_id,
                scopes: scopes.map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
                active: raw.active != 0,
                revision: raw.revision,
                updated_at: raw.updated_at,
                updated_by: raw.updated_by,
            })
        };
        row.map(read).transpose()
    }

    /// The same as it was at most a second ago.
    pub async fn recent_integration(
        &self,
        key: IntegrationKey<'_>,
    ) -> Result<Option<Arc<IntegrationRow>>, sqlx::Error> {
        let read = async { Ok(self.integration(key).await?.map(Arc::new)) };
        self.recent.integrations.get(key.names(), read).await
    }

    /// Saves settings, unless they were changed since `row.revision`, which becomes the next.
    pub async fn save_integration(
        &self,
        key: IntegrationKey<'_>,
        row: &IntegrationRow,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let _changing = self.recent.integrations.changing(&key.names());
        let mut transaction = self.begin_in_turn(&[Turn::Project(key.project)]).await?;
        let saved = sqlx::query(
            "INSERT INTO integrations (project_id, integration, client_id, scopes, active, revision, updated_at, updated_by)
             SELECT $1, $2, $3, $4, $5, 1, $7, $8 WHERE $6 = 0
             OR EXISTS (SELECT 1 FROM integrations WHERE project_id = $1 AND integration = $2 AND revision = $6)
             ON CONFLICT (project_id, integration) DO UPDATE SET client_id = $3, scopes = $4, active = $5,
             revision = $6 + 1, updated_at = $7, updated_by = $8 WHERE integrations.revision = $6",
        )
        .bind(key.project)
        .bind(key.integration)
        .bind(&row.client_id)
        .bind(row.scopes.as_ref().map(|scopes| Value::from(scopes.as_slice()).to_string()))
        .bind(i64::from(row.active))
        .bind(row.revision)
        .bind(row.updated_at)
        .bind(&row.updated_by)
        .execute(&mut *transaction)
        .await?;
        audit::store::commit(transaction, saved.rows_affected(), entry).await
    }

    /// Client secrets of an integration, newest first.
    pub async fn client_secrets(
        &self,
        key: IntegrationKey<'_>,
    ) -> Result<Vec<ClientSecretRow>, sqlx::Error> {
        let rows: Vec<RawSecret> = sqlx::query_as(
            "SELECT id, secret, secret_key_id, expires_at, created_at, created_by FROM client_secrets
             WHERE project_id = $1 AND integration = $2 ORDER BY created_at DESC, rowid DESC",
        )
        .bind(key.project)
        .bind(key.integration)
        .fetch_all(&self.pool)
        .await?;
        let read = |raw: RawSecret| {
            let row = Row::of("client_secrets", &raw.id);
            Ok(ClientSecretRow {
                id: row.uuid("id", &raw.id)?,
                secret: Sealed {
                    key_id: raw.secret_key_id,
                    bytes: raw.secret,
                },
                expires_at: raw.expires_at,
                created_at: raw.created_at,
                created_by: raw.created_by,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Adds a client secret, unless there are `limit` of them.
    pub async fn insert_client_secret(
        &self,
        key: IntegrationKey<'_>,
        row: &ClientSecretRow,
        limit: i64,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let _changing = self.recent.integrations.changing(&key.names());
        let mut transaction = self.begin_in_turn(&[Turn::Project(key.project)]).await?;
        let inserted = sqlx::query(
            "INSERT INTO client_secrets (id, project_id, integration, secret, secret_key_id, expires_at, created_at, created_by)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8
             WHERE (SELECT COUNT(*) FROM client_secrets WHERE project_id = $2 AND integration = $3) < $9",
        )
        .bind(row.id.to_string())
        .bind(key.project)
        .bind(key.integration)
        .bind(&row.secret.bytes)
        .bind(&row.secret.key_id)
        .bind(row.expires_at)
        .bind(row.created_at)
        .bind(&row.created_by)
        .bind(limit)
        .execute(&mut *transaction)
        .await?;
        raise_revision(&mut transaction, key, entry).await?;
        audit::store::commit(transaction, inserted.rows_affected(), entry).await
    }

    /// Removes a client secret; `false` when there is no such one.
    pub async fn delete_client_secret(
        &self,
        key: IntegrationKey<'_>,
        id: Uuid,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let _changing = self.recent.integrations.changing(&key.names());
        let mut transaction = self.begin_in_turn(&[Turn::Project(key.project)]).await?;
        let deleted = sqlx::query(
            "DELETE FROM client_secrets WHERE project_id = $1 AND integration = $2 AND id = $3",
        )
        .bind(key.project)
        .bind(key.integration)
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
        raise_revision(&mut transaction, key, entry).await?;
        audit::store::commit(transaction, deleted.rows_affected(), entry).await
    }
}

/// Another secret is another setting: what Entra ID said of those before no longer holds.
async fn raise_revision(
    transaction: &mut Transaction<'_, Any>,
    key: IntegrationKey<'_>,
    entry: &NewAuditEntry<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO integrations (project_id, integration, active, revision, updated_at, updated_by)
         VALUES ($1, $2, 1, 1, $3, $4) ON CONFLICT (project_id, integration)
         DO UPDATE SET revision = integrations.revision + 1, updated_at = $3, updated_by = $4",
    )
    .bind(key.project)
    .bind(key.integration)
    .bind(entry.at)
    .bind(entry.actor)
    .execute(&mut **transaction)
    .await
    .map(drop)
}
