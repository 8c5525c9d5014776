//! Rules of links, and their other ends.

use serde_json::Value;

use super::super::errors::{ApiError, bad_argument, wit};
use super::super::model::{Organization, Relation, Target, WorkItem};
use super::draft::Draft;
use super::relation_types::{self, PARENT};

const MAX_LINKS: usize = 1000;
const CHILD: &str = "System.LinkTypes.Hierarchy-Forward";
/// Names of what can be linked to beside work items, files and addresses.
///
/// Source: <https://learn.microsoft.com/azure/devops/boards/queries/link-type-reference>
const ARTIFACTS: &[&str] = &[
    "Branch",
    "Build",
    "Fixed in Changeset",
    "Fixed in Commit",
    "Found in build",
    "GitHub Branch",
    "GitHub Commit",
    "GitHub Issue",
    "GitHub Pull Request",
    "Integrated in build",
    "Integrated in release environment",
    "Model Link",
    "Pull Request",
    "Related Workitem",
    "Result Attachment",
    "Source Code File",
    "Storyboard",
    "Tag",
    "Test",
    "Test Result",
    "Wiki Page",
    "Workitem",
];

/// Checks the links that a draft adds to those of the `item`; what was there stays, whatever became of its other end.
///
/// # Errors
/// 400 for a link to itself, to nothing, a second parent, a circle of parents, one link twice or too many, an artifact
/// without a name; TF401232 for a target that does not exist.
pub(crate) fn check(
    organization: &Organization,
    item: &WorkItem,
    draft: &Draft,
) -> Result<(), ApiError> {
    let added: Vec<&Relation> = draft
        .relations
        .iter()
        .filter(|relation| !item.relations.contains(relation))
        .collect();
    if !added.is_empty() && draft.relations.len() > MAX_LINKS {
        let text = format!("VS403314: A work item can have at most {MAX_LINKS} links.");
        return Err(invalid(text));
    }
    for relation in &added {
        check_artifact(relation)?;
        check_target(organization, item, draft, relation)?;
    }
    check_parents(organization, draft, &added)
}

fn invalid(text: String) -> ApiError {
    wit(400, "WorkItemLinkInvalidException", text)
}

/// Source: <https://github.com/microsoft/azure-devops-dotnet-samples/issues/135>
fn check_artifact(relation: &Relation) -> Result<(), ApiError> {
    if relation.rel != "ArtifactLink" {
        return Ok(());
    }
    let name = relation.attributes.get("name").and_then(Value::as_str);
    match name.map(str::trim).filter(|name| !name.is_empty()) {
        None => Err(bad_argument(
            "Artifact links must have a valid name specified.\r\nParameter name: workItemUpdates",
        )),
        Some(name)
            if !ARTIFACTS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name)) =>
        {
            Err(invalid("TF401028: Unrecognized Resource link.".to_owned()))
        }
        Some(_) => Ok(()),
    }
}

fn check_target(
    organization: &Organization,
    item: &WorkItem,
    draft: &Draft,
    relation: &Relation,
) -> Result<(), ApiError> {
    let Target::Item(id) = relation.target else {
        return Ok(());
    };
    if id == draft.id {
        let text = format!("TF201035: Work item {id} cannot be linked to itself.");
        return Err(invalid(text));
    }
    let is_there = organization
        .items
        .get(&id)
        .is_some_and(|item| item.deletion.is_none());
    // One that is there already may have other attributes now.
    let is_same = |other: &&Relation| other.rel == relation.rel && other.target == relation.target;
    if !is_there && !item.relations.iter().any(|other| is_same(&other)) {
        return Err(super::super::errors::item_missing(id));
    }
    if draft.relations.iter().filter(is_same).count() > 1 {
        let text = format!("VS402625: Work item {id} is linked that way already.");
        return Err(invalid(text));
    }
    Ok(())
}

fn check_parents(
    organization: &Organization,
    draft: &Draft,
    added: &[&Relation],
) -> Result<(), ApiError> {
    let one_parent = || invalid("TF201036: A work item can have one parent only.".to_owned());
    let added_as = |rel: &str| {
        let links = added.iter().filter(|one| one.rel == rel);
        links.filter_map(|one| target_id(one)).collect::<Vec<_>>()
    };
    if let Some(parent) = added_as(PARENT).first() {
        if draft
            .relations
            .iter()
            .filter(|one| one.rel == PARENT)
            .count()
            > 1
        {
            return Err(one_parent());
        }
        if ancestors(organization, *parent).contains(&draft.id) {
            let text = "TF201065: The link would make a circle of parents.";
            return Err(invalid(text.to_owned()));
        }
    }
    for child in added_as(CHILD) {
        let other_parent = parent_of(organization, child).is_some_and(|parent| parent != draft.id);
        if other_parent || ancestors(organization, draft.id).contains(&child) {
            return Err(one_parent());
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
