//! Rust to WebAssembly: compile, bind, optimise.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use wasm_bindgen_cli_support::Bindgen;

use super::rename;
use crate::{npm, shell};

const TARGET: &str = "wasm32-unknown-unknown";

/// Adds the WebAssembly target where it is missing: an automatic toolchain install may be switched off.
pub fn add_target(root: &Path) -> anyhow::Result<()> {
    let mut installed = Command::new("rustup");
    installed
        .current_dir(root)
        .args(["target", "list", "--installed"])
        .stderr(Stdio::null());
    let known = installed
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(TARGET));
    if known {
        return Ok(());
    }
    shell::run(
        Command::new("rustup")
            .current_dir(root)
            .args(["target", "add", TARGET]),
    )
}

/// Writes `core.js` (the bindings) and `core.wasm` into `stage`.
pub(crate) fn compile(root: &Path, stage: &Path) -> anyhow::Result<()> {
    cargo_build(root)?;
    let bound = stage.join("bound");
    Bindgen::new()
        .input_path(
            root.join("target/sdk-build/wasm32-unknown-unknown/wasm/paragon_connect_wasm.wasm"),
        )
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name("core")
        .generate(&bound)?;
    fs::copy(bound.join("core.js"), stage.join("core.js"))?;
    let features = [
        "--enable-bulk-memory",
        "--enable-nontrapping-float-to-int",
        "--enable-sign-ext",
        "--enable-mutable-globals",
        "--enable-multivalue",
    ];
    shell::run(
        npm::tool(root, "wasm-opt")
            .arg(bound.join("core_bg.wasm"))
            .args([
                // Rebuilt control flow, and few functions merged into their only caller: longer bytes, shorter packed.
                "--flatten",
                "--rereloop",
                "-Oz",
                "-Oz",
                "--converge",
                "--one-caller-inline-max-function-size=20",
                // The stack lies below the data: the first kilobyte is never addressed.
                "--low-memory-unused",
                "--strip-debug",
                "--strip-producers",
                "--strip-target-features",
            ])
            .args(features)
            .arg("-o")
            .arg(stage.join("core.wasm")),
    )?;
    rename::shorten(
        root,
        &stage.join("core.wasm"),
        &stage.join("core.js"),
        &features,
    )
}

/// Compiles the SDK together with the standard library.
///
/// The ready-made standard library carries the text formatting of panic messages that nobody sees in a browser: a
/// third of the package. Building it again with panics that only stop saves that; the switch for it is not stable yet,
/// so it is named to this one compilation.
///
/// No JavaScript value crosses, only handles, so the table of references that bindings bring is left out.
fn cargo_build(root: &Path) -> anyhow::Result<()> {
    let source = ["component", "add", "rust-src"];
    shell::run(
        Command::new("rustup")
            .current_dir(root)
            .args(source)
            .stderr(Stdio::null()),
    )?;
    let package = [
        "--package",
        "paragon-connect-wasm",
        "--lib",
        "--target",
        TARGET,
    ];
    shell::run(
        shell::cargo(root)
            .env("RUSTC_BOOTSTRAP", "1")
            .env(
                "RUSTFLAGS",
                "-Zunstable-options -Zlocation-detail=none -Cpanic=immediate-abort -Ctarget-feature=-reference-types",
            )
            .args([
                "build",
                "--profile",
                "wasm",
                "--target-dir",
                "target/sdk-build",
            ])
            .args([
                "-Zbuild-std=std,panic_abort",
                "-Zbuild-std-features=optimize_for_size",
            ])
            .args(package),
    )
}
