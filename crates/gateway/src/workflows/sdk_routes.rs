//! `/projects/{p}/sdk/workflows/{id}`: switching workflows on and off.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::NoContent;

use super::service;
use crate::error::ApiResult;
use crate::http::project::Named;
use crate::identity::caller::{Caller, Selection};
use crate::state::App;

/// `POST`: on.
pub async fn enable(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    Path(Named { id }): Path<Named>,
) -> ApiResult<NoContent> {
    service::switch(&app, &caller, &selection, &id, true).await?;
    Ok(NoContent)
}

/// `DELETE`: off.
pub async fn disable(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    Path(Named { id }): Path<Named>,
) -> ApiResult<NoContent> {
    service::switch(&app, &caller, &selection, &id, false).await?;
    Ok(NoContent)
}
