//! A release has its pages: one without them would start, and answer every page with an error.

use std::env;
use std::path::Path;

const PAGE: &str = "../../www/dist/connect.html";

fn main() {
    println!("cargo::rerun-if-changed={PAGE}");
    let profile = env::var("PROFILE").unwrap_or_default();
    if let Some(refusal) = refusal(&profile, Path::new(PAGE)) {
        println!("cargo::error={refusal}");
    }
}

/// Why nothing is built, if so.
pub fn refusal(profile: &str, page: &Path) -> Option<&'static str> {
    (profile == "release" && !page.exists()).then_some(
        "the pages are not built, and a release embeds them: run `cargo xtask build` first",
    )
}
