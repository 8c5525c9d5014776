//! What the trigger of a switched-on workflow should do, reckoned anew whenever something that it depends on has changed.

use std::collections::HashMap;

use paragon_wire::integration::AZURE_DEVOPS;
use paragon_workflow::{
    Reference, Scope, Template, Trigger, WorkItemEvent, WorkItemFilter, as_text,
};
use serde_json::Value;

use super::store::wanted_hooks::NewHook;
use super::store::{TriggerState, WantedTrigger};
use crate::clock::Millis;
use crate::error::ApiResult;
use crate::random;
use crate::runs::settings_of;
use crate::state::App;
use crate::workflows::store::WorkflowRow;
use paragon_azure_devops::service_hooks::{HookFilter, event_type};
use paragon_workflow::Schedule;

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
        let (mut reckoned, mut failed) = (Vec::new(), None);
        for state in &states {
            // One that fails must not keep the others back.
            match reckon(app, state, &mut offered).await {
                Ok(wanted) => reckoned.push((state, wanted)),
                Err(error) => failed = Some(error),
            }
        }
        store.settle(&reckoned, app.clock.now()).await?;
        match failed {
            Some(error) => return Err(error),
            None if states.len() < BATCH as usize => return Ok(()),
            None => {}
        }
    }
}

async fn reckon(
    app: &App,
    state: &TriggerState,
    offered: &mut Offered,
) -> ApiResult<WantedTrigger> {
    let workflow = offered.find(app, state).await?;
    match workflow.filter(|_| state.enabled) {
        Some(row) => wanted(app, state, row).await,
        None => Ok(WantedTrigger::default()),
    }
}

async fn wanted(app: &App, state: &TriggerState, row: &WorkflowRow) -> ApiResult<WantedTrigger> {
    let trigger = row.workflow.trigger.as_ref();
    if let Some(Trigger::Schedule { cron, time_zone }) = trigger
        && let Ok(schedule) = Schedule::read(cron, time_zone)
    {
        return Ok(WantedTrigger {
            schedule: Some(schedule.to_string()),
            next_due: next_due(state, &schedule),
            hook: None,
        });
    }
    let hook = match trigger.and_then(Trigger::work_items) {
        Some((event, filter)) => hook(app, state, row, event, filter).await?,
        None => None,
    };
    Ok(WantedTrigger {
        hook,
        ..WantedTrigger::default()
    })
}

/// A schedule that stays as it was keeps its time, also one that is past.
fn next_due(state: &TriggerState, schedule: &Schedule) -> Option<Millis> {
    let is_same = state.schedule.as_deref() == Some(schedule.to_string().as_str());
    state
        .next_due
        .filter(|_| is_same)
        .or_else(|| schedule.next(state.unsettled_since))
}

/// The subscription with the user's settings in its filter.
async fn hook(
    app: &App,
    state: &TriggerState,
    row: &WorkflowRow,
    event: WorkItemEvent,
    filter: &WorkItemFilter,
) -> ApiResult<Option<NewHook>> {
    let (project, user) = (&state.project, &state.user);
    let rows = app.store.configurations(project, user).await?;
    let Some(configuration) = rows.iter().find(|row| row.id == state.configuration) else {
        return Ok(None);
    };
    let shared = app.store.settings_inputs(project, AZURE_DEVOPS).await?;
    let settings = settings_of(row, configuration, &shared);
    let meta = Value::Object(app.store.user_meta(project, user).await?);
    let scope = Scope::new(Value::Null, settings, user.as_str().to_owned(), meta);
    let fill = |text: &str| filled(&scope, text);
    let optional = |text: &Option<String>| text.as_deref().map(fill).unwrap_or_default();
    let filter = HookFilter {
        event_type: event_type(event).to_owned(),
        project: fill(&filter.project),
        work_item_type: optional(&filter.work_item_type),
        area_path: optional(&filter.area_path),
        changed_field: optional(&filter.changed_field),
    };
    Ok(Some(NewHook {
        id: random::token(),
        filter: serde_json::to_string(&filter)?,
    }))
}

/// A text with its references filled in; what is not set is empty.
fn filled(scope: &Scope, text: &str) -> String {
    let value = Template::parse(text).ok().and_then(|template| {
        let filled = template.fill(&mut |reference: &Reference| {
            Ok::<_, ()>(scope.get(reference).unwrap_or(Value::Null))
        });
        filled.ok()
    });
    match value {
        None | Some(Value::Null) => String::new(),
        Some(value) => as_text(&value).trim().to_owned(),
    }
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
