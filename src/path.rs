//! Which paths `request()` and the portal may ask for: nothing that could leave the prefix the token is meant for.

use crate::error::fail;
use crate::value::{Outcome, Value, fill, made_text, text};

/// The path with its leading slash, ready to be appended to a prefix; `/` for what is no text.
///
/// # Errors
/// Absolute URLs, dot segments (also percent-encoded), backslashes and control characters are refused: the URL parser
/// would resolve them to somewhere outside the prefix.
pub(crate) fn rooted(path: Value) -> Outcome {
    let given = path.to_text();
    if let Some(reason) = fault(&given) {
        let shown = made_text(&shown(&given));
        return fail("path_refused", fill!("path is refused: {} in `{}`", text(reason), shown));
    }
    Ok(if given.starts_with('/') { path } else { fill!("/{}", made_text(&given)) })
}

/// Why `path` is refused, if it is.
fn fault(path: &str) -> Option<&'static str> {
    if path
        .chars()
        .any(|char| char.is_control() || char == '\u{2028}' || char == '\u{2029}')
    {
        return Some("control character");
    }
    let plain = path.split(['?', '#']).next().unwrap_or_default();
    if plain.contains('\\') {
        return Some("backslash");
    }
    if plain.starts_with("//") || has_scheme(plain) {
        return Some("absolute URL");
    }
    if plain.split('/').any(is_dot_segment) {
        return Some("dot segment");
    }
    if path.contains('#') {
        return Some("fragment");
    }
    None
}

/// `https:`, `javascript:` … before the first slash, followed by a slash; `_apis/wit:x` is a plain path.
fn has_scheme(path: &str) -> bool {
    path.split_once("://")
        .is_some_and(|(scheme, _)| !scheme.contains('/'))
}

/// `.` or `..`, each dot plain or percent-encoded once or more (`%2e`, `%252e`).
fn is_dot_segment(segment: &str) -> bool {
    let mut plain = segment.to_ascii_lowercase();
    while plain.contains("%25") {
        plain = plain.replace("%25", "%");
    }
    let plain = plain
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "/");
    plain.split('/').any(|part| part == "." || part == "..")
}

/// The start of `path` with control characters left out, for an error text.
fn shown(path: &str) -> String {
    path.chars()
        .filter(|char| !char.is_control())
        .take(80)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_with_dots_and_colons_are_fine() {
        for good in [
            "/a..b/c",
            "/.well-known",
            "/...",
            "/wit/$Bug:1",
            "/x?u=https://e.com/../y",
            "/100%25",
            "/a%2fb",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
    }

    #[test]
    fn what_leaves_the_prefix_is_refused() {
        for bad in [
            "/../x",
            "..",
            "/a/./b",
            "/a/%2e%2E/b",
            "/a/.%2e",
            "/%252e%252e/x",
            "/a%2f..%2fb",
            "https://evil.example/",
            "//evil.example",
            "/a\\b",
            "/a\nb",
            "/a\0",
            "x://y",
            "/a#b",
            "/%25252e%25252e",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn an_accepted_path_has_no_second_root(path in "\\PC{0,60}") {
            prop_assert!(fault(&path).is_some() || !path.starts_with("//"));
        }

        #[test]
        fn dot_segments_never_pass(before in "[a-z/]{0,8}", dots in "(\\.|%2e|%2E){1,2}", after in "(/[a-z]{0,5})?") {
            let path = ["/", before.trim_end_matches('/'), "/", &dots, &after].concat();
            prop_assert!(fault(&path).is_some());
        }
    }
}
