//! Which values a step may refer to: those of earlier steps on every way to it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, OnceLock};

use serde_json::json;

use super::known::{Known, types};
use super::{Catalog, all_steps, trigger};
use crate::definition::Workflow;
use crate::input::Input;
use crate::reference::{Reference, Root};
use crate::{TRIGGER, hint};

/// What can be referred to at a place of the definition.
#[derive(Debug, Clone)]
pub struct Visible<'a> {
    outputs: BTreeMap<String, Known>,
    items: BTreeMap<String, Known>,
    inputs: &'a [Input],
    all: Arc<HashSet<&'a str>>,
    /// What is known of the settings, once it was asked for.
    settings: Arc<OnceLock<Known>>,
}

impl<'a> Visible<'a> {
    /// What the trigger may refer to.
    pub fn before(workflow: &'a Workflow) -> Self {
        Self {
            outputs: BTreeMap::new(),
            items: BTreeMap::new(),
            inputs: &workflow.inputs,
            all: all_steps(&workflow.steps)
                .iter()
                .map(|step| step.id.as_str())
                .collect::<HashSet<_>>()
                .into(),
            settings: Arc::default(),
        }
    }

    /// What the first step may refer to.
    pub fn new(workflow: &'a Workflow) -> Self {
        let mut visible = Self::before(workflow);
        if let Some(trigger) = &workflow.trigger {
            visible.add(TRIGGER, trigger::output(trigger));
        }
        visible
    }

    /// A step has run.
    pub fn add(&mut self, step: &str, output: Known) {
        self.outputs.insert(step.to_owned(), output);
    }

    /// Inside a fan-out.
    pub fn enter(&mut self, step: &str, item: Known) {
        self.items.insert(step.to_owned(), item);
    }

    /// The roots of references to earlier steps and to entries of fan-outs: `find.output`, `each.item`.
    pub fn roots(&self) -> Vec<String> {
        let outputs = self.outputs.keys().map(|id| format!("{id}.output"));
        let items = self.items.keys().map(|id| format!("{id}.item"));
        outputs.chain(items).collect()
    }

    /// What is known of the trigger's output, if there is a trigger.
    pub fn trigger(&self) -> Option<&Known> {
        self.outputs.get(TRIGGER)
    }

    /// What is known of the value of `reference`.
    ///
    /// # Errors
    /// There can be none: why, and the nearest name.
    pub fn known(&self, reference: &Reference, catalog: &dyn Catalog) -> Result<Known, String> {
        self.root(reference, catalog)?.at(&reference.path)
    }

    /// Names of the types of the value of `reference`; empty if they are not known.
    ///
    /// # Errors
    /// As [`Visible::known`].
    pub fn types(
        &self,
        reference: &Reference,
        catalog: &dyn Catalog,
    ) -> Result<Vec<String>, String> {
        let root = self.root(reference, catalog)?;
        let found = root.look(&reference.path)?.map(types).unwrap_or_default();
        Ok(found.into_iter().map(str::to_owned).collect())
    }

    fn root(&self, reference: &Reference, catalog: &dyn Catalog) -> Result<Cow<'_, Known>, String> {
        let known = match &reference.root {
            Root::Output(id) => {
                let output = self.outputs.get(id);
                return output.map(Cow::Borrowed).ok_or_else(|| self.no_output(id));
            }
            Root::Item(id) => {
                let item = self.items.get(id);
                return item.map(Cow::Borrowed).ok_or_else(|| self.no_item(id));
            }
            Root::Index(id) => {
                self.items.get(id).ok_or_else(|| self.no_item(id))?;
                Known::typed("integer")
            }
            Root::Settings => return Ok(Cow::Borrowed(self.settings(catalog))),
            Root::UserId => Known::typed("string"),
            Root::UserMeta => Known::NOTHING,
            Root::Secret(name) => {
                let secrets = catalog.secrets();
                if !secrets.contains(&name.as_str()) {
                    return Err(format!(
                        "the project has no secret `{name}`{}",
                        hint(name, secrets)
                    ));
                }
                Known::typed("string")
            }
        };
        Ok(Cow::Owned(known))
    }

    fn no_output(&self, id: &str) -> String {
        if self.all.contains(id) {
            return format!(
                "step `{id}` does not run before this one in every branch; only earlier steps can be referenced"
            );
        }
        format!(
            "there is no step `{id}` before this one{}",
            hint(id, self.outputs.keys().map(String::as_str))
        )
    }

    fn no_item(&self, id: &str) -> String {
        let around = self.items.keys().map(String::as_str);
        format!(
            "`{id}` is not a fan-out around this step{}",
            hint(id, around)
        )
    }

    /// What is known of the settings.
    pub fn settings(&self, catalog: &dyn Catalog) -> &Known {
        self.settings.get_or_init(|| {
            let inputs = catalog.shared_inputs().iter().chain(self.inputs);
            let properties: serde_json::Map<_, _> = inputs
                .map(|input| (input.id.clone(), input.schema()))
                .collect();
            Known::of(
                json!({"type": "object", "properties": properties, "additionalProperties": false}),
            )
        })
    }
}
