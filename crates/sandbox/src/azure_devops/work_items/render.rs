//! Work items as they stand in answers.

use jiff::{Timestamp, Unit};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::call::Call;
use super::super::fields::{self, Kind};
use super::super::identity;
use super::super::model::{Fields, Relation, Target, WorkItem};
use super::super::query::choice;
use crate::azure_devops::errors::{ApiError, bad_argument};
use crate::state::State;

/// In the order of their numbers, which some clients send.
const EXPANDS: &[&str] = &["none", "relations", "fields", "links", "all"];

/// What an answer shows of an item.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    pub(crate) has_relations: bool,
    pub(crate) has_links: bool,
    /// Only these fields, when given.
    pub(crate) fields: Option<Vec<String>>,
}

impl View {
    /// The view of `$expand` and `fields`.
    ///
    /// # Errors
    /// 400 for both at once or a value that does not exist; TF51535 for an unknown field.
    pub(crate) fn new(
        expand: Option<&str>,
        fields: Option<Vec<String>>,
        links_by_default: bool,
    ) -> Result<Self, ApiError> {
        let expand = choice(expand.unwrap_or("none"), EXPANDS)?;
        if fields.is_some() && expand != "none" && expand != "links" {
            return Err(bad_argument(
                "The expand parameter can not be used with the fields parameter.",
            ));
        }
        let known = |name: &String| {
            fields::find(name)
                .map(|field| field.reference_name.to_owned())
                .ok_or_else(|| super::super::errors::field_missing(name))
        };
        let fields = fields
            .map(|names| names.iter().map(known).collect::<Result<Vec<_>, _>>())
            .transpose()?;
        Ok(Self {
            has_relations: matches!(expand, "relations" | "all"),
            has_links: links_by_default || matches!(expand, "links" | "all"),
            fields,
        })
    }
}

/// UTC with up to three decimals, trailing zeros dropped.
pub(crate) fn date(at: Timestamp) -> String {
    at.round(Unit::Millisecond).unwrap_or(at).to_string()
}

/// Renders items of one organization.
pub(crate) struct Renderer<'a> {
    pub(crate) call: &'a Call<'a>,
    pub(crate) state: &'a State,
}

impl Renderer<'_> {
    /// A work item.
    pub(crate) fn item(&self, item: &WorkItem, view: &View) -> Value {
        let mut body = self.revision(item, item.rev, &item.fields, view);
        if let Value::Object(body) = &mut body {
            if view.has_relations && !item.relations.is_empty() {
                body.insert("relations".into(), self.relations(&item.relations));
            }
            if view.has_links {
                body.insert("_links".into(), self.links(item));
            }
            let url = body.remove("url").unwrap_or_default();
            body.insert("url".into(), url);
        }
        body
    }

    /// An item as it was in a revision.
    pub(crate) fn revision(
        &self,
        item: &WorkItem,
        rev: i64,
        fields: &Fields,
        view: &View,
    ) -> Value {
        let mut body = Map::new();
        body.insert("id".into(), json!(item.id));
        body.insert("rev".into(), json!(rev));
        body.insert("fields".into(), self.fields(item.id, rev, fields, view));
        if !item.multiline_formats.is_empty() {
            body.insert(
                "multilineFieldsFormat".into(),
                Value::Object(item.multiline_formats.clone()),
            );
        }
        body.insert("url".into(), json!(self.item_url(item)));
        Value::Object(body)
    }

    /// The address of an item within its project.
    pub(crate) fn item_url(&self, item: &WorkItem) -> String {
        self.call.url(&format!(
            "/{}/_apis/wit/workItems/{}",
            item.project, item.id
        ))
    }

    fn fields(&self, id: i64, rev: i64, fields: &Fields, view: &View) -> Value {
        let mut body = Map::new();
        if let Some(names) = &view.fields {
            for name in names {
                let value = match name.as_str() {
                    "System.Id" => Some(json!(id)),
                    "System.Rev" => Some(json!(rev)),
                    _ => fields.get(name).map(|value| self.value(name, value)),
                };
                body.extend(value.map(|value| (name.clone(), value)));
            }
            return Value::Object(body);
        }
        body.extend(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), self.value(name, value))),
        );
        Value::Object(body)
    }

    /// A field's value: identities become objects, or texts for old versions.
    pub(crate) fn value(&self, name: &str, value: &Value) -> Value {
        let is_identity = fields::find(name).is_some_and(|field| field.kind == Kind::Identity);
        let person = is_identity
            .then(|| value.as_str().and_then(|id| Uuid::try_parse(id).ok()))
            .flatten();
        let Some(person) = person else {
            return value.clone();
        };
        if self.has_text_identities() {
            return self
                .state
                .person(person)
                .map_or(Value::Null, |person| json!(person.display()));
        }
        self.identity(person)
    }

    /// Identities are objects from version 4.1 on.
    fn has_text_identities(&self) -> bool {
        let number = self
            .call
            .version
            .text
            .split('-')
            .next()
            .and_then(|text| text.parse::<f32>().ok());
        number.is_some_and(|number| number < 4.05)
    }

    /// The identity object of a person.
    pub(crate) fn identity(&self, person: Uuid) -> Value {
        identity::object(self.call.inner, self.state, &self.call.organization, person)
    }

    /// The links of an item.
    pub(crate) fn relations(&self, relations: &[Relation]) -> Value {
        let row = |relation: &Relation| {
            let mut attributes = relation.attributes.clone();
            if let Some(name) = super::relation_types::name(&relation.rel) {
                attributes.insert("name".into(), json!(name));
            }
            json!({"rel": relation.rel, "url": self.target(&relation.target), "attributes": attributes})
        };
        relations.iter().map(row).collect()
    }

    fn target(&self, target: &Target) -> String {
        match target {
            Target::Item(id) => self.call.url(&format!("/_apis/wit/workItems/{id}")),
            Target::Address(address) => address.clone(),
        }
    }

    fn links(&self, item: &WorkItem) -> Value {
        let url = self.item_url(item);
        let kind = percent_encoding::utf8_percent_encode(
            item.text("System.WorkItemType"),
            percent_encoding::NON_ALPHANUMERIC,
        )
        .to_string();
        let link = |address: String| json!({"href": address});
        json!({
            "self": link(url.clone()),
            "workItemUpdates": link(format!("{url}/updates")),
            "workItemRevisions": link(format!("{url}/revisions")),
            "workItemComments": link(format!("{url}/comments")),
            "html": link(self.call.url(&format!("/{}/_workitems/edit/{}", item.project, item.id))),
            "workItemType": link(self.call.url(&format!("/{}/_apis/wit/workItemTypes/{kind}", item.project))),
            "fields": link(self.call.url(&format!("/{}/_apis/wit/fields", item.project))),
        })
    }
}
