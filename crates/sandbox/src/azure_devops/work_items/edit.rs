//! The common part of create and update: patch, rules, links, save.

use serde_json::Value;

use super::super::call::Call;
use super::super::errors::{ApiError, type_missing, wit};
use super::super::hooks::{self, Event};
use super::super::model::{Organization, WorkItem};
use super::super::reply::Reply;
use super::draft::Draft;
use super::patch::{self, Operation};
use super::render::{Renderer, View};
use super::rules::Rules;
use super::save::{self, Author};
use crate::directory::Person;

/// What a request wants of the save.
pub(crate) struct Options {
    operations: Vec<Operation>,
    view: View,
    validates_only: bool,
    bypasses: bool,
}

impl Options {
    /// Reads body and flags of a request.
    pub(crate) fn read(call: &Call<'_>) -> Result<Self, ApiError> {
        call.need_content_type(&["application/json-patch+json"])?;
        Ok(Self {
            operations: patch::parse(call.body)?,
            // As in the service's own examples, the links come unasked.
            view: View::new(call.query.get("$expand").or(Some("relations")), None, true)?,
            validates_only: call.query.flag("validateonly"),
            bypasses: call.query.flag("bypassrules"),
        })
    }
}

/// Applies a patch document to an item, new or old, and answers with the outcome.
pub(crate) fn run(
    call: &Call<'_>,
    item: impl FnOnce(&Organization) -> Result<WorkItem, ApiError>,
    options: &Options,
) -> Result<Reply, ApiError> {
    let author = Author {
        person: call.caller.person,
        at: call.inner.now(),
    };
    let mut state = call.inner.write();
    let people = state.people.clone();
    let organization = call.organization_mut(&mut state)?;
    let item = item(organization)?;
    if options.bypasses && !organization.administrators.contains(&author.person) {
        let text = "TF237111: The current user does not have permissions to bypass rules on work item updates.";
        return Err(wit(403, "WorkItemUnauthorizedBypassException", text));
    }
    let (draft, definition) = checked(organization, &item, options, &people)?;
    if options.validates_only {
        let mut would_be = item;
        save::settle(&mut would_be, draft, definition, author);
        return Ok(Reply::ok(
            Renderer {
                call,
                state: &state,
            }
            .item(&would_be, &options.view),
        ));
    }
    let (event, updates) = if item.id == 0 {
        (Event::Created, 0)
    } else {
        (Event::Updated, item.updates.len())
    };
    let id = save::commit(organization, item, draft, definition, author);
    let saved = organization.items.get(&id);
    if saved.is_some_and(|item| item.updates.len() > updates) {
        hooks::raise(call, &mut state, event, id);
    }
    let organization = call.organization(&state)?;
    let body = organization.items.get(&id).map(|item| {
        Renderer {
            call,
            state: &state,
        }
        .item(item, &options.view)
    });
    Ok(Reply::ok(body.unwrap_or(Value::Null)))
}

fn checked(
    organization: &Organization,
    item: &WorkItem,
    options: &Options,
    people: &[Person],
) -> Result<(Draft, &'static super::super::process::TypeDefinition), ApiError> {
    let kind = item.text("System.WorkItemType");
    let project = organization
        .project_of(item)
        .ok_or_else(|| super::super::errors::project_missing(item.text("System.TeamProject")))?;
    let definition = project
        .work_item_type(kind)
        .ok_or_else(|| type_missing(kind, &project.name))?;
    let mut draft = Draft::of(item);
    draft.apply(&options.operations, people)?;
    let rules = Rules {
        project,
        definition,
        people,
        members: &organization.members,
        bypasses: options.bypasses,
    };
    rules.check(&item.fields, &mut draft)?;
    super::links::check(organization, item, &draft)?;
    Ok((draft, definition))
}
