//! Transactions, and what those hold that must come one after another.
//!
//! Most need nothing: a statement that changes a row locks it, and unique constraints decide who came first. Some count
//! before they write, or look at rows that are not there yet. Those wait for their turn, by the name of what they are about:
//! nobody waits for what happens to another account or project. On `PostgreSQL` they have connections of their own, so that
//! a request to the provider never waits behind them.

use sqlx::{Any, Executor as _, Transaction};
use uuid::Uuid;

use super::Store;
use super::dialect::Dialect;

/// What a transaction is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn<'a> {
    /// Configurations, switches and subscriptions of an account.
    Account(Uuid),
    /// What operators set for a project.
    Project(&'a str),
    /// Which operators there are: one admin at least.
    Operators,
    /// How often somebody tried to sign in.
    SignIn(&'a str),
}

impl Turn<'_> {
    fn name(self) -> String {
        match self {
            Self::Account(id) => format!("account/{id}"),
            Self::Project(id) => format!("project/{id}"),
            Self::Operators => "operators".to_owned(),
            Self::SignIn(subject) => format!("sign-in/{subject}"),
        }
    }
}

impl Store {
    /// A transaction each of whose statements looks after itself. On `SQLite` it has the lock for writing from its beginning:
    /// one that reads first could not wait for it, what it has read would be old by then, and it would be ended at once
    /// (`SQLITE_BUSY_SNAPSHOT`).
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        match self.dialect {
            Dialect::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await,
            Dialect::Postgres => self.pool.begin().await,
        }
    }

    /// A transaction beside which no other about one of these things runs, on whichever gateway.
    pub(crate) async fn begin_in_turn(
        &self,
        turns: &[Turn<'_>],
    ) -> Result<Transaction<'static, Any>, sqlx::Error> {
        if self.dialect == Dialect::Sqlite {
            return self.begin().await;
        }
        let mut transaction = self.in_turn.begin().await?;
        if turns.is_empty() {
            return Ok(transaction);
        }
        // In one order for all, or two could wait for each other.
        let places: Vec<_> = (1..=turns.len()).map(|n| format!("(${n})")).collect();
        let sql = format!(
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(name, 0) AS key
                FROM (VALUES {}) AS turns (name) ORDER BY key) AS ordered",
            places.join(", ")
        );
        let waiting = turns
            .iter()
            .fold(sqlx::query(&sql), |query, turn| query.bind(turn.name()));
        transaction.execute(waiting).await?;
        Ok(transaction)
    }
}
