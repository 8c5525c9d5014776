//! Opens either database and brings its tables up to date.

use std::str::FromStr as _;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyPool, ConnectOptions as _, Executor as _};

use super::dialect::Dialect;
use crate::private_files::{self, PrivacyError};

/// The database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL is of no database that this program knows.
    #[error(
        "`database` is written as `sqlite:path/to/gateway.sqlite` or `postgres://user:password@host/name`"
    )]
    BadUrl,
    /// It is one of `PostgreSQL`, which this program was built without.
    #[error(
        "`database` is PostgreSQL, which this build does not support: build it with `--features postgres`"
    )]
    NotBuiltIn,
    /// Other users of the machine could read it, or replace it.
    #[error(transparent)]
    Privacy(#[from] PrivacyError),
    /// It cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Open(#[source] sqlx::Error),
    /// A migration failed.
    #[error("the database cannot be migrated: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

/// Writers wait up to 10 seconds for each other; readers do not wait for them; what is committed is on the disk.
const SQLITE_PRAGMAS: [&str; 3] = [
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
];
/// Connections of one gateway to `PostgreSQL`, beside those of the workflow engine.
const POSTGRES_CONNECTIONS: u32 = 12;
/// And those for transactions that wait for each other.
const POSTGRES_CONNECTIONS_IN_TURN: u32 = 4;

/// A database whose tables are up to date.
pub(crate) struct Opened {
    pub(crate) pool: AnyPool,
    /// For transactions that wait for each other; the same one where none does.
    pub(crate) in_turn: AnyPool,
    pub(crate) dialect: Dialect,
}

/// Opens the database at `url`.
pub(crate) async fn open(url: &str) -> Result<Opened, StoreError> {
    let dialect = Dialect::of(url).ok_or(StoreError::BadUrl)?;
    if dialect == Dialect::Postgres && !cfg!(feature = "postgres") {
        return Err(StoreError::NotBuiltIn);
    }
    if dialect == Dialect::Sqlite {
        keep_private(url)?;
    }
    sqlx::any::install_default_drivers();
    let pool = match dialect {
        Dialect::Sqlite => open_sqlite(url).await,
        Dialect::Postgres => open_postgres(url, POSTGRES_CONNECTIONS).await,
    };
    let pool = pool.map_err(StoreError::Open)?;
    migrations(dialect).run(&pool).await?;
    let in_turn = match dialect {
        Dialect::Sqlite => Ok(pool.clone()),
        Dialect::Postgres => open_postgres(url, POSTGRES_CONNECTIONS_IN_TURN).await,
    };
    Ok(Opened {
        pool,
        in_turn: in_turn.map_err(StoreError::Open)?,
        dialect,
    })
}

/// Keeps the file of the database at `url`, if it is a file, from other users of the machine.
pub fn keep_private(url: &str) -> Result<(), StoreError> {
    if !url.starts_with("sqlite:") || url.contains(":memory:") || url.contains("mode=memory") {
        return Ok(());
    }
    let options = SqliteConnectOptions::from_str(url).map_err(StoreError::Open)?;
    let may_create =
        !url.contains("mode=ro") && !url.ends_with("mode=rw") && !url.contains("mode=rw&");
    private_files::database(options.get_filename(), may_create)?;
    Ok(())
}

async fn open_sqlite(url: &str) -> Result<AnyPool, sqlx::Error> {
    let in_memory = url.contains(":memory:");
    let url = if in_memory || url.contains("mode=") {
        url.to_owned()
    } else {
        let separator = if url.contains('?') { '&' } else { '?' };
        format!("{url}{separator}mode=rwc")
    };
    // No `min_connections`: the pool would open one beside the one that this asks for, and of two connections
    // that turn a new file to write-ahead logging at once, one is told that it is locked, however patient it is.
    AnyPoolOptions::new()
        // Every connection to `:memory:` would be a database of its own.
        .max_connections(if in_memory { 1 } else { 8 })
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|connection, _| {
            Box::pin(async move {
                for pragma in SQLITE_PRAGMAS {
                    connection.execute(pragma).await?;
                }
                Ok(())
            })
        })
        .connect_with(quiet(&url)?)
        .await
}

async fn open_postgres(url: &str, connections: u32) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .connect_with(quiet(url)?)
        .await
}

/// Statements are not logged: the log of a slow one would be long, and nobody asked for it.
fn quiet(url: &str) -> Result<AnyConnectOptions, sqlx::Error> {
    Ok(AnyConnectOptions::from_str(url)?.disable_statement_logging())
}

fn migrations(dialect: Dialect) -> Migrator {
    match dialect {
        Dialect::Sqlite => sqlx::migrate!("migrations/sqlite"),
        Dialect::Postgres => sqlx::migrate!("migrations/postgres"),
    }
}
