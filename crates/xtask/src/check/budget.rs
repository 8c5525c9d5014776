//! How large the package's default entry may be: a change that grows it past this says so here, on purpose.

use std::path::Path;

use anyhow::ensure;

use crate::build;

/// Bytes of `pkg/dist/index.js`, by `gzip -9`.
const GZIP: usize = 40_500;
/// The same by brotli, quality 11.
const BROTLI: usize = 35_200;

/// Builds the package and weighs its default entry.
pub fn check(root: &Path) -> anyhow::Result<()> {
    build::sdk(root)?;
    let size = build::packed_sizes(&root.join("pkg/dist/index.js"))?;
    ensure!(
        size.gzip <= GZIP && size.brotli <= BROTLI,
        "pkg/dist/index.js is {} bytes by gzip (at most {GZIP}) and {} by brotli (at most {BROTLI}); make it smaller, or raise the budget and say why",
        size.gzip,
        size.brotli,
    );
    Ok(())
}
