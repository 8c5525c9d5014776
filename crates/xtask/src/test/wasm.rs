//! Tests that are compiled to WebAssembly, in a browser.

use std::path::Path;
use std::process::Command;

use super::counts::Counts;
use crate::{browser, shell};

/// What the SDK's tests need of a browser beside a driver is said in a file.
const CAPABILITIES: &str = "target/webdriver.json";

/// Builds the runner and the SDK's tests, and runs these in Chromium.
pub fn run(root: &Path, counts: &mut Counts) -> anyhow::Result<()> {
    let (chromium, driver) = (browser::chromium()?, browser::chromedriver()?);
    let capabilities = root.join(CAPABILITIES);
    let binary = chromium.to_string_lossy();
    std::fs::write(
        &capabilities,
        format!(r#"{{"goog:chromeOptions":{{"binary":{binary:?}}}}}"#),
    )?;
    shell::run(shell::cargo(root).args(["build", "--package", "wasm-test-runner"]))?;
    counts.cargo(
        cargo_test(root)
            .env("CHROMEDRIVER", driver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
            // For unit tests, which do not say where they want to run.
            .env("WASM_BINDGEN_USE_BROWSER", "1"),
    )
}

fn cargo_test(root: &Path) -> Command {
    let mut command = shell::cargo(root);
    command
        .args(["test", "--package", "paragon-connect-wasm"])
        .args(["--target", "wasm32-unknown-unknown"])
        .args(["--test", "wasm"]);
    command
}
