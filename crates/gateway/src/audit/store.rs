//! Who did what in the dashboard. Written in the transaction of the change itself, never changed afterwards.

use serde_json::Value;
use sqlx::{Any, FromRow, Transaction};

use crate::clock::Millis;
use crate::store::Store;

/// One entry to be written.
#[derive(Debug)]
pub struct NewAuditEntry<'a> {
    /// Epoch milliseconds.
    pub at: Millis,
    /// E-mail address of the operator, `command line`, what the OpenID provider is called, or, where nobody is known, the
    /// network address.
    pub actor: &'a str,
    /// What was done, such as `integration.changed`.
    pub action: &'a str,
    /// To whom or what, where the action alone does not say.
    pub subject: Option<&'a str>,
    /// Project.
    pub project: Option<&'a str>,
    /// What it was before; no secrets.
    pub before: Option<Value>,
    /// What it is now; no secrets.
    pub after: Option<Value>,
}

/// One entry.
#[derive(Debug, FromRow)]
pub struct AuditRow {
    /// Number, rising.
    pub id: i64,
    /// Epoch milliseconds.
    pub at: Millis,
    /// E-mail address of the operator, `command line`, what the OpenID provider is called, or a network address.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To whom or what.
    pub subject: Option<String>,
    /// Project.
    pub project_id: Option<String>,
    /// JSON text.
    pub before: Option<String>,
    /// JSON text.
    pub after: Option<String>,
}

impl Store {
    /// Entries before number `before`, newest first; of one project (with those of none), or of all.
    pub async fn audit_log(
        &self,
        project: Option<&str>,
        before: i64,
        limit: i64,
    ) -> Result<Vec<AuditRow>, sqlx::Error> {
        sqlx::query_as(
            "SELECT * FROM audit_log WHERE id < $1 AND ($2 IS NULL OR project_id = $2 OR project_id IS NULL)
             ORDER BY id DESC LIMIT $3",
        )
        .bind(before)
        .bind(project)
        .bind(limit)
        .fetch_all(&self.pool)
        .await
    }

    /// Writes an entry for what changes nothing in the database.
    pub async fn insert_audit_entry(&self, entry: &NewAuditEntry<'_>) -> Result<(), sqlx::Error> {
        let mut transaction = self.begin().await?;
        insert(&mut transaction, entry).await?;
        transaction.commit().await
    }
}

/// Commits a change together with its entry; `false`, and nothing is written, when no row was changed.
pub(crate) async fn commit(
    mut transaction: Transaction<'_, Any>,
    changed: u64,
    entry: &NewAuditEntry<'_>,
) -> Result<bool, sqlx::Error> {
    if changed == 0 {
        transaction.rollback().await?;
        return Ok(false);
    }
    insert(&mut transaction, entry).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Writes an entry.
async fn insert(
    transaction: &mut Transaction<'_, Any>,
    entry: &NewAuditEntry<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO audit_log (at, actor, action, subject, project_id, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(entry.at)
    .bind(entry.actor)
    .bind(entry.action)
    .bind(entry.subject)
    .bind(entry.project)
    .bind(entry.before.as_ref().map(Value::to_string))
    .bind(entry.after.as_ref().map(Value::to_string))
    .execute(&mut **transaction)
    .await
    .map(drop)
}
