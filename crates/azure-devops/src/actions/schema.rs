//! The actions as callers see them: name, purpose, schema of input and output.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use super::ActionKind;
use super::create::CreateInput;
use super::delete::{DeleteInput, DeleteOutput};
use super::search::{SearchInput, SearchOutput};
use super::update::UpdateInput;
use super::work_item::WorkItem;

/// One action.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ActionDescription")]
pub struct Description {
    /// Name in the API.
    pub name: &'static str,
    /// Label.
    pub title: &'static str,
    /// What it does.
    pub description: &'static str,
    /// JSON Schema (2020-12) of `parameters`.
    pub parameters: Value,
    /// JSON Schema of `output`.
    pub output: Value,
}

static DESCRIPTIONS: LazyLock<Vec<Description>> =
    LazyLock::new(|| ActionKind::ALL.iter().map(|kind| describe(*kind)).collect());

/// Every action.
pub fn descriptions() -> &'static [Description] {
    &DESCRIPTIONS
}

fn describe(kind: ActionKind) -> Description {
    let (title, description, parameters, output) = match kind {
        ActionKind::Search => (
            "Search work items",
            "Finds work items by filters or by a query, and gives their fields.",
            input::<SearchInput>(),
            output::<SearchOutput>(),
        ),
        ActionKind::Create => (
            "Create work item",
            "Creates a work item of any type, with any field and with links.",
            input::<CreateInput>(),
            output::<WorkItem>(),
        ),
        ActionKind::Update => (
            "Update work item",
            "Changes fields and links of a work item, on request only if nobody else changed it meanwhile.",
            input::<UpdateInput>(),
            output::<WorkItem>(),
        ),
        ActionKind::Delete => (
            "Delete work item",
            "Moves a work item to the recycle bin, or deletes it for good.",
            input::<DeleteInput>(),
            output::<DeleteOutput>(),
        ),
    };
    Description {
        name: kind.name(),
        title,
        description,
        parameters,
        output,
    }
}

fn input<T: JsonSchema>() -> Value {
    schema::<T>(SchemaSettings::draft2020_12().for_deserialize())
}

fn output<T: JsonSchema>() -> Value {
    schema::<T>(SchemaSettings::draft2020_12().for_serialize())
}

/// Whole in itself: many readers of schemas do not follow references.
fn schema<T: JsonSchema>(settings: SchemaSettings) -> Value {
    let settings = settings.with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.remove("title");
    schema.to_value()
}

#[cfg(test)]
mod tests;
