//! Checks the workflows and settings that an operator wrote down.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use paragon_workflow::{Input, InputKind, Problem, Workflow, is_step_id, read, validate};
use secrecy::SecretString;
use serde_json::Value;
use url::{Host, Url};

use super::file::ProjectConfig;
use crate::json_input;
use crate::projects::Project;
use crate::proxy::address::is_public;
use crate::workflows::catalog::ProjectCatalog;
use paragon_azure_devops::field_sources::SOURCES;

/// Reads and checks the workflows of a project; `place` names the project.
pub(super) fn read_workflows(
    place: &str,
    config: &ProjectConfig,
    problems: &mut Vec<String>,
) -> Vec<Workflow> {
    let written = config.workflows.iter().enumerate();
    let mut definitions: Vec<(String, Value)> = written
        .map(|(at, definition)| (format!("{place}.workflows[{at}]"), definition.clone()))
        .collect();
    for (at, file) in config.workflow_files.iter().enumerate() {
        let place = format!("{place}.workflow_files[{at}]");
        match read_file(file) {
            Ok(definition) => definitions.push((place, definition)),
            Err(problem) => problems.push(format!("`{place}`: {problem}")),
        }
    }
    let catalog = ProjectCatalog {
        secrets: config.secrets.keys().map(String::as_str).collect(),
        shared_inputs: &config.settings,
    };
    let mut workflows: Vec<Workflow> = Vec::new();
    for (place, definition) in definitions {
        let mut tell = |problem: &Problem| problems.push(format!("`{place}` at {problem}"));
        match read(&definition) {
            Ok(workflow) => {
                validate(&workflow, &catalog).iter().for_each(&mut tell);
                check_inputs(&format!("{place}.inputs"), &workflow.inputs, problems);
                if workflows.iter().any(|other| other.id == workflow.id) {
                    let id = &workflow.id;
                    problems.push(format!("`{place}.id`: `{id}` appears twice"));
                }
                workflows.push(workflow);
            }
            Err(found) => found.iter().for_each(tell),
        }
    }
    workflows
}

fn read_file(file: &Path) -> Result<Value, String> {
    let bytes = std::fs::read(file)
        .map_err(|error| format!("`{}` cannot be read: {error}", file.display()))?;
    json_input::from_slice(&bytes)
        .map_err(|error| format!("`{}` is not JSON: {error}", file.display()))
}

/// Azure DevOps delivers events to public https addresses alone.
///
/// Source: <https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks>
pub(super) fn check_reachable(public_url: &Url, projects: &[Project], problems: &mut Vec<String>) {
    let is_public = match public_url.host() {
        Some(Host::Domain(name)) => name != "localhost" && !name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        None => false,
    };
    if public_url.scheme() == "https" && is_public {
        return;
    }
    let workflows = projects.iter().flat_map(|project| &project.workflows);
    let waits = |workflow: &&Workflow| {
        let trigger = workflow.trigger.as_ref();
        trigger.is_some_and(|trigger| trigger.work_items().is_some())
    };
    for workflow in workflows.filter(waits) {
        problems.push(format!(
            "`public_url` is `{public_url}`: workflow `{}` waits for work items, and Azure DevOps sends webhooks only to public https addresses",
            workflow.id
        ));
    }
}

/// Checks the names of a project's secrets; `place` names the project.
pub(super) fn check_secrets(
    place: &str,
    secrets: &BTreeMap<String, SecretString>,
    problems: &mut Vec<String>,
) {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    for name in secrets.keys() {
        if name.is_empty() || name.len() > 64 || !name.bytes().all(good) {
            problems.push(format!(
                "`{place}.secrets` has `{name}`: use 1 to 64 letters, digits or `_`"
            ));
        }
    }
}

/// Checks a list of inputs; `place` names the list.
pub(super) fn check_inputs(place: &str, inputs: &[Input], problems: &mut Vec<String>) {
    for InputProblem {
        index,
        member,
        message,
    } in input_problems(inputs)
    {
        problems.push(match member {
            Some(member) => format!("`{place}[{index}].{member}` {message}"),
            None => format!("`{place}[{index}]`: {message}"),
        });
    }
}

/// What is wrong with one input of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputProblem {
    /// Number of the input, from 0.
    pub index: usize,
    /// Its member, unless it is the input as a whole.
    pub member: Option<&'static str>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Everything that is wrong with a list of inputs.
pub fn input_problems(inputs: &[Input]) -> Vec<InputProblem> {
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    for (index, input) in inputs.iter().enumerate() {
        let mut tell = |member, message| {
            problems.push(InputProblem {
                index,
                member,
                message,
            });
        };
        if !is_step_id(&input.id) {
            let id = &input.id;
            let message = format!("is `{id}`: use 1 to 64 letters, digits, `-` or `_`");
            tell(Some("id"), message);
        }
        if !seen.insert(input.id.as_str()) {
            tell(
                Some("id"),
                format!("is `{}`, which appears twice", input.id),
            );
        }
        let default = input.default_value.as_ref();
        if let Err(problem) = check_kind(input) {
            tell(None, problem);
        } else if let Some(Err(problem)) = default.map(|value| input.check(value)) {
            tell(Some("defaultValue"), problem);
        }
    }
    problems
}

