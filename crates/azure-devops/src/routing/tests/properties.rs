//! What must hold for any input at all.

use proptest::prelude::*;

use super::*;
use crate::hosts::default_port;

/// What must hold for every path that is let through.
fn assert_inside(table: &HostTable, path: &str) -> Result<(), TestCaseError> {
    let Ok(target) = route(table, &contoso(), path) else {
        return Ok(());
    };
    let base = table.base(target.alias);
    let base = base.ok_or_else(|| TestCaseError::fail("alias outside the table"))?;
    prop_assert_eq!(target.uri.scheme_str(), Some(base.scheme.as_str()));
    prop_assert_eq!(target.uri.host(), Some(base.host.as_str()));
    prop_assert_eq!(
        target.uri.port_u16().or(default_port(&base.scheme)),
        Some(base.port)
    );
    let rest = strip_path_prefix(target.uri.path(), &base.prefix);
    let rest = rest.ok_or_else(|| TestCaseError::fail("path outside the base"))?;
    match target.alias.scope() {
        Scope::Organization => prop_assert_eq!(rest.split('/').nth(1), Some("contoso")),
        Scope::User | Scope::Public => prop_assert!(rest.starts_with("/_apis/")),
    }
    // An independent parser that folds dot segments must see the same place.
    let parsed = Url::parse(&target.uri.to_string())
        .map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(parsed.host_str(), Some(base.host.as_str()));
    let inside = strip_path_prefix(parsed.path(), &base.prefix);
    prop_assert_eq!(
        inside.and_then(|path| path.split('/').nth(1)),
        rest.split('/').nth(1)
    );
    Ok(())
}

fn nasty_piece() -> impl Strategy<Value = String> {
    let pieces = [
        "/",
        "//",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        "%252e",
        "%2f",
        "%252f",
        "%5c",
        "\\",
        "@",
        ":",
        ":443",
        "?",
        "#",
        "https://",
        "http://",
        "HTTPS://",
        "dev.azure.com",
        "localhost:4401",
        "evil.example",
        ".visualstudio.com",
        "app.vssps.visualstudio.com",
        "contoso",
        "Contoso",
        "fabrikam",
        "_apis",
        "_hosts",
        "_git",
        "dev",
        "app",
        "status",
        "profile",
        "accounts",
        "projects",
        "%00",
        "%0d%0a",
        "\r\n",
        "\0",
        "%c0%ae",
        ";",
        "%20",
        " ",
        "&",
        "=",
        "é",
        "%",
        "%zz",
        "[::1]",
        "127.0.0.1",
        "$Bug",
    ];
    proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    #[test]
    fn any_text_stays_inside(path in any::<String>()) {
        assert_inside(&HostTable::microsoft(), &path)?;
        assert_inside(&simulator(), &path)?;
    }

    #[test]
    fn any_bytes_stay_inside(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        assert_inside(&HostTable::microsoft(), &String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn pieces_of_attacks_stay_inside(pieces in proptest::collection::vec(nasty_piece(), 0..10)) {
        let path = pieces.concat();
        assert_inside(&HostTable::microsoft(), &path)?;
        assert_inside(&simulator(), &path)?;
    }

    #[test]
    fn absolute_urls_stay_inside(pieces in proptest::collection::vec(nasty_piece(), 0..6)) {
        assert_inside(&HostTable::microsoft(), &format!("https://dev.azure.com/contoso/{}", pieces.concat()))?;
        assert_inside(&HostTable::microsoft(), &format!("https://dev.azure.com{}", pieces.concat()))?;
        assert_inside(&HostTable::microsoft(), &format!("/_hosts/dev/contoso{}", pieces.concat()))?;
    }

    #[test]
    fn ordinary_paths_keep_their_bytes(rest in "[a-zA-Z0-9$'!*,~=-]{1,12}(/[a-zA-Z0-9$'!*,~=-]{1,12}){0,4}", query in "[a-zA-Z0-9$'!*,~={}|/?-]{0,24}") {
        let uri = microsoft(&format!("/{rest}?{query}"));
        let expected = if rest.starts_with('_') { uri.clone() } else { Ok(format!("https://dev.azure.com/contoso/_apis/{rest}?{query}")) };
        prop_assert_eq!(uri, expected);
    }
}
