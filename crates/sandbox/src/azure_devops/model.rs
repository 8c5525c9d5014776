//! What an organization holds.

use std::collections::BTreeMap;

use axum::body::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::hooks::Subscription;
use super::process::{Process, TypeDefinition};

/// Field values by reference name. Identities are kept as the person's id, dates as RFC 3339.
pub(crate) type Fields = Map<String, Value>;

/// An Azure DevOps organization.
pub(crate) struct Organization {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// The directory it is connected to; nil where it is backed by personal accounts.
    pub(crate) directory: Uuid,
    /// Its policy "Third-party application access via OAuth".
    pub(crate) allows_apps: bool,
    pub(crate) members: Vec<Uuid>,
    /// Members who may bypass rules and destroy work items.
    pub(crate) administrators: Vec<Uuid>,
    pub(crate) projects: Vec<Project>,
    pub(crate) items: BTreeMap<i64, WorkItem>,
    pub(crate) next_item_id: i64,
    pub(crate) next_comment_id: i64,
    /// The oldest first.
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) pats: Vec<Pat>,
    pub(crate) subscriptions: Vec<Subscription>,
}

impl Organization {
    /// A project by id or name.
    pub(crate) fn project(&self, text: &str) -> Option<&Project> {
        let id = Uuid::try_parse(text).ok();
        self.projects
            .iter()
            .find(|project| Some(project.id) == id || project.name.eq_ignore_ascii_case(text))
    }

    /// The project of an item.
    pub(crate) fn project_of(&self, item: &WorkItem) -> Option<&Project> {
        self.projects
            .iter()
            .find(|project| project.id == item.project)
    }

    /// Summary for the control API.
    pub(crate) fn summary(&self) -> Value {
        let pats = self
            .pats
            .iter()
            .map(|pat| json!({"label": pat.label, "token": pat.token, "scopes": pat.permissions}));
        json!({
            "id": self.id, "name": self.name, "tenant": self.directory, "members": self.members,
            "projects": self.projects.iter().map(|project| json!({"id": project.id, "name": project.name, "process": project.process.name})).collect::<Vec<_>>(),
            "workItems": self.items.len(), "personalAccessTokens": pats.collect::<Vec<_>>(),
            "subscriptions": self.subscriptions.iter().map(Subscription::summary).collect::<Vec<_>>(),
        })
    }
}

/// A file that was uploaded.
pub(crate) struct Attachment {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// A personal access token.
pub(crate) struct Pat {
    pub(crate) label: String,
    pub(crate) token: String,
    pub(crate) person: Uuid,
    pub(crate) permissions: Vec<String>,
    pub(crate) expires_at: Timestamp,
}

/// A team project.
pub(crate) struct Project {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) process: &'static Process,
    pub(crate) state: &'static str,
    pub(crate) revision: i64,
    pub(crate) last_update: Timestamp,
    pub(crate) teams: Vec<Team>,
    pub(crate) areas: Node,
    pub(crate) iterations: Node,
}

impl Project {
    /// A work item type of the project's process.
    pub(crate) fn work_item_type(&self, name: &str) -> Option<&'static TypeDefinition> {
        self.process.types.iter().find(|one| {
            one.name.eq_ignore_ascii_case(name) || one.reference_name.eq_ignore_ascii_case(name)
        })
    }
}

/// A team of a project.
pub(crate) struct Team {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) members: Vec<Uuid>,
}

/// A node of an area or iteration tree.
pub(crate) struct Node {
    pub(crate) id: i64,
    pub(crate) identifier: Uuid,
    pub(crate) name: String,
    /// First and last day, for iterations.
    pub(crate) dates: Option<(Timestamp, Timestamp)>,
    pub(crate) children: Vec<Node>,
}

impl Node {
    /// The node at a path such as `Project\Sub`, compared without regard to case.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        let (head, rest) = path
            .split_once('\\')
            .map_or((path, None), |(head, rest)| (head, Some(rest)));
        if !self.name.eq_ignore_ascii_case(head) {
            return None;
        }
        match rest {
            None => Some(self),
            Some(rest) => self.children.iter().find_map(|child| child.at(rest)),
        }
    }
}

/// A work item with its history.
#[derive(Debug, Clone)]
pub(crate) struct WorkItem {
    pub(crate) id: i64,
    pub(crate) project: Uuid,
    pub(crate) rev: i64,
    pub(crate) fields: Fields,
    pub(crate) relations: Vec<Relation>,
    pub(crate) comments: Vec<Comment>,
    /// `Markdown` for large text fields written so.
    pub(crate) multiline_formats: Map<String, Value>,
    pub(crate) revisions: Vec<Revision>,
    pub(crate) updates: Vec<Update>,
    pub(crate) deletion: Option<Deletion>,
}

impl WorkItem {
    /// A text field, empty when absent.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.fields
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

/// A link of a work item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Relation {
    pub(crate) rel: String,
    pub(crate) target: Target,
    pub(crate) attributes: Map<String, Value>,
}

/// What a link points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Another work item of the organization.
    Item(i64),
    /// Anything else.
    Address(String),
}

/// A comment.
#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub(crate) id: i64,
    pub(crate) text: String,
    pub(crate) is_markdown: bool,
    pub(crate) by: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) version: i64,
    pub(crate) is_deleted: bool,
}

/// A former state of an item.
#[derive(Debug, Clone)]
pub(crate) struct Revision {
    pub(crate) rev: i64,
    pub(crate) at: Timestamp,
    pub(crate) fields: Fields,
}

/// What one save changed.
#[derive(Debug, Clone)]
pub(crate) struct Update {
    pub(crate) rev: i64,
    pub(crate) at: Timestamp,
    pub(crate) by: Uuid,
    /// `(field, old, new)`.
    pub(crate) fields: Vec<(String, Option<Value>, Option<Value>)>,
    pub(crate) added: Vec<Relation>,
    pub(crate) removed: Vec<Relation>,
}

/// Since when and by whom an item is in the recycle bin.
#[derive(Debug, Clone)]
pub(crate) struct Deletion {
    pub(crate) at: Timestamp,
    pub(crate) by: Uuid,
}
