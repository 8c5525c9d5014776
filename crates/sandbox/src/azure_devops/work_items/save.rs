//! Writing a checked draft into an organization, with its history.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::model::{Comment, Organization, Project, Relation, Revision, Update, WorkItem};
use super::super::process::TypeDefinition;
use super::draft::Draft;
use super::links;
use super::render::date;

/// Who saves, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Author {
    pub(crate) person: Uuid,
    pub(crate) at: Timestamp,
}

/// An item before its first save: only what its type and project give it.
pub(crate) fn blank(project: &Project, definition: &TypeDefinition) -> WorkItem {
    let mut item = WorkItem {
        id: 0,
        project: project.id,
        rev: 0,
        fields: serde_json::Map::new(),
        relations: Vec::new(),
        comments: Vec::new(),
        multiline_formats: serde_json::Map::new(),
        revisions: Vec::new(),
        updates: Vec::new(),
        deletion: None,
    };
    let mut set = |name: &str, value: Value| item.fields.insert(name.to_owned(), value);
    set("System.AreaPath", json!(project.areas.name));
    set("System.TeamProject", json!(project.name));
    set("System.IterationPath", json!(project.iterations.name));
    set("System.WorkItemType", json!(definition.name));
    set(
        "System.State",
        json!(definition.states.first().map(|state| state.name)),
    );
    set(
        "System.Reason",
        json!(reason(
            definition,
            "",
            definition.states.first().map_or("", |state| state.name)
        )),
    );
    for field in super::super::fields::of_type(definition) {
        if let Some(value) = super::super::fields::default_value(field.reference_name) {
            set(field.reference_name, value);
        }
    }
    item
}

/// Why an item is in its state.
pub(crate) fn reason(definition: &TypeDefinition, from: &str, to: &str) -> String {
    match (from, definition.state(to).map(|state| state.category)) {
        ("", _) if to == "To Do" => "Added to backlog".to_owned(),
        ("", _) => "New".to_owned(),
        (_, Some("InProgress")) => "Work started".to_owned(),
        (_, Some("Resolved")) => "Ready for verification".to_owned(),
        (_, Some("Completed")) => "Work finished".to_owned(),
        (_, Some("Removed")) => "Removed from the backlog".to_owned(),
        _ => "Moved out of state ".to_owned() + from,
    }
}

/// Brings the fields a save computes up to date.
pub(crate) fn settle(
    item: &mut WorkItem,
    draft: Draft,
    definition: &TypeDefinition,
    author: Author,
) {
    let old_state = item.text("System.State").to_owned();
    let is_new = item.rev == 0;
    let has_own_reason = draft.fields.get("System.Reason") != item.fields.get("System.Reason");
    let is_changed = is_new
        || draft.fields != item.fields
        || draft.history.is_some()
        || draft.formats != item.multiline_formats;
    item.fields = draft.fields;
    item.relations = draft.relations;
    item.multiline_formats = draft.formats;
    // Observed: a change of links alone does not raise the revision.
    if !is_changed {
        return;
    }
    item.rev += 1;
    let at = json!(date(author.at));
    let new_state = item.text("System.State").to_owned();
    let mut set = |name: &str, value: Value| item.fields.insert(name.to_owned(), value);
    if is_new {
        for (name, value) in [
            ("System.CreatedDate", at.clone()),
            ("System.CreatedBy", json!(author.person)),
        ] {
            set(name, value);
        }
    }
    if is_new || new_state != old_state {
        set("Microsoft.VSTS.Common.StateChangeDate", at.clone());
        if !has_own_reason && !is_new {
            set(
                "System.Reason",
                json!(reason(definition, &old_state, &new_state)),
            );
        }
    }
    set("System.ChangedDate", at);
    set("System.ChangedBy", json!(author.person));
    set(
        "System.CommentCount",
        json!(
            item.comments
                .iter()
                .filter(|comment| !comment.is_deleted)
                .count()
        ),
    );
}

/// Saves a draft and returns the item's id.
///
/// The draft has passed the rules; an item with id 0 gets a new id.
pub(crate) fn commit(
    organization: &mut Organization,
    mut item: WorkItem,
    draft: Draft,
    definition: &TypeDefinition,
    author: Author,
) -> i64 {
    if item.id == 0 {
        item.id = organization.next_item_id;
        organization.next_item_id += 1;
    }
    let (old_fields, old_relations) = (
        if item.rev == 0 {
            serde_json::Map::new()
        } else {
            item.fields.clone()
        },
        item.relations.clone(),
    );
    if let Some(text) = &draft.history {
        item.comments.push(Comment {
            id: organization.next_comment_id,
            text: text.clone(),
            is_markdown: false,
            by: author.person,
            at: author.at,
            version: 1,
            is_deleted: false,
        });
        organization.next_comment_id += 1;
    }
    let history = draft.history.clone();
    let old_rev = item.rev;
    settle(&mut item, draft, definition, author);
    match links::parent_in(&item.relations) {
        Some(parent) => item.fields.insert("System.Parent".into(), parent.into()),
        None => item.fields.shift_remove("System.Parent"),
    };
    let added = difference(&item.relations, &old_relations);
    let removed = difference(&old_relations, &item.relations);
    let mut changes = field_changes(&old_fields, &item.fields);
    changes.extend(history.map(|text| ("System.History".to_owned(), None, Some(json!(text)))));
    if item.rev != old_rev || !added.is_empty() || !removed.is_empty() {
        item.updates.push(Update {
            rev: item.rev,
            at: author.at,
            by: author.person,
            fields: changes,
            added: added.clone(),
            removed: removed.clone(),
        });
    }
    if item.rev != old_rev {
        item.revisions.push(Revision {
            rev: item.rev,
            at: author.at,
            fields: item.fields.clone(),
        });
    }
    let id = item.id;
    organization.items.insert(id, item);
    links::mirror(organization, id, &added, &removed);
    id
}

fn difference(all: &[Relation], without: &[Relation]) -> Vec<Relation> {
    all.iter()
        .filter(|one| !without.contains(one))
        .cloned()
        .collect()
}

type Change = (String, Option<Value>, Option<Value>);

fn field_changes(
    old: &serde_json::Map<String, Value>,
    new: &serde_json::Map<String, Value>,
) -> Vec<Change> {
    let changed = new
        .iter()
        .filter(|(name, value)| old.get(*name) != Some(value))
        .map(|(name, value)| (name.clone(), old.get(name).cloned(), Some(value.clone())));
    let gone = old
        .iter()
        .filter(|(name, _)| !new.contains_key(*name))
        .map(|(name, value)| (name.clone(), Some(value.clone()), None));
    changed.chain(gone).collect()
}
