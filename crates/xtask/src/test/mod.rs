//! `cargo xtask test`: every test, closed by one line of counts.

mod counts;
mod wasm;

use std::path::Path;
use std::process::Command;

use anyhow::ensure;

use crate::build::gateway::{For, RELEASED};
use crate::{browser, build, npm, postgres, shell};
use counts::Counts;

/// Arguments of `test`.
#[derive(Debug, clap::Args)]
pub struct Test {
    /// Only these suites.
    #[arg(long, value_enum)]
    only: Vec<Suite>,
    /// The hosts that are slow to build and the other browsers as well.
    #[arg(long)]
    all: bool,
}

/// A file whose set-up failed beside a browser that had started would run for ever, and one that waits for ever too.
const ENDS: [&str; 2] = ["--test-force-exit", "--test-timeout=600000"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Suite {
    /// Unit and socket tests of every crate.
    Rust,
    /// The SDK's core in a browser, as WebAssembly.
    Wasm,
    /// Unit tests of the pages.
    Pages,
    /// The built npm package.
    Package,
    /// The simulator, with Microsoft's own client.
    Sandbox,
    /// The gateway, with clients that others wrote.
    Gateway,
    /// Our SDK and the reference's, side by side in a browser.
    Conformance,
    /// The whole product in a real browser.
    Browser,
    /// The packed npm package in every host; with `--all` in the slow ones and in other browsers too.
    Hosts,
}

impl Test {
    /// Builds and runs the suites; fails when a test failed.
    pub fn run(&self, root: &Path) -> anyhow::Result<()> {
        shell::require_node()?;
        build::all(root)?;
        let mut counts = Counts::default();
        if self.wants(Suite::Rust) {
            shell::step("Tests: Rust");
            rust(root, &mut counts)?;
        }
        if self.wants(Suite::Wasm) {
            shell::step("Tests: the SDK's core in Chromium");
            wasm::run(root, &mut counts)?;
        }
        if self.wants(Suite::Pages) {
            shell::step("Tests: pages");
            counts.node(
                npm::npm()
                    .args(["run", "--silent", "test"])
                    .current_dir(root.join("www")),
            )?;
        }
        if self.only.is_empty()
            || self
                .only
                .iter()
                .any(|suite| !matches!(suite, Suite::Rust | Suite::Wasm | Suite::Pages))
        {
            self.node_suites(root, &mut counts)?;
        }
        println!("\n{} passed, {} failed", counts.passed, counts.failed);
        ensure!(counts.failed == 0, "some tests failed");
        Ok(())
    }

    fn node_suites(&self, root: &Path, counts: &mut Counts) -> anyhow::Result<()> {
        let tests = root.join("tests");
        npm::install(root)?;
        let gateway = build::gateway::build(root, For::Tests)?;
        let chromium = browser::chromium()?;
        for (suite, folder, title) in [
            (Suite::Package, "package", "npm package"),
            (
                Suite::Sandbox,
                "sandbox",
                "simulator with Microsoft's client",
            ),
            (
                Suite::Gateway,
                "gateway",
                "gateway with clients that others wrote",
            ),
            (
                Suite::Conformance,
                "conformance",
                "conformance with the reference SDK",
            ),
            (Suite::Browser, "browser", "the product in Chromium"),
            (Suite::Hosts, "hosts", "the package in every host"),
        ] {
            if !self.wants(suite) {
                continue;
            }
            shell::step(&format!("Tests: {title}"));
            let mut command = Command::new("node");
            command
                .args(["--test", "--test-reporter=spec", "--test-concurrency=2"])
                .args(ENDS)
                .args(test_files(&tests.join(folder))?)
                .current_dir(&tests)
                .env("CHROMIUM", &chromium)
                .env("GATEWAY_PROGRAM", &gateway);
            if self.all && suite == Suite::Hosts {
                command.env("TEST_ALL", "1").envs(browser::others()?);
            }
            counts.node(&mut command)?;
        }
        Ok(())
    }

    fn wants(&self, suite: Suite) -> bool {
        self.only.is_empty() || self.only.contains(&suite)
    }
}

/// Tests that measure how the gateway answers while it is flooded, and so want the machine for themselves.
const FLOODS: [&str; 2] = ["attacks::flood::", "attacks::slow_clients::"];

/// Every crate; and the gateway once more with its databases on `PostgreSQL`.
fn rust(root: &Path, counts: &mut Counts) -> anyhow::Result<()> {
    let cargo = |what: &[&str]| {
        let mut command = shell::cargo(root);
        command
            .args(["test", "--workspace"])
            .args(RELEASED)
            .arg("--no-fail-fast")
            .args(what);
        command
    };
    let all_but_floods = ["--", "--skip", FLOODS[0], "--skip", FLOODS[1]];
    counts.cargo(&mut cargo(&all_but_floods))?;
    shell::step("Tests: the gateway under floods");
    counts.cargo(&mut cargo(&["--test", "it", "--", FLOODS[0], FLOODS[1]]))?;
    shell::step("Tests: the gateway on PostgreSQL");
    if postgres::is_here()? {
        // Of the workspace, by name: of the package alone everything would be built once more, with other features.
        let of_the_gateway = [&["--test", "it"], all_but_floods.as_slice()].concat();
        counts.cargo(cargo(&of_the_gateway).env("TEST_DATABASE", "postgres"))?;
    }
    Ok(())
}

/// Test files in `folder`, sorted; a folder without any is an error, since a suite that runs nothing proves nothing.
fn test_files(folder: &Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    ensure!(
        !files.is_empty(),
        "`{}` has no *.test.mjs",
        folder.display()
    );
    files.sort();
    Ok(files)
}
