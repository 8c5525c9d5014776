//! One file per kind of host, minified, and what they weigh.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::{Compression, write::GzEncoder};

use super::names::ShortNames;
use crate::{npm, shell};

/// Files of the package that are made together, in one format.
struct Target {
    /// Each file's name and its entry in `pkg/lib`, both without extension. What several share is a file of its own.
    files: &'static [[&'static str; 2]],
    /// How the core is started.
    start: &'static str,
    format: &'static str,
    extension: &'static str,
}

/// What the entries of the first target share.
const SHARED: &str = "shared";

const TARGETS: [Target; 6] = [
    Target {
        files: &[["index", "sdk"], ["lazy", "lazy"]],
        start: "start_inline.js",
        format: "esm",
        extension: "js",
    },
    Target {
        files: &[["index", "sdk"], ["lazy", "lazy_cjs"]],
        start: "start_inline.js",
        format: "cjs",
        extension: "cjs",
    },
    Target {
        files: &[["paragon", "global"]],
        start: "start_inline.js",
        format: "iife",
        extension: "js",
    },
    Target {
        files: &[["workerd", "sdk"]],
        start: "start_module.js",
        format: "esm",
        extension: "js",
    },
    Target {
        files: &[["slim", "slim"]],
        start: "start_slim.js",
        format: "esm",
        extension: "js",
    },
    Target {
        files: &[["slim", "slim"]],
        start: "start_slim.js",
        format: "cjs",
        extension: "cjs",
    },
];

/// A source map of its own makes the bundler leave a file out of the package's: generated text explains nothing.
const UNMAPPED: &str = r#"
//# sourceMappingURL=data:application/json,{"version":3,"sources":["core.js"],"sourcesContent":["//%20made%20by%20the%20build"],"names":[],"mappings":"AAAA"}
"#;

/// Writes every target into `dist`, with source maps of `pkg/lib` beside them, and prints sizes.
pub(crate) fn all(
    root: &Path,
    stage: &Path,
    dist: &Path,
    names: &ShortNames,
) -> anyhow::Result<()> {
    for generated in ["core.js", "text.js"] {
        let path = stage.join(generated);
        fs::write(&path, fs::read_to_string(&path)? + UNMAPPED)?;
    }
    let mut files = vec![format!("{SHARED}.js"), "core.wasm".to_owned()];
    for target in &TARGETS {
        bundle(root, stage, dist, target, names)?;
        let file = |[name, _]: &[&str; 2]| format!("{name}.{}", target.extension);
        files.extend(target.files.iter().map(file));
    }
    for name in files {
        let path = dist.join(&name);
        let Sizes { gzip, brotli } = sizes(&path)?;
        let raw = fs::metadata(&path)?.len();
        println!("{name:<12} {raw:>7} bytes, {gzip:>6} gzip, {brotli:>6} brotli");
    }
    Ok(())
}

fn bundle(
    root: &Path,
    stage: &Path,
    dist: &Path,
    target: &Target,
    names: &ShortNames,
) -> anyhow::Result<()> {
    let library = root.join("pkg/lib");
    let alias = |name: &str, path: &Path| format!("--alias:{name}={}", path.display());
    let entry = |[name, entry]: &[&str; 2]| {
        let path = library.join(entry).with_extension("js");
        format!("{name}={}", path.display())
    };
    let mut command = npm::tool(root, "esbuild");
    command
        .args(target.files.iter().map(entry))
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
        .args(names.for_bundler(stage)?)
        .arg(format!("--format={}", target.format))
        .arg(format!("--out-extension:.js=.{}", target.extension))
        .arg(alias("#core", &stage.join("core.js")))
        .arg(alias("#text", &stage.join("text.js")))
        .arg(alias("#start", &library.join(target.start)))
        .arg(format!("--outdir={}", dist.display()));
    match target.format {
        "esm" => command.args(["--splitting", &format!("--chunk-names={SHARED}")]),
        // The platform writes the list of names that lets ES modules import them from the CommonJS file.
        "cjs" => command.args([
            "--platform=node",
            "--alias:#main=./index.cjs",
            "--external:./index.cjs",
            // As ES modules are.
            r#"--tsconfig-raw={"compilerOptions":{"alwaysStrict":true}}"#,
        ]),
        _ => &mut command,
    };
    shell::run(&mut command)
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
