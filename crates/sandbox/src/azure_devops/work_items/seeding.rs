//! Doors for the seed: saves without rules.

use serde_json::{Map, Value, json};

use super::super::model::{Organization, Relation, Target, WorkItem};
use super::super::process::TypeDefinition;
use super::draft::Draft;
use super::relation_types::PARENT;
use super::save::{self, Author};

/// An item to be made.
pub(crate) struct SeedItem {
    pub(crate) item: WorkItem,
    pub(crate) fields: Map<String, Value>,
    pub(crate) parent: Option<i64>,
    pub(crate) definition: &'static TypeDefinition,
    pub(crate) author: Author,
}

/// Makes an item and returns its id.
pub(crate) fn create(organization: &mut Organization, seed: SeedItem) -> i64 {
    let mut draft = Draft::of(&seed.item);
    draft.fields.extend(seed.fields);
    if let Some(parent) = seed.parent {
        draft.relations.push(Relation {
            rel: PARENT.to_owned(),
            target: Target::Item(parent),
            attributes: Map::new(),
        });
    }
    save::commit(organization, seed.item, draft, seed.definition, seed.author)
}

/// Moves an item to a state.
pub(crate) fn advance(
    organization: &mut Organization,
    id: i64,
    definition: &'static TypeDefinition,
    state: &str,
    note: Option<String>,
    author: Author,
) {
    let Some(item) = organization.items.get(&id).cloned() else {
        return;
    };
    let mut draft = Draft::of(&item);
    draft.fields.insert("System.State".into(), json!(state));
    draft.history = note;
    save::commit(organization, item, draft, definition, author);
}
