//! Whether an input is what a schema says: every fault at once, each with its place.
//!
//! The published schema and the check are one thing, so they cannot say different things. The keywords that are read are
//! those of [`super::schema`]; a test there fails when a schema has another one.

use paragon_wire::ErrorDetail;
use serde_json::{Map, Value};

use super::names::check_format;

/// Faults that are told at most: an input can have as many as it has bytes.
pub const MAX_FAULTS: usize = 50;
/// Keywords that limit what is allowed, all of them read here.
#[cfg(test)]
pub(super) const READ: &[&str] = &[
    "type",
    "enum",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "items",
    "format",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
];

/// What is wrong with `value`, which stands at `path` (a JSON pointer, RFC 6901).
pub fn faults(schema: &Value, value: &Value, path: &str) -> Vec<ErrorDetail> {
    let mut checker = Checker { faults: Vec::new() };
    checker.value(schema, value, path);
    checker.faults
}

/// `path` and one more step.
pub fn below(path: &str, step: &str) -> String {
    let step = step.replace('~', "~0").replace('/', "~1");
    format!("{path}/{step}")
}

struct Checker {
    faults: Vec<ErrorDetail>,
}

impl Checker {
    fn fault(&mut self, path: &str, message: impl Into<String>) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(ErrorDetail {
                path: path.chars().take(300).collect(),
                message: message.into(),
            });
        }
    }

    fn value(&mut self, schema: &Value, value: &Value, path: &str) {
        let types = types(schema);
        if !types.is_empty() && !types.iter().any(|name| is(name, value)) {
            let message = format!("must be {}, not {}", wanted(&types), kind(value));
            return self.fault(path, message);
        }
        if let Some(choices) = schema["enum"].as_array()
            && !choices.contains(value)
        {
            return self.fault(path, format!("must be one of {}", listed(choices.iter())));
        }
        match value {
            Value::Object(object) => self.object(schema, object, path),
            Value::Array(items) => self.list(schema, items, path),
            Value::String(text) => self.text(schema, text, path),
            Value::Number(number) => self.number(schema, number.as_f64(), path),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn object(&mut self, schema: &Value, object: &Map<String, Value>, path: &str) {
        let known = schema["properties"].as_object();
        for name in schema["required"].as_array().into_iter().flatten() {
            if let Some(name) = name.as_str().filter(|name| !object.contains_key(*name)) {
                self.fault(&below(path, name), "is missing");
            }
        }
        for (name, value) in object {
            let path = below(path, name);
            if !schema["propertyNames"].is_null() {
                self.text(&schema["propertyNames"], name, &path);
            }
            match (
                known.and_then(|known| known.get(name)),
                &schema["additionalProperties"],
            ) {
                (None, Value::Bool(false)) => {
                    let names: Vec<_> = known.into_iter().flatten().map(|(name, _)| name).collect();
                    let message = format!("is unknown; there are {}", quoted(names.into_iter()));
                    self.fault(&path, message);
                }
                (Some(schema), _) | (None, schema @ Value::Object(_)) => {
                    self.value(schema, value, &path);
                }
                (None, _) => {}
            }
        }
    }

    fn list(&mut self, schema: &Value, items: &[Value], path: &str) {
        self.size(
            schema,
            ("minItems", "maxItems", "entries"),
            items.len(),
            path,
        );
        for (at, item) in items.iter().enumerate() {
            self.value(&schema["items"], item, &below(path, &at.to_string()));
        }
    }

    fn text(&mut self, schema: &Value, text: &str, path: &str) {
        let chars = text.chars().count();
        self.size(
            schema,
            ("minLength", "maxLength", "characters"),
            chars,
            path,
        );
        let format = schema["format"].as_str().unwrap_or_default();
        if let Err(error) = check_format(format, text) {
            self.fault(path, error.to_string());
        }
    }

    fn size(
        &mut self,
        schema: &Value,
        (least, most, of): (&str, &str, &str),
        has: usize,
        path: &str,
    ) {
        let limit = |name: &str| {
            schema[name]
                .as_u64()
                .and_then(|limit| usize::try_from(limit).ok())
        };
        if let Some(least) = limit(least).filter(|least| has < *least) {
            self.fault(path, format!("has {has} {of}, at least {least} are needed"));
        }
        if let Some(most) = limit(most).filter(|most| has > *most) {
            self.fault(path, format!("has {has} {of}, at most {most} are allowed"));
        }
    }

    fn number(&mut self, schema: &Value, number: Option<f64>, path: &str) {
        let number = number.unwrap_or(f64::INFINITY);
        if let Some(least) = schema["minimum"].as_f64().filter(|least| number < *least) {
            self.fault(path, format!("must be {least} or more"));
        }
        if let Some(most) = schema["maximum"].as_f64().filter(|most| number > *most) {
            self.fault(path, format!("must be {most} or less"));
        }
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn wanted(types: &[&str]) -> String {
    let words: Vec<_> = types
        .iter()
        .filter_map(|name| match *name {
            "integer" => Some("a whole number"),
            "number" => Some("a number"),
            "string" => Some("text"),
            "boolean" => Some("true or false"),
            "array" => Some("a list"),
            "object" => Some("an object"),
            // Stands for "left out", which needs no saying.
            _ => None,
        })
        .collect();
    words.join(" or ")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn listed<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    quoted(values.filter_map(Value::as_str))
}

fn quoted<T: AsRef<str>>(words: impl Iterator<Item = T>) -> String {
    let words: Vec<_> = words.map(|word| format!("`{}`", word.as_ref())).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(schema: &Value, value: &Value) -> Vec<String> {
        let faults = faults(schema, value, "/p");
        let lines = faults.iter();
        lines
            .map(|fault| format!("{} {}", fault.path, fault.message))
            .collect()
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let schema = json!({
            "type": "object", "required": ["id", "name"], "additionalProperties": false,
            "properties": {
                "id": {"type": "integer", "minimum": 1, "maximum": 9},
                "name": {"type": "string"},
                "way": {"type": ["string", "null"], "enum": ["up", "down", null]},
                "list": {"type": "array", "maxItems": 1, "items": {"type": "string", "minLength": 2}},
                "map": {"type": "object", "propertyNames": {"format": "azure-devops-field"}, "additionalProperties": {"type": ["string", "number"]}},
            }
        });
        let value = json!({
            "id": 0, "way": "left", "list": ["a", 7], "more": 1, "map": {"a/b~": "x", "Good": []},
        });
        assert_eq!(
            said(&schema, &value),
            [
                "/p/name is missing",
                "/p/id must be 1 or more",
                "/p/way must be one of `up`, `down`",
                "/p/list has 2 entries, at most 1 are allowed",
                "/p/list/0 has 1 characters, at least 2 are needed",
                "/p/list/1 must be text, not a number",
                "/p/more is unknown; there are `id`, `name`, `way`, `list`, `map`",
                "/p/map/a~1b~0 must be the name of a field, such as `System.Title`: a letter, then letters, digits, dots, hyphens, underscores or single blanks",
                "/p/map/Good must be text or a number, not a list",
            ]
        );
        assert_eq!(said(&schema, &json!({"id": 1.5, "name": null})).len(), 2);
        assert!(said(&schema, &json!({"id": 9, "name": "", "way": null})).is_empty());
    }

    #[test]
    fn a_flood_of_faults_ends() {
        let value = Value::Array(vec![json!(1); 10_000]);
        let schema = json!({"items": {"type": "string"}});
        assert_eq!(said(&schema, &value).len(), MAX_FAULTS);
    }
}
