//! Files stay short, so that each keeps to one job.

use std::fs;
use std::path::Path;

use anyhow::ensure;

use super::layers::rust_files;

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
