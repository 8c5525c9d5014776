use serde_json::Map;

use super::*;
use paragon_workflow::json_schema::READ;

/// Keywords that only explain.
const SAID: &[&str] = &["$schema", "description", "default", "title"];

/// Calls `see` for every schema in `schema`.
fn walk(schema: &Value, see: &mut impl FnMut(&Map<String, Value>)) {
    let Some(object) = schema.as_object() else {
        return;
    };
    see(object);
    for inner in schema["properties"].as_object().into_iter().flatten() {
        walk(inner.1, see);
    }
    for name in ["items", "additionalProperties", "propertyNames"] {
        walk(&schema[name], see);
    }
}

#[test]
fn the_check_reads_every_keyword_of_the_inputs() {
    for action in descriptions() {
        walk(&action.parameters, &mut |schema| {
            for keyword in schema.keys().map(String::as_str) {
                assert!(
                    READ.contains(&keyword) || SAID.contains(&keyword),
                    "{}: `{keyword}` in {schema:?} is not checked",
                    action.name
                );
            }
        });
    }
}

#[test]
fn every_parameter_is_explained_and_nothing_else_is_taken() {
    for action in descriptions() {
        assert_eq!(
            action.parameters["additionalProperties"], false,
            "{}",
            action.name
        );
        for schema in [&action.parameters, &action.output] {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let words = property["description"].as_str().unwrap_or_default();
                assert!(words.len() > 1, "{}: {name} is not explained", action.name);
            }
        }
    }
}

#[test]
fn what_must_be_given_is_what_the_provider_cannot_do_without() {
    let required: Vec<_> = descriptions()
        .iter()
        .map(|action| action.parameters["required"].to_string())
        .collect();
    assert_eq!(
        required,
        [
            "null",
            "[\"project\",\"workItemType\",\"fields\"]",
            "[\"id\"]",
            "[\"id\"]"
        ]
    );
}

/// A number that passes the schema must fit the type.
#[test]
fn every_number_has_its_limits() {
    for action in descriptions() {
        walk(&action.parameters, &mut |schema| {
            if schema
                .get("type")
                .is_some_and(|kind| kind.to_string().contains("integer"))
            {
                let limits = ["minimum", "maximum"].map(|limit| schema.contains_key(limit));
                assert_eq!(limits, [true, true], "{}: {schema:?}", action.name);
            }
        });
    }
}
