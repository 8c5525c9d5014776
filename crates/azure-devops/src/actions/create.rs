//! `AZURE_DEVOPS_CREATE_WORKITEM`
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/create>

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;

use super::names::{FieldValues, PathName};
use super::patch::{NewRelation, Patch};
use super::request::{ProviderRequest, save_query};

/// Creates a work item.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateInput {
    /// Project, by name or ID.
    pub project: PathName,
    /// Work item type, by name: `Task`, `Bug`, `User Story`.
    pub work_item_type: PathName,
    /// Values by field name; every type requires `System.Title`.
    pub fields: FieldValues,
    /// Links of the new item.
    #[schemars(length(max = 1000))]
    pub relations: Option<Vec<NewRelation>>,
    /// Validates all rules, saves nothing, and returns the item as it would be.
    pub validate_only: Option<bool>,
    /// Bypasses the rules of the type. Requires the permission of that name.
    pub bypass_rules: Option<bool>,
    /// Sends no notifications. Requires the permission of that name.
    pub suppress_notifications: Option<bool>,
}

impl CreateInput {
    /// The same with a link to an address outside.
    #[must_use]
    pub fn with_hyperlink(mut self, url: &str, comment: &str) -> Self {
        let attributes = serde_json::Map::from_iter([("comment".to_owned(), comment.into())]);
        self.relations.get_or_insert_default().push(NewRelation {
            rel: "Hyperlink".to_owned(),
            work_item_id: None,
            url: Some(url.to_owned()),
            attributes: Some(attributes),
        });
        self
    }

    /// The request; `items` is the address that an item's id is put behind.
    ///
    /// A field whose value is null is left out: a new item has nothing to empty.
    pub fn request(&self, items: &str) -> ProviderRequest {
        let mut document = Patch::default();
        for (name, value) in self.fields.0.iter().filter(|(_, value)| !value.is_null()) {
            document.set_field(name, value);
        }
        for relation in self.relations.iter().flatten() {
            document.add_relation(relation, items);
        }
        let path = format!(
            "/{}/_apis/wit/workitems/${}{}",
            self.project.segment(),
            self.work_item_type.segment(),
            save_query(
                self.bypass_rules,
                self.suppress_notifications,
                self.validate_only
            ),
        );
        ProviderRequest::patch(Method::POST, path, document.into_value())
    }
}
