//! The server that tests and figures on `PostgreSQL` start for themselves.

use std::path::{Path, PathBuf};

use crate::packages;

/// Folders in which packages put a server, one for each version.
const PACKAGED: &str = "/usr/lib/postgresql";

/// Whether there is a server to start; installs the distribution's where the user may. Where there is none, that is said.
pub fn is_here() -> anyhow::Result<bool> {
    if is_found() || (packages::install(&["postgresql"], &[])? && is_found()) {
        return Ok(true);
    }
    println!(
        "PostgreSQL is not on this machine: what needs it is SKIPPED (`apt-get install postgresql`, or POSTGRES_BIN with \
         the folder of its programs)"
    );
    Ok(false)
}

fn is_found() -> bool {
    let named = std::env::var_os("POSTGRES_BIN").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let packaged = Path::new(PACKAGED).read_dir().into_iter().flatten();
    named
        .into_iter()
        .chain(std::env::split_paths(&path))
        .chain(packaged.flatten().map(|version| version.path().join("bin")))
        .any(|folder| folder.join("initdb").is_file())
}
