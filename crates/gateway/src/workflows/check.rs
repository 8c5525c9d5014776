//! What the workflow editor asks while somebody writes: what there is to choose from, what is wrong, what can be referred to.

use std::collections::BTreeMap;
use std::sync::Arc;

use paragon_wire::ErrorDetail;
use paragon_workflow::{
    Group, Input, Operator as Comparison, Problem, Workflow, excess, inspect, read,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::catalog::ProjectCatalog;
use super::step_test::known_outputs;
use crate::config::input_problems;
use crate::error::{ApiError, ApiResult};
use crate::operators::{Operator, Right};
use crate::projects::Project;
use crate::state::App;
use paragon_azure_devops::actions::{Description, descriptions};
use paragon_azure_devops::field_sources::SOURCES;

/// Faults of inputs that are told at most.
const MAX_FAULTS: usize = 50;

/// A definition that is being written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Draft {
    /// As far as it has come.
    pub definition: Value,
    /// What steps gave when they were tried, by their id; it goes before what they gave in the last runs.
    #[serde(default)]
    pub outputs: BTreeMap<String, Value>,
}

/// What a project offers to its workflows.
pub(crate) fn catalog_of(project: &Project) -> ProjectCatalog<'_> {
    ProjectCatalog {
        secrets: project.secrets.keys().map(String::as_str).collect(),
        shared_inputs: &project.settings,
    }
}

/// Does what takes time with the size of its input, away from the threads that answer everybody else.
///
/// # Errors
/// `Internal`, if it panics.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> ApiResult<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| ApiError::internal("a check panicked"))
}

/// What is wrong with a workflow's inputs, by their place in its definition.
pub(crate) fn faults_of_inputs(inputs: &[Input]) -> impl Iterator<Item = ErrorDetail> {
    let problems = input_problems(inputs).into_iter().take(MAX_FAULTS);
    problems.map(|one| ErrorDetail {
        path: match one.member {
            Some(member) => format!("/inputs/{}/{member}", one.index),
            None => format!("/inputs/{}", one.index),
        },
        message: one.message,
    })
}

/// What can be chosen in the editor.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WorkflowCatalog {
    actions: &'static [Description],
    operators: Vec<ComparisonOperator>,
    sources: Vec<SourceOfChoices>,
    /// JSON Schema of definitions.
    schema: Value,
}

/// An operator of comparisons.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ComparisonOperator {
    name: &'static str,
    /// Whether it compares with a value.
    needs_right: bool,
}

/// A source that choices come from.
#[derive(Debug, Serialize, JsonSchema)]
struct SourceOfChoices {
    key: &'static str,
    title: &'static str,
}

/// What is wrong with a draft, and what each of its steps may refer to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DraftCheck {
    problems: Vec<Problem>,
    /// What can be referred to; null for a draft that cannot be understood at all.
    groups: Option<Vec<Group>>,
    /// Roots of the groups that each step may refer to, by the step's JSON pointer; null like `groups`.
    places: Option<BTreeMap<String, Vec<String>>>,
}

/// What can be chosen in the editor.
///
/// # Errors
/// `RoleNotSufficient`.
pub fn catalog(operator: &Operator) -> ApiResult<WorkflowCatalog> {
    operator.require(Right::Read)?;
    let operators = Comparison::ALL
        .iter()
        .map(|one| ComparisonOperator {
            name: one.name(),
            needs_right: one.needs_right(),
        })
        .collect();
    let sources = SOURCES
        .iter()
        .map(|one| SourceOfChoices {
            key: one.key,
            title: one.title,
        })
        .collect();
    Ok(WorkflowCatalog {
        actions: descriptions(),
        operators,
        sources,
        schema: json!(Workflow::schema()),
    })
}

/// What is wrong with a draft, and what each of its steps may refer to.
///
/// # Errors
/// `RoleNotSufficient`.
pub async fn check(
    app: &App,
    operator: &Operator,
    project: &Arc<Project>,
    draft: Draft,
) -> ApiResult<DraftCheck> {
    operator.require(Right::Read)?;
    let Draft {
        definition,
        outputs,
    } = draft;
    let (form, workflow) = aside(move || shape(definition)).await?;
    let Some(workflow) = workflow else {
        return Ok(DraftCheck {
            problems: form,
            groups: None,
            places: None,
        });
    };
    let outputs = known_outputs(app, project, &workflow, &outputs).await?;
    let project = Arc::clone(project);
    aside(move || {
        let found = inspect(&workflow, &catalog_of(&project), &outputs);
        let mut problems = form;
        problems.extend(found.problems);
        problems.extend(faults_of_inputs(&workflow.inputs).map(of_input));
        DraftCheck {
            problems,
            groups: Some(found.groups),
            places: Some(found.places),
        }
    })
    .await
}

fn of_input(fault: ErrorDetail) -> Problem {
    Problem {
        path: fault.path,
        step: None,
        position: None,
        message: fault.message,
    }
}

/// Faults of the form, and the workflow: what is incomplete can still be looked into, as long as it is of the right shape
/// and size.
fn shape(definition: Value) -> (Vec<Problem>, Option<Workflow>) {
    if let Some(problem) = excess(&definition) {
        return (vec![problem], None);
    }
    let form = read(&definition).err().unwrap_or_default();
    (form, serde_json::from_value(definition).ok())
}
