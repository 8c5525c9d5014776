//! What starts workflows: app events, requests, and the provider's events that there are.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, RawQuery, State};
use http::StatusCode;
use paragon_wire::integration::AZURE_DEVOPS;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::inbox;
use crate::error::{ApiError, ApiResult};
use crate::http::json::{AnyJson, JsonBody};
use crate::identity::caller::{Caller, Selection};
use crate::state::App;
use crate::{configurations, integration, runs};
use paragon_azure_devops::triggers::triggers;

/// Body of an app event.
#[derive(Debug, Deserialize)]
pub struct Event {
    name: String,
    #[serde(default)]
    payload: Option<Map<String, Value>>,
}

/// `POST /v2/projects/{p}/sdk/events/trigger`: takes in an app event.
pub async fn event(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    JsonBody(body): JsonBody<Event>,
) -> ApiResult<Json<Value>> {
    let payload = body.payload.unwrap_or_default();
    let id = inbox::take_event(&app, &caller, &selection, &body.name, &payload).await?;
    Ok(Json(json!({ "id": id })))
}

/// `POST /projects/{p}/sdk/triggers/{workflow}`: takes in a request for a workflow. A workflow that responds is waited
/// for; else, and when it takes longer than 55 seconds, the answer is 202 with the ids.
pub async fn request(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    Path((_project, workflow)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    AnyJson(body): AnyJson,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let query = query.unwrap_or_default();
    let taken = inbox::take_request(&app, &caller, &selection, &workflow, &body, &query).await?;
    if let Some(run) = taken.run.filter(|_| taken.is_answered)
        && let Some(answer) = runs::answer(&app, run).await?
    {
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
        return Ok((status, Json(answer.body)));
    }
    Ok((
        StatusCode::ACCEPTED,
        Json(json!({ "id": taken.id, "runId": taken.run })),
    ))
}

/// Query of the list.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    integrations: Option<String>,
}

/// `GET /projects/{p}/triggers`: the provider's events, by integration.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Value>> {
    let names = query.integrations.unwrap_or_default();
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    if names.iter().all(|name| name.is_empty()) {
        return Err(ApiError::invalid(format!(
            "`integrations` is missing: write `?integrations={AZURE_DEVOPS}`"
        )));
    }
    if selection.credential.is_some() {
        configurations::service::select(&app, &caller, &selection).await?;
    }
    let (mut found, mut errors) = (Map::new(), Vec::new());
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        match integration::service::check_name(name) {
            Ok(()) => drop(found.insert(name.to_owned(), json!(triggers()))),
            Err(error) => errors.push(json!({ "type": name, "message": error.message })),
        }
    }
    Ok(Json(json!({ "triggers": found, "errors": errors })))
}
