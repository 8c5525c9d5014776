//! Reading (not verifying) the user token's payload: the server verifies it.

/// The payload's JSON text, as UTF-8, of a token of three dot-separated base64url parts.
pub(crate) fn payload(token: &[u8]) -> Option<Vec<u8>> {
    let mut parts = token.split(|byte| *byte == b'.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    decode_base64url(payload)
}

/// Bytes of base64url or base64 text, with or without padding.
fn decode_base64url(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0_u32);
    let end = text
        .iter()
        .rposition(|byte| *byte != b'=')
        .map_or(0, |last| last + 1);
    for byte in &text[..end] {
        bits = bits << 6 | u32::from(sextet(*byte)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' | b'+' => Some(62),
        b'_' | b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_payload_is_the_middle_part() {
        assert_eq!(
            payload(b"e30.eyJzdWIiOiJ1MSJ9.c2ln").as_deref(),
            Some(br#"{"sub":"u1"}"#.as_slice())
        );
    }

    #[test]
    fn what_is_no_token_gives_none() {
        for bad in ["", "a", "a.b", "a.b.c.d", "a.!.c"] {
            assert_eq!(payload(bad.as_bytes()), None, "{bad}");
        }
    }

    fn encode_base64url(bytes: &[u8]) -> String {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        bytes.chunks(3).fold(String::new(), |mut text, chunk| {
            let bits = chunk
                .iter()
                .fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
                << (8 * (3 - chunk.len()));
            text.extend(
                (0..=chunk.len()).map(|at| char::from(ALPHABET[bits >> (18 - 6 * at) & 63])),
            );
            text
        })
    }

    proptest! {
        #[test]
        fn every_bit_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..50)) {
            prop_assert_eq!(decode_base64url(encode_base64url(&bytes).as_bytes()), Some(bytes));
        }

        #[test]
        fn any_text_is_survived(text in "\\PC*") {
            let _ = payload(text.as_bytes());
        }
    }
}
