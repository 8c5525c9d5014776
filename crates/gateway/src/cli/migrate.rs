//! `paragon-gateway migrate`.

use crate::app::open_store;
use crate::config::Config;

/// Brings the database up to date and checks that its secrets can be opened.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let (_vault, store) = open_store(&config).await?;
    store.close().await;
    println!("the database is up to date");
    Ok(())
}
