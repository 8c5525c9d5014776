//! What can start a workflow in Azure DevOps: its service hook events on work items.
//!
//! Facts: publisher `tfs`, events `workitem.created`, `.updated`, `.deleted`, whose filters are the project, the area
//! path, the work item type and, for updates, the changed field.

use serde_json::{Value, json};

/// One event.
#[derive(Debug)]
struct Trigger {
    kind: &'static str,
    title: &'static str,
    description: &'static str,
    has_changed_field: bool,
}

const TRIGGERS: &[Trigger] = &[
    Trigger {
        kind: "WORK_ITEM_CREATED",
        title: "Work item created",
        description: "When a work item is created",
        has_changed_field: false,
    },
    Trigger {
        kind: "WORK_ITEM_UPDATED",
        title: "Work item updated",
        description: "When a work item is updated",
        has_changed_field: true,
    },
    Trigger {
        kind: "WORK_ITEM_DELETED",
        title: "Work item deleted",
        description: "When a work item is moved to the recycle bin",
        has_changed_field: false,
    },
];

/// The triggers as clients know them.
pub fn triggers() -> Vec<Value> {
    let of = |trigger: &Trigger| {
        let mut parameters = vec![
            parameter("project", "Project", true, "projects", &[]),
            parameter(
                "workItemType",
                "Work item type",
                false,
                "workItemTypes",
                &["project"],
            ),
            parameter("areaPath", "Area path", false, "areaPaths", &["project"]),
        ];
        if trigger.has_changed_field {
            let narrowed_by = ["project", "workItemType"];
            parameters.push(parameter(
                "changedField",
                "Changed field",
                false,
                "fields",
                &narrowed_by,
            ));
        }
        json!({
            "type": trigger.kind,
            "triggerModel": "WEBHOOK",
            "title": trigger.title,
            "description": trigger.description,
            "parameters": parameters,
        })
    };
    TRIGGERS.iter().map(of).collect()
}

/// An input whose choices a source of [`super::field_sources`] has.
fn parameter(id: &str, title: &str, required: bool, source: &str, dependencies: &[&str]) -> Value {
    json!({
        "id": id,
        "title": title,
        "type": "TEXT",
        "required": required,
        "valuesSource": { "sourceType": source, "dependencies": dependencies },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field_sources;

    #[test]
    fn every_parameter_has_a_source_that_exists() {
        for trigger in triggers() {
            for parameter in trigger["parameters"].as_array().expect("a list") {
                let source = parameter["valuesSource"]["sourceType"]
                    .as_str()
                    .expect("a name");
                let source = field_sources::find(source).expect("a source");
                let dependencies: Vec<_> = parameter["valuesSource"]["dependencies"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .filter_map(Value::as_str)
                    .collect();
                assert!(
                    source
                        .required
                        .iter()
                        .all(|name| dependencies.contains(name)),
                    "{parameter}"
                );
            }
        }
    }
}
