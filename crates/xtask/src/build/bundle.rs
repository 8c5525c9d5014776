//! One file per kind of host, minified, and what they weigh.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::{Compression, write::GzEncoder};

use crate::{npm, shell};

/// A file of the package: name, entry in `pkg/lib`, how the core is started, format.
struct Target {
    file: &'static str,
    entry: &'static str,
    start: &'static str,
    format: &'static str,
}

const TARGETS: [Target; 6] = [
    Target {
        file: "index.js",
        entry: "sdk.js",
        start: "start_inline.js",
        format: "esm",
    },
    Target {
        file: "index.cjs",
        entry: "sdk.js",
        start: "start_inline.js",
        format: "cjs",
    },
    Target {
        file: "paragon.js",
        entry: "global.js",
        start: "start_inline.js",
        format: "iife",
    },
    Target {
        file: "workerd.js",
        entry: "sdk.js",
        start: "start_module.js",
        format: "esm",
    },
    Target {
        file: "slim.js",
        entry: "slim.js",
        start: "start_slim.js",
        format: "esm",
    },
    Target {
        file: "slim.cjs",
        entry: "slim.js",
        start: "start_slim.js",
        format: "cjs",
    },
];

/// A source map of its own makes the bundler leave a file out of the package's: generated text explains nothing.
const UNMAPPED: &str = r#"
//# sourceMappingURL=data:application/json,{"version":3,"sources":["core.js"],"sourcesContent":["//%20made%20by%20the%20build"],"names":[],"mappings":"AAAA"}
"#;

/// Writes every target into `dist`, with a source map of `pkg/lib` beside it, and prints its size.
pub(crate) fn all(root: &Path, stage: &Path, dist: &Path) -> anyhow::Result<()> {
    for generated in ["core.js", "text.js"] {
        let path = stage.join(generated);
        fs::write(&path, fs::read_to_string(&path)? + UNMAPPED)?;
    }
    for target in &TARGETS {
        bundle(root, stage, dist, target)?;
    }
    for file in TARGETS
        .iter()
        .map(|target| target.file)
        .chain(["core.wasm"])
    {
        let path = dist.join(file);
        let Sizes { gzip, brotli } = sizes(&path)?;
        let raw = fs::metadata(&path)?.len();
        println!("{file:<12} {raw:>7} bytes, {gzip:>6} gzip, {brotli:>6} brotli");
    }
    Ok(())
}

fn bundle(root: &Path, stage: &Path, dist: &Path, target: &Target) -> anyhow::Result<()> {
    let library = root.join("pkg/lib");
    let alias = |name: &str, path: &Path| format!("--alias:{name}={}", path.display());
    shell::run(
        npm::tool(root, "esbuild")
            .arg(library.join(target.entry))
            .args([
                "--bundle",
                "--minify",
                "--target=es2022",
                "--sourcemap=linked",
                "--legal-comments=none",
                "--log-level=warning",
            ])
            .args([
                "--external:*.wasm",
                "--log-override:empty-import-meta=silent",
            ])
            .arg(format!("--format={}", target.format))
            // Writes the list of names that lets ES modules import them from the CommonJS file.
            .args((target.format == "cjs").then_some("--platform=node"))
            .arg(alias("#core", &stage.join("core.js")))
            .arg(alias("#text", &stage.join("text.js")))
            .arg(alias("#start", &library.join(target.start)))
            .arg(format!("--outfile={}", dist.join(target.file).display())),
    )
}

/// What a file weighs on the wire, in bytes.
pub struct Sizes {
    /// By `gzip -9`.
    pub gzip: usize,
    /// By brotli, quality 11.
    pub brotli: usize,
}

/// Weighs the file at `path`.
pub fn sizes(path: &Path) -> anyhow::Result<Sizes> {
    let bytes = fs::read(path)?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    let mut packed = Vec::new();
    let quality = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &quality)?;
    Ok(Sizes {
        gzip: encoder.finish()?.len(),
        brotli: packed.len(),
    })
}
