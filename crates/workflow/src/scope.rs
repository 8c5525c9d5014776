//! The values that references of a run stand for.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::nearest::hint;
use super::reference::{Reference, Root, Segment};

/// What is known at a place of a run. Secrets are not in it.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    outputs: BTreeMap<String, Value>,
    items: BTreeMap<String, (usize, Value)>,
    settings: Value,
    user: String,
    meta: Value,
}

/// A reference has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{{{{{reference}}}}}`: {reason}")]
pub struct NoValue {
    /// The reference, as it is written.
    pub reference: String,
    /// Why not, and the nearest name.
    pub reason: String,
}

impl Scope {
    /// The scope of a run's first step.
    pub fn new(trigger: Value, settings: Map<String, Value>, user: String, meta: Value) -> Self {
        Self {
            outputs: BTreeMap::from([(super::TRIGGER.to_owned(), trigger)]),
            items: BTreeMap::new(),
            settings: Value::Object(settings),
            user,
            meta,
        }
    }

    /// Adds what a step gave.
    pub fn set_output(&mut self, step: &str, output: Value) {
        self.outputs.insert(step.to_owned(), output);
    }

    /// Enters an entry of a fan-out.
    pub fn set_item(&mut self, step: &str, index: usize, item: Value) {
        self.items.insert(step.to_owned(), (index, item));
    }

    /// The value of `reference`.
    ///
    /// # Errors
    /// It has none; also for secrets.
    pub fn get(&self, reference: &Reference) -> Result<Value, NoValue> {
        let fail = |reason: String| NoValue {
            reference: reference.to_string(),
            reason,
        };
        let step = |known: &BTreeMap<String, _>, id: &str| {
            let ids: Vec<_> = known.keys().cloned().collect();
            let hint = hint(id, ids.iter().map(String::as_str));
            fail(format!("no step `{id}` has run{hint}"))
        };
        let root = match &reference.root {
            Root::Output(id) => self
                .outputs
                .get(id)
                .ok_or_else(|| step(&self.outputs, id))?,
            Root::Item(id) => self
                .items
                .get(id)
                .map(|(_, item)| item)
                .ok_or_else(|| fail(format!("`{id}` is not a fan-out around this step")))?,
            Root::Index(id) => {
                let entry = self.items.get(id);
                return entry
                    .map(|(index, _)| json!(index))
                    .ok_or_else(|| fail(format!("`{id}` is not a fan-out around this step")));
            }
            Root::Settings => &self.settings,
            Root::UserId => return Ok(Value::String(self.user.clone())),
            Root::UserMeta => &self.meta,
            Root::Secret(_) => return Err(fail("secrets cannot be used here".to_owned())),
        };
        walk(root, &reference.path).map_err(fail)
    }
}

/// The part of `value` at the end of `path`, or why there is none.
fn walk(mut value: &Value, path: &[Segment]) -> Result<Value, String> {
    for segment in path {
        let next = match (segment, value) {
            (Segment::Name(name), Value::Object(members)) => members.get(name).ok_or_else(|| {
                format!(
                    "there is no `{name}`{}",
                    hint(name, members.keys().map(String::as_str))
                )
            }),
            (Segment::Index(index), Value::Array(items)) => entry(items, *index),
            (Segment::Name(name), Value::Array(items)) => match name.parse() {
                Ok(index) => entry(items, index),
                Err(_) => Err(format!(
                    "the value is a list, which has no `{name}`; write `[0]`"
                )),
            },
            (segment, other) => Err(format!(
                "`{segment}` is not possible: the value is {}",
                kind(other)
            )),
        };
        value = next?;
    }
    Ok(value.clone())
}

fn entry(items: &[Value], index: usize) -> Result<&Value, String> {
    items.get(index).ok_or_else(|| match items.len() {
        0 => "the list is empty".to_owned(),
        1 => format!("the list has no `[{index}]`; it has one item, `[0]`"),
        count => format!("the list has no `[{index}]`; it has {count} items, starting at `[0]`"),
    })
}

/// What `value` is, in words.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        let mut scope = Scope::new(
            json!({"contact": {"email": "a@x.test"}}),
            Map::from_iter([("project".to_owned(), json!("Fabrikam"))]),
            "ada".into(),
            json!({"team": "blue"}),
        );
        scope.set_output(
            "1",
            json!({"workItems": [{"id": 7, "fields": {"System.Title": "T"}}]}),
        );
        scope.set_item("each", 2, json!({"x": 1}));
        scope
    }

    fn value(text: &str) -> Result<Value, String> {
        let reference = Reference::parse(text).expect(text);
        scope().get(&reference).map_err(|error| error.to_string())
    }

    #[test]
    fn every_root_has_its_values() {
        let cases = [
            ("trigger.output.contact.email", json!("a@x.test")),
            ("1.output.workItems[0].fields[\"System.Title\"]", json!("T")),
            ("1.output.workItems.0.id", json!(7)),
            ("settings.project", json!("Fabrikam")),
            ("user.id", json!("ada")),
            ("user.meta.team", json!("blue")),
            ("each.item.x", json!(1)),
            ("each.index", json!(2)),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_named_with_the_nearest_name() {
        let cases = [
            (
                "1.output.workItem",
                "`{{1.output.workItem}}`: there is no `workItem`; did you mean `workItems`?",
            ),
            ("1.output.workItems[3]", "it has one item, `[0]`"),
            (
                "1.output.workItems.first",
                "the value is a list, which has no `first`",
            ),
            (
                "1.output.workItems[0].id.x",
                "`.x` is not possible: the value is a number",
            ),
            (
                "triger.output",
                "no step `triger` has run; did you mean `trigger`?",
            ),
            ("1.item", "`1` is not a fan-out around this step"),
            ("secrets.KEY", "secrets cannot be used here"),
        ];
        for (text, message) in cases {
            let error = value(text).expect_err(text);
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
