//! `paragon-gateway migrate`.

use crate::config::Config;
use crate::state::open_store;

/// Brings the database up to date and checks that its secrets can be opened.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let (_vault, store) = open_store(&config).await?;
    store.close().await;
    println!("the database is up to date");
    Ok(())
}
