//! What exists in development only: the demo project, its signing key, settings and workflows.

use crate::workflow::{Choice, Input, InputKind, Workflow};

/// Id of the demo project.
pub const PROJECT: &str = "demo";

/// Stands for the backend of the demo app.
pub struct DemoBackend {
    /// Private key of the demo project.
    pub private_key_pem: String,
}

impl std::fmt::Debug for DemoBackend {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DemoBackend")
    }
}

/// Settings of the demo project's integration.
pub fn settings() -> Vec<Input> {
    vec![
        Input {
            source: Some("projects".into()),
            tooltip: Some("Work items are read from and created in this project".into()),
            ..input("project", "Project", InputKind::DynamicEnum)
        },
        Input {
            placeholder: Some("harbor-desk".into()),
            ..input("tag", "Tag for work items of Harbor Desk", InputKind::Text)
        },
    ]
}

/// Workflows of the demo project.
pub fn workflows() -> Vec<Workflow> {
    let kinds = ["Bug", "Task", "User Story"].map(|name| Choice {
        label: name.into(),
        value: name.into(),
    });
    vec![
        Workflow {
            id: "5b1d8f0e-6c1a-4a51-9d0b-3f5b7a9c1e01".into(),
            description: "Create a work item for each request".into(),
            info_text: Some("A new request in Harbor Desk becomes a work item.".into()),
            hidden: false,
            default_enabled: false,
            inputs: vec![
                Input {
                    source: Some("projects".into()),
                    required: true,
                    ..input("project", "Project", InputKind::DynamicEnum)
                },
                Input {
                    values: kinds.into(),
                    default_value: Some("Bug".into()),
                    ..input("workItemType", "Type", InputKind::Enum)
                },
                Input {
                    placeholder: Some("Request: ".into()),
                    ..input("titlePrefix", "Begin titles with", InputKind::Text)
                },
                Input {
                    default_value: Some(true.into()),
                    ..input("linkBack", "Link back to the request", InputKind::Boolean)
                },
            ],
        },
        Workflow {
            id: "5b1d8f0e-6c1a-4a51-9d0b-3f5b7a9c1e02".into(),
            description: "Close requests when their work item is done".into(),
            info_text: Some("A request is closed as soon as its work item is.".into()),
            hidden: false,
            default_enabled: true,
            inputs: vec![Input {
                default_value: Some(true.into()),
                ..input("comment", "Add a comment to the request", InputKind::Switch)
            }],
        },
    ]
}

fn input(id: &str, title: &str, kind: InputKind) -> Input {
    Input {
        id: id.into(),
        title: title.into(),
        kind,
        required: false,
        tooltip: None,
        placeholder: None,
        default_value: None,
        values: Vec::new(),
        source: None,
    }
}
