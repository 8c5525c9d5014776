//! The checks of steps.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::found::{Found, Given};
use super::known::{Known, types};
use super::texts::{holds_reference, is_alone, wanted};
use super::visible::Visible;
use super::{Catalog, ID_RULE, MAX_PROBLEMS, Problem, shortened};
use crate::condition::Condition;
use crate::definition::{Method, Step, Work, Workflow};
use crate::fields::{Fields, below};
use crate::json_schema::{Rules, faults, with_texts_read};
use crate::reference::{RESERVED, Reference, is_step_id};
use crate::template::Template;
use crate::trigger::Trigger;
use crate::{TRIGGER, hint};

/// Goes through a definition and collects what is wrong.
pub(super) struct Checker<'a> {
    pub(super) workflow: &'a Workflow,
    pub(super) catalog: &'a dyn Catalog,
    seen: HashSet<&'a str>,
    step: Option<&'a str>,
    problems: Vec<Problem>,
    found: Found<'a>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(workflow: &'a Workflow, catalog: &'a dyn Catalog) -> Self {
        Self {
            workflow,
            catalog,
            seen: HashSet::new(),
            step: None,
            problems: Vec::new(),
            found: Found::default(),
        }
    }

    pub(super) fn finish(self) -> (Vec<Problem>, Found<'a>) {
        (self.problems, self.found)
    }

    pub(super) fn problem(&mut self, path: &str, message: impl Into<String>) {
        self.at(path, None, message);
    }

    pub(super) fn at(&mut self, path: &str, position: Option<usize>, message: impl Into<String>) {
        if self.is_full() {
            return;
        }
        self.problems.push(Problem {
            path: shortened(path.to_owned()),
            step: self.step.map(|step| shortened(step.to_owned())),
            position,
            message: shortened(message.into()),
        });
    }

    /// Whether nothing more is told: then nothing more needs to be found out.
    fn is_full(&self) -> bool {
        self.problems.len() >= MAX_PROBLEMS
    }

    /// Checks steps that run one after another; they stay visible behind.
    pub(super) fn list(&mut self, steps: &'a [Step], path: &str, visible: &mut Visible<'a>) {
        for (at, step) in steps.iter().enumerate() {
            let path = format!("{path}/{at}");
            let outer = self.step.replace(&step.id);
            self.id(&step.id, &path);
            self.found.places.push((path.clone(), visible.roots()));
            let output = self.work(step, &path, visible);
            let output = if step.continue_on_error {
                Known::NOTHING
            } else {
                output
            };
            self.found.known.push((Given::Output(step), output.clone()));
            visible.add(&step.id, output);
            self.step = outer;
        }
    }

    fn id(&mut self, id: &'a str, path: &str) {
        let path = format!("{path}/id");
        if !is_step_id(id) {
            self.problem(&path, ID_RULE);
        }
        if RESERVED.contains(&id) || id == TRIGGER {
            self.problem(
                &path,
                format!("`{id}` is reserved in references; use another ID"),
            );
        }
        if !self.seen.insert(id) {
            self.problem(&path, format!("`{id}` is already the ID of another step"));
        }
    }

    fn work(&mut self, step: &'a Step, path: &str, visible: &Visible<'a>) -> Known {
        match &step.work {
            Work::Action { action, parameters } => self.action(action, parameters, path, visible),
            Work::IntegrationRequest {
                method,
                path: target,
                body,
                ..
            } => {
                if !target.starts_with('/') && !target.starts_with("{{") {
                    self.problem(&format!("{path}/do/path"), "must begin with `/`");
                }
                self.request(*method, ("path", target), &Map::new(), body, path, visible)
            }
            Work::Request {
                method,
                url,
                headers,
                body,
            } => {
                if !url.starts_with("https://") && !url.starts_with("{{") {
                    self.problem(&format!("{path}/do/url"), "must begin with `https://`");
                }
                self.request(*method, ("url", url), headers, body, path, visible)
            }
            Work::Conditional {
                branches,
                otherwise,
            } => {
                for (at, branch) in branches.iter().enumerate() {
                    let path = format!("{path}/do/branches/{at}");
                    self.condition(&branch.when, &format!("{path}/when"), visible);
                    self.list(
                        &branch.steps,
                        &format!("{path}/steps"),
                        &mut visible.clone(),
                    );
                }
                self.list(
                    otherwise,
                    &format!("{path}/do/otherwise"),
                    &mut visible.clone(),
                );
                Known::of(
                    serde_json::json!({"type": "object", "properties": {"branch": {"type": "integer"}}}),
                )
            }
            Work::FanOut { over, steps, .. } => {
                let list = self.list_of(over, &format!("{path}/do/over"), visible);
                let mut inside = visible.clone();
                self.found.known.push((Given::Item(step), list.entry()));
                inside.enter(&step.id, list.entry());
                self.list(steps, &format!("{path}/do/steps"), &mut inside);
                Known::NOTHING.list()
            }
            Work::Delay { amount, .. } => {
                self.amount(amount, &format!("{path}/do/amount"), visible);
                Known::of(serde_json::json!({"type": "object", "additionalProperties": true}))
            }
            Work::Response { body, .. } => {
                if !matches!(self.workflow.trigger, Some(Trigger::Request { .. })) {
                    self.problem(
                        &format!("{path}/do/type"),
                        "only a workflow with the trigger `request` can respond",
                    );
                }
                self.fields(body, &format!("{path}/do/body"), visible, None);
                Known::NOTHING
            }
        }
    }

    fn action(
        &mut self,
        name: &str,
        parameters: &Map<String, Value>,
        path: &str,
        visible: &Visible<'a>,
    ) -> Known {
        let catalog = self.catalog;
        let Some(schema) = catalog.parameters(name) else {
            let message = format!(
                "there is no action `{name}`{}",
                hint(name, catalog.actions())
            );
            self.problem(&format!("{path}/do/action"), message);
            return Known::NOTHING;
        };
        let (value, path) = (
            // As a run reads them.
            with_texts_read(schema, Value::Object(parameters.clone())),
            format!("{path}/do/parameters"),
        );
        let format = |format: &str, text: &str| catalog.check_format(format, text);
        let rules = Rules {
            format: &format,
            is_open: &holds_reference,
        };
        let mut found = faults(schema, &value, &path, rules);
        let holds_any = self.fields(&value, &path, visible, Some(schema));
        if found.is_empty() && !holds_any {
            found = catalog.misfits(name, &value, &path);
        }
        for fault in found {
            self.problem(&fault.path, fault.message);
        }
        catalog
            .output(name)
            .cloned()
            .map_or(Known::NOTHING, Known::of)
    }

    fn request(
        &mut self,
        method: Method,
        (name, target): (&str, &str),
        headers: &Map<String, Value>,
        body: &Value,
        path: &str,
        visible: &Visible<'a>,
    ) -> Known {
        if method == Method::Get && !body.is_null() {
            self.problem(&format!("{path}/do/body"), "a GET has no body");
        }
        for (header, value) in headers {
            if !value.is_string() {
                let path = format!("{path}/do{}", below("/headers", header));
                self.problem(&path, "must be text");
            }
        }
        let fields = serde_json::json!({ name: target, "headers": headers, "body": body });
        self.fields(&fields, &format!("{path}/do"), visible, None);
        Known::of(serde_json::json!({"type": "object", "properties": {
            "status": {"type": "integer"},
            "headers": {"type": "object", "additionalProperties": {"type": "string"}},
            "body": true,
        }}))
    }

    /// Checks the references in `value`; with `schema` also their types. Gives whether there are any.
    pub(super) fn fields(
        &mut self,
        value: &Value,
        path: &str,
        visible: &Visible<'a>,
        schema: Option<&Value>,
    ) -> bool {
        let fields = match Fields::parse(value, "") {
            Ok(fields) => fields,
            Err(errors) => {
                for error in errors {
                    let place = format!("{path}{}", error.path);
                    self.at(&place, Some(error.position), error.error.message);
                }
                return true;
            }
        };
        let mut holds_any = false;
        fields.each_text("", &mut |template, below| {
            let mut references = template.references().peekable();
            if references.peek().is_none() || self.is_full() {
                return;
            }
            holds_any = true;
            let place = format!("{path}{below}");
            let wanted = schema.and_then(|schema| wanted(schema, below));
            let is_alone = template.alone().is_some();
            for (reference, position) in references {
                if self.is_full() {
                    return;
                }
                match visible.types(reference, self.catalog) {
                    Err(reason) => self.at(
                        &place,
                        Some(position),
                        format!("`{{{{{reference}}}}}`: {reason}"),
                    ),
                    Ok(types) if is_alone => self.fit(&place, reference, &types, wanted),
                    Ok(_) => self.fit(&place, reference, &["string"], wanted),
                }
            }
        });
        holds_any
    }

    fn fit<T: AsRef<str>>(
        &mut self,
        path: &str,
        reference: &Reference,
        given: &[T],
        wanted: Option<&Value>,
    ) {
        let wanted = wanted.map(types).unwrap_or_default();
        let given: Vec<&str> = given.iter().map(AsRef::as_ref).collect();
        let fits = |name: &&str| {
            wanted.contains(name)
                || (matches!(*name, "integer" | "number")
                    && wanted
                        .iter()
                        .any(|name| matches!(*name, "integer" | "number")))
        };
        if !wanted.is_empty() && !given.is_empty() && !given.iter().any(fits) {
            let message = format!(
                "must be {}; with `{{{{{reference}}}}}` it is {}",
                wanted.join(" or "),
                given.join(" or ")
            );
            self.problem(path, message);
        }
    }

    fn condition(&mut self, condition: &Condition, path: &str, visible: &Visible<'a>) {
        for (at, group) in condition.any.iter().enumerate() {
            for (inner, comparison) in group.all.iter().enumerate() {
                let path = format!("{path}/any/{at}/all/{inner}");
                self.fields(&comparison.left, &format!("{path}/left"), visible, None);
                self.fields(&comparison.right, &format!("{path}/right"), visible, None);
                let operator = comparison.operator;
                if operator.needs_right() && comparison.right.is_null() {
                    let message =
                        format!("is missing: `{}` compares with something", operator.name());
                    self.problem(&format!("{path}/right"), message);
                }
            }
        }
    }

    fn list_of(&mut self, over: &str, path: &str, visible: &Visible<'a>) -> Known {
        let Some(reference) = Template::parse(over)
            .ok()
            .and_then(|one| one.alone().cloned())
        else {
            self.problem(
                path,
                "must be a single reference, such as `{{1.output.workItems}}`",
            );
            return Known::NOTHING;
        };
        match visible.known(&reference, self.catalog) {
            Err(reason) => {
                self.at(path, Some(0), format!("`{{{{{reference}}}}}`: {reason}"));
                Known::NOTHING
            }
            Ok(known) => {
                if !known.types().is_empty() && !known.types().contains(&"array") {
                    self.problem(
                        path,
                        format!(
                            "must be a list; `{{{{{reference}}}}}` is {}",
                            known.types().join(" or ")
                        ),
                    );
                }
                known
            }
        }
    }

    fn amount(&mut self, amount: &Value, path: &str, visible: &Visible<'a>) {
        let is_good = match amount {
            Value::Number(number) => number.as_f64().is_some_and(|number| number >= 0.0),
            Value::String(text) => is_alone(text),
            _ => false,
        };
        if !is_good {
            self.problem(path, "must be a number from 0, or a single reference");
        }
        let number = serde_json::json!({"type": "number"});
        self.fields(amount, path, visible, Some(&number));
    }
}
