//! Rust to WebAssembly: compile, bind, optimize.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use wasm_bindgen_cli_support::Bindgen;

use super::names::ShortNames;
use super::panics;
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

/// What the standard library is compiled with.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// Writes `core.js` (the bindings), `core.d.ts` (their types) and `core.wasm` into `stage`. Gives the names by which
/// `core.wasm` knows what the bindings know by their own.
pub(crate) fn compile(root: &Path, stage: &Path) -> anyhow::Result<ShortNames> {
    cargo_build(root)?;
    let mut bound = Bindgen::new()
        .input_path(
            root.join("target/sdk-build/wasm32-unknown-unknown/wasm/paragon_connect_wasm.wasm"),
        )
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name("core")
        .generate_output()?;
    panics::remove_texts(bound.wasm_mut())?;
    bound.emit(stage)?;
    link_snippets_to_sources(root, stage)?;
    let bound = stage.join("core_bg.wasm");
    let report = shell::output(
        wasm_opt(root, &bound, &bound).arg("--minify-imports-and-exports-and-modules"),
    )?;
    shell::run(wasm_opt(root, &bound, &stage.join("core.wasm")).args([
        // Rebuilt control flow, and few functions merged into their only caller: longer bytes, shorter packed.
        "--flatten",
        "--rereloop",
        "-Oz",
        "--flatten",
        "--rereloop",
        "-Oz",
        "-Oz",
        "--converge",
        "--one-caller-inline-max-function-size=20",
        // Rust checks before it divides, calls or reads.
        "--ignore-implicit-traps",
        // The stack lies below the data: the first kilobyte is never addressed.
        "--low-memory-unused",
        "--strip-debug",
        "--strip-producers",
        "--strip-target-features",
    ]))?;
    ShortNames::reported(&report)
}

fn wasm_opt(root: &Path, from: &Path, to: &Path) -> Command {
    let mut command = npm::tool(root, "wasm-opt");
    command.args(FEATURES).arg(from).arg("-o").arg(to);
    command
}

/// The bindings import copies of the JavaScript that the crate names; the package must have one of each, since the
/// classes of two copies are different classes. Each copy becomes a link to its source, which the bundler follows.
fn link_snippets_to_sources(root: &Path, stage: &Path) -> anyhow::Result<()> {
    for folder in fs::read_dir(stage.join("snippets"))? {
        for copy in fs::read_dir(folder?.path().join("pkg/lib"))? {
            let copy = copy?;
            fs::remove_file(copy.path())?;
            link(&root.join("pkg/lib").join(copy.file_name()), &copy.path())?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(source: &Path, at: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(source, at)
}

#[cfg(windows)]
fn link(source: &Path, at: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_file(source, at)
}

fn cargo_build(root: &Path) -> anyhow::Result<()> {
    shell::run(
        shell::cargo(root)
            .env("RUSTFLAGS", short_paths())
            .args(["build", "--lib", "--package", "paragon-connect-wasm"])
            .args(["--target", TARGET, "--profile", "wasm"])
            .args(["--target-dir", "target/sdk-build"]),
    )
}

/// Panics say in which file they happened: not on whose machine it was compiled.
fn short_paths() -> String {
    let home = env::var("HOME").unwrap_or_default();
    let of = |variable: &str, folder: &str| {
        let path = env::var(variable).unwrap_or_else(|_| format!("{home}/{folder}"));
        format!("--remap-path-prefix={path}={folder}")
    };
    [of("CARGO_HOME", ".cargo"), of("RUSTUP_HOME", ".rustup")].join(" ")
}
