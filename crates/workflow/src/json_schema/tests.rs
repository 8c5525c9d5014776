use serde_json::json;

use super::*;

fn said(schema: &Value, value: &Value) -> Vec<String> {
    let format = |format: &str, _: &str| match format {
        "never" => Err("is never right".to_owned()),
        _ => Ok(()),
    };
    let rules = Rules {
        format: &format,
        is_open: &|text| text == "later",
    };
    let faults = faults(schema, value, "/p", rules);
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
            "map": {"type": "object", "propertyNames": {"maxLength": 4, "format": "other"}, "additionalProperties": {"type": ["string", "number"]}},
        }
    });
    let value = json!({
        "id": 0, "way": "left", "list": ["a", 7], "more": 1, "map": {"a/b~c": "x", "Good": []},
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
            "/p/more is unknown; valid names are `id`, `name`, `way`, `list`, `map`",
            "/p/map/a~1b~0c has 5 characters, at most 4 are allowed",
            "/p/map/Good must be text or a number, not a list",
        ]
    );
    assert_eq!(said(&schema, &json!({"id": 1.5, "name": null})).len(), 2);
    assert!(said(&schema, &json!({"id": 9, "name": "", "way": null})).is_empty());
}

#[test]
fn alternatives_are_told_apart_by_their_type() {
    let schema = json!({
        "$defs": {
            "Shape": {"oneOf": [
                {"type": "object", "properties": {"type": {"const": "dot"}}, "additionalProperties": false},
                {"type": "object", "required": ["of"], "properties": {
                    "type": {"const": "group"},
                    "of": {"type": "array", "items": {"$ref": "#/$defs/Shape"}},
                    "way": {"oneOf": [{"const": "up"}, {"enum": ["down"]}]},
                    "tag": {"type": "string", "format": "never"},
                }},
            ]},
        },
        "anyOf": [{"$ref": "#/$defs/Shape"}, {"type": "null"}],
    });
    let value = json!({"type": "group", "way": "left", "of": [
        {"type": "dot"}, {"type": "dot", "typo": 1}, {"type": "box"}, {}, 7, "later",
        {"type": "group", "of": "later", "tag": "x"},
    ]});
    assert_eq!(
        said(&schema, &value),
        [
            "/p/way must be one of `up`, `down`",
            "/p/of/1/typo is unknown; did you mean `type`? valid names are `type`",
            "/p/of/2/type must be one of `dot`, `group`",
            "/p/of/3/type must be one of `dot`, `group`",
            "/p/of/4 must be an object, not a number",
            "/p/of/6/tag is never right",
        ]
    );
    assert!(said(&schema, &Value::Null).is_empty());
}

#[test]
fn texts_become_what_is_wanted_if_they_are_exactly_that() {
    let schema = json!({
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "top": {"anyOf": [{"type": ["integer", "null"]}, {"type": "null"}]},
            "part": {"type": "number"},
            "flag": {"type": ["boolean", "null"]},
            "text": {"type": "string"},
            "any": {"type": ["string", "number"]},
            "list": {"type": "array", "items": {"type": "integer"}},
            "shape": {"oneOf": [{"properties": {"type": {"const": "dot"}, "x": {"type": "integer"}}}]},
            "free": true,
        },
        "additionalProperties": {"type": "integer"},
    });
    let read = |value: Value| with_texts_read(&schema, value);
    assert_eq!(
        read(json!({
            "id": "7", "top": "-1", "part": "1.5e2", "flag": "true", "text": "7", "any": "7", "list": ["1", 2, "x"],
            "shape": {"type": "dot", "x": "3"}, "free": "7", "more": "8",
        })),
        json!({
            "id": 7, "top": -1, "part": 150.0, "flag": true, "text": "7", "any": "7", "list": [1, 2, "x"],
            "shape": {"type": "dot", "x": 3}, "free": "7", "more": 8,
        })
    );
    for text in [
        "",
        " 7",
        "7 ",
        "7\n",
        "07",
        "+7",
        "7.0",
        "0x7",
        "7a",
        "null",
        "true",
        "[7]",
        "\"7\"",
        "1e400",
        "99999999999999999999",
    ] {
        assert_eq!(read(json!({"id": text})), json!({"id": text}), "{text:?}");
    }
    assert_eq!(read(json!({"flag": "True"})), json!({"flag": "True"}));
}

#[test]
fn a_flood_of_faults_ends() {
    let value = Value::Array(vec![json!(1); 10_000]);
    let schema = json!({"items": {"type": "string"}});
    assert_eq!(said(&schema, &value).len(), MAX_FAULTS);
}
