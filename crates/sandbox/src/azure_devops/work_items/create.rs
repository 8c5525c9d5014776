//! Creating work items.

use super::super::call::Call;
use super::super::errors::{ApiError, type_missing};
use super::super::model::{Organization, WorkItem};
use super::super::reply::Reply;
use super::edit::{self, Options};
use super::render::{Renderer, View};
use super::save;

fn blank(call: &Call<'_>, organization: &Organization, kind: &str) -> Result<WorkItem, ApiError> {
    let project = call.need_project(organization)?;
    let definition = project
        .work_item_type(kind)
        .ok_or_else(|| type_missing(kind, &project.name))?;
    Ok(save::blank(project, definition))
}

/// `POST {project}/_apis/wit/workitems/${type}`: 200, not 201.
pub(crate) fn create(call: &Call<'_>, kind: &str) -> Result<Reply, ApiError> {
    let options = Options::read(call)?;
    edit::run(
        call,
        |organization| blank(call, organization, kind),
        &options,
    )
}

/// `GET {project}/_apis/wit/workitems/${type}`: a template with the default values.
pub(crate) fn template(call: &Call<'_>, kind: &str) -> Result<Reply, ApiError> {
    let view = View::new(call.query.get("$expand"), call.query.list("fields"), false)?;
    let state = call.inner.read();
    let item = blank(call, call.organization(&state)?, kind)?;
    Ok(Reply::ok(
        Renderer {
            call,
            state: &state,
        }
        .item(&item, &view),
    ))
}
