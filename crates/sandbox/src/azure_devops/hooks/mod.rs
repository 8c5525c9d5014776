//! Service hooks: subscriptions to work items, and what is delivered for them.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/hooks/subscriptions>,
//! <https://learn.microsoft.com/azure/devops/service-hooks/troubleshoot>

mod delivery;
mod events;
mod subscriptions;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) use delivery::{deliver_again, deliver_waiting};
pub(crate) use events::{Event, raise};
pub(crate) use subscriptions::{create, delete, event_types, get, list, notifications};

/// A subscription of an organization.
#[derive(Debug, Clone)]
pub(crate) struct Subscription {
    pub(crate) id: Uuid,
    pub(crate) event: Event,
    pub(crate) project: Uuid,
    pub(crate) area_path: String,
    pub(crate) work_item_type: String,
    pub(crate) changed_field: String,
    pub(crate) url: String,
    pub(crate) user_name: String,
    pub(crate) password: String,
    pub(crate) status: Status,
    /// Deliveries that failed since the last one that did not.
    pub(crate) failures: u32,
    pub(crate) by: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) notifications: Vec<Notification>,
}

/// Whether a subscription delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Enabled,
    OnProbation,
    DisabledBySystem,
}

impl Status {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::OnProbation => "onProbation",
            Self::DisabledBySystem => "disabledBySystem",
        }
    }
}

/// Something to be delivered, or delivered.
#[derive(Debug, Clone)]
pub(crate) struct Notification {
    pub(crate) id: i64,
    pub(crate) body: Value,
    /// Status of the last answer; none: not answered yet.
    pub(crate) answer: Option<u16>,
    pub(crate) attempts: u32,
}

/// A delivery that waits.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) organization: String,
    pub(crate) subscription: Uuid,
    pub(crate) notification: i64,
}

impl Subscription {
    /// For the control API, with its password.
    pub(crate) fn summary(&self) -> Value {
        json!({
            "id": self.id, "eventType": self.event.name(), "status": self.status.name(), "url": self.url,
            "userName": self.user_name, "password": self.password, "projectId": self.project,
            "areaPath": self.area_path, "workItemType": self.work_item_type, "changedFields": self.changed_field,
            "notifications": self.notifications.iter().map(|one| json!({"id": one.id, "answer": one.answer})).collect::<Vec<_>>(),
        })
    }
}
