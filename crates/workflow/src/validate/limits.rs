//! How large a definition may be, so that looking at it takes time in proportion to its length.

use serde_json::Value;

use super::Problem;

/// Longest name of a member of an object: a place is told by the names that lead to it.
const MAX_NAME: usize = 256;
/// Longest text.
const MAX_TEXT: usize = 100_000;
/// Most steps, those inside others included.
pub(super) const MAX_STEPS: usize = 500;
/// Problems that are told at most; what comes after is not looked at.
pub(super) const MAX_PROBLEMS: usize = 50;
/// Longest message, and longest place, in characters.
const MAX_TOLD: usize = 600;

/// A definition, or a part of it, that is too large to be looked at; none if it can be.
///
/// It bounds what every other check may take for granted, so it comes first.
pub fn excess(definition: &Value) -> Option<Problem> {
    let mut path = Vec::new();
    let message = find(definition, &mut path)?;
    let place: String = path.iter().fold(String::new(), |before, name| {
        crate::fields::below(&before, name)
    });
    Some(Problem {
        path: shortened(place),
        step: None,
        position: None,
        message,
    })
}

fn find(value: &Value, path: &mut Vec<String>) -> Option<String> {
    match value {
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            if name.chars().count() > MAX_NAME {
                path.push(name.chars().take(20).chain(['…']).collect());
                return Some(format!("has a name of more than {MAX_NAME} characters"));
            }
            inside(name, member, path)
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| inside(&at.to_string(), item, path)),
        Value::String(text) if text.chars().count() > MAX_TEXT => {
            Some(format!("has more than {MAX_TEXT} characters"))
        }
        _ => None,
    }
}

/// The way to what is too large stays in `path`.
fn inside(name: &str, value: &Value, path: &mut Vec<String>) -> Option<String> {
    if !matches!(value, Value::Object(_) | Value::Array(_) | Value::String(_)) {
        return None;
    }
    path.push(name.to_owned());
    let found = find(value, path);
    if found.is_none() {
        path.pop();
    }
    found
}

/// A message or a place as long as somebody reads it.
pub(super) fn shortened(text: String) -> String {
    if text.len() <= MAX_TOLD {
        return text;
    }
    text.chars().take(MAX_TOLD).chain(['…']).collect()
}
