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
    /// Functions that come straight from another module: module, old name, new name.
    foreign: Vec<[&'a str; 3]>,
}

/// The module of the functions that the bindings give.
const OWN_MODULE: &str = "./core_bg.js";

impl<'a> Names<'a> {
    /// Reads what `wasm-opt` prints: `["module", "old", "new"]` for imports, then `["old", "new"]` for exports.
    fn read(report: &'a str) -> anyhow::Result<Self> {
        let (imports, exports) = report
            .split_once("\"exports\"")
            .context("`wasm-opt` printed no names")?;
        let strings = |line: &'a str| line.split('"').skip(1).step_by(2).collect::<Vec<_>>();
        let mut names = Self {
            imports: HashMap::new(),
            exports: HashMap::new(),
            foreign: Vec::new(),
        };
        for line in imports.lines() {
            match strings(line)[..] {
                [OWN_MODULE, old, new] => drop(names.imports.insert(old, new)),
                [module, old, new] => names.foreign.push([module, old, new]),
                _ => {}
            }
        }
        for line in exports.lines() {
            if let [old, new] = strings(line)[..] {
                names.exports.insert(old, new);
            }
        }
        Ok(names)
    }

    /// The one object of imports, made of the bindings' own and of what comes from other modules.
    fn import_object(&self, bindings: &str) -> String {
        let mut object = "\"a\": { ...import0".to_owned();
        for [module, old, new] in &self.foreign {
            let suffix = format!(" from \"{module}\"");
            let import = bindings
                .lines()
                .find_map(|line| line.strip_prefix("import * as ")?.strip_suffix(&suffix));
            if let Some(import) = import {
                object.extend([", \"", new, "\": ", import, ".", old]);
            }
        }
        object + " },\n"
    }
}

/// Imports are keys at the start of a line, exports are properties of `wasm`.
fn in_bindings(text: &str, names: &Names) -> String {
    let mut renamed = String::new();
    for line in text.split_inclusive('\n') {
        let inner = line.trim_start();
        if inner.starts_with("\"./core_bg.js\": import0") {
            renamed.push_str(&names.import_object(text));
            continue;
        }
        if inner.starts_with("\"#") {
            continue;
        }
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
        let report = "{\n \"imports\": [\n  [\"./core_bg.js\", \"__wbg_get_1a\", \"b\"],\n  [\"#wire\", \"open\", \"d\"]\n ],\n\"exports\": [\n  [\"memory\", \"c\"]\n ]\n}";
        let text = "import * as import1 from \"#wire\"\n  __wbg_get_1a: function() { wasm.memory.buffer; wasm.memoryless; },\n  \"./core_bg.js\": import0,\n  \"#wire\": import1,\n";
        assert_eq!(
            in_bindings(text, &Names::read(report)?),
            "import * as import1 from \"#wire\"\n\"b\": function() { wasm.c.buffer; wasm.memoryless; },\n\"a\": { ...import0, \"d\": import1.open },\n"
        );
        Ok(())
    }
}
