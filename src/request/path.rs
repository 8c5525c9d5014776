//! Which paths `request()` and the portal may ask for: nothing that could leave the prefix the token is meant for.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};

/// The app's path with its leading slash, ready to be appended to a prefix.
///
/// # Errors
/// Absolute URLs, dot segments (also percent-encoded), backslashes and control characters are refused: the URL parser
/// would resolve them to somewhere outside of the prefix. So is what is no text.
pub(crate) fn given(path: JsValue) -> Result<JsString> {
    let Some(text) = path.as_string() else {
        return Err(Error::new("argument_invalid", "path must be a string"));
    };
    if let Some(reason) = fault(text.as_bytes()) {
        let shown = shown(&text);
        let message = ["path is refused: ", reason, " in `", &shown, "`"].concat();
        return Err(Error::new("path_refused", &message));
    }
    Ok(if text.starts_with('/') {
        path.unchecked_into()
    } else {
        ["/", &text].concat().into()
    })
}

/// Why `path` is refused, if it is.
fn fault(path: &[u8]) -> Option<&'static str> {
    if has_control(path) {
        return Some("control character");
    }
    let plain = path
        .split(|byte| b"?#".contains(byte))
        .next()
        .unwrap_or_default();
    if plain.contains(&b'\\') {
        return Some("backslash");
    }
    if plain.starts_with(b"//") || has_scheme(plain) {
        return Some("absolute URL");
    }
    if decoded(plain)
        .split(|byte| *byte == b'/')
        .any(|segment| segment == b"." || segment == b"..")
    {
        return Some("dot segment");
    }
    path.contains(&b'#').then_some("fragment")
}

/// Control characters of ASCII and Latin-1, and the separators of lines and paragraphs (U+2028, U+2029).
fn has_control(path: &[u8]) -> bool {
    path.iter().any(u8::is_ascii_control)
        || path
            .windows(2)
            .any(|pair| pair[0] == 0xc2 && pair[1] < 0xa0)
        || path
            .windows(3)
            .any(|char| char[..2] == [0xe2, 0x80] && (char[2] == 0xa8 || char[2] == 0xa9))
}

/// `https:`, `javascript:` … before the first slash, followed by a slash; `_apis/wit:x` is a plain path.
fn has_scheme(path: &[u8]) -> bool {
    let scheme = path.windows(3).position(|part| part == b"://");
    scheme.is_some_and(|end| !path[..end].contains(&b'/'))
}

/// `path` in lower case with its dots and slashes decoded, however often they were encoded (`%2e`, `%252e`).
fn decoded(path: &[u8]) -> Vec<u8> {
    let mut plain: Vec<u8> = Vec::with_capacity(path.len());
    for byte in path {
        plain.push(byte.to_ascii_lowercase());
        // The end of what is decoded may complete an escape.
        while let Some(start) = plain.len().checked_sub(3) {
            let char = match &plain[start..] {
                b"%25" => b'%',
                b"%2e" => b'.',
                b"%2f" | b"%5c" => b'/',
                _ => break,
            };
            plain.truncate(start);
            plain.push(char);
        }
    }
    plain
}

/// The start of `path` for an error text: printable ASCII.
fn shown(path: &str) -> String {
    path.chars()
        .filter(|char| (' '..='~').contains(char))
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
            assert_eq!(fault(good.as_bytes()), None, "{good}");
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
            assert!(fault(bad.as_bytes()).is_some(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn an_accepted_path_has_no_second_root(path in "\\PC{0,60}") {
            prop_assert!(fault(path.as_bytes()).is_some() || !path.starts_with("//"));
        }

        #[test]
        fn dot_segments_never_pass(before in "[a-z/]{0,8}", dots in "(\\.|%2e|%2E){1,2}", after in "(/[a-z]{0,5})?") {
            let path = ["/", before.trim_end_matches('/'), "/", &dots, &after].concat();
            prop_assert!(fault(path.as_bytes()).is_some());
        }
    }
}
