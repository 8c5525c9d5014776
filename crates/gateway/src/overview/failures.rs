//! Failed runs by the step that failed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::store::FailureCount;
use crate::clock::Span;
use crate::error::ApiResult;
use crate::runs::step_names;
use crate::state::App;

/// So many steps are shown; the others are summed up.
const SHOWN: usize = 10;

/// Failed runs of one step.
#[derive(Debug, PartialEq, Eq)]
struct Failing {
    workflow: String,
    /// None when no step was to blame.
    step: Option<String>,
    /// Newest version that failed there.
    version: u32,
    runs: i64,
}

/// Failed runs by step, most failures first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Failures {
    steps: Vec<FailingStep>,
    /// Failed runs of steps that are not listed.
    others: i64,
}

/// Failed runs of one step.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FailingStep {
    workflow_id: String,
    /// What the workflow is called; null once it is gone.
    workflow: Option<String>,
    /// Id of the step; null when no step was to blame.
    step: Option<String>,
    /// Title of the step.
    title: Option<String>,
    runs: i64,
}

/// Failed runs by the step that failed.
///
/// # Errors
/// `StorageUnavailable`.
pub async fn by_step(app: &App, project: &str, span: Span) -> ApiResult<Failures> {
    let mut all = merged(app.store.count_failures(project, span).await?);
    let others: i64 = all.iter().skip(SHOWN).map(|failing| failing.runs).sum();
    all.truncate(SHOWN);
    let mut steps = Vec::new();
    for failing in &all {
        steps.push(described(app, project, failing).await?);
    }
    Ok(Failures { steps, others })
}

/// One entry for all entries of fan-outs, most failures first.
fn merged(counts: Vec<FailureCount>) -> Vec<Failing> {
    let mut by_step = BTreeMap::<(String, Option<String>), (u32, i64)>::new();
    for count in counts {
        let step = count
            .path
            .as_deref()
            .and_then(|path| path.rsplit('/').next());
        let (version, runs) = by_step
            .entry((count.workflow, step.map(str::to_owned)))
            .or_default();
        *version = u32::try_from(count.version)
            .unwrap_or_default()
            .max(*version);
        *runs += count.runs;
    }
    let failing = |((workflow, step), (version, runs))| Failing {
        workflow,
        step,
        version,
        runs,
    };
    let mut merged: Vec<_> = by_step.into_iter().map(failing).collect();
    merged.sort_by_key(|failing| std::cmp::Reverse(failing.runs));
    merged
}

/// With the titles that the newest version that failed has.
async fn described(app: &App, project: &str, failing: &Failing) -> ApiResult<FailingStep> {
    let definition = app
        .store
        .workflow_version(project, &failing.workflow, failing.version)
        .await?;
    let names = definition.as_ref().map(step_names).unwrap_or_default();
    let step = failing.step.as_deref();
    let title = step
        .and_then(|step| names.get(step))
        .and_then(|name| name.0)
        .map(str::to_owned);
    Ok(FailingStep {
        workflow_id: failing.workflow.clone(),
        workflow: definition.as_ref().map(|one| one.description.clone()),
        step: failing.step.clone(),
        title,
        runs: failing.runs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_a_fan_out_are_one_step() {
        let count = |workflow: &str, path: Option<&str>, version, runs| FailureCount {
            workflow: workflow.into(),
            version,
            path: path.map(str::to_owned),
            runs,
        };
        let merged = merged(vec![
            count("a", Some("each[0]/make"), 2, 3),
            count("a", Some("each[12]/make"), 3, 1),
            count("a", Some("find"), 1, 1),
            count("b", Some("make"), 1, 9),
            count("b", None, 1, 2),
        ]);
        let seen: Vec<_> = merged
            .iter()
            .map(|one| {
                (
                    one.workflow.as_str(),
                    one.step.as_deref(),
                    one.version,
                    one.runs,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("b", Some("make"), 1, 9),
                ("a", Some("make"), 3, 4),
                ("b", None, 1, 2),
                ("a", Some("find"), 1, 1),
            ]
        );
    }
}
