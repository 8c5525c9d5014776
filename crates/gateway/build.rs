//! A release has its pages: one without them would start, and answer every page with an error.

use std::env;
use std::path::Path;

const PAGE: &str = "../../www/dist/connect.html";

fn main() {
    println!("cargo::rerun-if-changed={PAGE}");
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if is_release && !Path::new(PAGE).exists() {
        println!(
            "cargo::error=the pages are not built, and a release embeds them: run `cargo xtask build` first"
        );
    }
}
