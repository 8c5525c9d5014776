//! What starts a workflow.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Starts a workflow. Its data is `{{trigger.output}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Trigger {
    /// An event of the app; its payload is the output.
    AppEvent {
        /// Name of the event.
        #[schemars(length(min = 1, max = 255))]
        event: String,
        /// Sample payload, for the variable menu and for step tests.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        sample: Value,
    },
    /// The workflow was switched on for an account, also with the account itself; the output is
    /// `{"credentialId", "configurationId"}`.
    IntegrationEnabled {},
    /// A request of the app; the output is `{"body", "query"}`.
    Request {
        /// Sample body.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        sample: Value,
    },
    /// A scheduled time; the output is `{"scheduledFor", "localTime", "timeZone"}`.
    Schedule {
        /// Cron expression: second, minute, hour, day of month, month, day of week. With five fields, the second
        /// is 0.
        #[schemars(length(min = 1, max = 200))]
        cron: String,
        /// IANA name of the time zone.
        #[serde(default = "utc")]
        #[schemars(length(min = 1, max = 64))]
        time_zone: String,
    },
    /// A work item was created in Azure DevOps; the output is the event as Azure DevOps sends it.
    WorkItemCreated(WorkItemFilter),
    /// A work item was updated; the output is the event as Azure DevOps sends it.
    WorkItemUpdated(WorkItemFilter),
    /// A work item was moved to the recycle bin; the output is the event as Azure DevOps sends it.
    WorkItemDeleted(WorkItemFilter),
}

fn utc() -> String {
    "UTC".to_owned()
}

/// Which work items start a workflow. Texts may refer to `settings` and `user`; one that is empty then filters nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkItemFilter {
    /// Id or name of the project.
    #[schemars(length(min = 1, max = 300))]
    pub project: String,
    /// Name of the work item type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 300))]
    pub work_item_type: Option<String>,
    /// Area path of the work items, or a parent of it, such as `Fabrikam\Website`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4000))]
    pub area_path: Option<String>,
    /// Reference name of the field that must have changed, such as `System.State`; only for `workItemUpdated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 300))]
    pub changed_field: Option<String>,
}

/// What happened to a work item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkItemEvent {
    /// It was created.
    Created,
    /// It was changed.
    Updated,
    /// It was moved to the recycle bin.
    Deleted,
}

impl Trigger {
    /// What it brings, by its sample.
    pub fn sample_output(&self) -> Option<Value> {
        match self {
            Self::AppEvent { sample, .. } if !sample.is_null() => Some(sample.clone()),
            Self::Request { sample } if !sample.is_null() => {
                Some(json!({ "body": sample, "query": {} }))
            }
            _ => None,
        }
    }

    /// The event and the filter of a trigger that waits for work items.
    pub const fn work_items(&self) -> Option<(WorkItemEvent, &WorkItemFilter)> {
        match self {
            Self::WorkItemCreated(filter) => Some((WorkItemEvent::Created, filter)),
            Self::WorkItemUpdated(filter) => Some((WorkItemEvent::Updated, filter)),
            Self::WorkItemDeleted(filter) => Some((WorkItemEvent::Deleted, filter)),
            Self::AppEvent { .. }
            | Self::IntegrationEnabled {}
            | Self::Request { .. }
            | Self::Schedule { .. } => None,
        }
    }
}
