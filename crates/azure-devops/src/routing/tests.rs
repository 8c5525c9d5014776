//! The routing rules as tables, and what must hold for any input.

mod properties;
mod rules;
mod safety;

use url::Url;

use super::*;

fn contoso() -> Organization {
    Organization::new("contoso").unwrap_or_else(|error| panic!("{error}"))
}

fn simulator() -> HostTable {
    let base = Url::parse("http://localhost:4401").unwrap_or_else(|error| panic!("{error}"));
    HostTable::simulator(&base).unwrap_or_else(|error| panic!("{error}"))
}

fn microsoft(path: &str) -> Result<String, RoutingError> {
    route(&HostTable::microsoft(), &contoso(), path).map(|target| target.uri.to_string())
}

#[track_caller]
fn leads(path: &str, uri: &str) {
    assert_eq!(microsoft(path).as_deref(), Ok(uri), "{path}");
}

#[track_caller]
fn refused(path: &str, expected: &RoutingError) {
    assert_eq!(microsoft(path).as_ref(), Err(expected), "{path}");
}
