//! Deleting work items: to the recycle bin, or for good.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::call::{self, Call};
use super::super::errors::{ApiError, bad_argument, wit};
use super::super::hooks::{self, Event};
use super::super::model::{Deletion, Organization, Revision, WorkItem};
use super::super::reply::Reply;
use super::read::{self, MAX_IDS};
use super::render::{Renderer, View, date};
use crate::state::State;

/// `DELETE …/workitems/{id}`
pub(crate) fn delete(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let id = call::id(id)?;
    let destroys = call.query.flag("destroy");
    let body = delete_one(call, &mut call.inner.write(), id, destroys)?;
    Ok(if destroys {
        Reply::empty(StatusCode::NO_CONTENT)
    } else {
        Reply::ok(body)
    })
}

/// `POST …/workitemsdelete`
pub(crate) fn delete_many(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body = call.object()?;
    let ids = body
        .get("ids")
        .and_then(Value::as_array)
        .ok_or_else(|| bad_argument("The ids must be given."))?;
    if ids.len() > MAX_IDS {
        return Err(wit(
            400,
            "WorkItemPageSizeExceededException",
            format!("VS402337: At most {MAX_IDS} work items can be deleted at once."),
        ));
    }
    let destroys = body
        .get("destroy")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let mut state = call.inner.write();
    let results = ids.iter().map(|id| {
        let id = id.as_i64().unwrap_or_default();
        delete_one(call, &mut state, id, destroys).unwrap_or_else(|error| {
            let (code, message) = error.summary();
            json!({"id": id, "code": code, "message": message})
        })
    });
    let results: Vec<Value> = results.collect();
    Ok(Reply::ok(json!({"results": results})))
}

fn delete_one(
    call: &Call<'_>,
    state: &mut State,
    id: i64,
    destroys: bool,
) -> Result<Value, ApiError> {
    let at = call.inner.now_within(state);
    read::find(call, call.organization(state)?, id)?;
    let organization = call.organization_mut(state)?;
    if destroys {
        need_destroy_permission(call, organization)?;
        remove(organization, id);
        return Ok(json!({"id": id, "code": 200}));
    }
    if let Some(item) = organization.items.get_mut(&id) {
        item.rev += 1;
        item.fields
            .insert("System.ChangedDate".into(), json!(date(at)));
        item.fields
            .insert("System.ChangedBy".into(), json!(call.caller.person));
        item.revisions.push(Revision {
            rev: item.rev,
            at,
            fields: item.fields.clone(),
        });
        item.deletion = Some(Deletion {
            at,
            by: call.caller.person,
        });
    }
    hooks::raise(call, state, Event::Deleted, id);
    let item = call.organization(state)?.items.get(&id).cloned();
    Ok(item.map_or(Value::Null, |item| describe(call, state, &item)))
}

/// # Errors
/// 403 unless the caller may delete for good.
pub(crate) fn need_destroy_permission(
    call: &Call<'_>,
    organization: &Organization,
) -> Result<(), ApiError> {
    if organization.administrators.contains(&call.caller.person) {
        return Ok(());
    }
    let text = "TF401284: You do not have permission to permanently delete work items.";
    Err(wit(403, "WorkItemDestroyPermissionException", text))
}

/// Takes an item out of the organization together with the links to it.
pub(crate) fn remove(organization: &mut Organization, id: i64) {
    if let Some(item) = organization.items.remove(&id) {
        super::links::mirror(organization, id, &[], &item.relations);
    }
}

/// A deleted item as it stands in answers.
pub(crate) fn describe(call: &Call<'_>, state: &State, item: &WorkItem) -> Value {
    let url = call.url(&format!("/_apis/wit/recyclebin/{}", item.id));
    let mut resource = Renderer { call, state }.item(item, &View::default());
    resource["url"] = json!(url);
    let mut body = json!({
        "id": item.id, "type": item.text("System.WorkItemType"), "name": item.text("System.Title"),
        "project": item.text("System.TeamProject"), "code": 200, "url": url, "resource": resource,
    });
    if let Some(deletion) = &item.deletion {
        body["deletedDate"] = json!(date(deletion.at));
        body["deletedBy"] = json!(
            state
                .person(deletion.by)
                .map(crate::directory::Person::display)
        );
    }
    body
}
