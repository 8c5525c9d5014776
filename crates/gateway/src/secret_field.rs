//! A secret in a JSON body: what is wrong with it is said without repeating it.

use secrecy::SecretString;
use serde::de::{Deserialize as _, Deserializer, Error as _};
use serde_json::Value;

/// For `#[serde(deserialize_with)]`: a text, or an error that does not show what stood there instead.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    match Value::deserialize(deserializer) {
        Ok(Value::String(text)) => Ok(text.into()),
        _ => Err(D::Error::custom("a secret must be a text")),
    }
}
