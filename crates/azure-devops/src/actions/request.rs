//! One request to Azure DevOps, described and not yet sent.

use http::Method;
use serde_json::Value;

/// Version of the REST API that the actions are written for.
pub const API_VERSION: &str = "api-version=7.1";
const JSON: &str = "application/json";
const JSON_PATCH: &str = "application/json-patch+json";

/// Method, path and body; sent through the proxy, which knows host and credential.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderRequest {
    /// Method.
    pub method: Method,
    /// Path from the organization on, with its query.
    pub path: String,
    /// Content type and body.
    pub body: Option<(&'static str, Value)>,
}

impl ProviderRequest {
    /// GET.
    pub fn get(path: String) -> Self {
        Self {
            method: Method::GET,
            path,
            body: None,
        }
    }

    /// POST of JSON.
    pub fn post(path: String, body: Value) -> Self {
        Self {
            method: Method::POST,
            path,
            body: Some((JSON, body)),
        }
    }

    /// `method` with a JSON Patch document (RFC 6902).
    pub fn patch(method: Method, path: String, document: Value) -> Self {
        Self {
            method,
            path,
            body: Some((JSON_PATCH, document)),
        }
    }

    /// DELETE.
    pub fn delete(path: String) -> Self {
        Self {
            method: Method::DELETE,
            path,
            body: None,
        }
    }
}

/// What the caller can ask of a save, as the end of its query.
///
/// Source: <https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/create>
pub fn save_query(
    bypass_rules: Option<bool>,
    suppress: Option<bool>,
    validate: Option<bool>,
) -> String {
    let flags = [
        ("bypassRules", bypass_rules),
        ("suppressNotifications", suppress),
        ("validateOnly", validate),
    ];
    let mut query = format!("?{API_VERSION}&$expand=relations");
    for (name, _) in flags.iter().filter(|(_, flag)| *flag == Some(true)) {
        query.extend(["&", name, "=true"]);
    }
    query
}
