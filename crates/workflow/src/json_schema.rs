//! Whether JSON is what a JSON Schema (2020-12) says: every fault at once, each with its place.
//!
//! The published schema and the check are one thing, so they cannot say different things. Read are the keywords that the
//! schemas of this product have; tests beside them fail when one has another.

use serde_json::{Map, Value};

use super::fields::below;
use super::nearest::nearest;
use super::scope::kind;
use paragon_wire::ErrorDetail;

/// Faults that are told at most: an input can have as many as it has bytes.
pub const MAX_FAULTS: usize = 50;
/// Keywords that limit what is allowed, all of them read here.
pub const READ: &[&str] = &[
    "$ref",
    "anyOf",
    "oneOf",
    "const",
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

/// What a check needs to know beside the schema.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// What is wrong with a text that has to be of a `format`; formats of no meaning here take every text.
    pub format: &'a dyn Fn(&str, &str) -> Result<(), String>,
    /// Whether a text stands for a value that is not known yet: nothing is asked of it.
    pub is_open: &'a dyn Fn(&str) -> bool,
}

impl Rules<'_> {
    /// No formats, and all values known.
    pub const NONE: Self = Self {
        format: &|_, _| Ok(()),
        is_open: &|_| false,
    };
}

/// What is wrong with `value`, which stands at `path` (a JSON pointer, RFC 6901).
pub fn faults(schema: &Value, value: &Value, path: &str, rules: Rules<'_>) -> Vec<ErrorDetail> {
    let mut checker = Checker {
        root: schema,
        rules,
        faults: Vec::new(),
    };
    checker.value(schema, value, path);
    checker.faults
}

/// `value` with each text that is exactly the number, whole number or truth value that `schema` wants in its place as that.
///
/// Some sources know only texts, such as the query of a request. A text that is anything else stays, and is a fault.
#[must_use]
pub fn with_texts_read(schema: &Value, mut value: Value) -> Value {
    read_texts(schema, schema, &mut value);
    value
}

fn read_texts(root: &Value, schema: &Value, value: &mut Value) {
    let schema = alternative(root, resolve(root, schema), value);
    match value {
        Value::String(text) => {
            let types = types(schema);
            let read = scalar(text).filter(|read| types.iter().any(|name| is(name, read)));
            if let (false, Some(read)) = (types.contains(&"string"), read) {
                *value = read;
            }
        }
        Value::Array(items) => {
            for item in items {
                read_texts(root, &schema["items"], item);
            }
        }
        Value::Object(object) => {
            for (name, value) in object {
                let known = schema["properties"].get(name);
                let other = &schema["additionalProperties"];
                read_texts(root, known.unwrap_or(other), value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Which of the alternatives of `schema` is meant, told by its member `type`; `schema` itself if it has none.
fn alternative<'a>(root: &'a Value, schema: &'a Value, value: &Value) -> &'a Value {
    if let Some(either) = schema["anyOf"].as_array() {
        let other = either.iter().find(|one| one["type"] != "null");
        return other.map_or(schema, |one| alternative(root, resolve(root, one), value));
    }
    let alternatives = schema["oneOf"].as_array().into_iter().flatten();
    let tag = |one: &&Value| {
        let tag = &one["properties"]["type"]["const"];
        !tag.is_null() && *tag == value["type"]
    };
    let mut alternatives = alternatives.map(|one| resolve(root, one));
    alternatives.find(tag).unwrap_or(schema)
}

/// The number or truth value that `text` is, without anything around it.
fn scalar(text: &str) -> Option<Value> {
    let read: Value = serde_json::from_str(text).ok()?;
    let is_exact = text.trim().len() == text.len();
    (is_exact && (read.is_number() || read.is_boolean())).then_some(read)
}

/// The schema that `schema` refers to inside `root`, or itself.
pub fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let pointer = schema["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'));
    pointer
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(schema)
}

struct Checker<'a> {
    root: &'a Value,
    rules: Rules<'a>,
    faults: Vec<ErrorDetail>,
}

impl<'a> Checker<'a> {
    fn fault(&mut self, path: &str, message: impl Into<String>) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(ErrorDetail {
                path: path.chars().take(300).collect(),
                message: message.into(),
            });
        }
    }

    fn value(&mut self, schema: &'a Value, value: &Value, path: &str) {
        if value.as_str().is_some_and(self.rules.is_open) {
            return;
        }
        let Some(schema) = self.chosen(resolve(self.root, schema), value, path) else {
            return;
        };
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

    /// The alternative of `schema` that `value` is meant to be; none if there is nothing more to check.
    fn chosen(&mut self, schema: &'a Value, value: &Value, path: &str) -> Option<&'a Value> {
        if let Some(either) = schema["anyOf"].as_array() {
            let is_null = |one: &&Value| one["type"] == "null";
            if value.is_null() && either.iter().any(|one| is_null(&one)) {
                return None;
            }
            let other = either.iter().find(|one| !is_null(one))?;
            return self.chosen(resolve(self.root, other), value, path);
        }
        let Some(alternatives) = schema["oneOf"].as_array() else {
            return Some(schema);
        };
        let root = self.root;
        let alternatives = alternatives.iter().map(|one| resolve(root, one));
        let names = || alternatives.clone().flat_map(words);
        if names().next().is_some() {
            if !names().any(|name| name == value) {
                self.fault(path, format!("must be one of {}", listed(names())));
            }
            return None;
        }
        let tags = || {
            alternatives
                .clone()
                .map(|one| &one["properties"]["type"]["const"])
        };
        let Some(object) = value.as_object() else {
            self.fault(path, format!("must be an object, not {}", kind(value)));
            return None;
        };
        let tag = object.get("type").unwrap_or(&Value::Null);
        let found = alternatives
            .clone()
            .find(|one| one["properties"]["type"]["const"] == *tag);
        if found.is_none() {
            let message = format!("must be one of {}", listed(tags()));
            self.fault(&below(path, "type"), message);
        }
        found
    }

    fn object(&mut self, schema: &'a Value, object: &Map<String, Value>, path: &str) {
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
                    let names = || known.into_iter().flatten().map(|(name, _)| name.as_str());
                    let meant = nearest(name, names())
                        .map_or_else(String::new, |name| format!("did you mean `{name}`? "));
                    let message = format!("is unknown; {meant}valid names are {}", quoted(names()));
                    self.fault(&path, message);
                }
                (Some(schema), _) | (None, schema @ Value::Object(_)) => {
                    self.value(schema, value, &path);
                }
                (None, _) => {}
            }
        }
    }

    fn list(&mut self, schema: &'a Value, items: &[Value], path: &str) {
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
        if let Err(error) = (self.rules.format)(format, text) {
            self.fault(path, error);
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

/// Texts that `schema` allows and no others, when it is one of a list of words.
fn words(schema: &Value) -> Vec<&Value> {
    match (&schema["const"], schema["enum"].as_array()) {
        (Value::Null, Some(words)) => words.iter().collect(),
        (Value::Null, None) => Vec::new(),
        (word, _) => vec![word],
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
mod tests;
