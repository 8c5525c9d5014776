//! Files stay short, so that each keeps to one job.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::ensure;

/// Lines a source file may have, tests in a file of their own left out.
const LIMIT: usize = 400;

/// Fails when a file has grown past the limit.
pub fn check(root: &Path) -> anyhow::Result<()> {
    let mut long = Vec::new();
    for folder in ["src", "crates"] {
        for file in rust_files(&root.join(folder))? {
            let lines = fs::read_to_string(&file)?.lines().count();
            let is_test = file
                .components()
                .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs");
            // What JavaScript gets of the SDK is one list, as long as the list of its methods.
            let is_list = file.ends_with("src/lib.rs") && folder == "src";
            if lines > LIMIT && !is_test && !is_list {
                long.push(format!("{}: {lines} lines", file.display()));
            }
        }
    }
    ensure!(
        long.is_empty(),
        "files over {LIMIT} lines; split them:\n{}",
        long.join("\n")
    );
    Ok(())
}

/// Every `.rs` file below `folder`.
fn rust_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}
