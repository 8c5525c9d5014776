//! Times in tokens: seconds, which may have a fraction (RFC 7519, 2: `NumericDate`).
//!
//! What a fraction leaves open is decided for the token: less than a second is far below the clocks' skew.

use serde::{Deserialize, Deserializer, de};
use serde_json::Number;

/// Further away is no time.
const MOST: f64 = 1e15;

/// The whole second at or after the time.
pub(super) fn later<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    whole(&Number::deserialize(from)?, f64::ceil)
}

/// The whole second at or before the time, where there is one.
pub(super) fn earlier<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let number = Option::<Number>::deserialize(from)?;
    number.map(|number| whole(&number, f64::floor)).transpose()
}

fn whole<E: de::Error>(number: &Number, round: fn(f64) -> f64) -> Result<i64, E> {
    if let Some(seconds) = number.as_i64() {
        return Ok(seconds);
    }
    let seconds = number.as_f64().map(round);
    let seconds = seconds.filter(|seconds| seconds.abs() <= MOST);
    let seconds = seconds.ok_or_else(|| E::custom("a time that is out of range"))?;
    #[expect(clippy::cast_possible_truncation, reason = "whole, and far below 2^63")]
    Ok(seconds as i64)
}
