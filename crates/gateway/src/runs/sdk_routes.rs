//! `/projects/{p}/runs`: the user's runs of workflows.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde_json::Value;

use super::HistoryQuery;
use crate::error::{ApiError, ApiResult};
use crate::http::project::Named;
use crate::identity::caller::Caller;
use crate::runs;
use crate::state::App;

/// One page of runs.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: Result<Query<HistoryQuery>, QueryRejection>,
) -> ApiResult<Json<Value>> {
    let Query(query) = query.map_err(|error| ApiError::invalid(error.body_text()))?;
    Ok(Json(runs::list(&app, (&*caller).into(), &query).await?))
}

/// One run with its steps.
pub async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<Value>> {
    Ok(Json(runs::show(&app, (&*caller).into(), &id).await?))
}

/// Ends a run.
pub async fn cancel(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<Value>> {
    Ok(Json(runs::cancel(&app, (&*caller).into(), &id).await?))
}

/// Repeats a run.
pub async fn replay(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<Value>> {
    Ok(Json(runs::replay(&app, (&*caller).into(), &id).await?))
}
