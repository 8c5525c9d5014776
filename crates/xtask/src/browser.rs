//! Browsers for the tests.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::packages;

const CANDIDATES: [&str; 6] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const DRIVERS: [&str; 4] = [
    "/usr/bin/chromedriver",
    "/usr/lib/chromium-browser/chromedriver",
    "/usr/local/bin/chromedriver",
    "/opt/homebrew/bin/chromedriver",
];

const FIREFOX: [&str; 3] = [
    "/usr/bin/firefox-esr",
    "/usr/bin/firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
];

const WEBKIT_DRIVER: &str = "/usr/bin/WebKitWebDriver";
const DISPLAY_SERVER: &str = "/usr/bin/Xvfb";

/// Path of a Chromium; installs the distribution's where none is found and the user may.
pub fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(path) = find() {
        return Ok(path);
    }
    if !packages::install(&["chromium"], &[])? {
        bail!(
            "no Chromium was found. Install one (Debian and Ubuntu: `sudo apt-get install chromium`, Fedora: `sudo dnf install chromium`, \
             macOS: `brew install --cask chromium`), or set CHROMIUM to its path, then run this again"
        );
    }
    find().with_context(|| {
        format!(
            "chromium was installed, but is at none of {CANDIDATES:?}; set CHROMIUM to its path"
        )
    })
}

/// Path of a driver of [`chromium`]; installs the distribution's where none is found and the user may.
pub fn chromedriver() -> anyhow::Result<PathBuf> {
    if let Some(path) = driver() {
        return Ok(path);
    }
    if !packages::install(&["chromium-driver"], &[])? {
        bail!(
            "no ChromeDriver was found. Install one (Debian: `sudo apt-get install chromium-driver`, Fedora: \
             `sudo dnf install chromedriver`, macOS: `brew install --cask chromedriver`), or set CHROMEDRIVER to its path, \
             then run this again"
        );
    }
    driver().with_context(|| {
        format!("chromium-driver was installed, but is at none of {DRIVERS:?}; set CHROMEDRIVER to its path")
    })
}

/// Programs of the other engines, each under the variable that hands it to the tests. Installs what is missing where the
/// user may; an engine that cannot be had is left out, and that is said.
pub fn others() -> anyhow::Result<Vec<(&'static str, PathBuf)>> {
    let mut found = Vec::new();
    match or_install(firefox, &["firefox-esr"])? {
        Some(path) => found.push(("FIREFOX", path)),
        None => skipped("Firefox", "firefox-esr"),
    }
    match or_install(webkit, &["webkit2gtk-driver", "xvfb"])? {
        Some(path) => {
            found.push(("WEBKIT_DRIVER", WEBKIT_DRIVER.into()));
            found.push(("WEBKIT_BROWSER", path));
        }
        None => skipped("WebKit", "webkit2gtk-driver xvfb"),
    }
    Ok(found)
}

fn skipped(engine: &str, packages: &str) {
    println!(
        "{engine} is not on this machine: its tests are SKIPPED (`apt-get install {packages}`)"
    );
}

fn or_install(
    find: impl Fn() -> Option<PathBuf>,
    names: &[&str],
) -> anyhow::Result<Option<PathBuf>> {
    Ok(match find() {
        Some(path) => Some(path),
        None if packages::install(names, BARE)? => find(),
        None => None,
    })
}

fn firefox() -> Option<PathBuf> {
    FIREFOX
        .iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
}

/// The browser that `WebKitWebDriver` drives, in a folder named after the machine or the distribution's habits.
fn webkit() -> Option<PathBuf> {
    if ![WEBKIT_DRIVER, DISPLAY_SERVER]
        .iter()
        .all(|path| Path::new(path).is_file())
    {
        return None;
    }
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten();
    folders
        .map(|folder| folder.path())
        .chain([PathBuf::from("/usr/libexec")])
        .map(|folder| folder.join("webkit2gtk-4.1/MiniBrowser"))
        .find(|path| path.is_file())
}

/// What the other engines recommend is media and desktops, hundreds of megabytes of it.
const BARE: &[&str] = &["--no-install-recommends"];

fn find() -> Option<PathBuf> {
    named_or_one_of("CHROMIUM", &CANDIDATES)
}

fn driver() -> Option<PathBuf> {
    named_or_one_of("CHROMEDRIVER", &DRIVERS)
}

/// The path that the environment names, or else the first of these that is there.
fn named_or_one_of(variable: &str, candidates: &[&str]) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    named
        .into_iter()
        .chain(candidates.iter().map(PathBuf::from))
        .find(|path| path.is_file())
}
