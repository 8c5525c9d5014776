//! What the whole OpenAPI document says: its title, its tags, how callers sign in, the parameters that paths name.

use aide::openapi::OpenApi;
use serde_json::{Map, Value, json};

use super::described::{OPERATOR_SESSION, USER_TOKEN};

/// Tags with what they mean.
const TAGS: [(&str, &str); 6] = [
    (
        "sdk",
        "What the SDK calls, with the user token that the app's backend signs.",
    ),
    (
        "compatibility",
        "As in the reference protocol, so that its clients work unchanged.",
    ),
    (
        "dashboard",
        "What the dashboard calls, with the session of an operator. For the gateway's own pages.",
    ),
    (
        "popup",
        "The pages of the connect flow, and what they and the provider send.",
    ),
    (
        "operations",
        "What the gateway says of itself, and its pages.",
    ),
    ("development", "Only in `paragon-gateway dev`."),
];

/// Routes below `/projects` that the reference protocol does not have.
const OWN: [&str; 5] = [
    "/sdk/flows",
    "/runs",
    "/complete-setup",
    "/configurations",
    "/projects/{project}/actions",
];

/// The document with all that no single route knows.
pub fn tidied(document: &OpenApi) -> Value {
    let mut json = serde_json::to_value(document).unwrap_or_default();
    json["openapi"] = json!("3.1.0");
    json["info"] = json!({
        "title": "Paragon Gateway",
        "description": "Connects the accounts of an app's users to Azure DevOps and calls its API for them.",
        "version": env!("CARGO_PKG_VERSION"),
        "license": { "name": "MIT OR Apache-2.0" },
    });
    let tags = TAGS.map(|(name, text)| json!({ "name": name, "description": text }));
    json["tags"] = json!(tags);
    json["components"]["securitySchemes"] = json!({
        USER_TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The user token that the app's backend signs.",
        },
        OPERATOR_SESSION: {
            "type": "apiKey",
            "in": "cookie",
            "name": "paragon-operator",
            "description": "The session that `POST /dashboard/api/session` begins. Over HTTPS its name begins with `__Host-`.",
        },
    });
    let paths = json["paths"].as_object_mut().map(std::mem::take);
    let mut written: Vec<(String, Value)> = paths.unwrap_or_default().into_iter().collect();
    written.sort_by(|(one, _), (other, _)| one.cmp(other));
    let written = written.into_iter().map(|(path, item)| of_path(&path, item));
    json["paths"] = Value::Object(written.collect());
    sort_schemas(&mut json);
    json
}

fn of_path(path: &str, mut item: Value) -> (String, Value) {
    // OpenAPI has no parameter of several segments.
    let path = path.replace("{*", "{");
    let operations = item.as_object_mut().map(Map::values_mut);
    for operation in operations.into_iter().flatten() {
        operation["tags"] = json!([tag(&path)]);
        name_parameters(&path, operation);
        if !operation["responses"].is_object() {
            operation["responses"] = json!({ "default": { "description": "The answer." } });
        }
    }
    (path, item)
}

fn tag(path: &str) -> &'static str {
    if path.starts_with("/dashboard/api") {
        "dashboard"
    } else if path.starts_with("/demo") {
        "development"
    } else if path.starts_with("/projects") || path.starts_with("/v2") {
        let is_own = OWN.iter().any(|part| path.contains(part));
        if is_own { "sdk" } else { "compatibility" }
    } else if ["/connect", "/oauth", "/hooks"]
        .iter()
        .any(|start| path.starts_with(start))
    {
        "popup"
    } else {
        "operations"
    }
}

/// What the path names and no extractor describes is text.
fn name_parameters(path: &str, operation: &mut Value) {
    let mut parameters = operation["parameters"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let names = path.split('{').skip(1);
    for name in names.filter_map(|rest| rest.split('}').next()) {
        let has = |one: &Value| one["name"] == name && one["in"] == "path";
        if !parameters.iter().any(has) {
            parameters.push(json!({
                "in": "path",
                "name": name,
                "required": true,
                "schema": { "type": "string" },
            }));
        }
    }
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
}

/// By name, so that a change of one route moves no other.
fn sort_schemas(document: &mut Value) {
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        let mut sorted: Vec<_> = std::mem::take(schemas).into_iter().collect();
        sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
        *schemas = sorted.into_iter().collect();
    }
}
