//! The gateway's binary.

use std::path::{Path, PathBuf};

use crate::shell;

/// Builds `paragon-gateway` and gives its path.
pub fn build(root: &Path, release: bool) -> anyhow::Result<PathBuf> {
    shell::step("Gateway");
    let mut command = shell::cargo(root);
    command.args([
        "build",
        "--package",
        "paragon-gateway",
        "--bin",
        "paragon-gateway",
    ]);
    if release {
        command.arg("--release");
    }
    shell::run(&mut command)?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let profile = if release { "release" } else { "debug" };
    Ok(root
        .join(target)
        .join(profile)
        .join(format!("paragon-gateway{}", std::env::consts::EXE_SUFFIX)))
}
