//! `cargo xtask check`: what must hold before a change lands, beside the tests.

mod attacks;
mod budget;
mod openapi;
mod sizes;

use std::path::Path;

use crate::{npm, shell};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// Fix what can be fixed automatically.
    #[arg(long)]
    fix: bool,
}

impl Check {
    /// Runs every check; the first that fails ends it.
    pub fn run(&self, root: &Path) -> anyhow::Result<()> {
        shell::step("Formatting");
        let format: &[&str] = if self.fix {
            &["fmt", "--all"]
        } else {
            &["fmt", "--all", "--check"]
        };
        shell::run(shell::cargo(root).args(format))?;
        shell::step("Sizes of files, tests of guards");
        sizes::check(root)?;
        attacks::check(root)?;
        shell::step("Clippy");
        shell::run(shell::cargo(root).args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ]))?;
        shell::step("The OpenAPI document");
        openapi::check(root, self.fix)?;
        shell::step("Docs");
        let mut docs = shell::cargo(root);
        docs.args([
            "doc",
            "--workspace",
            "--all-features",
            "--no-deps",
            "--quiet",
        ])
        .env("RUSTDOCFLAGS", "-D warnings");
        shell::run(&mut docs)?;
        shell::step("Licenses, bans, sources");
        deny(root)?;
        shell::step("Types of the pages");
        npm::install(root)?;
        npm::script(&root.join("www"), "check")?;
        shell::step("Size of the package");
        budget::check(root)?;
        shell::step("Types of the package");
        shell::run(npm::tool(root, "tsc").args(["--project", "pkg/check"]))?;
        shell::step("TypeScript and JavaScript: formatting and lint");
        let biome: &[&str] = if self.fix {
            &["check", "--error-on-warnings", "--write"]
        } else {
            &["check", "--error-on-warnings"]
        };
        shell::run(npm::tool(root, "biome").args(biome))?;
        println!("\nall checks passed");
        Ok(())
    }
}

/// Licenses, bans and sources. Advisories are left out: their database is not on a package registry.
fn deny(root: &Path) -> anyhow::Result<()> {
    if !shell::exists("cargo-deny") {
        shell::run(shell::cargo(root).args(["install", "cargo-deny", "--locked", "--quiet"]))?;
    }
    shell::run(shell::cargo(root).args([
        "deny",
        // Without it only what the package at the root needs is looked at.
        "--workspace",
        "--all-features",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))
}
