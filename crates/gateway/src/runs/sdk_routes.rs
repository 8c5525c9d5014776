//! `/projects/{p}/runs`: the user's runs of workflows.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::{HistoryQuery, RunDetails, RunPage};
use crate::error::ApiResult;
use crate::http::project::Named;
use crate::http::query::QueryOf;
use crate::identity::caller::Caller;
use crate::runs;
use crate::state::App;

/// One page of runs.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    QueryOf(query): QueryOf<HistoryQuery>,
) -> ApiResult<Json<RunPage>> {
    Ok(Json(runs::list(&app, (&*caller).into(), &query).await?))
}

/// One run with its steps.
pub async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<RunDetails>> {
    Ok(Json(runs::show(&app, (&*caller).into(), &id).await?))
}

/// Ends a run.
pub async fn cancel(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<RunDetails>> {
    Ok(Json(runs::cancel(&app, (&*caller).into(), &id).await?))
}

/// Repeats a run.
pub async fn replay(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<RunDetails>> {
    Ok(Json(runs::replay(&app, (&*caller).into(), &id).await?))
}
