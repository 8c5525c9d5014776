//! Connected users and their metadata.

use serde_json::{Map, Value};

use super::Store;
use super::triggers::{StatesOf, unsettle};
use crate::clock::Millis;
use crate::identity::UserId;

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
        Ok(row
            .and_then(|(meta,)| serde_json::from_str(&meta).ok())
            .unwrap_or_default())
    }

    /// Replaces a user's metadata.
    pub async fn set_user_meta(
        &self,
        project: &str,
        user: &UserId,
        meta: &Map<String, Value>,
        now: Millis,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO users (project_id, user_id, meta, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
             ON CONFLICT (project_id, user_id) DO UPDATE SET meta = excluded.meta, updated_at = excluded.updated_at",
        )
        .bind(project)
        .bind(user.as_str())
        .bind(Value::Object(meta.clone()).to_string())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        unsettle(&mut transaction, StatesOf::User(project, user), now).await?;
        transaction.commit().await
    }
}
