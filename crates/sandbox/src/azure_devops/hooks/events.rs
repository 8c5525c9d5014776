//! What happens to work items, as subscriptions are told of it.
//!
//! Source: <https://learn.microsoft.com/azure/devops/service-hooks/events#work-item-created>

use serde_json::{Value, json};

use super::super::call::Call;
use super::super::model::{Organization, WorkItem};
use super::super::work_items::delete::describe;
use super::super::work_items::history::update_body;
use super::super::work_items::render::{Renderer, View, date};
use super::{Notification, Status, Subscription, Waiting};
use crate::state::State;

/// What happened to a work item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Created,
    Updated,
    Deleted,
}

impl Event {
    pub(crate) const ALL: [Self; 3] = [Self::Created, Self::Updated, Self::Deleted];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Created => "workitem.created",
            Self::Updated => "workitem.updated",
            Self::Deleted => "workitem.deleted",
        }
    }

    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }
}

/// Tells the subscriptions of `item` that something happened to it; what is to be delivered waits in the state.
pub(crate) fn raise(call: &Call<'_>, state: &mut State, event: Event, item: i64) {
    if call.query.flag("suppressnotifications") {
        return;
    }
    let Ok(organization) = call.organization(state) else {
        return;
    };
    let Some(item) = organization.items.get(&item).cloned() else {
        return;
    };
    let wanted = |one: &&Subscription| {
        one.status != Status::DisabledBySystem && one.event == event && is_met(one, &item)
    };
    let concerned = organization.subscriptions.iter().filter(wanted);
    let concerned: Vec<_> = concerned.map(|one| one.id).collect();
    if concerned.is_empty() {
        return;
    }
    let envelope = envelope(call, state, organization, event, &item);
    let mut waiting = Vec::new();
    if let Ok(organization) = call.organization_mut(state) {
        for one in &mut organization.subscriptions {
            if concerned.contains(&one.id) {
                let id = i64::try_from(one.notifications.len()).unwrap_or_default() + 1;
                let mut body = envelope.clone();
                body["subscriptionId"] = json!(one.id);
                body["notificationId"] = json!(id);
                one.notifications.push(Notification {
                    id,
                    body,
                    answer: None,
                    attempts: 0,
                });
                waiting.push(Waiting {
                    organization: organization.name.clone(),
                    subscription: one.id,
                    notification: id,
                });
            }
        }
    }
    state.deliveries.extend(waiting);
}

fn is_met(subscription: &Subscription, item: &WorkItem) -> bool {
    let (kind, area) = (&subscription.work_item_type, &subscription.area_path);
    let path = item.text("System.AreaPath").to_lowercase();
    let area = area.to_lowercase();
    let is_below = area.is_empty() || path == area || path.starts_with(&format!("{area}\\"));
    let field = &subscription.changed_field;
    let has_changed = field.is_empty()
        || item.updates.last().is_some_and(|update| {
            let mut fields = update.fields.iter();
            fields.any(|(name, _, _)| name.eq_ignore_ascii_case(field))
        });
    subscription.project == item.project
        && (kind.is_empty() || item.text("System.WorkItemType").eq_ignore_ascii_case(kind))
        && is_below
        && has_changed
}

fn envelope(
    call: &Call<'_>,
    state: &State,
    organization: &Organization,
    event: Event,
    item: &WorkItem,
) -> Value {
    let container = |id: String, path: &str| json!({"id": id, "baseUrl": call.url(path)});
    json!({
        "id": call.inner.random_uuid(),
        "eventType": event.name(),
        "publisherId": "tfs",
        "message": null,
        "detailedMessage": null,
        "resource": resource(call, state, event, item),
        "resourceVersion": "1.0",
        "resourceContainers": {
            "collection": container(organization.id.to_string(), "/"),
            "account": container(organization.id.to_string(), "/"),
            "project": container(item.project.to_string(), "/"),
        },
        "createdDate": date(call.inner.now_within(state)),
    })
}

fn resource(call: &Call<'_>, state: &State, event: Event, item: &WorkItem) -> Value {
    let renderer = Renderer { call, state };
    let view = View {
        has_links: true,
        has_relations: true,
        fields: None,
    };
    match event {
        Event::Created => renderer.item(item, &view),
        Event::Updated => {
            let number = item.updates.len();
            let Some(update) = item.updates.last() else {
                return Value::Null;
            };
            let mut body = update_body(&renderer, item, number, update);
            body["revision"] = renderer.item(item, &view);
            body
        }
        Event::Deleted => describe(call, state, item)["resource"].clone(),
    }
}
