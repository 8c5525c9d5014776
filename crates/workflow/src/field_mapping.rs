//! The value of a `field_mapping`: which fields of the provider the app's fields are written to.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

/// As clients store it: `{"objectMapping":"Bug","dynamicMappings":{"title":{"applicationField":"title",
/// "integrationField":"System.Title"}}}`. `fieldMappings` is the older form, by label.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FieldMapping {
    #[serde(default, rename = "objectMapping")]
    object: Option<String>,
    #[serde(default, rename = "fieldMappings")]
    by_label: BTreeMap<String, Option<String>>,
    #[serde(default, rename = "dynamicMappings")]
    pairs: BTreeMap<String, Pair>,
    #[serde(default, rename = "userCreatedFields")]
    _created: Vec<String>,
    #[serde(default, rename = "mappingType")]
    _kind: Option<Kind>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Pair {
    #[serde(default, rename = "applicationField")]
    _application: Option<String>,
    #[serde(default, rename = "integrationField")]
    integration: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    Static,
    Dynamic,
}

/// Whether `value` is a field mapping; one that is `required` maps at least one field.
///
/// # Errors
/// What is wrong, without the input's name.
pub(super) fn check(value: &Value, required: bool) -> Result<(), String> {
    if !value.is_object() {
        return Err("must be a field mapping, such as {\"objectMapping\":\"Bug\"}".into());
    }
    let mapping = FieldMapping::deserialize(value)
        .map_err(|error| format!("must be a field mapping: {error}"))?;
    if required && !mapping.is_filled_in() {
        return Err("must be filled in".into());
    }
    Ok(())
}

impl FieldMapping {
    fn is_filled_in(&self) -> bool {
        let is_set = |field: &Option<String>| field.as_deref().is_some_and(|name| !name.is_empty());
        is_set(&self.object)
            && (self.by_label.values().any(is_set)
                || self.pairs.values().any(|pair| is_set(&pair.integration)))
    }
}

/// JSON Schema of the value, for the references of a workflow.
pub(super) fn schema() -> Value {
    let text = json!({ "type": "string" });
    let pair = json!({
        "type": "object",
        "properties": { "applicationField": text, "integrationField": text },
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "properties": {
            "objectMapping": text,
            "fieldMappings": { "type": "object", "additionalProperties": text },
            "dynamicMappings": { "type": "object", "additionalProperties": pair },
            "userCreatedFields": { "type": "array", "items": text },
            "mappingType": text,
        },
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_taken_and_what_is_none_is_named() {
        let pair = json!({ "applicationField": "title", "integrationField": "System.Title" });
        let filled = json!({ "objectMapping": "Bug", "dynamicMappings": { "title": pair }, "mappingType": "DYNAMIC", "userCreatedFields": ["x"] });
        let by_label = json!({ "objectMapping": "Bug", "fieldMappings": { "Title": "System.Title", "Text": null } });
        for good in [&filled, &by_label] {
            assert_eq!(check(good, true), Ok(()), "{good}");
        }
        for open in [
            json!({}),
            json!({ "objectMapping": "Bug", "dynamicMappings": { "title": {} } }),
        ] {
            assert_eq!(check(&open, false), Ok(()), "{open}");
            assert_eq!(
                check(&open, true),
                Err("must be filled in".into()),
                "{open}"
            );
        }
        for bad in [
            json!("Bug"),
            json!([]),
            json!({ "objectMapping": 1 }),
            json!({ "script": "x" }),
            json!({ "dynamicMappings": { "a": { "b": "c" } } }),
        ] {
            assert!(check(&bad, false).is_err(), "{bad}");
        }
    }
}
