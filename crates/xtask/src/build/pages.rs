//! The pages: portal, popup, demo.

use std::path::Path;

use crate::{npm, shell};

/// Builds `www/dist`, which the gateway embeds.
pub fn build(root: &Path) -> anyhow::Result<()> {
    shell::step("Pages: portal, popup, demo");
    let www = root.join("www");
    npm::install(root)?;
    npm::script(&www, "build")
}
