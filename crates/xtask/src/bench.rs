//! `cargo xtask bench`: the figures.

use std::path::Path;
use std::process::Command;

use crate::build::gateway::For;
use crate::{browser, build, npm, shell};

/// Prints every figure; none of them is asserted.
pub fn run(root: &Path) -> anyhow::Result<()> {
    shell::require_node()?;
    build::all(root)?;
    let gateway = build::gateway::build(root, For::Figures)?;
    let tests = root.join("tests");
    npm::install(root)?;
    let chromium = browser::chromium()?;
    for (title, script) in [
        ("Size of the SDK", "bench/sizes.mjs"),
        ("Time to a signed-in user", "bench/start.mjs"),
        ("Speed and memory of the SDK", "bench/sdk.mjs"),
        ("Connect flows under every opener policy", "bench/flows.mjs"),
        ("Memory of the gateway", "bench/stream.mjs"),
        ("The proxy next to nginx", "bench/proxy.mjs"),
        ("Workflows", "bench/workflows.mjs"),
    ] {
        shell::step(title);
        let mut command = Command::new("node");
        command.arg(script).current_dir(&tests);
        command
            .env("CHROMIUM", &chromium)
            .env("GATEWAY_PROGRAM", &gateway);
        shell::run(&mut command)?;
    }
    Ok(())
}
