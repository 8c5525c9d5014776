//! Takes in what starts workflows: app events and requests. Each is written down before it is answered.

use paragon_wire::ErrorCode;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::store::inbox::{Arrival, ArrivalKind, WaitingArrival};
use crate::credentials::access;
use crate::credentials::store::CredentialStatus;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::{EndUser, Selection};
use crate::state::App;
use crate::{configurations, runs, workflows};

/// Longest name of an event.
const MAX_NAME_CHARS: usize = 255;

/// Takes in an app event and gives its id. Without a selection it is for all of the user's accounts.
pub async fn take_event(
    app: &App,
    caller: &EndUser,
    selection: &Selection,
    name: &str,
    payload: &Map<String, Value>,
) -> ApiResult<Uuid> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(ApiError::invalid(format!(
            "`name` must have 1 to {MAX_NAME_CHARS} characters and not only whitespace"
        )));
    }
    if selection.credential.is_none() && selection.configuration.is_some() {
        return Err(ApiError::invalid("a configuration requires its credential"));
    }
    let target = if selection.credential.is_some() {
        let selected = configurations::service::select(app, caller, selection).await?;
        Some((selected.credential.id, selected.configuration.id))
    } else {
        None
    };
    let arrival = Arrival {
        id: Uuid::now_v7(),
        project: &caller.project.id,
        user: &caller.user,
        target,
        kind: ArrivalKind::AppEvent,
        name,
        payload: &serde_json::to_string(payload)?,
        query: None,
        once_key: None,
        now: app.clock.now(),
    };
    // Nothing would ever read it.
    if !runs::is_awaited(app, &waiting(&arrival)?).await? {
        tracing::debug!(arrival.id = %arrival.id, "no workflow waits for it");
        return Ok(arrival.id);
    }
    count(app, &arrival)?;
    write(app, &arrival).await?;
    // Written down it is started in any case: later, if not now.
    if let Err(error) = start(app, &arrival).await {
        tracing::warn!(arrival.id = %arrival.id, error = error.in_full(), "it starts its workflows later");
    }
    Ok(arrival.id)
}

/// Takes in a request for a workflow and gives its id, and that of its run.
pub async fn take_request(
    app: &App,
    caller: &EndUser,
    selection: &Selection,
    workflow: &str,
    body: &Value,
    query: &str,
) -> ApiResult<Taken> {
    let definition = workflows::service::find(app, &caller.project.id, workflow).await?;
    let selected = configurations::service::select(app, caller, selection).await?;
    if selected.credential.status != CredentialStatus::Valid {
        return Err(access::unusable(selected.credential.status));
    }
    let state = selected.configuration.workflows.get(workflow);
    if !state.is_some_and(|state| state.enabled) {
        return Err(workflows::service::not_enabled(workflow));
    }
    let arrival = Arrival {
        id: Uuid::now_v7(),
        project: &caller.project.id,
        user: &caller.user,
        target: Some((selected.credential.id, selected.configuration.id)),
        kind: ArrivalKind::Request,
        name: workflow,
        payload: &serde_json::to_string(body)?,
        query: Some(query),
        once_key: None,
        now: app.clock.now(),
    };
    count(app, &arrival)?;
    write(app, &arrival).await?;
    let started = start(app, &arrival).await.unwrap_or_else(|error| {
        tracing::warn!(arrival.id = %arrival.id, error = error.in_full(), "it starts its workflow later");
        Vec::new()
    });
    Ok(Taken {
        id: arrival.id,
        run: started.first().copied(),
        is_answered: definition.responds(),
    })
}

/// A request that was taken in.
#[derive(Debug)]
pub struct Taken {
    /// Its id.
    pub id: Uuid,
    /// Its run, if that is started.
    pub run: Option<Uuid>,
    /// Whether the workflow has a step that answers.
    pub is_answered: bool,
}

/// Starts the runs of what is written down, and gives their ids; none while nothing runs workflows here.
pub(crate) async fn start(app: &App, arrival: &Arrival<'_>) -> ApiResult<Vec<Uuid>> {
    if app.engine.get().is_none() {
        return Ok(Vec::new());
    }
    runs::dispatch(app, &waiting(arrival)?).await
}

fn waiting(arrival: &Arrival<'_>) -> ApiResult<WaitingArrival> {
    Ok(WaitingArrival {
        id: arrival.id,
        project: arrival.project.to_owned(),
        user: arrival.user.clone(),
        target: arrival.target,
        kind: arrival.kind,
        name: arrival.name.to_owned(),
        payload: serde_json::from_str(arrival.payload)?,
        query: arrival.query.map(str::to_owned),
    })
}

/// Counts what a user sends to be written down; what the provider or the clock brings is not theirs.
fn count(app: &App, arrival: &Arrival<'_>) -> ApiResult<()> {
    let bytes = arrival.payload.len() + arrival.query.map_or(0, str::len);
    app.limits.stored(arrival.project, arrival.user, bytes)
}

/// Writes down what came in. False if it came in before.
pub(crate) async fn write(app: &App, arrival: &Arrival<'_>) -> ApiResult<bool> {
    let is_new = app.store.insert_arrival(arrival).await.map_err(|error| {
        ApiError::new(
            ErrorCode::StorageUnavailable,
            "this could not be stored and was not accepted; send it again",
        )
        .with_detail(error)
    })?;
    if is_new {
        tracing::info!(arrival.id = %arrival.id, kind = arrival.kind.as_str(), "taken in");
    }
    Ok(is_new)
}

/// Forgets what is too old to start anything.
pub async fn sweep(app: &App) -> ApiResult<()> {
    Ok(app.store.forget_arrivals(app.history_begins()).await?)
}
