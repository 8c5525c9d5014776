//! Revisions and updates of work items.

use serde_json::{Map, Value, json};

use super::super::call::{self, Call};
use super::super::errors::{ApiError, wit};
use super::super::model::{Update, WorkItem};
use super::super::reply::Reply;
use super::read;
use super::render::{Renderer, View, date};

fn page<T>(
    call: &Call<'_>,
    all: &[T],
    row: impl Fn(usize, &T) -> Value,
) -> Result<Reply, ApiError> {
    let (skip, top) = (
        call.query.count("$skip")?.unwrap_or(0),
        call.query.count("$top")?.unwrap_or(200).min(200),
    );
    Ok(Reply::list(
        all.iter()
            .enumerate()
            .skip(skip)
            .take(top)
            .map(|(at, one)| row(at, one))
            .collect(),
    ))
}

/// `GET …/workItems/{id}/revisions`
pub(crate) fn revisions(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let view = View::new(call.query.get("$expand"), None, false)?;
    let state = call.inner.read();
    let item = read::find(call, call.organization(&state)?, call::id(id)?)?;
    let renderer = Renderer {
        call,
        state: &state,
    };
    page(call, &item.revisions, |_, one| {
        revision_body(&renderer, item, one.rev, &one.fields, &view)
    })
}

fn revision_body(
    renderer: &Renderer<'_>,
    item: &WorkItem,
    rev: i64,
    fields: &Map<String, Value>,
    view: &View,
) -> Value {
    let mut body = renderer.revision(item, rev, fields, view);
    body["url"] = json!(format!("{}/revisions/{rev}", renderer.item_url(item)));
    body
}

/// `GET …/workItems/{id}/revisions/{rev}`
pub(crate) fn revision(call: &Call<'_>, id: &str, rev: &str) -> Result<Reply, ApiError> {
    let view = View::new(call.query.get("$expand"), None, false)?;
    let rev = call::id(rev)?;
    let state = call.inner.read();
    let item = read::find(call, call.organization(&state)?, call::id(id)?)?;
    let found = item.revisions.iter().find(|one| one.rev == rev);
    let found = found.ok_or_else(|| {
        wit(
            404,
            "WorkItemRevisionNotFoundException",
            format!(
                "TF401237: Revision {rev} of work item {} does not exist.",
                item.id
            ),
        )
    })?;
    Ok(Reply::ok(revision_body(
        &Renderer {
            call,
            state: &state,
        },
        item,
        rev,
        &found.fields,
        &view,
    )))
}

/// One update of an item.
pub(crate) fn update_body(
    renderer: &Renderer<'_>,
    item: &WorkItem,
    number: usize,
    update: &Update,
) -> Value {
    let fields = update.fields.iter().map(|(name, old, new)| {
        let mut change = Map::new();
        change.extend(
            old.as_ref()
                .map(|value| ("oldValue".to_owned(), renderer.value(name, value))),
        );
        change.extend(
            new.as_ref()
                .map(|value| ("newValue".to_owned(), renderer.value(name, value))),
        );
        (name.clone(), Value::Object(change))
    });
    let fields: Map<String, Value> = fields.collect();
    let mut relations = Map::new();
    for (name, list) in [("added", &update.added), ("removed", &update.removed)] {
        if !list.is_empty() {
            relations.insert(name.into(), renderer.relations(list));
        }
    }
    let mut body = json!({
        "id": number, "workItemId": item.id, "rev": update.rev, "revisedBy": renderer.identity(update.by),
        "revisedDate": date(update.at), "url": format!("{}/updates/{number}", renderer.item_url(item)),
    });
    if !fields.is_empty() {
        body["fields"] = Value::Object(fields);
    }
    if !relations.is_empty() {
        body["relations"] = Value::Object(relations);
    }
    body
}

/// `GET …/workItems/{id}/updates`
pub(crate) fn updates(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let item = read::find(call, call.organization(&state)?, call::id(id)?)?;
    let renderer = Renderer {
        call,
        state: &state,
    };
    page(call, &item.updates, |at, one| {
        update_body(&renderer, item, at + 1, one)
    })
}

/// `GET …/workItems/{id}/updates/{number}`
pub(crate) fn update(call: &Call<'_>, id: &str, number: &str) -> Result<Reply, ApiError> {
    let number = usize::try_from(call::id(number)?).unwrap_or_default();
    let state = call.inner.read();
    let item = read::find(call, call.organization(&state)?, call::id(id)?)?;
    let found = number.checked_sub(1).and_then(|at| item.updates.get(at));
    let found = found.ok_or_else(|| {
        wit(
            404,
            "WorkItemUpdateNotFoundException",
            format!(
                "TF401237: Update {number} of work item {} does not exist.",
                item.id
            ),
        )
    })?;
    Ok(Reply::ok(update_body(
        &Renderer {
            call,
            state: &state,
        },
        item,
        number,
        found,
    )))
}
