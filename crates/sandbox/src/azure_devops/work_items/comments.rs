//! Comments of work items; only ever released as a preview.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::call::{self, Call};
use super::super::errors::{ApiError, bad_argument, wit};
use super::super::model::{Comment, Revision, WorkItem};
use super::super::reply::Reply;
use super::read;
use super::render::{Renderer, date};
use crate::state::State;

fn body(renderer: &Renderer<'_>, item: &WorkItem, comment: &Comment) -> Value {
    let by = renderer.identity(comment.by);
    json!({
        "workItemId": item.id, "id": comment.id, "version": comment.version, "text": comment.text,
        "createdBy": by, "createdDate": date(comment.at), "modifiedBy": by, "modifiedDate": date(comment.at),
        "format": if comment.is_markdown { "markdown" } else { "html" }, "isDeleted": comment.is_deleted,
        "url": format!("{}/comments/{}", renderer.item_url(item), comment.id),
    })
}

/// `GET …/workItems/{id}/comments`
pub(crate) fn list(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    call.version.need_preview()?;
    let top = call.query.count("$top")?.unwrap_or(200).clamp(1, 200);
    let skip = call.query.get("continuationtoken").map_or(Ok(0), |token| {
        token
            .parse::<usize>()
            .map_err(|_| bad_argument("The continuation token is not valid."))
    })?;
    let state = call.inner.read();
    let item = read::find(call, call.organization(&state)?, call::id(id)?)?;
    let includes_deleted = call.query.flag("includedeleted");
    let mut all: Vec<&Comment> = item
        .comments
        .iter()
        .filter(|comment| includes_deleted || !comment.is_deleted)
        .collect();
    if call
        .query
        .get("order")
        .is_none_or(|order| order.eq_ignore_ascii_case("desc"))
    {
        all.reverse();
    }
    let renderer = Renderer {
        call,
        state: &state,
    };
    let page: Vec<Value> = all
        .iter()
        .skip(skip)
        .take(top)
        .map(|comment| body(&renderer, item, comment))
        .collect();
    let mut answer = json!({"totalCount": all.len(), "count": page.len(), "comments": page});
    if skip + top < all.len() {
        let next = skip + top;
        answer["continuationToken"] = json!(next.to_string());
        answer["nextPage"] = json!(format!(
            "{}/comments?$top={top}&continuationToken={next}",
            renderer.item_url(item)
        ));
    }
    Ok(Reply::ok(answer))
}

/// `GET …/workItems/{id}/comments/{commentId}`
pub(crate) fn get(call: &Call<'_>, id: &str, comment: &str) -> Result<Reply, ApiError> {
    call.version.need_preview()?;
    let state = call.inner.read();
    let item = read::find(call, call.organization(&state)?, call::id(id)?)?;
    let comment = find(item, call::id(comment)?)?;
    Ok(Reply::ok(body(
        &Renderer {
            call,
            state: &state,
        },
        item,
        comment,
    )))
}

fn find(item: &WorkItem, id: i64) -> Result<&Comment, ApiError> {
    item.comments
        .iter()
        .find(|comment| comment.id == id && !comment.is_deleted)
        .ok_or_else(|| {
            wit(
                404,
                "CommentNotFoundException",
                format!(
                    "VS404461: Comment {id} does not exist on work item {}.",
                    item.id
                ),
            )
        })
}

fn text(call: &Call<'_>) -> Result<String, ApiError> {
    let body = call.object()?;
    let text = body
        .get("text")
        .and_then(Value::as_str)
        .filter(|text| !text.trim().is_empty());
    text.map(str::to_owned)
        .ok_or_else(|| bad_argument("The text of the comment must be given."))
}

/// `POST …/workItems/{id}/comments`
pub(crate) fn add(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    call.version.need_preview()?;
    let (id, text) = (call::id(id)?, text(call)?);
    let is_markdown = call
        .query
        .get("format")
        .is_some_and(|format| format.eq_ignore_ascii_case("markdown"));
    let at = call.inner.now();
    let mut state = call.inner.write();
    read::find(call, call.organization(&state)?, id)?;
    let organization = call.organization_mut(&mut state)?;
    let comment = Comment {
        id: organization.next_comment_id,
        text,
        is_markdown,
        by: call.caller.person,
        at,
        version: 1,
        is_deleted: false,
    };
    organization.next_comment_id += 1;
    change_item(call, &mut state, id, |item| {
        item.comments.push(comment.clone());
        comment.id
    })
}

/// `PATCH …/workItems/{id}/comments/{commentId}`
pub(crate) fn change(call: &Call<'_>, id: &str, comment: &str) -> Result<Reply, ApiError> {
    call.version.need_preview()?;
    let (id, comment, text) = (call::id(id)?, call::id(comment)?, text(call)?);
    let mut state = call.inner.write();
    find(read::find(call, call.organization(&state)?, id)?, comment)?;
    change_item(call, &mut state, id, |item| {
        for one in item.comments.iter_mut().filter(|one| one.id == comment) {
            one.text.clone_from(&text);
            one.version += 1;
        }
        comment
    })
}

/// `DELETE …/workItems/{id}/comments/{commentId}`
pub(crate) fn delete(call: &Call<'_>, id: &str, comment: &str) -> Result<Reply, ApiError> {
    call.version.need_preview()?;
    let (id, comment) = (call::id(id)?, call::id(comment)?);
    let mut state = call.inner.write();
    find(read::find(call, call.organization(&state)?, id)?, comment)?;
    change_item(call, &mut state, id, |item| {
        item.comments
            .iter_mut()
            .filter(|one| one.id == comment)
            .for_each(|one| one.is_deleted = true);
        comment
    })?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// Changes an item's comments as a new revision and answers with the comment.
fn change_item(
    call: &Call<'_>,
    state: &mut State,
    id: i64,
    change: impl FnOnce(&mut WorkItem) -> i64,
) -> Result<Reply, ApiError> {
    let at = call.inner.now_within(state);
    let organization = call.organization_mut(state)?;
    let Some(item) = organization.items.get_mut(&id) else {
        return Err(super::super::errors::item_missing(id));
    };
    let comment = change(item);
    item.rev += 1;
    item.fields.insert(
        "System.CommentCount".into(),
        json!(item.comments.iter().filter(|one| !one.is_deleted).count()),
    );
    item.fields
        .insert("System.ChangedDate".into(), json!(date(at)));
    item.fields
        .insert("System.ChangedBy".into(), json!(call.caller.person));
    item.revisions.push(Revision {
        rev: item.rev,
        at,
        fields: item.fields.clone(),
    });
    let item = item.clone();
    let comment = item
        .comments
        .iter()
        .find(|one| one.id == comment)
        .map(|one| body(&Renderer { call, state }, &item, one));
    Ok(Reply::ok(comment.unwrap_or(Value::Null)))
}
