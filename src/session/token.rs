//! Reading (not verifying) the user token's payload: the server verifies it.

use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};
use crate::model::Entity;
use crate::{host, js};

#[wasm_bindgen]
extern "C" {
    /// The payload's fields that matter here.
    #[wasm_bindgen(extends = Entity)]
    type Payload;
    #[wasm_bindgen(method, getter)]
    fn sub(this: &Payload) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn exp(this: &Payload) -> JsValue;
}

/// What the SDK reads from a user token.
pub(crate) struct Claims {
    /// `sub`, else `id`.
    pub(crate) user_id: JsValue,
    /// Whether `exp` has passed or is missing.
    pub(crate) is_expired: bool,
}

/// Reads the payload of `token`.
///
/// # Errors
/// When it is no JWT.
pub(crate) fn read(token: &str) -> Result<Claims> {
    let payload = payload_part(token)
        .and_then(|part| host::decode_base64(&part))
        .map(|binary| js::parsed(&text_of(&binary).into()))
        .and_then(js::object::<Payload>);
    let Some(payload) = payload else {
        return Err(Error::new(
            "token_malformed",
            "A well-formed JWT was not provided to paragon.authenticate()",
        ));
    };
    let subject = payload.sub();
    let expires_at_ms = payload.exp().as_f64().map(|seconds| seconds * 1000.0);
    Ok(Claims {
        user_id: if subject.is_truthy() {
            subject
        } else {
            payload.id()
        },
        is_expired: expires_at_ms.is_none_or(|at| at.is_nan() || at <= host::now_ms()),
    })
}

/// The middle of three dot-separated base64url parts, in the alphabet of base64.
fn payload_part(token: &str) -> Option<String> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let plain = payload.trim_end_matches('=').bytes();
    plain
        .map(|byte| match byte {
            b'-' => Some('+'),
            b'_' => Some('/'),
            b'+' | b'/' => Some(char::from(byte)),
            _ => byte.is_ascii_alphanumeric().then(|| char::from(byte)),
        })
        .collect()
}

/// The UTF-8 text whose bytes are the characters of `binary`.
fn text_of(binary: &str) -> String {
    let bytes: Vec<u8> = binary
        .chars()
        .filter_map(|char| u8::try_from(char).ok())
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_payload_is_the_middle_part() {
        assert_eq!(payload_part("e30.eyJz-_.c2ln").as_deref(), Some("eyJz+/"));
        assert_eq!(payload_part("e30.eyJzdQ==.c2ln").as_deref(), Some("eyJzdQ"));
    }

    #[test]
    fn what_is_no_token_gives_none() {
        for bad in ["", "a", "a.b", "a.b.c.d", "a.!.c", "a.b c.d"] {
            assert_eq!(payload_part(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_read(text in "\\PC{0,50}") {
            let binary: String = text.bytes().map(char::from).collect();
            prop_assert_eq!(text_of(&binary), text);
        }

        #[test]
        fn any_token_is_survived(token in "\\PC*") {
            let _ = payload_part(&token);
        }
    }
}
