//! `paragon-gateway openapi`.

use std::io::Write as _;

use crate::http::openapi::DOCUMENT;

/// Prints the OpenAPI document.
pub(super) fn run() -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(&*DOCUMENT)?;
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
