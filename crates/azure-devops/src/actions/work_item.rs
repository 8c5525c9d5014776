//! A work item as the provider gives it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A work item; what the provider says beyond this goes along.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct WorkItem {
    /// Id; nothing to rely on when nothing was saved.
    pub id: i64,
    /// Revision; absent when nothing was saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rev: Option<i64>,
    /// Values by reference name of field. People are objects with `displayName` and `uniqueName`.
    #[serde(default)]
    pub fields: Map<String, Value>,
    /// Links, when they were asked for and there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relations: Option<Vec<Value>>,
    /// Address of the item in the provider's API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// `_links` and whatever else.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}
