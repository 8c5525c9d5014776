//! The WebAssembly bytes as ASCII text that stays byte-aligned, so that gzip and brotli still find its repetitions.
//!
//! The commonest bytes are one character each; every other byte is one of two escape characters and a character.
//! Base64 would cost a third more after compression.

use std::fmt::Write as _;

/// Characters that stand for themselves in a double-quoted JavaScript string.
const PLAIN: std::ops::RangeInclusive<u8> = b' '..=b'~';
/// The escapes: together with any plain character they reach the bytes that are not among the commonest.
const ESCAPES: [u8; 2] = [b'~', b'}'];

/// The characters that carry data.
fn alphabet() -> Vec<u8> {
    PLAIN
        .filter(|byte| !ESCAPES.contains(byte) && !b"\"\\".contains(byte))
        .collect()
}

/// A JavaScript module whose default export is `[order, text]` for `decode.js`.
pub(crate) fn module(bytes: &[u8]) -> String {
    let order = by_character(bytes);
    let (order_hex, text) = (hex(&order), encode(bytes, &order));
    format!("export default [\"{order_hex}\", \"{text}\"];\n")
}

/// All byte values, the commonest first.
fn by_frequency(bytes: &[u8]) -> Vec<u8> {
    let mut counts = [0_usize; 256];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    let mut order: Vec<u8> = (0..=255).collect();
    order.sort_by_key(|byte| std::cmp::Reverse(counts[usize::from(*byte)]));
    order
}

/// All byte values, by the characters that stand for them: first the commonest, one for each character.
///
/// The values of one escape ascend over digits, punctuation, capitals and small letters. From the classes of the last two
/// characters brotli guesses the next (RFC 7932, section 7.1), so bytes of near values, such as instructions of one kind,
/// must be of one class.
fn by_character(bytes: &[u8]) -> Vec<u8> {
    let alphabet = alphabet();
    let mut order = by_frequency(bytes);
    for values in order.chunks_mut(alphabet.len()) {
        let mut places: Vec<usize> = (0..values.len()).collect();
        places.sort_by_key(|place| class(alphabet[*place]));
        let mut ascending = values.to_vec();
        ascending.sort_unstable();
        for (place, value) in places.into_iter().zip(ascending) {
            values[place] = value;
        }
    }
    order
}

fn class(character: u8) -> u8 {
    match character {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 2,
        b'a'..=b'z' => 3,
        _ => 1,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn encode(bytes: &[u8], order: &[u8]) -> String {
    let alphabet = alphabet();
    let mut rank = [0_usize; 256];
    for (index, byte) in order.iter().enumerate() {
        rank[usize::from(*byte)] = index;
    }
    let mut text = String::new();
    for byte in bytes {
        let rank = rank[usize::from(*byte)];
        if rank >= alphabet.len() {
            text.push(char::from(ESCAPES[rank / alphabet.len() - 1]));
        }
        text.push(char::from(alphabet[rank % alphabet.len()]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `pkg/lib/decode.js` does.
    fn decode(text: &str, order: &[u8]) -> Vec<u8> {
        let alphabet = alphabet();
        let mut shift = 0;
        let mut bytes = Vec::new();
        for char in text.bytes() {
            if let Some(escape) = ESCAPES.iter().position(|own| *own == char) {
                shift = (escape + 1) * alphabet.len();
            } else {
                let index = alphabet
                    .iter()
                    .position(|own| *own == char)
                    .unwrap_or_default();
                bytes.push(order[shift + index]);
                shift = 0;
            }
        }
        bytes
    }

    #[test]
    fn every_byte_survives() {
        let bytes: Vec<u8> = (0..=255).chain([0; 9]).chain((0..=255).rev()).collect();
        let order = by_character(&bytes);
        assert_eq!(decode(&encode(&bytes, &order), &order), bytes);
    }

    #[test]
    fn the_text_needs_no_escaping() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = encode(&bytes, &by_character(&bytes));
        assert!(
            text.bytes()
                .all(|byte| PLAIN.contains(&byte) && byte != b'"' && byte != b'\\')
        );
    }
}
