//! What the variable menu of an editor offers: every value that can be referred to, with its type and a sample.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::Catalog;
use super::found::{Found, Given};
use super::known::types;

use super::visible::Visible;
use crate::TRIGGER;
use crate::definition::{Step, Work, Workflow};
use crate::reference::{Reference, Root, Segment};
use crate::template::Template;

/// Levels below the root of a group.
const MAX_DEPTH: usize = 6;
/// Variables of one group.
const MAX_VARIABLES: usize = 400;
/// Characters of a sample.
const MAX_SAMPLE: usize = 120;

/// Values that have a root in common.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "VariableGroup")]
pub struct Group {
    /// How its references begin: `find.output`, `each.item`, `settings`, `user`, `secrets`.
    pub root: String,
    /// Name for people.
    pub title: String,
    /// Where its values come from.
    pub kind: GroupKind,
    /// The values, the outer before the inner.
    pub variables: Vec<Variable>,
}

/// Where the values of a group come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum GroupKind {
    /// What started the run.
    Trigger,
    /// A step.
    Step,
    /// The entry of a fan-out.
    Item,
    /// What users filled in.
    Settings,
    /// Who the user is.
    User,
    /// Secrets of the project.
    Secrets,
}

/// One value that can be referred to.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    /// What stands between the braces.
    pub reference: String,
    /// Names of its types; empty if they are not known.
    pub types: Vec<String>,
    /// Name for people, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A value that it had, as text and shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
}

/// Every group of a definition.
pub(super) fn groups(
    workflow: &Workflow,
    catalog: &dyn Catalog,
    found: &Found<'_>,
    samples: &BTreeMap<String, Value>,
) -> Vec<Group> {
    let visible = Visible::new(workflow);
    let mut samples = samples.clone();
    let mut groups = Vec::new();
    if let (Some(trigger), Some(known)) = (&workflow.trigger, visible.trigger()) {
        if let Some(sample) = trigger.sample_output() {
            samples.insert(TRIGGER.into(), sample);
        }
        let root = Reference::to(Root::Output(TRIGGER.into()));
        let mut list = List::default();
        list.add(&root, known.schema(), samples.get(TRIGGER), 0);
        groups.push(list.group(&root, "Trigger".into(), GroupKind::Trigger));
    }
    for (given, known) in &found.known {
        let (step, root, kind) = match given {
            Given::Output(step) => (step, Root::Output(step.id.clone()), GroupKind::Step),
            Given::Item(step) => (step, Root::Item(step.id.clone()), GroupKind::Item),
        };
        let sample = match given {
            Given::Output(step) => samples.get(&step.id).cloned(),
            Given::Item(step) => first_entry(step, &samples),
        };
        let root = Reference::to(root);
        let mut list = List {
            names: field_names(step),
            ..List::default()
        };
        list.add(&root, known.schema(), sample.as_ref(), 0);
        if kind == GroupKind::Item {
            list.push(
                &Reference::to(Root::Index(step.id.clone())),
                &["integer"],
                Some(&json!(0)),
            );
        }
        let title = step.title.clone().unwrap_or_else(|| step.id.clone());
        groups.push(list.group(&root, title, kind));
    }
    groups.push(settings(workflow, catalog));
    groups.push(user());
    groups.push(secrets(catalog));
    groups.retain(|group| !group.variables.is_empty());
    groups
}

/// The first entry of the list that a fan-out goes over, as far as samples tell.
fn first_entry(step: &Step, samples: &BTreeMap<String, Value>) -> Option<Value> {
    let Work::FanOut { over, .. } = &step.work else {
        return None;
    };
    let reference = Template::parse(over).ok()?.alone()?.clone();
    let Root::Output(id) = &reference.root else {
        return None;
    };
    let mut value = samples.get(id)?;
    for segment in &reference.path {
        value = match segment {
            Segment::Index(index) => value.get(index)?,
            Segment::Name(name) => value.get(name)?,
        };
    }
    value.get(0).cloned()
}

