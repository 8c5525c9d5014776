//! Kinds of links.

use serde_json::{Value, json};

use super::super::call::Call;
use super::super::errors::{ApiError, wit};
use super::super::reply::Reply;

/// One kind of link.
#[derive(Debug)]
pub(crate) struct RelationType {
    pub(crate) reference_name: &'static str,
    pub(crate) name: &'static str,
    /// The same link seen from the other end.
    pub(crate) opposite: &'static str,
    pub(crate) is_item_link: bool,
}

const fn link(
    reference_name: &'static str,
    name: &'static str,
    opposite: &'static str,
) -> RelationType {
    RelationType {
        reference_name,
        name,
        opposite,
        is_item_link: true,
    }
}

const fn resource(reference_name: &'static str, name: &'static str) -> RelationType {
    RelationType {
        reference_name,
        name,
        opposite: "",
        is_item_link: false,
    }
}

/// Parent of an item, as a link.
pub(crate) const PARENT: &str = "System.LinkTypes.Hierarchy-Reverse";

const TYPES: &[RelationType] = &[
    link(PARENT, "Parent", "System.LinkTypes.Hierarchy-Forward"),
    link("System.LinkTypes.Hierarchy-Forward", "Child", PARENT),
    link(
        "System.LinkTypes.Related",
        "Related",
        "System.LinkTypes.Related",
    ),
    link(
        "System.LinkTypes.Dependency-Forward",
        "Successor",
        "System.LinkTypes.Dependency-Reverse",
    ),
    link(
        "System.LinkTypes.Dependency-Reverse",
        "Predecessor",
        "System.LinkTypes.Dependency-Forward",
    ),
    link(
        "System.LinkTypes.Duplicate-Forward",
        "Duplicate",
        "System.LinkTypes.Duplicate-Reverse",
    ),
    link(
        "System.LinkTypes.Duplicate-Reverse",
        "Duplicate Of",
        "System.LinkTypes.Duplicate-Forward",
    ),
    resource("AttachedFile", "Attached File"),
    resource("Hyperlink", "Hyperlink"),
    resource("ArtifactLink", "Artifact Link"),
];

/// A kind by reference name.
pub(crate) fn find(rel: &str) -> Option<&'static RelationType> {
    TYPES
        .iter()
        .find(|one| one.reference_name.eq_ignore_ascii_case(rel))
}

/// The display name of a kind of item link.
pub(crate) fn name(rel: &str) -> Option<&'static str> {
    find(rel).filter(|one| one.is_item_link).map(|one| one.name)
}

fn body(call: &Call<'_>, one: &RelationType) -> Value {
    let usage = if one.is_item_link {
        "workItemLink"
    } else {
        "resourceLink"
    };
    let topology = if one.reference_name.contains("Hierarchy") {
        "tree"
    } else {
        "network"
    };
    json!({
        "referenceName": one.reference_name, "name": one.name,
        "url": call.url(&format!("/_apis/wit/workItemRelationTypes/{}", one.reference_name)),
        "attributes": {
            "usage": usage, "editable": true, "enabled": true, "acyclic": topology == "tree",
            "directional": one.is_item_link && one.opposite != one.reference_name, "singleTarget": one.reference_name == PARENT,
            "topology": topology,
        },
    })
}

/// `GET _apis/wit/workitemrelationtypes`
pub(crate) fn list(call: &Call<'_>) -> Reply {
    Reply::list(TYPES.iter().map(|one| body(call, one)).collect())
}

/// `GET _apis/wit/workitemrelationtypes/{rel}`
pub(crate) fn get(call: &Call<'_>, rel: &str) -> Result<Reply, ApiError> {
    let found = find(rel).ok_or_else(|| {
        wit(
            404,
            "WorkItemRelationTypeNotFoundException",
            format!("TF401319: The relation type {rel} does not exist."),
        )
    })?;
    Ok(Reply::ok(body(call, found)))
}
