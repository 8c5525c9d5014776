//! Keys for user tokens that operators added. Public ones alone: no private key is ever stored.

use std::sync::Arc;

use sqlx::FromRow;
use uuid::Uuid;

use crate::audit;
use crate::audit::store::NewAuditEntry;
use crate::clock::Millis;
use crate::identity::KeySource;
use crate::store::Store;
use crate::store::turns::Turn;

/// One key, or one address of keys.
#[derive(Debug, Clone, FromRow)]
pub struct SigningKeyRow {
    /// Id.
    pub id: String,
    /// Public key in PEM.
    pub public_key: Option<String>,
    /// Address of a JWK set.
    pub jwks_url: Option<String>,
    /// Epoch milliseconds.
    pub created_at: Millis,
    /// Who added it.
    pub created_by: String,
}

impl Store {
    /// Keys that were added to a project, the oldest first.
    pub async fn signing_keys(&self, project: &str) -> Result<Vec<SigningKeyRow>, sqlx::Error> {
        sqlx::query_as(
            "SELECT id, public_key, jwks_url, created_at, created_by FROM signing_keys WHERE project_id = $1
             ORDER BY created_at, id",
        )
        .bind(project)
        .fetch_all(&self.pool)
        .await
    }

    /// The same, ready for use, as they were at most a second ago.
    pub async fn added_keys(&self, project: &str) -> Result<Arc<[KeySource]>, sqlx::Error> {
        let read = async {
            let rows = self.signing_keys(project).await?;
            let sources = rows.iter().filter_map(|row| {
                KeySource::added(row.public_key.as_deref(), row.jwks_url.as_deref())
            });
            Ok(sources.collect())
        };
        self.recent.signing_keys.get(project.to_owned(), read).await
    }

    /// Adds a key; false when the project has `limit` of them.
    pub async fn insert_signing_key(
        &self,
        project: &str,
        row: &SigningKeyRow,
        limit: i64,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let _changing = self.recent.signing_keys.changing(&project.to_owned());
        let mut transaction = self.begin_in_turn(&[Turn::Project(project)]).await?;
        let inserted = sqlx::query(
            "INSERT INTO signing_keys (id, project_id, public_key, jwks_url, created_at, created_by)
             SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT COUNT(*) FROM signing_keys WHERE project_id = $2) < $7",
        )
        .bind(&row.id)
        .bind(project)
        .bind(&row.public_key)
        .bind(&row.jwks_url)
        .bind(row.created_at)
        .bind(&row.created_by)
        .bind(limit)
        .execute(&mut *transaction)
        .await?;
        audit::store::commit(transaction, inserted.rows_affected(), entry).await
    }

    /// Removes a key; false when there is none.
    pub async fn delete_signing_key(
        &self,
        project: &str,
        id: Uuid,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let _changing = self.recent.signing_keys.changing(&project.to_owned());
        let mut transaction = self.begin_in_turn(&[Turn::Project(project)]).await?;
        let deleted = sqlx::query("DELETE FROM signing_keys WHERE project_id = $1 AND id = $2")
            .bind(project)
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
        audit::store::commit(transaction, deleted.rows_affected(), entry).await
    }
}
