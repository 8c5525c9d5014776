//! What starts workflows: app events, requests, and the provider's events that there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{Operation, ReferenceOr, Response as Described, StatusCode as Status};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use paragon_wire::integration::AZURE_DEVOPS;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use uuid::Uuid;

use super::inbox;
use crate::error::{ApiError, ApiResult};
use crate::http::answers::Accepted;
use crate::http::json::{AnyJson, JsonBody};
use crate::http::query::QueryOf;
use crate::identity::caller::{Caller, Selection};
use crate::state::App;
use crate::{configurations, integration, runs};
use paragon_azure_devops::triggers::triggers;

/// Body of an app event.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "AppEvent")]
pub struct Event {
    name: String,
    #[serde(default)]
    payload: Option<Map<String, Value>>,
}

/// An event that was written down.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TakenEvent {
    id: Uuid,
}

/// A request that was written down.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TakenRequest {
    id: Uuid,
    /// Its run; null until that is started.
    run_id: Option<Uuid>,
}

/// The events of the provider, by integration.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TriggerList {
    /// Each with its parameters, in the reference protocol's form.
    triggers: BTreeMap<String, Vec<Value>>,
    /// Integrations that there are not.
    errors: Vec<UnknownIntegration>,
}

/// An integration that there is not.
#[derive(Debug, Serialize, JsonSchema)]
struct UnknownIntegration {
    #[serde(rename = "type")]
    kind: String,
    message: String,
}

/// What a request for a workflow is answered with.
#[derive(Debug)]
pub enum RequestAnswer {
    /// What the workflow responds.
    OfRun(StatusCode, Value),
    /// 202: it is written down.
    Taken(TakenRequest),
}

impl IntoResponse for RequestAnswer {
    fn into_response(self) -> Response {
        match self {
            Self::OfRun(status, body) => (status, Json(body)).into_response(),
            Self::Taken(taken) => Accepted(taken).into_response(),
        }
    }
}

impl OperationOutput for RequestAnswer {
    type Inner = TakenRequest;

    fn inferred_responses(
        context: &mut GenContext,
        operation: &mut Operation,
    ) -> Vec<(Option<Status>, Described)> {
        let answers = Accepted::<TakenRequest>::inferred_responses(context, operation);
        // The workflow decides about everything else.
        let text = "What the workflow responds, in any status; or an error.".to_owned();
        let of_run = Described {
            description: text,
            ..Described::default()
        };
        let responses = operation.responses.get_or_insert_default();
        responses.default = Some(ReferenceOr::Item(of_run));
        answers
    }
}

/// `POST /v2/projects/{p}/sdk/events/trigger`: takes in an app event.
pub async fn event(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    JsonBody(body): JsonBody<Event>,
) -> ApiResult<Json<TakenEvent>> {
    let payload = body.payload.unwrap_or_default();
    let id = inbox::take_event(&app, &caller, &selection, &body.name, &payload).await?;
    Ok(Json(TakenEvent { id }))
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
) -> Result<RequestAnswer, ApiError> {
    let query = query.unwrap_or_default();
    let taken = inbox::take_request(&app, &caller, &selection, &workflow, &body, &query).await?;
    if let Some(run) = taken.run.filter(|_| taken.is_answered)
        && let Some(answer) = runs::answer(&app, run).await?
    {
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
        return Ok(RequestAnswer::OfRun(status, answer.body));
    }
    Ok(RequestAnswer::Taken(TakenRequest {
        id: taken.id,
        run_id: taken.run,
    }))
}

/// Query of the list.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "TriggerQuery")]
pub struct ListQuery {
    integrations: Option<String>,
}

/// `GET /projects/{p}/triggers`: the provider's events, by integration.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    QueryOf(query): QueryOf<ListQuery>,
) -> ApiResult<Json<TriggerList>> {
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
    let (mut found, mut errors) = (BTreeMap::new(), Vec::new());
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        match integration::service::check_name(name) {
            Ok(()) => drop(found.insert(name.to_owned(), triggers())),
            Err(error) => errors.push(UnknownIntegration {
                kind: name.to_owned(),
                message: error.message,
            }),
        }
    }
    Ok(Json(TriggerList {
        triggers: found,
        errors,
    }))
}
