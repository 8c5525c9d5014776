//! `docs/openapi.json` is what the gateway's code says, and the pages' types of the API are what the document says.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::build::gateway::{self, For};
use crate::npm;

/// Compares what is kept with what the code gives; with `fix`, writes it.
pub fn check(root: &Path, fix: bool) -> anyhow::Result<()> {
    document(root, fix)?;
    types(root, fix)
}

/// The tool has a compiler and a lock file of its own.
fn types(root: &Path, fix: bool) -> anyhow::Result<()> {
    let folder = root.join("www/generate");
    npm::install(&folder)?;
    let script = if fix { "generate" } else { "check" };
    npm::script(&folder, script).context("`cargo xtask check --fix` writes www/lib/api/schema.d.ts")
}

fn document(root: &Path, fix: bool) -> anyhow::Result<()> {
    // The one that the tests need as well.
    let gateway = gateway::build(root, For::Tests)?;
    let made = Command::new(gateway)
        .arg("openapi")
        .output()
        .context("running the gateway")?;
    ensure!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let path = root.join("docs/openapi.json");
    if fix {
        return std::fs::write(&path, &made.stdout).context("writing docs/openapi.json");
    }
    let kept = std::fs::read(&path).context("reading docs/openapi.json")?;
    ensure!(
        kept == made.stdout,
        "the API has changed: `cargo xtask check --fix` writes docs/openapi.json"
    );
    Ok(())
}
