//! What one gateway of several does at a time. A lease runs out by itself where its holder died.

use super::Store;
use crate::clock::Millis;

impl Store {
    /// Takes the lease `name` until `expires_at`. False: somebody else has it.
    pub async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: Millis,
        expires_at: Millis,
    ) -> Result<bool, sqlx::Error> {
        let done = sqlx::query(
            "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3) ON CONFLICT (name)
             DO UPDATE SET holder = $2, expires_at = $3 WHERE leases.expires_at <= $4",
        )
        .bind(name)
        .bind(holder)
        .bind(expires_at)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives a lease back, if `holder` still has it.
    pub async fn give_back_lease(&self, name: &str, holder: &str) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM leases WHERE name = $1 AND holder = $2")
            .bind(name)
            .bind(holder)
            .execute(&self.pool)
            .await
            .map(drop)
    }
}
