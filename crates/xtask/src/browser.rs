//! A browser for the tests.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::shell;

const CANDIDATES: [&str; 6] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// Path of a Chromium; installs the distribution's where none is found and the user may.
pub fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(path) = find() {
        return Ok(path);
    }
    if !(is_root() && shell::exists("apt-get")) {
        bail!(
            "no Chromium was found. Install one (Debian and Ubuntu: `sudo apt-get install chromium`, Fedora: `sudo dnf install chromium`, \
             macOS: `brew install --cask chromium`), or set CHROMIUM to its path, then run this again"
        );
    }
    shell::step("Installing Chromium");
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    shell::run(apt().args(["update", "-qq"]))?;
    shell::run(apt().args(["install", "-y", "-qq", "chromium"]))?;
    find().with_context(|| {
        format!(
            "chromium was installed, but is at none of {CANDIDATES:?}; set CHROMIUM to its path"
        )
    })
}

fn find() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    named
        .into_iter()
        .chain(CANDIDATES.iter().map(PathBuf::from))
        .find(|path| path.is_file())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
