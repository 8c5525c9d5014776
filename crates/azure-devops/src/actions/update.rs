//! `AZURE_DEVOPS_UPDATE_WORKITEM`
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/update>

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;

use super::names::{FieldValues, PathName, project_prefix};
use super::patch::{NewRelation, Patch};
use super::request::{API_VERSION, ProviderRequest, save_query};

/// Updates that one answer holds at most.
pub const UPDATES: usize = 200;

/// Changes a work item: all of it, or nothing.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateInput {
    /// ID of the work item.
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub id: u32,
    /// Project that the item must belong to, by name or ID.
    pub project: Option<PathName>,
    /// Values by field name; null clears a field. `System.History` adds a comment.
    pub fields: Option<FieldValues>,
    /// Links to add.
    #[schemars(length(max = 1000))]
    pub relations: Option<Vec<NewRelation>>,
    /// Zero-based positions, in the item's current list, of the links to remove.
    #[schemars(length(max = 1000), inner(range(max = 9_999)))]
    pub remove_relations: Option<Vec<u32>>,
    /// Changes nothing unless this is the item's current revision (`rev`).
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub expected_revision: Option<u32>,
    /// Validates all rules, saves nothing, and returns the item as it would be.
    pub validate_only: Option<bool>,
    /// Bypasses the rules of the type. Requires the permission of that name.
    pub bypass_rules: Option<bool>,
    /// Sends no notifications. Requires the permission of that name.
    pub suppress_notifications: Option<bool>,
}

impl UpdateInput {
    /// Whether it asks for no change at all.
    pub fn is_empty(&self) -> bool {
        self.fields
            .as_ref()
            .is_none_or(|fields| fields.0.is_empty())
            && self.relations.as_ref().is_none_or(Vec::is_empty)
            && self.remove_relations.as_ref().is_none_or(Vec::is_empty)
    }

    /// A request for the item as it is now, with its links.
    pub fn item_request(&self) -> ProviderRequest {
        let project = project_prefix(self.project.as_ref());
        let id = self.id;
        ProviderRequest::get(format!(
            "{project}/_apis/wit/workitems/{id}?{API_VERSION}&$expand=relations"
        ))
    }

    /// A request for the item as it was at `revision`.
    pub fn revision_request(&self, revision: i64) -> ProviderRequest {
        let project = project_prefix(self.project.as_ref());
        let id = self.id;
        ProviderRequest::get(format!(
            "{project}/_apis/wit/workItems/{id}/revisions/{revision}?{API_VERSION}"
        ))
    }

    /// A request for the item's updates from number `from` on (the first is 0).
    pub fn updates_request(&self, from: i64) -> ProviderRequest {
        let project = project_prefix(self.project.as_ref());
        let id = self.id;
        ProviderRequest::get(format!(
            "{project}/_apis/wit/workItems/{id}/updates?{API_VERSION}&$top={UPDATES}&$skip={from}"
        ))
    }

    /// The request; `items` is the address that an item's id is put behind.
    ///
    /// Links are removed before others are added, so that the places are those the caller saw.
    pub fn request(&self, items: &str) -> ProviderRequest {
        let mut document = Patch::default();
        if let Some(revision) = self.expected_revision {
            document.test_revision(revision);
        }
        for (name, value) in self.fields.iter().flat_map(|fields| &fields.0) {
            if value.is_null() {
                document.remove_field(name);
            } else {
                document.set_field(name, value);
            }
        }
        document.remove_relations(self.remove_relations.as_deref().unwrap_or_default());
        for relation in self.relations.iter().flatten() {
            document.add_relation(relation, items);
        }
        let path = format!(
            "{}/_apis/wit/workitems/{}{}",
            project_prefix(self.project.as_ref()),
            self.id,
            save_query(
                self.bypass_rules,
                self.suppress_notifications,
                self.validate_only
            ),
        );
        ProviderRequest::patch(Method::PATCH, path, document.into_value())
    }
}
