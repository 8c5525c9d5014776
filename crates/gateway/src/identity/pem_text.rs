//! PEM as it arrives from environment variables, JSON and forms: line breaks written out as `\n` or lost, quotes around it.
//!
//! What is between the two marks is base64 (RFC 7468), so that no meaning can get lost by putting it on lines again.

use std::borrow::Cow;
use std::fmt::Write as _;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// RFC 7468, section 2.
const LINE: usize = 64;

/// The same on lines; a text that is no PEM as it is.
pub(super) fn on_lines(text: &str) -> Cow<'_, str> {
    match parts(text) {
        Some((label, body)) => {
            let body = body.replace("\\r", "").replace("\\n", "");
            let body: Vec<char> = body
                .chars()
                .filter(|letter| !letter.is_whitespace())
                .collect();
            let mut lines = format!("{BEGIN}{label}{DASHES}\n");
            for line in body.chunks(LINE) {
                lines.extend(line);
                lines.push('\n');
            }
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{END}{label}{DASHES}");
            lines.into()
        }
        None => text.into(),
    }
}

/// Label and body of the first object in `text`.
fn parts(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.split_once(BEGIN)?;
    let (label, rest) = rest.split_once(DASHES)?;
    let (body, end) = rest.split_once(END)?;
    let is_whole = end.strip_prefix(label)?.starts_with(DASHES);
    is_whole.then_some((label, body))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PEM: &str = "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n";

    #[test]
    fn every_way_in_which_it_is_passed_on_is_read() {
        for text in [
            PEM,
            "-----BEGIN PUBLIC KEY-----\\nMFkw\\n-----END PUBLIC KEY-----\\n",
            "\"-----BEGIN PUBLIC KEY-----\\r\\nMF\\r\\nkw\\r\\n-----END PUBLIC KEY-----\"",
            "-----BEGIN PUBLIC KEY----- MFkw -----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----MFkw-----END PUBLIC KEY-----",
            "\u{feff}-----BEGIN PUBLIC KEY-----\r\n  MFkw\r\n  -----END PUBLIC KEY-----",
        ] {
            assert_eq!(on_lines(text), PEM, "{text}");
        }
    }

    #[test]
    fn what_is_no_pem_stays() {
        for text in [
            "",
            "MFkw",
            "-----BEGIN PUBLIC KEY-----\nMFkw",
            "-----BEGIN A-----x-----END B-----",
        ] {
            assert_eq!(on_lines(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            let _ = on_lines(&text);
        }
    }
}
