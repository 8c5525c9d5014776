//! Attempts to sign in to the dashboard, counted by a subject: the hash of an account or of an address.

use crate::clock::Millis;
use crate::store::Store;
use crate::store::turns::Turn;

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

    /// Notes an attempt, unless it comes before the pause that `pause` gives for those that `subject` made since `since`;
    /// then what is left of the pause. Counted and written in one step.
    pub async fn note_paced_sign_in_attempt(
        &self,
        subject: &str,
        since: Millis,
        now: Millis,
        pause: impl Fn(i64) -> Millis + Send,
    ) -> Result<Option<Millis>, sqlx::Error> {
        let mut transaction = self.begin_in_turn(&[Turn::SignIn(subject)]).await?;
        let (made, last): (i64, Option<i64>) = sqlx::query_as(
            "SELECT COUNT(*), MAX(at) FROM sign_in_attempts WHERE subject = $1 AND at > $2",
        )
        .bind(subject)
        .bind(since)
        .fetch_one(&mut *transaction)
        .await?;
        let left = last.map_or(0, |last| last.saturating_add(pause(made)) - now);
        if left > 0 {
            transaction.rollback().await?;
            return Ok(Some(left));
        }
        sqlx::query("INSERT INTO sign_in_attempts (subject, at) VALUES ($1, $2)")
            .bind(subject)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(None)
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
