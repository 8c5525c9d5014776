//! What is wrong with a definition: every problem at once, each with its place.

mod found;
mod known;
mod limits;
mod permissions;
mod steps;
#[cfg(test)]
mod tests;
mod texts;
mod trigger;
mod variables;
mod visible;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::definition::{Step, Workflow};
use super::input::Input;
use super::json_schema::{Rules, faults};
use super::reference::is_step_id;
pub use limits::excess;
use limits::{MAX_PROBLEMS, MAX_STEPS, shortened};
use paragon_wire::ErrorDetail;
use steps::Checker;
pub use variables::{Group, GroupKind, Variable};

/// What the gateway offers to workflows.
pub trait Catalog {
    /// Names of the actions.
    fn actions(&self) -> Vec<&str>;
    /// JSON Schema of an action's parameters, whole in itself.
    fn parameters(&self, action: &str) -> Option<&Value>;
    /// JSON Schema of its output.
    fn output(&self, action: &str) -> Option<&Value>;
    /// What is wrong with a text that has to be of a `format`.
    ///
    /// # Errors
    /// What would be right.
    fn check_format(&self, format: &str, text: &str) -> Result<(), String>;
    /// What is wrong with parameters that hold no reference, beyond their schema.
    fn misfits(&self, action: &str, parameters: &Value, path: &str) -> Vec<ErrorDetail>;
    /// What is wrong with a cron expression.
    ///
    /// # Errors
    /// What would be right.
    fn check_cron(&self, expression: &str) -> Result<(), String>;
    /// What is wrong with the name of a time zone.
    ///
    /// # Errors
    /// What would be right.
    fn check_time_zone(&self, name: &str) -> Result<(), String>;
    /// Names of the project's secrets.
    fn secrets(&self) -> Vec<&str>;
    /// Settings that all workflows of the integration share.
    fn shared_inputs(&self) -> &[Input];
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// JSON pointer (RFC 6901) to it in the definition.
    pub path: String,
    /// Id of the step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Characters before it in a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// In one line.
impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "`{}`", self.path)?;
        if let Some(step) = &self.step {
            write!(out, " (step `{step}`)")?;
        }
        if let Some(position) = self.position {
            write!(out, ", character {}", position + 1)?;
        }
        write!(out, ": {}", self.message)
    }
}

/// Reads a definition.
///
/// # Errors
/// Every fault of its form; whether it makes sense, [`validate`] says.
pub fn read(definition: &Value) -> Result<Workflow, Vec<Problem>> {
    let problem = |path: String, message: String| Problem {
        path,
        step: None,
        position: None,
        message,
    };
    if let Some(problem) = excess(definition) {
        return Err(vec![problem]);
    }
    let found = faults(Workflow::schema(), definition, "", Rules::NONE);
    if !found.is_empty() {
        let problems = found.into_iter();
        return Err(problems
            .map(|fault| problem(fault.path, fault.message))
            .collect());
    }
    // What has passed the schema is of the type: a test holds them together. If it were not, it is told all the same.
    serde_json::from_value(definition.clone())
        .map_err(|error| vec![problem(String::new(), error.to_string())])
}

/// What a look at a definition finds out.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
    /// What can be referred to, in the order of the definition.
    pub groups: Vec<Group>,
    /// Roots of the groups that each step may refer to, beside `settings`, `user` and `secrets`, by the step's JSON pointer.
    pub places: BTreeMap<String, Vec<String>>,
}

/// Everything that is wrong with a definition whose form is right.
pub fn validate(workflow: &Workflow, catalog: &dyn Catalog) -> Vec<Problem> {
    check(workflow, catalog).finish().0
}

/// What is wrong, and what each step may refer to. `samples` are outputs by the id of their step, as they were in a run;
/// what is known from them is added.
pub fn inspect(
    workflow: &Workflow,
    catalog: &dyn Catalog,
    samples: &BTreeMap<String, Value>,
) -> Inspection {
    let (problems, found) = check(workflow, catalog).finish();
    Inspection {
        problems,
        groups: variables::groups(workflow, catalog, &found, samples),
        places: found.places.into_iter().collect(),
    }
}

fn check<'a>(workflow: &'a Workflow, catalog: &'a dyn Catalog) -> Checker<'a> {
    let mut checker = Checker::new(workflow, catalog);
    if !is_step_id(&workflow.id) {
        checker.problem("/id", ID_RULE);
    }
    if workflow.description.trim().is_empty() {
        checker.problem("/description", "is empty: enter the name that users see");
    }
    if workflow.trigger.is_none() && !workflow.steps.is_empty() {
        checker.problem(
            "/trigger",
            "is missing: without a trigger the steps never run",
        );
    }
    if let Some(trigger) = &workflow.trigger {
        checker.trigger(trigger);
    }
    if let Some(permissions) = &workflow.permissions {
        checker.permissions(permissions);
    }
    let steps = all_steps(&workflow.steps).len();
    if steps > MAX_STEPS {
        let message =
            format!("has {steps} steps, including nested ones; at most {MAX_STEPS} are allowed");
        checker.problem("/steps", message);
        return checker;
    }
    let mut visible = visible::Visible::new(workflow);
    checker.list(&workflow.steps, "/steps", &mut visible);
    checker
}

const ID_RULE: &str = "must be 1 to 64 letters, digits, `-` or `_`";

/// Every step of a workflow, also those inside others.
fn all_steps(steps: &[Step]) -> Vec<&Step> {
    let mut all = Vec::new();
    collect(steps, &mut all);
    all
}

fn collect<'a>(steps: &'a [Step], all: &mut Vec<&'a Step>) {
    for step in steps {
        all.push(step);
        for (_, inner) in step.work.inner() {
            collect(inner, all);
        }
    }
}
