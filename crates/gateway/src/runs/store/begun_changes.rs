//! What steps note before they ask for a change, so that a repeat can find out whether it was made.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::store::Store;
use crate::store::column::Row;

impl Store {
    /// What a step noted before a try whose outcome is not known; none if no change is in doubt.
    pub async fn begun_change<T: DeserializeOwned>(
        &self,
        run: Uuid,
        path: &str,
    ) -> Result<Option<T>, sqlx::Error> {
        let row: Option<(Option<String>,)> =
            sqlx::query_as("SELECT begun_change FROM run_steps WHERE run_id = $1 AND path = $2")
                .bind(run.to_string())
                .bind(path)
                .fetch_optional(&self.pool)
                .await?;
        let text = row.and_then(|(text,)| text);
        Row::of("run_steps", &format!("{run}/{path}"))
            .optional_json("begun_change", text.as_deref())
    }

    /// Notes a change before it is asked for, unless one is noted already: `false`, and somebody else may be at it.
    pub async fn begin_change<T: Serialize + Sync>(
        &self,
        run: Uuid,
        path: &str,
        change: &T,
    ) -> Result<bool, sqlx::Error> {
        let text =
            serde_json::to_string(change).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let done = sqlx::query(
            "UPDATE run_steps SET begun_change = $1 WHERE run_id = $2 AND path = $3 AND begun_change IS NULL",
        )
        .bind(text)
        .bind(run.to_string())
        .bind(path)
        .execute(&self.pool)
        .await?;
        if done.rows_affected() == 1 {
            return Ok(true);
        }
        let row = sqlx::query("SELECT 1 FROM run_steps WHERE run_id = $1 AND path = $2")
            .bind(run.to_string())
            .bind(path)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|_| false).ok_or(sqlx::Error::RowNotFound)
    }

    /// Notes a change before it is asked for, or, with none, that it was not made.
    pub async fn note_change<T: Serialize + Sync>(
        &self,
        run: Uuid,
        path: &str,
        change: Option<&T>,
    ) -> Result<(), sqlx::Error> {
        let text = change.map(serde_json::to_string).transpose();
        let text = text.map_err(|error| sqlx::Error::Encode(error.into()))?;
        let done =
            sqlx::query("UPDATE run_steps SET begun_change = $1 WHERE run_id = $2 AND path = $3")
                .bind(text)
                .bind(run.to_string())
                .bind(path)
                .execute(&self.pool)
                .await?;
        if done.rows_affected() == 1 {
            Ok(())
        } else {
            Err(sqlx::Error::RowNotFound)
        }
    }
}
