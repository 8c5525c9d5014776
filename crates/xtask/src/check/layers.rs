//! Who may import whom, read from the sources.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::ensure;

/// A folder, and words that must not stand in it.
struct Rule {
    folder: &'static str,
    forbidden: &'static [&'static str],
    reason: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        folder: "crates/gateway/src/routes",
        forbidden: &["sqlx", "SELECT ", "INSERT ", "UPDATE "],
        reason: "only `store` contains SQL",
    },
    Rule {
        folder: "crates/gateway/src/service",
        forbidden: &["sqlx::query", "axum::", "crate::http", "crate::routes"],
        reason: "services know neither SQL nor HTTP servers",
    },
    Rule {
        folder: "crates/gateway/src/oauth",
        forbidden: &["crate::service", "crate::routes", "axum::"],
        reason: "the OAuth client knows neither use cases nor HTTP servers",
    },
    Rule {
        folder: "crates/gateway/src/store",
        forbidden: &["crate::service", "crate::routes", "axum::"],
        reason: "the store is the lowest layer",
    },
];

/// Fails on the first source line that breaks a rule.
pub fn check(root: &Path) -> anyhow::Result<()> {
    let mut broken = Vec::new();
    for rule in RULES {
        for file in rust_files(&root.join(rule.folder))? {
            let text = fs::read_to_string(&file)?;
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                if let Some(word) = rule.forbidden.iter().find(|word| code.contains(**word)) {
                    broken.push(format!(
                        "{}:{}: `{word}`: {}",
                        file.display(),
                        number + 1,
                        rule.reason
                    ));
                }
            }
        }
    }
    ensure!(
        broken.is_empty(),
        "layers are crossed:\n{}",
        broken.join("\n")
    );
    Ok(())
}

/// Every `.rs` file below `folder`.
pub fn rust_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
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
