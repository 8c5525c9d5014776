//! The checks of triggers, and what is known of what they bring.

use serde_json::{Value, json};

use super::known::Known;
use super::steps::Checker;
use super::visible::Visible;
use crate::fields::Fields;
use crate::reference::Root;
use crate::trigger::{Trigger, WorkItemEvent, WorkItemFilter};

/// What is known of a trigger's output.
pub(super) fn output(trigger: &Trigger) -> Known {
    if let Some((event, _)) = trigger.work_items() {
        return Known::of(notification(event));
    }
    match trigger {
        Trigger::IntegrationEnabled {} => Known::of(json!({"type": "object", "properties": {
            "credentialId": {"type": "string"}, "configurationId": {"type": "string"},
        }})),
        Trigger::Request { .. } => Known::of(json!({
            "type": "object", "properties": {"body": true, "query": {"type": "object", "additionalProperties": true}},
        })),
        Trigger::Schedule { .. } => Known::of(json!({"type": "object", "properties": {
            "scheduledFor": {"type": "string"}, "localTime": {"type": "string"}, "timeZone": {"type": "string"},
        }})),
        _ => Known::NOTHING,
    }
}

/// Schema of an event of Azure DevOps, open for what else it has.
///
/// Source: <https://learn.microsoft.com/azure/devops/service-hooks/events#work-item-created>
fn notification(event: WorkItemEvent) -> Value {
    let open = json!({"type": "object", "additionalProperties": true});
    let revision = json!({"type": "object", "additionalProperties": true, "properties": {
        "id": {"type": "integer"}, "rev": {"type": "integer"}, "fields": open,
    }});
    let mut resource = revision.clone();
    if event == WorkItemEvent::Updated {
        // `id` is the number of the update there.
        resource["properties"]["workItemId"] = json!({"type": "integer"});
        resource["properties"]["revision"] = revision;
    }
    json!({"type": "object", "additionalProperties": true, "properties": {
        "id": {"type": "string"}, "eventType": {"type": "string"}, "subscriptionId": {"type": "string"},
        "notificationId": {"type": "integer"}, "createdDate": {"type": "string"}, "resource": resource,
        "resourceContainers": open,
    }})
}

impl<'a> Checker<'a> {
    /// Checks what starts the workflow.
    pub(super) fn trigger(&mut self, trigger: &Trigger) {
        match trigger {
            Trigger::AppEvent { event, .. } if event.trim().is_empty() => {
                self.problem("/trigger/event", "is empty: enter the event name");
            }
            Trigger::Schedule { cron, time_zone } => {
                if let Err(message) = self.catalog.check_cron(cron) {
                    self.problem("/trigger/cron", message);
                }
                if let Err(message) = self.catalog.check_time_zone(time_zone) {
                    self.problem("/trigger/timeZone", message);
                }
            }
            _ => {}
        }
        if let Some((event, filter)) = trigger.work_items() {
            self.filter(event, filter);
        }
    }

    fn filter(&mut self, event: WorkItemEvent, filter: &WorkItemFilter) {
        if filter.project.trim().is_empty() {
            self.problem(
                "/trigger/project",
                "is empty: write a project, or `{{settings.…}}` with its input",
            );
        }
        if event != WorkItemEvent::Updated && filter.changed_field.is_some() {
            self.problem("/trigger/changedField", "belongs to `workItemUpdated`");
        }
        let visible = Visible::before(self.workflow);
        let texts = [
            ("project", Some(&filter.project)),
            ("workItemType", filter.work_item_type.as_ref()),
            ("areaPath", filter.area_path.as_ref()),
            ("changedField", filter.changed_field.as_ref()),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                self.filter_text(
                    &Value::from(text.as_str()),
                    &format!("/trigger/{name}"),
                    &visible,
                );
            }
        }
    }

    /// A filter is made before there is a run, and told to the provider.
    fn filter_text(&mut self, text: &Value, path: &str, visible: &Visible<'a>) {
        let mut is_foreign = false;
        if let Ok(fields) = Fields::parse(text, path) {
            fields.each_reference(path, &mut |reference, path, position| {
                if !matches!(
                    reference.root,
                    Root::Settings | Root::UserId | Root::UserMeta
                ) {
                    is_foreign = true;
                    self.at(
                        path,
                        Some(position),
                        "a trigger can refer only to `settings` and `user`",
                    );
                }
            });
        }
        if !is_foreign {
            self.fields(text, path, visible, None);
        }
    }
}