fn check_kind(input: &Input) -> Result<(), String> {
    let source = input.source.as_deref();
    match input.kind {
        InputKind::Enum if input.values.is_empty() => {
            return Err(
                "an `enum` needs `values` such as [{ label = \"Bug\", value = \"Bug\" }]".into(),
            );
        }
        InputKind::DynamicEnum if !SOURCES.iter().any(|one| Some(one.key) == source) => {
            let known: Vec<_> = SOURCES.iter().map(|one| one.key).collect();
            return Err(format!(
                "a `dynamic_enum` needs a `source`, one of {}",
                known.join(", ")
            ));
        }
        InputKind::CustomDropdown if source.is_none() => {
            return Err("a `custom_dropdown` needs a `source`, the key under which the app gives its choices".into());
        }
        InputKind::FieldMapping if source.is_none() => {
            return Err(
                "a `field_mapping` needs a `source`, the key under which the app gives its fields"
                    .into(),
            );
        }
        _ => {}
    }
    let is_from_app = matches!(
        input.kind,
        InputKind::CustomDropdown | InputKind::FieldMapping
    );
    if !is_from_app && input.kind != InputKind::Enum && !input.values.is_empty() {
        return Err(
            "`values` belong to an `enum`, a `custom_dropdown` or a `field_mapping`".into(),
        );
    }
    if !is_from_app && input.kind != InputKind::DynamicEnum && source.is_some() {
        return Err(
            "`source` belongs to a `dynamic_enum`, a `custom_dropdown` or a `field_mapping`".into(),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(toml: &str) -> String {
        use figment::providers::{Format as _, Toml};
        let text = format!("id = \"p\"\nname = \"P\"\nsecrets = {{ KEY = \"k\" }}\n{toml}");
        let config: ProjectConfig = figment::Figment::from(Toml::string(&text))
            .extract()
            .expect("a project");
        let mut problems = Vec::new();
        read_workflows("projects[0]", &config, &mut problems);
        problems.join("\n")
    }

    #[test]
    fn good_workflows_pass() {
        let text = r#"
            [[workflows]]
            id = "new-bugs"
            description = "Tell me of new bugs"
            defaultEnabled = true
            inputs = [
                { id = "project", title = "Project", type = "dynamic_enum", source = "projects", required = true },
                { id = "severity", title = "Severity", type = "enum", defaultValue = "1", values = [{ label = "Any", value = "1" }] },
                { id = "limit", title = "At most", type = "number", defaultValue = 5 },
            ]
        "#;
        assert_eq!(problems(text), "");
    }

    #[test]
    fn wrong_ones_are_named_with_their_place() {
        let cases = [
            (
                "[[workflows]]\nid = \"a b\"\ndescription = \"x\"",
                "`projects[0].workflows[0]` at `/id`: must be 1 to 64 letters",
            ),
            (
                "[[workflows]]\nid = \"a\"\ndescription = \" \"",
                "`projects[0].workflows[0]` at `/description`: is empty",
            ),
            (
                "[[workflows]]\nid = \"a\"\ndescription = \"x\"\n[[workflows]]\nid = \"a\"\ndescription = \"x\"",
                "`projects[0].workflows[1].id`: `a` appears twice",
            ),
            (
                "[[workflows]]\nid = \"a\"\ndescription = \"x\"\ninputs = [{ id = \"i\", title = \"I\", type = \"enum\" }]",
                "an `enum` needs `values`",
            ),
            (
                "[[workflows]]\nid = \"a\"\ndescription = \"x\"\ninputs = [{ id = \"i\", title = \"I\", type = \"dynamic_enum\", source = \"moons\" }]",
                "one of projects,",
            ),
            (
                "[[workflows]]\nid = \"a\"\ndescription = \"x\"\ninputs = [{ id = \"i\", title = \"I\", type = \"field_mapping\" }]",
                "a `field_mapping` needs a `source`",
            ),
            (
                "[[workflows]]\nid = \"a\"\ndescription = \"x\"\ninputs = [{ id = \"i\", title = \"I\", type = \"text\", source = \"projects\" }]",
                "`source` belongs to",
            ),
            (
                "[[workflows]]\nid = \"a\"\ndescription = \"x\"\ninputs = [{ id = \"i\", title = \"I\", type = \"number\", defaultValue = \"5\" }]",
                "`projects[0].workflows[0].inputs[0].defaultValue` must be a number",
            ),
        ];
        let steps = r#"
            [[workflows]]
            id = "a"
            description = "x"
            trigger = { type = "appEvent", event = "E" }
            [[workflows.steps]]
            id = "1"
            do = { type = "action", action = "AZURE_DEVOPS_DELETE_WORKITEM", parameters = { id = "{{trigger.output.id}}", permanet = "{{secrets.KEYS}}" } }
        "#;
        for expected in [
            "`projects[0].workflows[0]` at `/steps/0/do/parameters/permanet` (step `1`): is unknown",
            "the project has no secret `KEYS`; did you mean `KEY`?",
        ] {
            assert!(problems(steps).contains(expected), "{}", problems(steps));
        }
        let file = "workflow_files = [\"no-such-file.json\"]";
        assert!(
            problems(file)
                .contains("`projects[0].workflow_files[0]`: `no-such-file.json` cannot be read")
        );
        for (text, expected) in cases {
            assert!(problems(text).contains(expected), "{}", problems(text));
        }
    }
}
