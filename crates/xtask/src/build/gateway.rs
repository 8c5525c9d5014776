//! The gateway's binary.

use std::path::{Path, PathBuf};

use crate::shell;

/// What the program is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Trying it: the embedded database is enough, and nobody waits for the other one to be compiled.
    Demo,
    /// Tests: with all that is released.
    Tests,
    /// Figures: as it is released.
    Figures,
}

/// The features that are released.
pub const RELEASED: [&str; 2] = ["--features", "paragon-gateway/postgres"];

/// Builds `paragon-gateway` and gives its path.
pub fn build(root: &Path, purpose: For) -> anyhow::Result<PathBuf> {
    shell::step("Gateway");
    let mut command = shell::cargo(root);
    command.args(["build", "--bin", "paragon-gateway"]);
    if purpose == For::Tests {
        // As `cargo test` builds it, so that nothing is built twice; the simulator of the tests comes with it.
        command.args(["--workspace", "--example", "sandbox"]);
    } else {
        command.args(["--package", "paragon-gateway"]);
    }
    if purpose != For::Demo {
        command.args(RELEASED);
    }
    let release = purpose == For::Figures;
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
