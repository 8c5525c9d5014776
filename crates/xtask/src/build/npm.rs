//! The build tools that come from npm.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

/// Installs the tools of `package-lock.json`, unless `node_modules` is as new as the lock file.
pub(crate) fn install(root: &Path) -> anyhow::Result<()> {
    let changed = |path: &str| {
        fs::metadata(root.join(path))
            .and_then(|data| data.modified())
            .ok()
    };
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("package-lock.json") {
        return Ok(());
    }
    run(Command::new("npm").arg("ci").current_dir(root))
}

/// A tool of `node_modules/.bin`, run in `root`.
pub(crate) fn tool(root: &Path, name: &str) -> Command {
    let mut command = Command::new(root.join("node_modules/.bin").join(name));
    command.current_dir(root);
    command
}

/// Runs `command`; its failure is an error that shows the command.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}
