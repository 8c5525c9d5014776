//! Rules of work item types: which values a save may leave behind.

use serde_json::{Value, json};

use super::super::errors::{ApiError, BrokenRule, rules_broken, wit};
use super::super::fields::{self, Field, Kind};
use super::super::model::{Fields, Node, Project};
use super::super::process::TypeDefinition;
use super::draft::Draft;
use super::values::{convert, rule, tags};
use crate::directory::Person;

/// May be set by those who bypass the rules.
const BYPASSED: &[&str] = &[
    "System.CreatedDate",
    "System.CreatedBy",
    "System.ChangedDate",
    "System.ChangedBy",
];

/// What the rules are checked against.
pub(crate) struct Rules<'a> {
    pub(crate) project: &'a Project,
    pub(crate) definition: &'static TypeDefinition,
    pub(crate) people: &'a [Person],
    pub(crate) members: &'a [uuid::Uuid],
    pub(crate) bypasses: bool,
}

impl Rules<'_> {
    /// Checks and normalizes the changed fields of a draft.
    ///
    /// # Errors
    /// The full rule violation, TF401347 for a wrong path, VS403426 for an identity given as an object.
    pub(crate) fn check(&self, old: &Fields, draft: &mut Draft) -> Result<(), ApiError> {
        let mut broken = Vec::new();
        let changed: Vec<(String, Value)> = draft
            .fields
            .iter()
            .filter(|(name, value)| old.get(*name) != Some(value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for (name, value) in changed {
            let Some(field) = fields::find(&name) else {
                continue;
            };
            match self.normalize(field, value)? {
                Ok(value) => {
                    draft.fields.insert(name, value);
                }
                Err(rule) => broken.push(rule),
            }
        }
        for name in old
            .keys()
            .filter(|name| fields::find(name).is_some_and(|field| field.read_only))
        {
            if !draft.fields.contains_key(name) {
                broken.push(rule(name, "ReadOnly", "readOnly", 64));
            }
        }
        self.check_state(old, draft, &mut broken);
        if !self.bypasses
            && draft
                .fields
                .get("System.Title")
                .and_then(Value::as_str)
                .is_none_or(|title| title.trim().is_empty())
        {
            broken.push(rule(
                "System.Title",
                "Required, InvalidEmpty",
                "required, invalidEmpty",
                524_289,
            ));
        }
        if broken.is_empty() {
            Ok(())
        } else {
            Err(rules_broken(&broken))
        }
    }

    fn check_state(&self, old: &Fields, draft: &mut Draft, broken: &mut Vec<BrokenRule>) {
        let text = |fields: &Fields, name: &str| {
            fields
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let (from, to) = (
            text(old, "System.State"),
            text(&draft.fields, "System.State"),
        );
        match self.definition.state(&to) {
            None => broken.push(rule(
                "System.State",
                "HasValues, LimitedToValues, AllowsOldValue, InvalidListValue",
                "hasValues, limitedToValues, allowsOldValue, invalidListValue",
                131_115,
            )),
            Some(_)
                if !self.bypasses && !from.is_empty() && !self.definition.allows(&from, &to) =>
            {
                broken.push(rule(
                    "System.State",
                    "InvalidTransition",
                    "invalidListValue",
                    131_115,
                ));
            }
            Some(state) => {
                draft
                    .fields
                    .insert("System.State".into(), json!(state.name));
            }
        }
        if text(old, "System.WorkItemType") != text(&draft.fields, "System.WorkItemType")
            && !old.is_empty()
        {
            broken.push(rule("System.WorkItemType", "ReadOnly", "readOnly", 64));
        }
        if text(old, "System.TeamProject") != text(&draft.fields, "System.TeamProject")
            && !old.is_empty()
        {
            broken.push(rule("System.TeamProject", "ReadOnly", "readOnly", 64));
        }
    }

    /// The value in the form it is kept in, or the rule it breaks.
    fn normalize(
        &self,
        field: &Field,
        value: Value,
    ) -> Result<Result<Value, BrokenRule>, ApiError> {
        let may_write =
            !field.read_only || (self.bypasses && BYPASSED.contains(&field.reference_name));
        if !may_write {
            return Ok(Err(rule(field.reference_name, "ReadOnly", "readOnly", 64)));
        }
        let value = match field.kind {
            Kind::Identity => self.identity(field, &value)?,
            Kind::TreePath => Ok(json!(self.tree_path(field, &value)?)),
            Kind::Tags => tags(field, &value),
            kind => convert(field, kind, value),
        };
        Ok(value.and_then(|value| self.check_list(field, value)))
    }

    fn check_list(&self, field: &Field, value: Value) -> Result<Value, BrokenRule> {
        let allowed = fields::allowed_values(field.reference_name);
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        if self.bypasses || allowed.is_empty() {
            return Ok(value);
        }
        match allowed.iter().find(|one| one.eq_ignore_ascii_case(&text)) {
            Some(one) if value.is_string() => Ok(json!(one)),
            Some(_) => Ok(value),
            None => Err(rule(
                field.reference_name,
                "HasValues, LimitedToValues, InvalidListValue",
                "hasValues, limitedToValues, invalidListValue",
                131_107,
            )),
        }
    }

    fn identity(
        &self,
        field: &Field,
        value: &Value,
    ) -> Result<Result<Value, BrokenRule>, ApiError> {
        let Some(text) = value.as_str() else {
            let text = format!(
                "VS403426: The value of field {} must be the text of an identity.",
                field.reference_name
            );
            return Err(ApiError::Binding(text));
        };
        let found = self
            .people
            .iter()
            .find(|person| self.members.contains(&person.id) && person.is_called(text));
        Ok(found
            .map(|person| json!(person.id))
            .ok_or_else(|| BrokenRule {
                message: format!(
                    "The identity value '{text}' for field '{}' is an unknown identity.",
                    field.name
                ),
                ..rule(
                    field.reference_name,
                    "InvalidIdentity",
                    "invalidListValue",
                    131_115,
                )
            }))
    }

    /// The path in the tree's own spelling.
    fn tree_path(&self, field: &Field, value: &Value) -> Result<String, ApiError> {
        let text = value.as_str().unwrap_or_default();
        let tree = if field.reference_name == "System.AreaPath" {
            &self.project.areas
        } else {
            &self.project.iterations
        };
        spelled(tree, text).ok_or_else(|| {
            wit(
                400,
                "WorkItemFieldInvalidTreeNameException",
                format!(
                    "TF401347: Invalid tree name given for work item {text}, field '{}'.",
                    field.reference_name
                ),
            )
        })
    }
}

fn spelled(tree: &Node, path: &str) -> Option<String> {
    tree.at(path)?;
    let mut node = tree;
    let mut names = vec![node.name.clone()];
    for part in path.split('\\').skip(1) {
        node = node
            .children
            .iter()
            .find(|child| child.name.eq_ignore_ascii_case(part))?;
        names.push(node.name.clone());
    }
    Some(names.join("\\"))
}
