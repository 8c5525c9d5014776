//! Reading work items.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::call::{self, Call};
use super::super::errors::{ApiError, bad_argument, item_missing, wit};
use super::super::model::{Organization, WorkItem};
use super::super::query::choice;
use super::super::reply::Reply;
use super::render::{Renderer, View};

/// Ids one request may name.
pub(crate) const MAX_IDS: usize = 200;
/// Numbers begin at 1.
const ERROR_POLICIES: &[&str] = &["", "fail", "omit"];

/// A live item of the path's project.
///
/// # Errors
/// TF401232 when there is none.
pub(crate) fn find<'o>(
    call: &Call<'_>,
    organization: &'o Organization,
    id: i64,
) -> Result<&'o WorkItem, ApiError> {
    let project = call.project(organization)?;
    let item = organization
        .items
        .get(&id)
        .filter(|item| item.deletion.is_none());
    item.filter(|item| project.is_none_or(|project| project.id == item.project))
        .ok_or_else(|| item_missing(id))
}

/// `GET …/workitems/{id}`
pub(crate) fn get(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let id = call::id(id)?;
    let view = View::new(call.query.get("$expand"), call.query.list("fields"), true)?;
    let as_of = moment(call.query.get("asof"))?;
    let state = call.inner.read();
    let organization = call.organization(&state)?;
    let item = as_of_item(find(call, organization, id)?, as_of)?;
    Ok(Reply::ok(
        Renderer {
            call,
            state: &state,
        }
        .item(&item, &view),
    ))
}

/// `GET …/workitems?ids=`
pub(crate) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let ids = call
        .query
        .list("ids")
        .ok_or_else(|| bad_argument("The ids must be given."))?;
    let ids = ids
        .iter()
        .map(|text| call::id(text))
        .collect::<Result<Vec<_>, _>>()?;
    let request = Many {
        ids,
        view: View::new(call.query.get("$expand"), call.query.list("fields"), false)?,
        as_of: moment(call.query.get("asof"))?,
        omits_missing: choice(
            call.query.get("errorpolicy").unwrap_or("fail"),
            ERROR_POLICIES,
        )? == "omit",
    };
    many(call, &request)
}

/// `POST …/workitemsbatch`
pub(crate) fn batch(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body = call.object()?;
    let text = |name: &str| match body.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let ids = body
        .get("ids")
        .and_then(Value::as_array)
        .ok_or_else(|| bad_argument("The ids must be given."))?;
    let ids = ids
        .iter()
        .map(|id| {
            id.as_i64()
                .ok_or_else(|| bad_argument("The ids must be numbers."))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let fields = match body.get("fields") {
        None | Some(Value::Null) => None,
        Some(Value::Array(names)) => Some(
            names
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
        ),
        Some(_) => return Err(bad_argument("The fields must be a list.")),
    };
    let request = Many {
        ids,
        view: View::new(text("$expand").as_deref(), fields, false)?,
        as_of: moment(text("asof").as_deref())?,
        omits_missing: choice(
            text("errorpolicy").as_deref().unwrap_or("fail"),
            ERROR_POLICIES,
        )? == "omit",
    };
    many(call, &request)
}

struct Many {
    ids: Vec<i64>,
    view: View,
    as_of: Option<Timestamp>,
    omits_missing: bool,
}

fn many(call: &Call<'_>, request: &Many) -> Result<Reply, ApiError> {
    if request.ids.len() > MAX_IDS {
        let text = format!(
            "VS402337: The number of work items asked for ({}) exceeds the page size of {MAX_IDS}.",
            request.ids.len()
        );
        return Err(wit(400, "WorkItemPageSizeExceededException", text));
    }
    let state = call.inner.read();
    let organization = call.organization(&state)?;
    let renderer = Renderer {
        call,
        state: &state,
    };
    let mut rows = Vec::new();
    for id in &request.ids {
        match find(call, organization, *id).and_then(|item| as_of_item(item, request.as_of)) {
            Ok(item) => rows.push(renderer.item(&item, &request.view)),
            Err(_) if request.omits_missing => rows.push(Value::Null),
            Err(error) => return Err(error),
        }
    }
    Ok(Reply::ok(json!({"count": rows.len(), "value": rows})))
}

fn moment(text: Option<&str>) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    let date = text
        .parse()
        .ok()
        .or_else(|| format!("{text}T00:00:00Z").parse().ok());
    date.map(Some)
        .ok_or_else(|| bad_argument(format!("The value '{text}' is not valid for DateTime.")))
}

/// The item with the fields it had at a moment; links are always today's.
fn as_of_item(item: &WorkItem, as_of: Option<Timestamp>) -> Result<WorkItem, ApiError> {
    let mut item = item.clone();
    if let Some(at) = as_of {
        let revision = item
            .revisions
            .iter()
            .rev()
            .find(|revision| revision.at <= at)
            .ok_or_else(|| item_missing(item.id))?;
        item.rev = revision.rev;
        item.fields = revision.fields.clone();
    }
    Ok(item)
}
