//! Short names between the WebAssembly and its JavaScript: the generated ones carry hashes, which do not compress.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::npm;

/// Gives imports and exports of `wasm` one or two letters, and `bindings` the same ones.
pub(crate) fn shorten(
    root: &Path,
    wasm: &Path,
    bindings: &Path,
    features: &[&str],
) -> anyhow::Result<()> {
    let output = npm::tool(root, "wasm-opt")
        .arg(wasm)
        .args(features)
        .arg("--minify-imports-and-exports-and-modules")
        .arg("-o")
        .arg(wasm)
        .output()
        .context("cannot run `wasm-opt`")?;
    ensure!(output.status.success(), "`wasm-opt` cannot rename");
    let report = String::from_utf8(output.stdout)?;
    let renamed = in_bindings(&fs::read_to_string(bindings)?, &Names::read(&report)?);
    Ok(fs::write(bindings, renamed)?)
}

/// Old names and new ones.
struct Names<'a> {
    /// Of the functions given to the WebAssembly, and of the object that holds them.
    imports: HashMap<&'a str, &'a str>,
    /// Of what it gives.
    exports: HashMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    /// Reads what `wasm-opt` prints: `["module", "old", "new"]` for imports, then `["old", "new"]` for exports.
    fn read(report: &'a str) -> anyhow::Result<Self> {
        let (imports, exports) = report
            .split_once("\"exports\"")
            .context("`wasm-opt` printed no names")?;
        let mut names = Self {
            imports: pairs(imports),
            exports: pairs(exports),
        };
        names.imports.insert("\"./core_bg.js\"", "a");
        Ok(names)
    }
}

/// The last two strings of each line that has as many.
fn pairs(lines: &str) -> HashMap<&str, &str> {
    let pair = |line: &'_ str| -> Option<(usize, usize)> {
        let strings: Vec<_> = line.match_indices('"').map(|(at, _)| at).collect();
        (strings.len() >= 4).then(|| (strings[strings.len() - 4], strings[strings.len() - 2]))
    };
    lines
        .lines()
        .filter_map(|line| {
            let (old, new) = pair(line)?;
            let text = |start: usize| line[start + 1..].split('"').next();
            Some((text(old)?, text(new)?))
        })
        .collect()
}

/// Imports are keys at the start of a line, exports are properties of `wasm`.
fn in_bindings(text: &str, names: &Names) -> String {
    let mut renamed = String::new();
    for line in text.split_inclusive('\n') {
        let inner = line.trim_start();
        let import = inner
            .split_once(": ")
            .and_then(|(key, rest)| Some((names.imports.get(key)?, rest)));
        if let Some((short, rest)) = import {
            renamed.extend(["\"", short, "\": "]);
            exports(rest, names, &mut renamed);
        } else {
            exports(line, names, &mut renamed);
        }
    }
    renamed
}

fn exports(line: &str, names: &Names, renamed: &mut String) {
    let mut parts = line.split("wasm.");
    renamed.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let is_inside = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '$';
        let end = part.find(|char| !is_inside(char)).unwrap_or(part.len());
        let name = &part[..end];
        let short = names.exports.get(name).unwrap_or(&name);
        renamed.extend(["wasm.", short, &part[end..]]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_get_the_same_names() -> anyhow::Result<()> {
        let report = "{\n \"imports\": [\n  [\"./core_bg.js\", \"__wbg_get_1a\", \"b\"]\n ],\n\"exports\": [\n  [\"memory\", \"c\"]\n ]\n}";
        let text = "  __wbg_get_1a: function() { wasm.memory.buffer; wasm.memoryless; },\n  \"./core_bg.js\": import0,\n";
        assert_eq!(
            in_bindings(text, &Names::read(report)?),
            "\"b\": function() { wasm.c.buffer; wasm.memoryless; },\n\"a\": import0,\n"
        );
        Ok(())
    }
}
