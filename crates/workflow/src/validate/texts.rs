//! What is known of a text and of its place before anything runs.

use serde_json::Value;

use crate::template::Template;

/// Whether nothing can be asked of a text yet.
pub(super) fn holds_reference(text: &str) -> bool {
    // A text with a fault in it is told of once, as such.
    Template::parse(text).map_or(true, |template| template.references().next().is_some())
}

/// Whether a text is one reference alone.
pub(super) fn is_alone(text: &str) -> bool {
    Template::parse(text).is_ok_and(|template| template.alone().is_some())
}

/// The schema of the part of a value at `pointer`.
pub(super) fn wanted<'a>(schema: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut schema = schema;
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        schema = match (&schema["properties"][&name], &schema["items"]) {
            (Value::Null, Value::Null) => &schema["additionalProperties"],
            (Value::Null, items) => items,
            (property, _) => property,
        };
    }
    schema.is_object().then_some(schema)
}
