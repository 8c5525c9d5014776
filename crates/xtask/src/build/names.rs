//! Short names between the WebAssembly and its bindings: generated ones carry a hash each, which no compression shortens.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

/// What stands in the WebAssembly for an import, an export or a module, by generated name.
pub(crate) struct ShortNames(BTreeMap<String, String>);

/// What `wasm-opt` reports: module, name and short name of each import; name and short name of each export.
#[derive(Deserialize)]
struct Renamed {
    imports: Vec<[String; 3]>,
    exports: Vec<[String; 2]>,
}

/// What it calls every module, without saying so.
const MODULE: &str = "a";

impl ShortNames {
    /// As `wasm-opt --minify-imports-and-exports-and-modules` reports them.
    pub(crate) fn reported(report: &str) -> anyhow::Result<Self> {
        let Renamed { imports, exports } =
            serde_json::from_str(report).context("what wasm-opt renamed")?;
        let mut names = BTreeMap::new();
        for [module, name, short] in imports {
            names.insert(module, MODULE.to_owned());
            names.insert(name, short);
        }
        for [name, short] in exports {
            names.insert(name, short);
        }
        Ok(Self(names))
    }

    /// Arguments with which esbuild renames in the bindings what was renamed in the WebAssembly, and nothing else.
    /// `stage` is for its list of names.
    pub(crate) fn for_bundler(&self, stage: &Path) -> anyhow::Result<[String; 3]> {
        let list = stage.join("names.json");
        fs::write(&list, serde_json::to_string(&self.0)?)?;
        let names: Vec<_> = self.0.keys().map(|name| name.replace('.', r"\.")).collect();
        let names = names.join("|");
        Ok([
            format!("--mangle-props=^({names})$"),
            format!("--mangle-cache={}", list.display()),
            // The name of the module is in quotes.
            "--mangle-quoted".to_owned(),
        ])
    }
}
