//! Where the engine keeps its state: a file, or a database that several processes share.

use std::sync::Arc;

use duroxide::providers::Provider;
use duroxide::providers::sqlite::SqliteProvider;

use super::failed;
use super::provider::EngineProvider;
use crate::engine::runtime::RuntimeError;

/// An open database, and how much of it the engine may use.
pub struct Database {
    pub provider: Arc<dyn Provider>,
    /// How many runs are led on at once in this process.
    pub orchestrations: usize,
    /// How many steps are done at once in this process.
    pub steps: usize,
}

/// Opens the database at `url`.
pub async fn open(url: &str) -> Result<Database, RuntimeError> {
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return postgres(url).await;
    }
    let provider = SqliteProvider::new(url, None).await.map_err(failed)?;
    Ok(Database {
        provider: Arc::new(EngineProvider::new(provider)),
        // There is one writer at a time: more of them would only wait for each other.
        orchestrations: 2,
        steps: 2,
    })
}

#[cfg(feature = "postgres")]
async fn postgres(url: &str) -> Result<Database, RuntimeError> {
    use duroxide_pg::{PostgresProvider, ProviderConfig};
    use sqlx::{Connection as _, PgConnection};

    /// Apart from the gateway's own tables.
    const SCHEMA: &str = "workflow_engine";

    // The provider waits half a minute for a server that is not there, and then says only that it waited.
    let connection = PgConnection::connect(url).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    let mut config = ProviderConfig::url(url);
    config.schema_name = Some(SCHEMA.to_owned());
    let provider = PostgresProvider::new_with_config(config).await;
    Ok(Database {
        provider: Arc::new(EngineProvider::new(provider.map_err(failed)?)),
        orchestrations: 4,
        steps: 8,
    })
}

#[cfg(not(feature = "postgres"))]
#[allow(clippy::unused_async, reason = "as the other one")]
async fn postgres(_: &str) -> Result<Database, RuntimeError> {
    Err(failed(
        "this build has no PostgreSQL support: build with --features postgres",
    ))
}
