//! JSON Patch documents (RFC 6902) as Azure DevOps reads them.

use serde_json::{Map, Value};

use super::super::errors::{ApiError, bad_argument, field_missing};
use super::super::fields;

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Operation {
    pub(crate) verb: Verb,
    pub(crate) path: Path,
    pub(crate) value: Value,
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verb {
    /// Sets, or appends.
    Add,
    /// Sets.
    Replace,
    /// Takes away.
    Remove,
    /// Compares.
    Test,
    /// Sets to another place's value.
    Copy(Path),
    /// The same, and empties the other place.
    Move(Path),
}

/// Where an operation acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Path {
    /// `/fields/{name}`
    Field(&'static str),
    /// `/relations/-`
    NewRelation,
    /// `/relations/{index}`
    Relation(usize),
    /// `/relations/{index}/attributes/{name}`
    Attribute(usize, String),
    /// `/multilineFieldsFormat/{name}`
    Format(&'static str),
    /// `/rev`
    Rev,
    /// `/id`
    Id,
}

/// Reads a patch document.
///
/// # Errors
/// 400 when the body is not one; TF51535 for an unknown field.
pub(crate) fn parse(body: &[u8]) -> Result<Vec<Operation>, ApiError> {
    let invalid =
        || bad_argument("You must pass a valid patch document in the body of the request.");
    let Ok(Value::Array(rows)) = serde_json::from_slice(body) else {
        return Err(invalid());
    };
    if rows.is_empty() {
        return Err(invalid());
    }
    rows.into_iter()
        .map(|row| operation(row).and_then(|found| found.ok_or_else(invalid)))
        .collect()
}

fn operation(row: Value) -> Result<Option<Operation>, ApiError> {
    let Value::Object(row) = row else {
        return Ok(None);
    };
    let mut row: Map<String, Value> = row
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let Some(pointer) = row.get("path").and_then(Value::as_str) else {
        return Ok(None);
    };
    let path = path(pointer)?;
    let from = row
        .get("from")
        .and_then(Value::as_str)
        .map(self::path)
        .transpose()?;
    let verb = match (verb_name(row.get("op")), from) {
        (Some("add"), _) => Verb::Add,
        (Some("remove"), _) => Verb::Remove,
        (Some("replace"), _) => Verb::Replace,
        (Some("test"), _) => Verb::Test,
        (Some("copy"), Some(from)) => Verb::Copy(from),
        (Some("move"), Some(from)) => Verb::Move(from),
        _ => return Ok(None),
    };
    Ok(Some(Operation {
        verb,
        path,
        value: row.remove("value").unwrap_or(Value::Null),
    }))
}

/// Verbs by name or by number, which the official Node client sends.
fn verb_name(op: Option<&Value>) -> Option<&'static str> {
    const NAMES: &[&str] = &["add", "remove", "replace", "move", "copy", "test"];
    match op? {
        Value::String(text) => NAMES
            .iter()
            .find(|name| name.eq_ignore_ascii_case(text))
            .copied(),
        Value::Number(number) => NAMES.get(usize::try_from(number.as_u64()?).ok()?).copied(),
        _ => None,
    }
}

fn path(pointer: &str) -> Result<Path, ApiError> {
    let unknown = || {
        bad_argument(format!(
            "The path '{pointer}' is not valid for a work item."
        ))
    };
    let parts: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let head = parts
        .first()
        .map(|head| head.to_ascii_lowercase())
        .unwrap_or_default();
    let field = |name: &str| {
        fields::find(name)
            .map(|field| field.reference_name)
            .ok_or_else(|| field_missing(name))
    };
    let index = |text: &str| text.parse::<usize>().map_err(|_| unknown());
    match (head.as_str(), &parts[1.min(parts.len())..]) {
        ("fields", [name]) => Ok(Path::Field(field(name)?)),
        ("multilinefieldsformat", [name]) => Ok(Path::Format(field(name)?)),
        ("relations", ["-"]) => Ok(Path::NewRelation),
        ("relations", [at]) => Ok(Path::Relation(index(at)?)),
        ("relations", [at, attributes, name]) if attributes.eq_ignore_ascii_case("attributes") => {
            Ok(Path::Attribute(index(at)?, (*name).to_owned()))
        }
        ("rev", []) => Ok(Path::Rev),
        ("id", []) => Ok(Path::Id),
        _ => Err(unknown()),
    }
}
