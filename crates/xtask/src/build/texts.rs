//! The texts that the core knows by number, as a JavaScript module.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

/// The list's only place.
pub const SOURCE: &str = "src/value/texts.rs";

/// The texts as they stand between the quotes of their literals, in the order of their numbers.
pub fn read(root: &Path) -> anyhow::Result<Vec<String>> {
    let source = fs::read_to_string(root.join(SOURCE))?;
    let (_, list) = source
        .split_once("const TEXTS: &[&str] = &[\n")
        .with_context(|| format!("`{SOURCE}` has no list of texts"))?;
    let (list, _) = list.split_once("\n];").unwrap_or((list, ""));
    literals(list)
}

fn literals(list: &str) -> anyhow::Result<Vec<String>> {
    let text = |line: &str| {
        let text = line.trim().strip_prefix('"')?.strip_suffix("\",")?;
        Some(text.to_owned())
    };
    list.lines()
        .map(|line| {
            text(line)
                .with_context(|| format!("`{SOURCE}`: not a text on a line of its own: {line}"))
        })
        .collect()
}

/// A module whose default export is the list: one text with separators, which packs better than many.
pub(crate) fn module(root: &Path) -> anyhow::Result<String> {
    Ok(joined(&read(root)?))
}

/// Rust's and JavaScript's literals have the same escapes for what stands in them: line ends, quotes, backslashes. The
/// separator stands in no text.
fn joined(texts: &[String]) -> String {
    format!("export default \"{}\".split(\"|\");\n", texts.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_joined() -> anyhow::Result<()> {
        let texts = literals("    \"id\",\n    \"a \\\"b\\\"\\n\",")?;
        assert_eq!(
            joined(&texts),
            "export default \"id|a \\\"b\\\"\\n\".split(\"|\");\n"
        );
        assert!(literals("id,").is_err());
        Ok(())
    }
}
