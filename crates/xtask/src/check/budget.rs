//! How large the package's default entry may be: a change that grows it past this says so here, on purpose.

use std::path::Path;

use anyhow::ensure;

use crate::build;

/// The files of the default entry, in `pkg/dist`.
const FILES: [&str; 2] = ["index.js", "shared.js"];
/// Their bytes, by `gzip -9`.
const GZIP: usize = 117_500;
/// The same by brotli, quality 11. The aim is 76,000: `docs/size.md` says what holds it.
const BROTLI: usize = 101_200;

/// Builds the package and weighs its default entry.
pub fn check(root: &Path) -> anyhow::Result<()> {
    build::sdk(root)?;
    let (mut gzip, mut brotli) = (0, 0);
    for file in FILES {
        let size = build::packed_sizes(&root.join("pkg/dist").join(file))?;
        gzip += size.gzip;
        brotli += size.brotli;
    }
    ensure!(
        gzip <= GZIP && brotli <= BROTLI,
        "the default entry ({}) is {gzip} bytes by gzip (at most {GZIP}) and {brotli} by brotli (at most {BROTLI}); make it smaller, or raise the budget and say why",
        FILES.join(", "),
    );
    Ok(())
}
