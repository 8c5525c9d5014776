//! `AZURE_DEVOPS_DELETE_WORKITEM`
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/delete>

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::names::{PathName, project_prefix};
use super::request::{API_VERSION, ProviderRequest};

/// Deletes a work item.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteInput {
    /// ID of the work item.
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub id: u32,
    /// Project that the item must belong to, by name or ID.
    pub project: Option<PathName>,
    /// Deletes permanently; otherwise the item moves to the recycle bin and can be restored. Requires the permission
    /// "Permanently delete work items".
    pub permanent: Option<bool>,
}

/// What was deleted.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteOutput {
    /// ID of the work item.
    pub id: u32,
    /// Whether it is gone for good.
    pub permanent: bool,
    /// Title; null when it is gone for good, as the rest.
    pub title: Option<String>,
    /// Work item type.
    pub work_item_type: Option<String>,
    /// Name of the project.
    pub project: Option<String>,
    /// When, in UTC.
    pub deleted_date: Option<String>,
    /// By whom: `Name <mail>`.
    pub deleted_by: Option<String>,
}

impl DeleteInput {
    /// The request.
    pub fn request(&self) -> ProviderRequest {
        let project = project_prefix(self.project.as_ref());
        let destroy = if self.is_permanent() {
            "&destroy=true"
        } else {
            ""
        };
        let id = self.id;
        ProviderRequest::delete(format!(
            "{project}/_apis/wit/workitems/{id}?{API_VERSION}{destroy}"
        ))
    }

    /// A request for the item, which is there before it is deleted.
    pub fn item_request(&self) -> ProviderRequest {
        let project = project_prefix(self.project.as_ref());
        let id = self.id;
        ProviderRequest::get(format!("{project}/_apis/wit/workitems/{id}?{API_VERSION}"))
    }

    /// A request for the item in the recycle bin.
    pub fn recycle_bin_request(&self) -> ProviderRequest {
        let project = project_prefix(self.project.as_ref());
        let id = self.id;
        ProviderRequest::get(format!("{project}/_apis/wit/recyclebin/{id}?{API_VERSION}"))
    }

    /// What the provider's answer (nothing, after a permanent deletion) tells.
    pub fn output(&self, answer: &Value) -> DeleteOutput {
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        DeleteOutput {
            id: self.id,
            permanent: self.is_permanent(),
            title: text("name"),
            work_item_type: text("type"),
            project: text("project"),
            deleted_date: text("deletedDate"),
            deleted_by: text("deletedBy"),
        }
    }

    fn is_permanent(&self) -> bool {
        self.permanent == Some(true)
    }
}
