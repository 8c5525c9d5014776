//! `/projects/{p}/sdk/workflows/{id}`: switching workflows on and off.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;

use crate::app::App;
use crate::caller::{Caller, Selection};
use crate::error::ApiResult;
use crate::http::project::Named;
use crate::service::workflows;

/// `POST`: on.
pub async fn enable(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    Path(Named { id }): Path<Named>,
) -> ApiResult<StatusCode> {
    workflows::switch(&app, &caller, &selection, &id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE`: off.
pub async fn disable(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    Path(Named { id }): Path<Named>,
) -> ApiResult<StatusCode> {
    workflows::switch(&app, &caller, &selection, &id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
