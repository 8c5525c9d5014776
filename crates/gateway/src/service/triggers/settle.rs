//! What the trigger of a switched-on workflow should do, reckoned anew whenever something that it depends on has changed.

use std::collections::HashMap;

use paragon_wire::integration::AZURE_DEVOPS;
use paragon_wire::workflow::Trigger;

use crate::app::App;
use crate::clock::Millis;
use crate::error::ApiResult;
use crate::store::{TriggerState, WorkflowRow};
use crate::workflow::Schedule;

/// So many are read at once.
const BATCH: u32 = 100;

/// Settles everything that is unsettled.
pub async fn settle(app: &App) -> ApiResult<()> {
    let store = &app.store;
    store.unsettle_changed_workflows(app.clock.now()).await?;
    loop {
        let states = store.unsettled(BATCH).await?;
        // Read after the states: a state that is marked for a version never meets an older one.
        let mut offered = Offered::default();
        for state in &states {
            let workflow = offered.find(app, state).await?;
            settle_one(app, state, workflow).await?;
        }
        if states.len() < BATCH as usize {
            return Ok(());
        }
    }
}

async fn settle_one(
    app: &App,
    state: &TriggerState,
    workflow: Option<&WorkflowRow>,
) -> ApiResult<()> {
    let trigger = workflow
        .filter(|_| state.enabled)
        .and_then(|row| row.workflow.trigger.as_ref());
    let schedule = match trigger {
        Some(Trigger::Schedule { cron, time_zone }) => Schedule::read(cron, time_zone).ok(),
        _ => None,
    };
    let text = schedule.as_ref().map(ToString::to_string);
    let next_due = schedule.and_then(|schedule| next_due(state, &schedule));
    app.store.settle(state, text.as_deref(), next_due).await?;
    Ok(())
}

/// A schedule that stays as it was keeps its time, also one that is past.
fn next_due(state: &TriggerState, schedule: &Schedule) -> Option<Millis> {
    let is_same = state.schedule.as_deref() == Some(schedule.to_string().as_str());
    state
        .next_due
        .filter(|_| is_same)
        .or_else(|| schedule.next(state.unsettled_since))
}

/// Workflows of projects, each read once.
#[derive(Default)]
struct Offered(HashMap<String, Vec<WorkflowRow>>);

impl Offered {
    async fn find(&mut self, app: &App, state: &TriggerState) -> ApiResult<Option<&WorkflowRow>> {
        if !self.0.contains_key(&state.project) {
            let rows = app.store.workflows(&state.project, AZURE_DEVOPS).await?;
            self.0.insert(state.project.clone(), rows);
        }
        let rows = self.0.get(&state.project).into_iter().flatten();
        Ok(rows
            .into_iter()
            .find(|row| row.workflow.id == state.workflow))
    }
}
