//! JSON as others write it: with a byte order mark before it, or with half of a surrogate pair in it.
//!
//! JavaScript cuts a text in the middle of an emoji and writes the half as `\ud83d`, which names no character. Such a
//! half becomes U+FFFD, as browsers do where they send text; everything else is as strict as JSON is.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Length of `\ud83d`.
const ESCAPE: usize = 6;

/// Reads JSON from outside.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(&readable(bytes))
}

/// The same JSON without a byte order mark, and with U+FFFD for each half of a surrogate pair.
pub fn readable(bytes: &[u8]) -> Cow<'_, [u8]> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut readable = Cow::Borrowed(bytes);
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| *byte == b'\\') {
        at += next;
        match (unit(bytes, at), unit(bytes, at + ESCAPE)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 2 * ESCAPE,
            (Some(0xd800..=0xdfff), _) => {
                readable.to_mut()[at + 2..at + ESCAPE].copy_from_slice(b"fffd");
                at += ESCAPE;
            }
            // What is escaped may be a backslash.
            _ => at = (at + 2).min(bytes.len()),
        }
    }
    readable
}

/// The UTF-16 code unit that the escape at `at` stands for: `\u` and four hexadecimal digits (RFC 8259, section 7).
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + ESCAPE)?.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn half_an_emoji_becomes_a_replacement_character() {
        for (text, expected) in [
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\uDE00""#, "\u{fffd}"),
            (r#""a\ud83db""#, "a\u{fffd}b"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\n""#, "\u{fffd}\n"),
            (r#""\\ud83d""#, r"\ud83d"),
            (r#""\\\ud83d""#, "\\\u{fffd}"),
        ] {
            let read: Value = from_slice(text.as_bytes()).expect(text);
            assert_eq!(read, json!(expected), "{text}");
        }
        let read: Value = from_slice(br#"{"\ud83d":1}"#).expect("a key");
        assert_eq!(read, json!({ "\u{fffd}": 1 }));
    }

    #[test]
    fn a_byte_order_mark_is_skipped_once_and_before_it_alone() {
        let read: Value = from_slice("\u{feff}{}".as_bytes()).expect("JSON");
        assert_eq!(read, json!({}));
        for text in ["\u{feff}\u{feff}{}", "{\u{feff}}", "{}\u{feff}", "\u{feff}"] {
            assert!(from_slice::<Value>(text.as_bytes()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn nothing_else_is_forgiven() {
        for text in [
            r#""\ud83""#,
            r#""\u+83d""#,
            r#""\ud83d"#,
            r"\ud83d",
            "\"\\",
            "\\",
            "{\"a\":1,}",
        ] {
            assert!(from_slice::<Value>(text.as_bytes()).is_err(), "{text}");
        }
        assert!(
            from_slice::<Value>(b"\"\xed\xa0\xbd\"").is_err(),
            "no UTF-8"
        );
    }

    proptest! {
        #[test]
        fn what_is_json_already_stays_as_it_is(text in any::<String>()) {
            let written = json!({ "text": text }).to_string();
            prop_assert_eq!(&*readable(written.as_bytes()), written.as_bytes());
        }

        #[test]
        fn any_bytes_are_looked_at_without_a_panic(bytes in prop::collection::vec(prop::sample::select(b"\\\"ud8ce3 {}".to_vec()), 0..40)) {
            let readable = readable(&bytes);
            prop_assert!(readable.len() <= bytes.len());
        }
    }
}
