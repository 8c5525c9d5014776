//! `paragon-gateway migrate`.

use crate::config::Config;
use crate::store::Store;
use crate::vault::Vault;

/// Brings the database up to date and checks that its secrets can be opened.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let vault = Vault::new(&config.vault_keys)?;
    let store = Store::open(&config.database).await?;
    vault.check_keys(&store.used_key_ids().await?)?;
    store.close().await;
    println!("{} is up to date", config.database);
    Ok(())
}
