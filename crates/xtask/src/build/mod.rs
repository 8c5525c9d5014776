//! Builds what is published: the SDK's WebAssembly and the npm package around it.

mod bundle;
mod encode;
mod npm;
mod wasm;

use std::fs;
use std::path::Path;

use anyhow::Context;

/// Leaves in `pkg/dist` all that `npm pack ./pkg` publishes beside the hand-written files, and prints sizes.
pub(crate) fn sdk(root: &Path) -> anyhow::Result<()> {
    npm::install(root)?;
    let stage = root.join("target/sdk");
    let dist = root.join("pkg/dist");
    for folder in [&stage, &dist] {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
    }
    wasm::compile(root, &stage)?;
    let bytes = fs::read(stage.join("core.wasm"))?;
    fs::write(stage.join("text.js"), encode::module(&bytes))?;
    fs::copy(stage.join("core.wasm"), dist.join("core.wasm"))?;
    bundle::all(root, &stage, &dist)
}
