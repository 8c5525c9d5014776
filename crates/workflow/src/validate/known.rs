//! What is known of a value before anything runs: its JSON Schema, or nothing.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::hint;
use crate::reference::Segment;

/// Schema of a value, whole in itself; none if nothing is known. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Known(Option<Arc<Value>>);

impl Known {
    /// Nothing is known.
    pub const NOTHING: Self = Self(None);

    /// The value is what `schema` says.
    pub fn of(schema: Value) -> Self {
        Self(Some(Arc::new(schema)))
    }

    /// The value is of this type.
    pub fn typed(name: &str) -> Self {
        Self::of(json!({ "type": name }))
    }

    /// A list of such values.
    pub fn list(self) -> Self {
        Self::of(
            json!({ "type": "array", "items": self.0.as_deref().unwrap_or(&Value::Bool(true)) }),
        )
    }

    /// Its schema, if anything is known.
    pub fn schema(&self) -> Option<&Value> {
        self.0.as_deref()
    }

    /// An entry of the list.
    pub fn entry(&self) -> Self {
        match &self.0 {
            Some(schema) if schema["items"].is_object() => Self::of(schema["items"].clone()),
            _ => Self::NOTHING,
        }
    }

    /// Names of its types, `null` left out; empty if they are not known.
    pub fn types(&self) -> Vec<&str> {
        self.schema().map(types).unwrap_or_default()
    }

    /// The schema of the part at the end of `path`, if anything is known of it.
    ///
    /// # Errors
    /// There can be none: why, and the nearest name.
    pub fn look(&self, path: &[Segment]) -> Result<Option<&Value>, String> {
        let mut known = self.schema();
        for segment in path {
            let Some(schema) = known else { break };
            known = part(schema, segment)?;
        }
        Ok(known)
    }

    /// What is known of that part.
    ///
    /// # Errors
    /// As [`Known::look`].
    pub fn at(&self, path: &[Segment]) -> Result<Self, String> {
        if path.is_empty() {
            return Ok(self.clone());
        }
        let found = self.look(path)?;
        Ok(found.cloned().map_or(Self::NOTHING, Self::of))
    }
}

/// Types that `schema` allows, but for `null`, which stands for "left out".
pub fn types(schema: &Value) -> Vec<&str> {
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    types.into_iter().filter(|name| *name != "null").collect()
}

fn part<'a>(schema: &'a Value, segment: &Segment) -> Result<Option<&'a Value>, String> {
    let types = types(schema);
    let may_be = |name: &str| types.is_empty() || types.contains(&name);
    let index = match segment {
        Segment::Index(index) => Some(*index),
        Segment::Name(name) => name.parse().ok(),
    };
    if index.is_some() && may_be("array") {
        return Ok(told(&schema["items"]));
    }
    match segment {
        Segment::Name(name) if may_be("object") => member(schema, name),
        _ if may_be("array") => Err(format!(
            "`{segment}` is not possible on a list; write `[0]` for its first item"
        )),
        Segment::Index(_) => Err(format!("`{segment}` is not possible: this is not a list")),
        Segment::Name(name) => Err(format!("`{name}` is not possible: this is a single value")),
    }
}

fn member<'a>(schema: &'a Value, name: &str) -> Result<Option<&'a Value>, String> {
    let properties = schema["properties"].as_object();
    if let Some(found) = properties.and_then(|properties| properties.get(name)) {
        return Ok(told(found));
    }
    let names = || {
        properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
    };
    match &schema["additionalProperties"] {
        Value::Null | Value::Bool(false) if names().next().is_some() => {
            Err(format!("there is no `{name}`{}", hint(name, names())))
        }
        Value::Object(_) => Ok(Some(&schema["additionalProperties"])),
        _ => Ok(None),
    }
}

/// A schema that says nothing is none.
fn told(schema: &Value) -> Option<&Value> {
    Some(schema).filter(|schema| schema.is_object())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reference;

    #[test]
    fn paths_follow_the_schema() {
        let known = Known::of(json!({
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": {"type": "object", "properties": {
                    "id": {"type": ["integer", "null"]},
                    "fields": {"type": "object", "additionalProperties": true},
                }}},
                "any": true,
                "map": {"type": "object", "additionalProperties": {"type": "string"}},
            }
        }));
        let at = |text: &str| {
            let reference = Reference::parse(&format!("1.output{text}")).expect(text);
            known.at(&reference.path)
        };
        let found = |text: &str| at(text).expect(text).types().join("|");
        assert_eq!(found(".items"), "array");
        assert_eq!(found(".items[0].id"), "integer");
        assert_eq!(found(".items.0.fields.System"), "");
        assert_eq!(found(".any.thing[7]"), "");
        assert_eq!(found(".map.x"), "string");
        let wrong = |text: &str| at(text).err().unwrap_or_default();
        assert_eq!(wrong(".item"), "there is no `item`; did you mean `items`?");
        assert!(wrong(".items.id").contains("write `[0]`"));
        assert!(wrong(".map.x.y").contains("single value"));
        assert!(wrong(".map.x[0]").contains("not a list"));
        assert!(wrong("[0]").contains("not a list"));
    }
}
