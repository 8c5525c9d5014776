//! Connected users and their metadata.

pub mod connected;

use serde_json::{Map, Value};

use crate::clock::Millis;
use crate::identity::UserId;
use crate::store::Store;
use crate::store::column::Row;
use crate::triggers::store::{StatesOf, unsettle};

/// A user's metadata as it stands in the row.
fn read_meta(user: &UserId, text: &str) -> Result<Map<String, Value>, sqlx::Error> {
    let row = Row::of("users", user.as_str());
    row.json("meta", text)
}

impl Store {
    /// Metadata of a user; empty for one who was never seen.
    pub async fn user_meta(
        &self,
        project: &str,
        user: &UserId,
    ) -> Result<Map<String, Value>, sqlx::Error> {
        let row: Option<(String,)> =
            sqlx::query_as("SELECT meta FROM users WHERE project_id = $1 AND user_id = $2")
                .bind(project)
                .bind(user.as_str())
                .fetch_optional(&self.pool)
                .await?;
        row.map_or_else(|| Ok(Map::new()), |(meta,)| read_meta(user, &meta))
    }

    /// Lets `change` have a user's metadata, and keeps what it makes of it; nobody changes it meanwhile.
    ///
    /// # Errors
    /// Those of `change`; then nothing is kept.
    pub async fn change_user_meta<E: From<sqlx::Error>>(
        &self,
        project: &str,
        user: &UserId,
        now: Millis,
        change: impl FnOnce(&mut Map<String, Value>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO users (project_id, user_id, meta, created_at, updated_at) VALUES ($1, $2, '{}', $3, $3)
             ON CONFLICT (project_id, user_id) DO NOTHING",
        )
        .bind(project)
        .bind(user.as_str())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        let lock = self.dialect.row_lock();
        let sql = format!("SELECT meta FROM users WHERE project_id = $1 AND user_id = $2 {lock}");
        let (stored,): (String,) = sqlx::query_as(&sql)
            .bind(project)
            .bind(user.as_str())
            .fetch_one(&mut *transaction)
            .await?;
        let mut meta = read_meta(user, &stored)?;
        change(&mut meta)?;
        sqlx::query(
            "UPDATE users SET meta = $3, updated_at = $4 WHERE project_id = $1 AND user_id = $2",
        )
        .bind(project)
        .bind(user.as_str())
        .bind(Value::Object(meta).to_string())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        unsettle(
            &mut transaction,
            self.dialect,
            StatesOf::User(project, user),
            now,
        )
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}
