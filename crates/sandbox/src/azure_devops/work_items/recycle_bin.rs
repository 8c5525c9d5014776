//! The recycle bin.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::call::{self, Call};
use super::super::errors::{ApiError, bad_argument, wit};
use super::super::model::{Organization, WorkItem};
use super::super::reply::Reply;
use super::delete::{describe, need_destroy_permission, remove};

fn find<'o>(
    call: &Call<'_>,
    organization: &'o Organization,
    id: i64,
) -> Result<&'o WorkItem, ApiError> {
    let project = call.project(organization)?;
    let item = organization
        .items
        .get(&id)
        .filter(|item| item.deletion.is_some());
    item.filter(|item| project.is_none_or(|project| project.id == item.project)).ok_or_else(|| {
        wit(404, "WorkItemNotFoundException", format!("TF401232: Work item {id} does not exist in the recycle bin, or you do not have permissions to read it."))
    })
}

/// `GET …/recyclebin`, `GET …/recyclebin?ids=`
pub(crate) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let organization = call.organization(&state)?;
    let project = call.project(organization)?;
    if let Some(ids) = call.query.list("ids") {
        let mut rows = Vec::new();
        for id in ids {
            let mut body = describe(call, &state, find(call, organization, call::id(&id)?)?);
            if let Value::Object(body) = &mut body {
                body.shift_remove("resource");
            }
            rows.push(body);
        }
        return Ok(Reply::list(rows));
    }
    let deleted = organization.items.values().filter(|item| {
        item.deletion.is_some() && project.is_none_or(|project| project.id == item.project)
    });
    let row = |item: &WorkItem| json!({"id": item.id, "url": call.url(&format!("/_apis/wit/recyclebin/{}", item.id))});
    Ok(Reply::list(deleted.map(row).collect()))
}

/// `GET …/recyclebin/{id}`
pub(crate) fn get(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let organization = call.organization(&state)?;
    Ok(Reply::ok(describe(
        call,
        &state,
        find(call, organization, call::id(id)?)?,
    )))
}

/// `PATCH …/recyclebin/{id}` with `{"isDeleted": false}`
pub(crate) fn restore(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let id = call::id(id)?;
    if call.object()?.get("isdeleted").and_then(Value::as_bool) != Some(false) {
        return Err(bad_argument(
            "The body must say that the work item is not deleted.",
        ));
    }
    let mut state = call.inner.write();
    find(call, call.organization(&state)?, id)?;
    let organization = call.organization_mut(&mut state)?;
    if let Some(item) = organization.items.get_mut(&id) {
        item.deletion = None;
        item.rev += 1;
    }
    let item = organization.items.get(&id).cloned();
    Ok(Reply::ok(
        item.map_or(Value::Null, |item| describe(call, &state, &item)),
    ))
}

/// `DELETE …/recyclebin/{id}`
pub(crate) fn destroy(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let id = call::id(id)?;
    let mut state = call.inner.write();
    find(call, call.organization(&state)?, id)?;
    let organization = call.organization_mut(&mut state)?;
    need_destroy_permission(call, organization)?;
    remove(organization, id);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
