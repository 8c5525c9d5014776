//! The texts that the core knows by number are all used: one that is not would be sent to every page for nothing.

use std::fs;
use std::path::Path;

use anyhow::ensure;

use super::layers::rust_files;
use crate::build::texts;

/// Fails when the list has a text that stands nowhere else.
pub fn check(root: &Path) -> anyhow::Result<()> {
    let mut sources = String::new();
    for folder in ["src", "crates/wire/src"] {
        for file in rust_files(&root.join(folder))? {
            if !file.ends_with(texts::SOURCE) {
                sources += &fs::read_to_string(&file)?;
            }
        }
    }
    let list = texts::read(root)?;
    let unused: Vec<_> = list
        .iter()
        .filter(|text| !sources.contains(&format!("\"{text}\"")))
        .map(String::as_str)
        .collect();
    ensure!(
        unused.is_empty(),
        "`{}` has texts that nothing uses:\n{}",
        texts::SOURCE,
        unused.join("\n")
    );
    Ok(())
}
