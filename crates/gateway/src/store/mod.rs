//! The database: embedded `SQLite`. All SQL of the gateway stands in this folder.

mod configurations;
mod credentials;
mod flows;
mod inbox;
mod users;
mod workflows;

use std::collections::BTreeSet;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

pub use configurations::{ConfigurationRow, NewConfiguration, WorkflowState};
pub use credentials::{CredentialRow, CredentialStatus};
pub use flows::{FlowRow, NewFlow, Transition};
pub use inbox::{Arrival, ArrivalKind};
pub use workflows::WorkflowRow;

/// The database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL is not one of `SQLite`.
    #[error(
        "`database` is `{url}`: write it as `sqlite:path/to/gateway.sqlite` or `sqlite::memory:` ({source})"
    )]
    BadUrl {
        /// What was configured.
        url: String,
        /// What the driver says.
        source: sqlx::Error,
    },
    /// The file cannot be opened.
    #[error("the database `{url}` cannot be opened: {source}")]
    Open {
        /// What was configured.
        url: String,
        /// What the driver says.
        source: sqlx::Error,
    },
    /// A migration failed.
    #[error("the database cannot be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

/// Access to the database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Opens (and creates) the database at `url` and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let bad_url = |source| StoreError::BadUrl {
            url: url.to_owned(),
            source,
        };
        let options = SqliteConnectOptions::from_str(url)
            .map_err(bad_url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        // Every connection to `:memory:` would be a database of its own.
        let connections = if url.contains(":memory:") { 1 } else { 8 };
        let pool = SqlitePoolOptions::new()
            .max_connections(connections)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await
            .map_err(|source| StoreError::Open {
                url: url.to_owned(),
                source,
            })?;
        sqlx::migrate!("migrations/sqlite").run(&pool).await?;
        Ok(Self { pool })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(drop)
    }

    /// Ids of the vault keys that sealed something in the database.
    pub async fn used_key_ids(&self) -> Result<BTreeSet<String>, sqlx::Error> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT secret_key_id FROM credentials UNION SELECT secret_key_id FROM flows WHERE secret_key_id IS NOT NULL",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Closes every connection, so that nothing is left in the write-ahead log.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