/// Names of the fields that an action is asked for, or that it writes: its answer has them.
fn field_names(step: &Step) -> Vec<String> {
    let Work::Action { parameters, .. } = &step.work else {
        return Vec::new();
    };
    match parameters.get("fields") {
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Some(Value::Object(fields)) => fields.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

fn settings(workflow: &Workflow, catalog: &dyn Catalog) -> Group {
    let root = Reference::to(Root::Settings);
    let visible = Visible::new(workflow);
    let known = visible.settings(catalog);
    let mut list = List::default();
    for input in catalog.shared_inputs().iter().chain(&workflow.inputs) {
        let name = Segment::Name(input.id.clone());
        let schema = known
            .schema()
            .map(|schema| &schema["properties"][&input.id]);
        let types = schema.map(types).unwrap_or_default();
        list.push(&root.below(name), &types, input.default_value.as_ref());
        if let Some(variable) = list.variables.last_mut() {
            variable.title = Some(input.title.clone());
        }
    }
    list.group(&root, "Settings".into(), GroupKind::Settings)
}

fn user() -> Group {
    let mut list = List::default();
    list.push(&Reference::to(Root::UserId), &["string"], None);
    list.push(&Reference::to(Root::UserMeta), &["object"], None);
    Group {
        root: "user".into(),
        title: "User".into(),
        kind: GroupKind::User,
        variables: list.variables,
    }
}

fn secrets(catalog: &dyn Catalog) -> Group {
    let mut list = List::default();
    for name in catalog.secrets() {
        list.push(&Reference::to(Root::Secret(name.into())), &["string"], None);
    }
    Group {
        root: "secrets".into(),
        title: "Secrets".into(),
        kind: GroupKind::Secrets,
        variables: list.variables,
    }
}

#[derive(Default)]
struct List {
    names: Vec<String>,
    variables: Vec<Variable>,
}

impl List {
    fn group(self, root: &Reference, title: String, kind: GroupKind) -> Group {
        Group {
            root: root.to_string(),
            title,
            kind,
            variables: self.variables,
        }
    }

    fn push(&mut self, reference: &Reference, types: &[&str], sample: Option<&Value>) {
        self.variables.push(Variable {
            reference: reference.to_string(),
            types: types.iter().map(|name| (*name).to_owned()).collect(),
            title: None,
            sample: sample.map(shortened),
        });
    }

    /// Adds a value and what is in it.
    fn add(
        &mut self,
        reference: &Reference,
        schema: Option<&Value>,
        sample: Option<&Value>,
        depth: usize,
    ) {
        if self.variables.len() >= MAX_VARIABLES {
            return;
        }
        let mut known = schema.map(types).unwrap_or_default();
        if known.is_empty() {
            known.extend(sample.and_then(type_of));
        }
        self.push(reference, &known, sample);
        if depth == MAX_DEPTH {
            return;
        }
        for (segment, schema, sample) in self.parts(reference, schema, sample) {
            self.add(&reference.below(segment), schema, sample, depth + 1);
        }
    }

    fn parts<'v>(
        &self,
        reference: &Reference,
        schema: Option<&'v Value>,
        sample: Option<&'v Value>,
    ) -> Vec<(Segment, Option<&'v Value>, Option<&'v Value>)> {
        let items = schema
            .map(|schema| &schema["items"])
            .filter(|items| items.is_object());
        let first = sample.and_then(|sample| sample.as_array()?.first());
        if items.is_some() || first.is_some() {
            return vec![(Segment::Index(0), items, first)];
        }
        let properties = schema.and_then(|schema| schema["properties"].as_object());
        let inside = schema
            .map(|schema| &schema["additionalProperties"])
            .filter(|inside| inside.is_object());
        let values = sample.and_then(Value::as_object);
        let mut names: Vec<&str> = properties
            .into_iter()
            .flat_map(|properties| properties.keys().map(String::as_str))
            .collect();
        let is_open = properties.is_none();
        let is_fields =
            matches!(reference.path.last(), Some(Segment::Name(name)) if name == "fields");
        let wanted = self.names.iter().filter(|_| is_fields && is_open);
        let sampled = values.into_iter().flat_map(serde_json::Map::keys);
        for name in wanted.chain(sampled) {
            // More are not listed, and each is compared with those before it.
            if names.len() >= MAX_VARIABLES {
                break;
            }
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let owned = |name: &str| Segment::Name(name.to_owned());
        names
            .into_iter()
            .map(|name| {
                let schema = properties
                    .and_then(|properties| properties.get(name))
                    .filter(|schema| schema.is_object())
                    .or(inside);
                (
                    owned(name),
                    schema,
                    values.and_then(|values| values.get(name)),
                )
            })
            .collect()
    }
}

/// The name of a value's type in JSON Schema; none for null, which tells nothing.
fn type_of(sample: &Value) -> Option<&'static str> {
    Some(match sample {
        Value::Null => return None,
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}

fn shortened(sample: &Value) -> String {
    let text = match sample {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= MAX_SAMPLE {
        return text;
    }
    text.chars().take(MAX_SAMPLE).chain(['…']).collect()
}
