//! Seals what older vault keys sealed with the first one, while gateways go on working on the same database.
//!
//! Nothing is kept of how far it came: what is left to do is what another key sealed, so a run that was stopped is begun
//! again where it stopped.

use std::collections::BTreeSet;

use super::store::{SealedSecret, SealedTable};
use super::{Vault, VaultError};
use crate::store::Store;

/// Secrets that are sealed in one transaction: few enough that no gateway waits long to write.
const BATCH: u32 = 100;
/// Gateways that still have another first key seal with it meanwhile: they are not waited for.
const PASSES: u32 = 5;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Secrets that were sealed anew.
    pub done: u64,
    /// Secrets that another key had sealed at the beginning.
    pub of: u64,
}

/// How it ended.
#[derive(Debug)]
pub struct Outcome {
    /// Secrets that were sealed anew.
    pub resealed: u64,
    /// Secrets that no key opens: table and id of each. They keep their key.
    pub unreadable: Vec<(SealedTable, String)>,
    /// Ids of the keys that something in the database is still sealed with.
    pub used_key_ids: BTreeSet<String>,
}

/// Seals every secret of the database with the vault's first key. Run twice at once, or beside gateways, it does no harm.
///
/// # Errors
/// The database cannot be read or written, or a secret cannot be sealed.
pub async fn reseal(
    store: &Store,
    vault: &Vault,
    mut tell: impl FnMut(Progress),
) -> anyhow::Result<Outcome> {
    let key_id = vault.sealing_key_id().to_owned();
    let of = store.count_sealed_otherwise(&key_id).await?;
    let mut progress = Progress { done: 0, of };
    let mut unreadable = Vec::new();
    // A secret can move between tables, or be sealed with an older key by a gateway that has not learned the new one: once
    // more, until a whole pass finds nothing that it can do.
    for _ in 0..PASSES {
        let before = progress.done;
        unreadable.clear();
        for table in SealedTable::ALL {
            let mut after = String::new();
            loop {
                let found = store
                    .sealed_otherwise(table, &key_id, &after, BATCH)
                    .await?;
                let Some(last) = found.last() else { break };
                after.clone_from(&last.id);
                progress.done += reseal_batch(store, vault, found, &mut unreadable).await?;
                tell(progress);
            }
        }
        if progress.done == before {
            break;
        }
    }
    Ok(Outcome {
        resealed: progress.done,
        unreadable,
        used_key_ids: store.used_key_ids().await?,
    })
}

async fn reseal_batch(
    store: &Store,
    vault: &Vault,
    found: Vec<SealedSecret>,
    unreadable: &mut Vec<(SealedTable, String)>,
) -> anyhow::Result<u64> {
    let mut replaced = Vec::new();
    for secret in found {
        match vault.open(&secret.sealed, &secret.seal_row) {
            Ok(opened) => {
                let sealed = vault.seal(&opened, &secret.seal_row)?;
                replaced.push((secret, sealed));
            }
            Err(VaultError::CannotOpen | VaultError::MissingKey(_)) => {
                unreadable.push((secret.table, secret.id));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(store.replace_sealed(&replaced).await?)
}
