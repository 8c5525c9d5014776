//! Checks the workflows and settings that an operator wrote down.

use std::collections::HashSet;

use crate::azure_devops::field_sources::SOURCES;
use crate::workflow::{Input, InputKind, Workflow};

/// Checks the workflows of a project; `place` names the project.
pub(super) fn check_workflows(place: &str, workflows: &[Workflow], problems: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for (index, workflow) in workflows.iter().enumerate() {
        let place = format!("{place}.workflows[{index}]");
        check_id(&format!("{place}.id"), &workflow.id, &mut seen, problems);
        if workflow.description.trim().is_empty() {
            problems.push(format!(
                "`{place}.description` is empty: write what users read as its name"
            ));
        }
        check_inputs(&format!("{place}.inputs"), &workflow.inputs, problems);
    }
}

/// Checks a list of inputs; `place` names the list.
pub(super) fn check_inputs(place: &str, inputs: &[Input], problems: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for (index, input) in inputs.iter().enumerate() {
        let place = format!("{place}[{index}]");
        check_id(&format!("{place}.id"), &input.id, &mut seen, problems);
        if let Err(problem) = check_kind(input) {
            problems.push(format!("`{place}`: {problem}"));
        } else if let Some(Err(problem)) =
            input.default_value.as_ref().map(|value| input.check(value))
        {
            problems.push(format!("`{place}.default_value` {problem}"));
        }
    }
}

fn check_id<'a>(place: &str, id: &'a str, seen: &mut HashSet<&'a str>, problems: &mut Vec<String>) {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if id.is_empty() || id.len() > 64 || !id.bytes().all(good) {
        problems.push(format!(
            "`{place}` is `{id}`: use 1 to 64 letters, digits, `-` or `_`"
        ));
    }
    if !seen.insert(id) {
        problems.push(format!("`{place}`: `{id}` stands twice"));
    }
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
        _ => {}
    }
    let takes_values = matches!(input.kind, InputKind::Enum | InputKind::CustomDropdown);
    if !takes_values && !input.values.is_empty() {
        return Err("`values` belong to an `enum` or a `custom_dropdown`".into());
    }
    let takes_source = matches!(
        input.kind,
        InputKind::DynamicEnum | InputKind::CustomDropdown
    );
    if !takes_source && source.is_some() {
        return Err("`source` belongs to a `dynamic_enum` or a `custom_dropdown`".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(toml: &str) -> String {
        use figment::providers::{Format as _, Toml};
        let workflows: Vec<Workflow> = figment::Figment::from(Toml::string(toml))
            .extract_inner("workflows")
            .expect("workflows");
        let mut problems = Vec::new();
        check_workflows("projects[0]", &workflows, &mut problems);
        problems.join("\n")
    }

    #[test]
    fn good_workflows_pass() {
        let text = r#"
            [[workflows]]
            id = "new-bugs"
            description = "Tell me of new bugs"
            default_enabled = true
            inputs = [
                { id = "project", title = "Project", type = "dynamic_enum", source = "projects", required = true },
                { id = "severity", title = "Severity", type = "enum", default_value = "1", values = [{ label = "Any", value = "1" }] },
                { id = "limit", title = "At most", type = "number", default_value = 5 },
            ]
        "#;
        assert_eq!(problems(text), "");
    }

    #[test]
    fn wrong_ones_are_named_with_their_place() {
        let cases = [
            (
                "[[workflows]]\nid = \"a b\"\ndescription = \"x\"",
                "`projects[0].workflows[0].id` is `a b`",
            ),
            (
                "[[workflows]]\nid = \"a\"\ndescription = \" \"",
                "`projects[0].workflows[0].description` is empty",
            ),
            (
                "[[workflows]]\nid = \"a\"\ndescription = \"x\"\n[[workflows]]\nid = \"a\"\ndescription = \"x\"",
                "`projects[0].workflows[1].id`: `a` stands twice",
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
                "[[workflows]]\nid = \"a\"\ndescription = \"x\"\ninputs = [{ id = \"i\", title = \"I\", type = \"text\", source = \"projects\" }]",
                "`source` belongs to",
            ),
            (
                "[[workflows]]\nid = \"a\"\ndescription = \"x\"\ninputs = [{ id = \"i\", title = \"I\", type = \"number\", default_value = \"5\" }]",
                "`projects[0].workflows[0].inputs[0].default_value` must be a number",
            ),
        ];
        for (text, expected) in cases {
            assert!(problems(text).contains(expected), "{}", problems(text));
        }
    }
}
