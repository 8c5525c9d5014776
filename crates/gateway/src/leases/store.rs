//! What one gateway of several does at a time. A lease runs out by itself where its holder died.
//!
//! All times are those of the database's clock: the clocks of the gateways may differ by more than a lease lasts.

use std::time::Duration;

use crate::clock::Millis;
use crate::store::Store;

impl Store {
    /// Takes the lease `name` for `time`; its holder may take it again. False: somebody else has it.
    pub async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        time: Duration,
    ) -> Result<bool, sqlx::Error> {
        let now = self.dialect.now_ms();
        let sql = format!(
            "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, {now} + $3) ON CONFLICT (name)
             DO UPDATE SET holder = $2, expires_at = {now} + $3 WHERE leases.expires_at <= {now} OR leases.holder = $2"
        );
        let done = sqlx::query(&sql)
            .bind(name)
            .bind(holder)
            .bind(millis(time))
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Renews a lease for `time` from now. False: `holder` has it no longer.
    pub async fn renew_lease(
        &self,
        name: &str,
        holder: &str,
        time: Duration,
    ) -> Result<bool, sqlx::Error> {
        let now = self.dialect.now_ms();
        let sql =
            format!("UPDATE leases SET expires_at = {now} + $3 WHERE name = $1 AND holder = $2");
        let done = sqlx::query(&sql)
            .bind(name)
            .bind(holder)
            .bind(millis(time))
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

    /// Forgets leases that ran out and that nobody took again.
    pub async fn forget_leases(&self) -> Result<(), sqlx::Error> {
        let sql = format!(
            "DELETE FROM leases WHERE expires_at <= {}",
            self.dialect.now_ms()
        );
        sqlx::query(&sql).execute(&self.pool).await.map(drop)
    }
}

fn millis(time: Duration) -> Millis {
    Millis::try_from(time.as_millis()).unwrap_or(Millis::MAX / 2)
}
