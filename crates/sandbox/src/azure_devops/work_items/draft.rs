//! A work item while a patch document is applied: a copy, so that a refused document changes nothing.

use serde_json::{Map, Value, json};

use super::super::errors::{ApiError, bad_argument, wit};
use super::super::fields::{self, Kind};
use super::super::model::{Fields, Relation, Target, WorkItem};
use super::patch::{Operation, Path, Verb};
use crate::directory::Person;

/// The copy.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) id: i64,
    pub(crate) rev: i64,
    pub(crate) fields: Fields,
    pub(crate) relations: Vec<Relation>,
    pub(crate) formats: Map<String, Value>,
    /// `System.History`: becomes a comment.
    pub(crate) history: Option<String>,
}

impl Draft {
    /// A copy of an item.
    pub(crate) fn of(item: &WorkItem) -> Self {
        Self {
            id: item.id,
            rev: item.rev,
            fields: item.fields.clone(),
            relations: item.relations.clone(),
            formats: item.multiline_formats.clone(),
            history: None,
        }
    }

    /// Applies all operations in their order.
    ///
    /// # Errors
    /// 412 for a failed test, 400 for an operation that makes no sense.
    pub(crate) fn apply(
        &mut self,
        operations: &[Operation],
        people: &[Person],
    ) -> Result<(), ApiError> {
        operations
            .iter()
            .try_for_each(|operation| self.apply_one(operation, people))
    }

    fn apply_one(&mut self, operation: &Operation, people: &[Person]) -> Result<(), ApiError> {
        let path = &operation.path;
        match &operation.verb {
            Verb::Test => self.test(path, &operation.value, people),
            Verb::Add | Verb::Replace => self.set(
                path,
                operation.value.clone(),
                operation.verb == Verb::Replace,
            ),
            Verb::Remove => self.remove(path),
            Verb::Copy(from) => {
                let value = self.value(from);
                self.set(path, value, false)
            }
            Verb::Move(from) => {
                let value = self.value(from);
                self.remove(from)?;
                self.set(path, value, false)
            }
        }
    }

    fn value(&self, path: &Path) -> Value {
        match path {
            Path::Field("System.Id") | Path::Id => json!(self.id),
            Path::Field("System.Rev") | Path::Rev => json!(self.rev),
            Path::Field(name) => self.fields.get(*name).cloned().unwrap_or_default(),
            Path::Format(name) => self.formats.get(*name).cloned().unwrap_or_default(),
            Path::Attribute(at, name) => self
                .relations
                .get(*at)
                .and_then(|relation| relation.attributes.get(name).cloned())
                .unwrap_or_default(),
            Path::Relation(_) | Path::NewRelation => Value::Null,
        }
    }

    fn test(&self, path: &Path, wanted: &Value, people: &[Person]) -> Result<(), ApiError> {
        let own = self.value(path);
        let same_person = || {
            let Path::Field(name) = path else {
                return false;
            };
            let is_identity = fields::find(name).is_some_and(|field| field.kind == Kind::Identity);
            let person = own
                .as_str()
                .and_then(|id| people.iter().find(|person| person.id.to_string() == id));
            is_identity
                && person.is_some_and(|person| {
                    wanted.as_str().is_some_and(|text| person.is_called(text))
                })
        };
        let same_number = own.as_f64().is_some() && own.as_f64() == wanted.as_f64();
        if own == *wanted || same_number || same_person() {
            return Ok(());
        }
        let place = match path {
            Path::Rev => "/rev".to_owned(),
            Path::Field(name) => format!("/fields/{name}"),
            _ => "the given path".to_owned(),
        };
        Err(wit(
            412,
            "TestPatchOperationFailedException",
            format!("VS403351: Test Operation for path {place} failed."),
        ))
    }

    fn set(&mut self, path: &Path, value: Value, must_exist: bool) -> Result<(), ApiError> {
        match path {
            Path::Field("System.History") => {
                self.history = value
                    .as_str()
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned);
            }
            Path::Field(name) if value.is_null() || value.as_str() == Some("") => {
                self.fields.shift_remove(*name);
            }
            Path::Field(name) => {
                self.fields.insert((*name).to_owned(), value);
            }
            Path::Format(name) => {
                self.formats.insert((*name).to_owned(), value);
            }
            Path::NewRelation if must_exist => {
                return Err(bad_argument(
                    "Relations can only be added or removed at the end of the list.",
                ));
            }
            Path::NewRelation => self.relations.push(relation(&value)?),
            Path::Relation(at) => {
                let fresh = relation(&value)?;
                *self
                    .relations
                    .get_mut(*at)
                    .ok_or_else(|| no_relation(*at))? = fresh;
            }
            Path::Attribute(at, name) => {
                let relation = self
                    .relations
                    .get_mut(*at)
                    .ok_or_else(|| no_relation(*at))?;
                relation.attributes.insert(name.clone(), value);
            }
            Path::Rev | Path::Id => {
                return Err(bad_argument("Only a test is possible on this path."));
            }
        }
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> Result<(), ApiError> {
        match path {
            Path::Field(name) => {
                self.fields.shift_remove(*name);
            }
            Path::Format(name) => {
                self.formats.shift_remove(*name);
            }
            Path::Relation(at) if *at < self.relations.len() => {
                self.relations.remove(*at);
            }
            Path::Relation(at) => return Err(no_relation(*at)),
            Path::Attribute(at, name) => {
                let relation = self
                    .relations
                    .get_mut(*at)
                    .ok_or_else(|| no_relation(*at))?;
                relation.attributes.shift_remove(name);
            }
            Path::NewRelation | Path::Rev | Path::Id => {
                return Err(bad_argument("Nothing can be removed on this path."));
            }
        }
        Ok(())
    }
}

fn no_relation(at: usize) -> ApiError {
    wit(
        400,
        "WorkItemLinkInvalidException",
        format!("TF401324: The work item has no relation at index {at}."),
    )
}

/// Reads the value of an added relation.
fn relation(value: &Value) -> Result<Relation, ApiError> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let (Some(rel), Some(url)) = (text("rel"), text("url")) else {
        return Err(bad_argument("A relation needs 'rel' and 'url'."));
    };
    let known = super::relation_types::find(rel).ok_or_else(|| {
        wit(
            400,
            "WorkItemRelationTypeNotFoundException",
            format!("TF401319: The relation type {rel} does not exist."),
        )
    })?;
    let target = if known.is_item_link {
        let id = url
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .and_then(|id| id.parse().ok());
        Target::Item(id.ok_or_else(|| {
            bad_argument(format!(
                "The relation's address '{url}' names no work item."
            ))
        })?)
    } else {
        Target::Address(url.to_owned())
    };
    let attributes = value
        .get("attributes")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    Ok(Relation {
        rel: known.reference_name.to_owned(),
        target,
        attributes,
    })
}
