//! The project's commands, the same for people and for CI.

mod bench;
mod browser;
mod build;
mod check;
mod demo;
mod npm;
mod packages;
mod postgres;
mod shell;
mod test;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

/// Commands of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build everything and serve the demo on this machine.
    Demo(demo::Demo),
    /// Build the npm package (`pkg/`) and the pages.
    Build {
        /// The npm package alone.
        #[arg(long)]
        sdk: bool,
    },
    /// Run every test.
    Test(test::Test),
    /// Formatting, lints, docs, licenses, types, sizes.
    Check(check::Check),
    /// Print the figures: sizes, speed, memory.
    Bench,
}

fn main() -> anyhow::Result<()> {
    let root = root()?;
    match Cli::parse().command {
        Command::Demo(demo) => demo.run(&root),
        Command::Build { sdk: true } => build::sdk(&root),
        Command::Build { sdk: false } => build::all(&root),
        Command::Test(test) => test.run(&root),
        Command::Check(check) => check.run(&root),
        Command::Bench => bench::run(&root),
    }
}

/// Root of the repository.
fn root() -> anyhow::Result<PathBuf> {
    Ok(Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()?)
}
