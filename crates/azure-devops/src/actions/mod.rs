//! The actions on work items: what they take, which requests they make, how the answers read. Pure: nothing is sent here.

pub mod create;
pub mod delete;
pub mod filter;
mod names;
mod patch;
pub mod repeat;
pub mod request;
mod schema;
pub mod search;
pub mod update;
mod wiql;
pub mod work_item;

use paragon_wire::ErrorDetail;
use paragon_workflow::below;
use paragon_workflow::json_schema::{MAX_FAULTS, Rules, faults as schema_faults, with_texts_read};
use serde_json::Value;

use create::CreateInput;
use delete::DeleteInput;
use patch::{NewRelation, relation_fault};
use search::{MAX_QUERY_CHARS, SearchInput};
use update::UpdateInput;

pub use names::check_format;
pub use request::ProviderRequest;
pub use schema::{Description, descriptions};

/// Which action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// Search.
    Search,
    /// Create.
    Create,
    /// Update.
    Update,
    /// Delete.
    Delete,
}

impl ActionKind {
    /// Every action.
    pub const ALL: &'static [Self] = &[Self::Search, Self::Create, Self::Update, Self::Delete];

    /// Name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Search => "AZURE_DEVOPS_SEARCH_WORKITEMS",
            Self::Create => "AZURE_DEVOPS_CREATE_WORKITEM",
            Self::Update => "AZURE_DEVOPS_UPDATE_WORKITEM",
            Self::Delete => "AZURE_DEVOPS_DELETE_WORKITEM",
        }
    }

    /// The action with this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// An action with an input that was checked.
#[derive(Debug)]
pub enum Action {
    /// Search, and its query.
    Search(Box<SearchInput>, String),
    /// Create.
    Create(CreateInput),
    /// Update.
    Update(UpdateInput),
    /// Delete.
    Delete(DeleteInput),
}

impl Action {
    /// Reads `parameters` whose values come from elsewhere, such as a query, where a number is a text.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn read_filled(
        kind: ActionKind,
        parameters: &Value,
        path: &str,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let parameters = with_texts_read(parameters_schema(kind), parameters.clone());
        Self::read(kind, &parameters, path)
    }

    /// Reads `parameters`, which stand at `path` in the caller's JSON.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn read(
        kind: ActionKind,
        parameters: &Value,
        path: &str,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let rules = Rules {
            format: &check_format,
            ..Rules::NONE
        };
        let mut faults = schema_faults(parameters_schema(kind), parameters, path, rules);
        faults.extend(misfits(kind, parameters, path));
        faults.truncate(MAX_FAULTS);
        if !faults.is_empty() {
            return Err(faults);
        }
        let parameters = parameters.clone();
        let action = match kind {
            ActionKind::Search => {
                let input: SearchInput = typed(parameters, path)?;
                let query = query(&input, path)?;
                Self::Search(Box::new(input), query)
            }
            ActionKind::Create => Self::Create(typed(parameters, path)?),
            ActionKind::Update => Self::Update(typed(parameters, path)?),
            ActionKind::Delete => Self::Delete(typed(parameters, path)?),
        };
        Ok(action)
    }
}

fn parameters_schema(kind: ActionKind) -> &'static Value {
    let mut all = descriptions().iter();
    all.find(|one| one.name == kind.name())
        .map_or(&Value::Null, |one| &one.parameters)
}

/// What has passed the schema is of the type: a test holds them together. If it were not, the caller is told all the same.
fn typed<T: serde::de::DeserializeOwned>(value: Value, path: &str) -> Result<T, Vec<ErrorDetail>> {
    serde_json::from_value(value).map_err(|error| one(path, error.to_string()))
}

fn query(input: &SearchInput, path: &str) -> Result<String, Vec<ErrorDetail>> {
    let query = input
        .query()
        .map_err(|error| one(path, error.to_string()))?;
    let chars = query.chars().count();
    if chars > MAX_QUERY_CHARS {
        let text =
            format!("makes a query of {chars} characters; the provider takes {MAX_QUERY_CHARS}");
        return Err(one(path, text));
    }
    Ok(query)
}

fn one(path: &str, message: String) -> Vec<ErrorDetail> {
    vec![ErrorDetail {
        path: path.to_owned(),
        message,
    }]
}

/// Parts that are right each for itself but do not fit together.
fn misfits(kind: ActionKind, parameters: &Value, path: &str) -> Vec<ErrorDetail> {
    match kind {
        ActionKind::Search => search_misfits(parameters, path),
        ActionKind::Create => relation_misfits(parameters, path),
        ActionKind::Update => {
            let mut found = relation_misfits(parameters, path);
            let is_empty = serde_json::from_value(parameters.clone())
                .is_ok_and(|input: UpdateInput| input.is_empty());
            if is_empty {
                let text = "changes nothing: give `fields`, `relations` or `removeRelations`";
                found.extend(one(path, text.to_owned()));
            }
            found
        }
        ActionKind::Delete => Vec::new(),
    }
}

fn search_misfits(parameters: &Value, path: &str) -> Vec<ErrorDetail> {
    let mut found = Vec::new();
    if !parameters["wiql"].is_null() {
        for other in ["join", "filters", "groups", "orderBy"] {
            if !parameters[other].is_null() {
                let text = "cannot be combined with `wiql`, which is the whole query";
                found.extend(one(&below(path, other), text.to_owned()));
            }
        }
    }
    let groups = entries(&parameters["groups"], below(path, "groups"));
    let lists = groups
        .map(|(group, path)| (&group["filters"], below(&path, "filters")))
        .chain([(&parameters["filters"], below(path, "filters"))]);
    for (list, path) in lists {
        for (filter, path) in entries(list, path) {
            let fault = filter::filter_fault(filter);
            found.extend(
                fault
                    .into_iter()
                    .flat_map(|fault| one(&path, fault.to_string())),
            );
        }
    }
    found
}

fn relation_misfits(parameters: &Value, path: &str) -> Vec<ErrorDetail> {
    let faults =
        entries(&parameters["relations"], below(path, "relations")).filter_map(|(raw, path)| {
            let relation: NewRelation = serde_json::from_value(raw.clone()).ok()?;
            Some(one(&path, relation_fault(&relation)?.to_owned()))
        });
    faults.flatten().collect()
}

/// The entries of a list with their places; nothing for what is no list.
fn entries(list: &Value, path: String) -> impl Iterator<Item = (&Value, String)> {
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    list.iter()
        .enumerate()
        .map(move |(at, entry)| (entry, below(&path, &at.to_string())))
}

#[cfg(test)]
mod tests;
