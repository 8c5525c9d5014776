//! `cargo xtask bench`: the figures.
use std::path::Path;
/// x
pub fn run(_root: &Path) -> anyhow::Result<()> {
    Ok(())
}
