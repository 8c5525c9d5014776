//! `docs/openapi.json` is what the gateway's code says.

use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::shell;

/// Compares the kept document with the code's; with `fix`, writes it.
pub fn check(root: &Path, fix: bool) -> anyhow::Result<()> {
    let made = shell::cargo(root)
        .args([
            "run",
            "--quiet",
            "--package",
            "paragon-gateway",
            "--",
            "openapi",
        ])
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
