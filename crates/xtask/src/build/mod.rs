//! Builds what is published: the SDK's WebAssembly and the npm package around it, the pages, the gateway.

mod bundle;
mod encode;
pub mod gateway;
mod names;
pub mod pages;
mod panics;
mod wasm;

use std::fs;
use std::path::Path;

use anyhow::Context as _;

pub use self::bundle::sizes as packed_sizes;
use crate::{npm, shell};

/// The npm package and the pages.
pub fn all(root: &Path) -> anyhow::Result<()> {
    shell::require_node()?;
    sdk(root)?;
    pages::build(root)
}

/// Leaves in `pkg/dist` all that `npm pack ./pkg` publishes beside the hand-written files, and prints sizes.
pub fn sdk(root: &Path) -> anyhow::Result<()> {
    shell::step("SDK: WebAssembly and npm package");
    wasm::add_target(root)?;
    npm::install(root)?;
    let stage = root.join("target/sdk");
    let dist = root.join("pkg/dist");
    for folder in [&stage, &dist] {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
    }
    let names = wasm::compile(root, &stage)?;
    let bytes = fs::read(stage.join("core.wasm"))?;
    fs::write(stage.join("text.js"), encode::module(&bytes))?;
    fs::copy(stage.join("core.wasm"), dist.join("core.wasm"))?;
    write_commonjs_types(root, &dist)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(root.join(licence), dist.join(licence))?;
    }
    bundle::all(root, &stage, &dist, &names)
}

/// TypeScript wants declarations of their own beside `CommonJS` entries; they say the same.
fn write_commonjs_types(root: &Path, dist: &Path) -> anyhow::Result<()> {
    let mut names = ["index", "lazy", "slim"].map(str::to_owned).to_vec();
    for entry in fs::read_dir(root.join("pkg/types"))? {
        let file = entry?.file_name();
        if let Some(name) = file.to_string_lossy().strip_suffix(".d.ts") {
            names.push(format!("types/{name}"));
        }
    }
    fs::create_dir_all(dist.join("types"))?;
    for name in names {
        let types = fs::read_to_string(root.join(format!("pkg/{name}.d.ts")))?;
        let types = types.replace(".js\"", ".cjs\"");
        fs::write(dist.join(format!("{name}.d.cts")), types)?;
    }
    Ok(())
}
