//! What exists in development only: the demo project, its signing key, settings and workflows.

pub mod routes;

use paragon_workflow::{Input, InputKind};

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

/// Workflows of the demo project, as they are written.
///
/// # Errors
/// The file in this folder is no JSON.
pub fn workflows() -> serde_json::Result<Vec<serde_json::Value>> {
    serde_json::from_str(include_str!("workflows.json"))
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
