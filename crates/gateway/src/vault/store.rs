//! Every secret that the vault sealed, wherever it stands, for a change of the vault's key.

use std::collections::BTreeSet;

use sqlx::FromRow;
use uuid::Uuid;

use super::Sealed;
use crate::connect::store::FlowRow;
use crate::credentials::store::CredentialRow;
use crate::integration::store::ClientSecretRow;
use crate::store::Store;
use crate::store::column::Row;

/// A table with sealed secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedTable {
    /// Code verifiers and tokens of flows.
    Flows,
    /// Tokens of connected accounts.
    Credentials,
    /// Client secrets of integrations.
    ClientSecrets,
    /// Tokens of accounts that were disconnected and whose subscriptions are still to be removed.
    LeavingCredentials,
}

impl SealedTable {
    /// All of them; one from which secrets move to another table comes before it.
    pub const ALL: [Self; 4] = [
        Self::Flows,
        Self::Credentials,
        Self::ClientSecrets,
        Self::LeavingCredentials,
    ];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flows => "flows",
            Self::Credentials => "credentials",
            Self::ClientSecrets => "client_secrets",
            Self::LeavingCredentials => "leaving_credentials",
        }
    }
}

/// A sealed secret and where it stands.
#[derive(Debug, Clone)]
pub struct SealedSecret {
    /// Table.
    pub table: SealedTable,
    /// Id of the row in it.
    pub id: String,
    /// Row name that it is sealed for.
    pub seal_row: String,
    /// The secret.
    pub sealed: Sealed,
}

#[derive(FromRow)]
struct Raw {
    id: String,
    project_id: String,
    secret: Vec<u8>,
    secret_key_id: String,
}

impl SealedSecret {
    fn read(table: SealedTable, raw: Raw) -> Result<Self, sqlx::Error> {
        let uuid =
            || -> Result<Uuid, sqlx::Error> { Row::of(table.name(), &raw.id).uuid("id", &raw.id) };
        let seal_row = match table {
            SealedTable::Flows => FlowRow::seal_row(&raw.id),
            SealedTable::Credentials | SealedTable::LeavingCredentials => {
                CredentialRow::seal_row(uuid()?)
            }
            SealedTable::ClientSecrets => ClientSecretRow::seal_row(&raw.project_id, uuid()?),
        };
        Ok(Self {
            table,
            id: raw.id,
            seal_row,
            sealed: Sealed {
                key_id: raw.secret_key_id,
                bytes: raw.secret,
            },
        })
    }
}

impl Store {
    /// Ids of the vault keys that sealed something in the database.
    pub async fn used_key_ids(&self) -> Result<BTreeSet<String>, sqlx::Error> {
        let mut used = BTreeSet::new();
        for table in SealedTable::ALL {
            let sql = format!(
                "SELECT DISTINCT secret_key_id FROM {} WHERE secret_key_id IS NOT NULL",
                table.name()
            );
            let rows: Vec<(String,)> = sqlx::query_as(&sql).fetch_all(&self.pool).await?;
            used.extend(rows.into_iter().map(|(id,)| id));
        }
        Ok(used)
    }

    /// How many secrets another key than `key_id` sealed.
    pub async fn count_sealed_otherwise(&self, key_id: &str) -> Result<u64, sqlx::Error> {
        let mut count = 0;
        for table in SealedTable::ALL {
            let sql = format!(
                "SELECT COUNT(*) FROM {} WHERE secret_key_id <> $1",
                table.name()
            );
            let (rows,): (i64,) = sqlx::query_as(&sql)
                .bind(key_id)
                .fetch_one(&self.pool)
                .await?;
            count += rows.unsigned_abs();
        }
        Ok(count)
    }

    /// Up to `limit` secrets of `table` that another key than `key_id` sealed: those whose ids come after `after`, by id.
    pub async fn sealed_otherwise(
        &self,
        table: SealedTable,
        key_id: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<SealedSecret>, sqlx::Error> {
        let sql = format!(
            "SELECT id, project_id, secret, secret_key_id FROM {} WHERE secret_key_id <> $1 AND id > $2 ORDER BY id LIMIT $3",
            table.name()
        );
        let rows: Vec<Raw> = sqlx::query_as(&sql)
            .bind(key_id)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter()
            .map(|raw| SealedSecret::read(table, raw))
            .collect()
    }

    /// Puts a secret as it is sealed now in the place of `seen`. One that changed since it was seen stays as it is: whoever
    /// changed it knew better. Returns how many were replaced.
    pub async fn replace_sealed(
        &self,
        replaced: &[(SealedSecret, Sealed)],
    ) -> Result<u64, sqlx::Error> {
        let mut transaction = self.begin().await?;
        let mut count = 0;
        for (seen, sealed) in replaced {
            let sql = format!(
                "UPDATE {} SET secret = $1, secret_key_id = $2 WHERE id = $3 AND secret = $4",
                seen.table.name()
            );
            let done = sqlx::query(&sql)
                .bind(&sealed.bytes)
                .bind(&sealed.key_id)
                .bind(&seen.id)
                .bind(&seen.sealed.bytes)
                .execute(&mut *transaction)
                .await?;
            count += done.rows_affected();
        }
        transaction.commit().await?;
        Ok(count)
    }
}
