//! What a project offers to its workflows: the actions, its secrets, its shared settings.

use paragon_wire::ErrorDetail;
use paragon_workflow::{Catalog, Input};
use serde_json::Value;

use paragon_azure_devops::actions::{Action, ActionKind, Description, check_format, descriptions};
use paragon_workflow::schedule;

/// The catalog of one project.
#[derive(Debug)]
pub struct ProjectCatalog<'a> {
    /// Names of its secrets.
    pub secrets: Vec<&'a str>,
    /// Settings that all workflows share.
    pub shared_inputs: &'a [Input],
}

fn description(action: &str) -> Option<&'static Description> {
    descriptions().iter().find(|one| one.name == action)
}

impl Catalog for ProjectCatalog<'_> {
    fn actions(&self) -> Vec<&str> {
        ActionKind::ALL.iter().map(|kind| kind.name()).collect()
    }

    fn parameters(&self, action: &str) -> Option<&Value> {
        description(action).map(|one| &one.parameters)
    }

    fn output(&self, action: &str) -> Option<&Value> {
        description(action).map(|one| &one.output)
    }

    fn check_format(&self, format: &str, text: &str) -> Result<(), String> {
        check_format(format, text)
    }

    fn misfits(&self, action: &str, parameters: &Value, path: &str) -> Vec<ErrorDetail> {
        ActionKind::find(action)
            .and_then(|kind| Action::read(kind, parameters, path).err())
            .unwrap_or_default()
    }

    fn check_cron(&self, expression: &str) -> Result<(), String> {
        schedule::check_cron(expression)
    }

    fn check_time_zone(&self, name: &str) -> Result<(), String> {
        schedule::time_zone(name).map(drop)
    }

    fn secrets(&self) -> Vec<&str> {
        self.secrets.clone()
    }

    fn shared_inputs(&self) -> &[Input] {
        self.shared_inputs
    }
}
