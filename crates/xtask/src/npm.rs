//! Packages and tools that come from npm.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::shell;

/// Installs what the lock file in `root` names, unless `node_modules` is as new as it. That of the project's root also
/// names what `www` and `tests` need.
pub fn install(root: &Path) -> anyhow::Result<()> {
    let changed = |path: &str| {
        fs::metadata(root.join(path))
            .and_then(|data| data.modified())
            .ok()
    };
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("package-lock.json") {
        return Ok(());
    }
    shell::run(
        npm()
            .args(["ci", "--no-fund", "--no-audit"])
            .current_dir(root),
    )
}

/// `npm run {script}` in `folder`.
pub fn script(folder: &Path, script: &str) -> anyhow::Result<()> {
    shell::run(npm().args(["run", "--silent", script]).current_dir(folder))
}

/// A tool of the root's `node_modules/.bin`.
pub fn tool(root: &Path, name: &str) -> Command {
    let mut command = Command::new(root.join("node_modules/.bin").join(name));
    command.current_dir(root);
    command
}

/// The `npm` program.
pub fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}
