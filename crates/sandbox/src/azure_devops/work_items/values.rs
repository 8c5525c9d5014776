//! Field values as they come in and as they are kept.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::errors::BrokenRule;
use super::super::fields::{self, Field, Kind};
use super::render::date;

const MAX_TITLE: usize = 255;
const MAX_TAGS: usize = 100;
const MAX_LONG_TEXT: usize = 1_000_000;

/// A value in the form its kind is kept in.
pub(super) fn convert(field: &Field, kind: Kind, value: Value) -> Result<Value, BrokenRule> {
    let invalid = || {
        rule(
            field.reference_name,
            "InvalidType",
            "invalidType",
            16_777_217,
        )
    };
    let number = || {
        value
            .as_f64()
            .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
            .filter(|number| number.is_finite())
    };
    match kind {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the guard keeps the number within i32"
        )]
        Kind::Integer => number()
            .filter(|number| number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX))
            .map(|number| json!(number as i64))
            .ok_or_else(invalid),
        Kind::Double => number().map(|number| json!(number)).ok_or_else(invalid),
        Kind::DateTime => value
            .as_str()
            .and_then(|text| {
                text.parse::<Timestamp>()
                    .ok()
                    .or_else(|| format!("{text}T00:00:00Z").parse().ok())
            })
            .map(|at| json!(date(at)))
            .ok_or_else(invalid),
        Kind::Boolean => value
            .as_bool()
            .or_else(|| {
                value
                    .as_str()
                    .and_then(|text| text.to_ascii_lowercase().parse().ok())
            })
            .map(|flag| json!(flag))
            .ok_or_else(invalid),
        _ => {
            let text = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                _ => return Err(invalid()),
            };
            let limit = if kind == Kind::Html {
                MAX_LONG_TEXT
            } else {
                MAX_TITLE
            };
            // The service counts as .NET does, in units of UTF-16.
            if text.encode_utf16().count() > limit {
                return Err(rule(
                    field.reference_name,
                    "InvalidTooLong",
                    "invalidTooLong",
                    8_388_609,
                ));
            }
            Ok(json!(text))
        }
    }
}

/// Tags without duplicates, sorted, separated by `; `.
pub(super) fn tags(field: &Field, value: &Value) -> Result<Value, BrokenRule> {
    let invalid = || {
        rule(
            field.reference_name,
            "InvalidType",
            "invalidType",
            16_777_217,
        )
    };
    let text = value.as_str().ok_or_else(invalid)?;
    let mut tags: Vec<&str> = text
        .split([';', ','])
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .collect();
    tags.sort_by_key(|tag| tag.to_lowercase());
    tags.dedup_by_key(|tag| tag.to_lowercase());
    if tags.len() > MAX_TAGS {
        Err(invalid())
    } else {
        Ok(json!(tags.join("; ")))
    }
}

/// A broken rule in the words of the service.
pub(super) fn rule(
    reference_name: &str,
    codes: &str,
    flags: &'static str,
    code: i64,
) -> BrokenRule {
    let name = fields::find(reference_name).map_or(reference_name, |field| field.name);
    BrokenRule {
        reference_name: reference_name.to_owned(),
        message: format!("TF401320: Rule Error for field {name}. Error code: {codes}."),
        flags,
        code,
    }
}
