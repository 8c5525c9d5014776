//! Updating work items.

use super::super::call::{self, Call};
use super::super::errors::ApiError;
use super::super::reply::Reply;
use super::edit::{self, Options};
use super::read;

/// `PATCH …/workitems/{id}`
pub(crate) fn update(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let id = call::id(id)?;
    let options = Options::read(call)?;
    edit::run(
        call,
        |organization| read::find(call, organization, id).cloned(),
        &options,
    )
}
