//! Rules of links, and their other ends.

use super::super::errors::{ApiError, wit};
use super::super::model::{Organization, Relation, Target};
use super::draft::Draft;
use super::relation_types::{self, PARENT};

const MAX_LINKS: usize = 1000;

/// Checks a draft's links.
///
/// # Errors
/// 400 for a link to itself, to nothing, a second parent, a circle of parents, one link twice or too many;
/// TF401232 for a target that does not exist.
pub(crate) fn check(organization: &Organization, draft: &Draft) -> Result<(), ApiError> {
    let refuse = |text: String| Err(wit(400, "WorkItemLinkInvalidException", text));
    if draft.relations.len() > MAX_LINKS {
        return refuse(format!(
            "VS403314: A work item can have at most {MAX_LINKS} links."
        ));
    }
    for (at, relation) in draft.relations.iter().enumerate() {
        let Target::Item(id) = relation.target else {
            continue;
        };
        if id == draft.id {
            return refuse(format!(
                "TF201035: Work item {id} cannot be linked to itself."
            ));
        }
        if organization
            .items
            .get(&id)
            .is_none_or(|item| item.deletion.is_some())
        {
            return Err(super::super::errors::item_missing(id));
        }
        if draft.relations[..at]
            .iter()
            .any(|other| other.rel == relation.rel && other.target == relation.target)
        {
            return refuse(format!(
                "VS402625: Work item {id} is linked that way already."
            ));
        }
    }
    let parents: Vec<i64> = draft
        .relations
        .iter()
        .filter(|one| one.rel == PARENT)
        .filter_map(target_id)
        .collect();
    if parents.len() > 1 {
        return refuse("TF201036: A work item can have one parent only.".to_owned());
    }
    if parents
        .first()
        .is_some_and(|parent| ancestors(organization, *parent).contains(&draft.id))
    {
        return refuse("TF201065: The link would make a circle of parents.".to_owned());
    }
    for child in draft
        .relations
        .iter()
        .filter(|one| one.rel == "System.LinkTypes.Hierarchy-Forward")
        .filter_map(target_id)
    {
        let other_parent = parent_of(organization, child).is_some_and(|parent| parent != draft.id);
        if other_parent || ancestors(organization, draft.id).contains(&child) {
            return refuse("TF201036: A work item can have one parent only.".to_owned());
        }
    }
    Ok(())
}

fn target_id(relation: &Relation) -> Option<i64> {
    match relation.target {
        Target::Item(id) => Some(id),
        Target::Address(_) => None,
    }
}

/// The parent of an item.
pub(crate) fn parent_in(relations: &[Relation]) -> Option<i64> {
    relations
        .iter()
        .find(|one| one.rel == PARENT)
        .and_then(target_id)
}

fn parent_of(organization: &Organization, id: i64) -> Option<i64> {
    organization
        .items
        .get(&id)
        .and_then(|item| parent_in(&item.relations))
}

/// The item itself and everything above it.
fn ancestors(organization: &Organization, id: i64) -> Vec<i64> {
    let mut chain = vec![id];
    while let Some(parent) = chain.last().and_then(|last| parent_of(organization, *last)) {
        if chain.contains(&parent) {
            break;
        }
        chain.push(parent);
    }
    chain
}

/// Puts the other ends of added links in place and takes those of removed links away.
pub(crate) fn mirror(
    organization: &mut Organization,
    id: i64,
    added: &[Relation],
    removed: &[Relation],
) {
    for relation in removed {
        let Some((target, opposite)) = other_end(relation) else {
            continue;
        };
        if let Some(item) = organization.items.get_mut(&target) {
            item.relations
                .retain(|one| !(one.rel == opposite && one.target == Target::Item(id)));
            refresh_parent(item);
        }
    }
    for relation in added {
        let Some((target, opposite)) = other_end(relation) else {
            continue;
        };
        if let Some(item) = organization.items.get_mut(&target) {
            let mirrored = Relation {
                rel: opposite.to_owned(),
                target: Target::Item(id),
                attributes: relation.attributes.clone(),
            };
            if !item
                .relations
                .iter()
                .any(|one| one.rel == mirrored.rel && one.target == mirrored.target)
            {
                item.relations.push(mirrored);
            }
            refresh_parent(item);
        }
    }
}

fn other_end(relation: &Relation) -> Option<(i64, &'static str)> {
    Some((
        target_id(relation)?,
        relation_types::find(&relation.rel)?.opposite,
    ))
}

fn refresh_parent(item: &mut super::super::model::WorkItem) {
    match parent_in(&item.relations) {
        Some(parent) => item.fields.insert("System.Parent".into(), parent.into()),
        None => item.fields.shift_remove("System.Parent"),
    };
}
