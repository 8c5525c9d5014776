//! Following a flow: every change wakes who waits; other nodes' changes are found by looking.

use std::sync::Arc;
use std::time::Duration;

use paragon_wire::ErrorCode;
use paragon_wire::flow::{FlowStatus, FlowUpdate};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};

use super::store::{FlowRow, Transition};
use super::{FLOW_LIFE, LONGEST_FLOW};
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::EndUser;
use crate::state::App;

/// How often another node's change is looked for.
const LOOK: Duration = Duration::from_secs(1);
/// A gateway page that was closed may have been reloaded: it has this long to come back.
const RELOAD_GRACE: Duration = Duration::from_millis(1500);
/// Ended flows are forgotten after a day.
const FORGET_AFTER_MS: i64 = 24 * 3600 * 1000;

/// A flow that the caller registered; another user's flow is not found.
pub async fn own_flow(app: &App, caller: &EndUser, id: &str) -> ApiResult<FlowRow> {
    let flow = app.store.flow(id).await?;
    flow.filter(|flow| flow.project_id == caller.project.id && flow.user_id == caller.user)
        .ok_or_else(|| ApiError::new(ErrorCode::FlowNotFound, "there is no such flow"))
}

/// The flow as soon as its version is above `seen`, or as it is after `wait`.
pub async fn wait_for_change(
    app: &App,
    caller: &EndUser,
    id: &str,
    seen: u32,
    wait: Duration,
) -> ApiResult<FlowUpdate> {
    let deadline = Instant::now() + wait;
    let longest = i64::try_from(LONGEST_FLOW.as_millis()).unwrap_or(0);
    app.store
        .extend_flow(id, app.clock.now(), app.clock.in_future(FLOW_LIFE), longest)
        .await?;
    loop {
        let changed = app.flows.changed(id);
        let flow = expire(app, own_flow(app, caller, id).await?).await?;
        if flow.update.version > seen || flow.update.status.is_final() || Instant::now() >= deadline
        {
            return Ok(flow.update);
        }
        // Either outcome leads to another look.
        let _ = timeout_at(deadline.min(Instant::now() + LOOK), changed).await;
    }
}

async fn expire(app: &App, flow: FlowRow) -> ApiResult<FlowRow> {
    if flow.update.status.is_final() || flow.expires_at > app.clock.now() {
        return Ok(flow);
    }
    app.store
        .transition(&flow.id, FlowStatus::Expired, Transition::default(), None)
        .await?;
    Ok(app.store.flow(&flow.id).await?.unwrap_or(flow))
}

/// Ends a flow because the app says so.
pub async fn cancel(app: &App, caller: &EndUser, id: &str) -> ApiResult<FlowUpdate> {
    let flow = own_flow(app, caller, id).await?;
    app.store
        .transition(&flow.id, FlowStatus::Cancelled, Transition::default(), None)
        .await?;
    app.flows.notify(&flow.id);
    Ok(own_flow(app, caller, id).await?.update)
}

/// How the browser left a gateway page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Departure {
    /// To the provider's sign-in page.
    Provider,
    /// The user said that this was not started by them.
    Refused,
    /// The page was closed, or is being reloaded.
    Closed,
}

/// Notes that the browser left a gateway page of this flow.
pub async fn departed(app: &Arc<App>, flow: FlowRow, how: Departure) -> ApiResult<()> {
    match how {
        // The provider may have answered already: then this report is late.
        Departure::Provider if flow.update.status != FlowStatus::Opened => Ok(()),
        Departure::Provider => move_to(app, &flow, FlowStatus::Provider).await,
        Departure::Refused => move_to(app, &flow, FlowStatus::Cancelled).await,
        Departure::Closed => {
            tokio::spawn(cancel_unless_reloaded(Arc::clone(app), flow));
            Ok(())
        }
    }
}

/// Moves the flow on, if nothing happened to it since it was read.
async fn move_to(app: &App, flow: &FlowRow, status: FlowStatus) -> ApiResult<()> {
    let version = Some(flow.update.version);
    if app
        .store
        .transition(&flow.id, status, Transition::default(), version)
        .await?
    {
        app.flows.notify(&flow.id);
    }
    Ok(())
}

/// A page that comes back changes its flow's version.
async fn cancel_unless_reloaded(app: Arc<App>, flow: FlowRow) {
    tokio::time::sleep(RELOAD_GRACE).await;
    if let Err(error) = give_up(&app, &flow).await {
        tracing::error!(error = error.in_full(), "a closed popup could not be noted");
    }
}

/// Who leaves without an account after a problem has not changed their mind: the app learns the problem.
async fn give_up(app: &App, flow: &FlowRow) -> ApiResult<()> {
    let Some(problem) = &flow.problem else {
        return move_to(app, flow, FlowStatus::Cancelled).await;
    };
    let failed = Transition {
        error: Some((&problem.code, &problem.message)),
    };
    let version = Some(flow.update.version);
    if app
        .store
        .transition(&flow.id, FlowStatus::Failed, failed, version)
        .await?
    {
        app.flows.notify(&flow.id);
    }
    Ok(())
}

/// Expires old flows and forgets ended ones. Who follows one finds out by looking.
pub async fn sweep(app: &App) -> ApiResult<()> {
    let now = app.clock.now();
    app.store.sweep_flows(now, now - FORGET_AFTER_MS).await?;
    Ok(())
}
