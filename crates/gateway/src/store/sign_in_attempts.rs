//! Attempts to sign in to the dashboard, counted by a subject: the hash of an account or of an address.

use super::Store;
use super::turns::Turn;
use crate::clock::Millis;

impl Store {
    /// Notes an attempt, unless `subject` had `limit` of them since `since`: counted and written in one step, so that
    /// a burst does not pass.
    pub async fn note_sign_in_attempt(
        &self,
        subject: &str,
        limit: i64,
        since: Millis,
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.begin_in_turn(&[Turn::SignIn(subject)]).await?;
        let noted = sqlx::query(
            "INSERT INTO sign_in_attempts (subject, at) SELECT $1, $2
             WHERE (SELECT COUNT(*) FROM sign_in_attempts WHERE subject = $1 AND at > $3) < $4",
        )
        .bind(subject)
        .bind(now)
        .bind(since)
        .bind(limit)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(noted.rows_affected() == 1)
    }

    /// When the oldest attempt since `since` was made.
    pub async fn oldest_sign_in_attempt(
        &self,
        subject: &str,
        since: Millis,
    ) -> Result<Option<Millis>, sqlx::Error> {
        let (at,): (Option<i64>,) =
            sqlx::query_as("SELECT MIN(at) FROM sign_in_attempts WHERE subject = $1 AND at > $2")
                .bind(subject)
                .bind(since)
                .fetch_one(&self.pool)
                .await?;
        Ok(at)
    }

    /// Forgets the attempts of a subject.
    pub async fn clear_sign_in_attempts(&self, subject: &str) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM sign_in_attempts WHERE subject = $1")
            .bind(subject)
            .execute(&self.pool)
            .await
            .map(drop)
    }

    /// Forgets attempts before `before`.
    pub async fn forget_sign_in_attempts(&self, before: Millis) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM sign_in_attempts WHERE at <= $1")
            .bind(before)
            .execute(&self.pool)
            .await
            .map(drop)
    }
}
