//! The fields of a step with their values filled in.

use paragon_workflow::{Fields, Root, Template, as_text};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::projects::Project;
use paragon_workflow::{StepError, Task};

/// A task's fields with their values: as history shows them, and as they are used. They differ in the secrets.
pub fn inputs(task: &Task, project: &Project) -> Result<(Value, Value), StepError> {
    let (fields, values) = match task {
        Task::Action {
            parameters, values, ..
        } => (parameters, values),
        Task::Response { body, values, .. } => (body, values),
        Task::IntegrationRequest { fields, values, .. } | Task::Request { fields, values, .. } => {
            (fields, values)
        }
        Task::Note => return Ok((Value::Null, Value::Null)),
    };
    let encoded = encoded(task);
    let parsed = Fields::parse(fields, "")
        .map_err(|_| StepError::new("internal", "a field that is not understood"))?;
    let fill = |is_shown: bool| {
        let mut values = values.iter().enumerate();
        let filled = parsed.fill("", &mut |reference| {
            let (at, value) = values
                .next()
                .map_or((0, Value::Null), |(at, value)| (at, value.clone()));
            let value = match &reference.root {
                Root::Secret(_) if is_shown => Value::String(format!("{{{{{reference}}}}}")),
                Root::Secret(name) => secret(project, name)?,
                _ => value,
            };
            Ok::<_, String>(if encoded.contains(&at) {
                percent_encoded(&value)
            } else {
                value
            })
        });
        filled.map_err(|error| {
            StepError::new(
                "reference_unresolved",
                format!("`{}`: {}", error.path, error.error),
            )
        })
    };
    Ok((fill(true)?, fill(false)?))
}

fn secret(project: &Project, name: &str) -> Result<Value, String> {
    let secret = project.secrets.get(name);
    secret
        .map(|secret| Value::String(secret.expose_secret().to_owned()))
        .ok_or_else(|| format!("the project has no secret `{name}`"))
}

/// Which references, by their number, stand inside a path or address: their values must not lead elsewhere. One at the
/// beginning is the address itself.
fn encoded(task: &Task) -> std::ops::Range<usize> {
    let target = match task {
        Task::IntegrationRequest { fields, .. } => &fields["path"],
        Task::Request { fields, .. } => &fields["url"],
        Task::Action { .. } | Task::Response { .. } | Task::Note => return 0..0,
    };
    let template = target
        .as_str()
        .and_then(|text| Template::parse(text).ok())
        .unwrap_or_default();
    let positions: Vec<_> = template
        .references()
        .map(|(_, position)| position)
        .collect();
    let first = usize::from(positions.first() == Some(&0));
    first..positions.len()
}

fn percent_encoded(value: &Value) -> Value {
    Value::String(utf8_percent_encode(&as_text(value), NON_ALPHANUMERIC).to_string())
}
