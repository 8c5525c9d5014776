//! `paragon-gateway keys rotate`.

use std::io::{IsTerminal as _, Write as _, stderr};

use anyhow::bail;

use crate::config::Config;
use crate::state::open_store;
use crate::vault::Vault;
use crate::vault::reseal::{Outcome, Progress, reseal};

/// Seals every secret with the first vault key and says which keys are needed no longer.
///
/// # Errors
/// A secret that no key opens, or one that another key seals meanwhile: the older keys must stay.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let (vault, store) = open_store(&config).await?;
    let done = reseal(&store, &vault, tell).await;
    store.close().await;
    report(&vault, &done?)
}

/// One line that is written over and over at a terminal; a line each in a log.
fn tell(progress: Progress) {
    let Progress { done, of } = progress;
    // A secret that is added meanwhile counts as well.
    let of = of.max(done);
    let (start, end) = if stderr().is_terminal() {
        ("\r", if done == of { "\n" } else { "" })
    } else {
        ("", "\n")
    };
    // Progress that cannot be shown stops nothing.
    drop(write!(stderr(), "{start}{done} of {of} secrets{end}"));
}

fn report(vault: &Vault, outcome: &Outcome) -> anyhow::Result<()> {
    let first = vault.sealing_key_id();
    println!(
        "{} secrets are re-sealed with vault key `{first}`",
        outcome.resealed
    );
    for (table, id) in &outcome.unreadable {
        println!(
            "not readable with any vault key: `{id}` in `{}`; restore it from a backup, or delete the row and let the account or the client secret be added again",
            table.name()
        );
    }
    let mut may_go = 0;
    for (index, id) in vault.key_ids().enumerate().skip(1) {
        let number = index + 1;
        if outcome.used_key_ids.contains(id) {
            println!("vault key number {number}, `{id}`, must be kept: it still seals secrets");
        } else {
            may_go += 1;
            println!("vault key number {number}, `{id}`, can be removed from `vault_keys`");
        }
    }
    if outcome.used_key_ids.iter().any(|id| id != first) {
        let hint = if outcome.unreadable.is_empty() {
            "; a running gateway seals with another key: put the new key first in every configuration, restart the gateways, then run this command again"
        } else {
            ""
        };
        bail!("not every secret is sealed with vault key `{first}`{hint}");
    }
    if may_go == 0 && outcome.resealed == 0 {
        println!(
            "nothing to do: to rotate the key, put a new one before the current one in `vault_keys`"
        );
    }
    Ok(())
}
