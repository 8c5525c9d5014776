//! History: runs of a user or of a project, one run with its steps; ending and repeating runs.

use std::collections::HashMap;

use paragon_wire::ErrorCode;
use paragon_workflow::{Step, Workflow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::store::steps::StepRow;
use super::store::{RunFilter, RunRow, RunStatus};
use super::{engine_error, start};
use crate::clock::{Millis, rfc3339};
use crate::error::{ApiError, ApiResult};
use crate::identity::UserId;
use crate::identity::caller::EndUser;
use crate::state::App;

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

/// Whose runs are meant.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// Project.
    pub project: &'a str,
    /// User; none for an operator, who sees those of all.
    pub user: Option<&'a UserId>,
}

impl<'a> From<&'a EndUser> for Whose<'a> {
    fn from(caller: &'a EndUser) -> Self {
        Self {
            project: &caller.project.id,
            user: Some(&caller.user),
        }
    }
}

/// Which runs, in the caller's words.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HistoryQuery {
    /// Of this user: for operators.
    pub user: Option<String>,
    /// Of this workflow.
    pub workflow: Option<String>,
    /// In this status.
    pub status: Option<String>,
    /// Made at or after, RFC 3339.
    pub since: Option<String>,
    /// Made before, RFC 3339.
    pub until: Option<String>,
    /// Older than this run: the `next` of the page before.
    pub before: Option<Uuid>,
    /// Runs on a page, 1 to 200.
    pub limit: Option<u32>,
}

/// A page of runs, newest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunPage {
    pub(super) runs: Vec<RunSummary>,
    /// What `before` must be for the page after it; null at the end.
    pub(super) next: Option<Uuid>,
}

/// A run of a workflow.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary {
    pub(super) id: Uuid,
    pub(super) workflow_id: String,
    version: u32,
    /// What started it: `app_event`, `request`, …
    trigger: String,
    /// The run that this one repeats.
    replay_of: Option<Uuid>,
    pub(super) user_id: String,
    credential_id: Uuid,
    configuration_id: Uuid,
    /// `queued`, `running`, `waiting`, `succeeded`, `failed` or `cancelled`.
    status: &'static str,
    /// Why it failed: `{"step", "code", "message"}`.
    error: Option<Value>,
    created_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
}

/// A run with its steps.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunDetails {
    #[serde(flatten)]
    pub(super) run: RunSummary,
    /// What the trigger brought.
    input: Value,
    /// What the user had set.
    settings: Value,
    /// Answer to the request that started it: `{"status", "body"}`.
    response: Option<Value>,
    /// What the workflow is called; null once it is gone.
    workflow: Option<String>,
    steps: Vec<RunStep>,
}

/// A step of a run.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RunStep {
    /// The step and the entries of fan-outs around it.
    path: String,
    title: Option<String>,
    /// Kind of step; null once its definition is gone.
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    status: String,
    /// What it was given, without secrets.
    input: Value,
    /// What it gave.
    output: Value,
    /// Why it failed.
    error: Value,
    /// Its attempts, each with when it was and why it failed.
    attempts: Value,
    started_at: String,
    ended_at: Option<String>,
}

/// One page of runs, newest first.
pub async fn list(app: &App, whose: Whose<'_>, query: &HistoryQuery) -> ApiResult<RunPage> {
    let named = query.user.clone().map(UserId);
    if whose.user.is_some() && named.is_some() {
        return Err(ApiError::invalid(
            "`user` is only for operators: these are the runs of the token's user",
        ));
    }
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::invalid(format!(
            "`limit` must be 1 to {MAX_LIMIT}"
        )));
    }
    let filter = RunFilter {
        user: whose.user.or(named.as_ref()),
        workflow: query.workflow.as_deref(),
        status: query.status.as_deref().map(status).transpose()?,
        since: query
            .since
            .as_deref()
            .map(|text| time("since", text))
            .transpose()?,
        until: query
            .until
            .as_deref()
            .map(|text| time("until", text))
            .transpose()?,
        before: query.before,
        // One more tells whether there is another page.
        limit: limit + 1,
    };
    let mut rows = app.store.runs(whose.project, &filter).await?;
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| has_more).map(|row| row.id);
    let runs = rows.iter().map(summary).collect();
    Ok(RunPage { runs, next })
}

fn status(text: &str) -> ApiResult<RunStatus> {
    RunStatus::parse(text).ok_or_else(|| {
        let known: Vec<_> = RunStatus::ALL
            .iter()
            .map(|status| status.as_str())
            .collect();
        ApiError::invalid(format!("`status` must be one of {}", known.join(", ")))
    })
}

fn time(name: &str, text: &str) -> ApiResult<Millis> {
    let time = text.parse::<jiff::Timestamp>();
    time.map(jiff::Timestamp::as_millisecond).map_err(|_| {
        ApiError::invalid(format!(
            "`{name}` must be a time such as 2026-01-31T12:00:00Z (RFC 3339)"
        ))
    })
}

/// A run with its steps, their tries, inputs and outputs.
pub async fn show(app: &App, whose: Whose<'_>, id: &str) -> ApiResult<RunDetails> {
    let run = find(app, whose, id).await?;
    let steps = app.store.run_steps(run.id).await?;
    let definition = app
        .store
        .workflow_version(&run.project, &run.workflow, run.version)
        .await?;
    let names = definition.as_ref().map(step_names).unwrap_or_default();
    Ok(RunDetails {
        run: summary(&run),
        input: run.input,
        settings: run.settings,
        response: run.response,
        workflow: definition.as_ref().map(|one| one.description.clone()),
        steps: steps.iter().map(|row| step(row, &names)).collect(),
    })
}

async fn find(app: &App, whose: Whose<'_>, id: &str) -> ApiResult<RunRow> {
    let row = match id.parse() {
        Ok(id) => app.store.run_of_engine(id).await?,
        Err(_) => None,
    };
    row.filter(|row| {
        row.project == whose.project && whose.user.is_none_or(|user| row.user == *user)
    })
    .ok_or_else(|| ApiError::new(ErrorCode::RunNotFound, "the run does not exist"))
}

/// Ends a run that goes on. Its steps under way are not taken back.
pub async fn cancel(app: &App, whose: Whose<'_>, id: &str) -> ApiResult<RunDetails> {
    let run = find(app, whose, id).await?;
    let cancelled = app
        .store
        .move_run(run.id, RunStatus::Cancelled, None, app.clock.now())
        .await?;
    if cancelled && let Some(engine) = app.engine.get() {
        engine.cancel(run.id).await.map_err(engine_error)?;
        app.run_changes.notify(&run.id.to_string());
        tracing::info!(run.id = %run.id, "run cancelled");
    }
    show(app, whose, id).await
}

/// Runs again what a run ran: the same version, with the same input and settings. Gives the new run.
pub async fn replay(app: &App, whose: Whose<'_>, id: &str) -> ApiResult<RunDetails> {
    let old = find(app, whose, id).await?;
    if whose.user.is_some() {
        let bytes = old.input.to_string().len();
        app.limits.stored(&old.project, &old.user, bytes)?;
    }
    let now = app.clock.now();
    let run = RunRow {
        id: Uuid::now_v7(),
        replay_of: Some(old.id),
        status: RunStatus::Queued,
        response: None,
        error: None,
        created_at: now,
        started_at: None,
        updated_at: now,
        ended_at: None,
        ..old
    };
    app.store
        .queue_runs(None, std::slice::from_ref(&run), now)
        .await?;
    if let Err(error) = start(app, &run).await {
        tracing::warn!(run.id = %run.id, error = error.in_full(), "the run is started later");
    }
    show(app, whose, &run.id.to_string()).await
}

fn summary(run: &RunRow) -> RunSummary {
    RunSummary {
        id: run.id,
        workflow_id: run.workflow.clone(),
        version: run.version,
        trigger: run.trigger.clone(),
        replay_of: run.replay_of,
        user_id: run.user.as_str().to_owned(),
        credential_id: run.credential,
        configuration_id: run.configuration,
        status: run.status.as_str(),
        error: run.error.clone(),
        created_at: rfc3339(run.created_at),
        started_at: run.started_at.map(rfc3339),
        ended_at: run.ended_at.map(rfc3339),
    }
}

/// Title and kind of each step, by its id.
pub fn step_names(definition: &Workflow) -> HashMap<&str, (Option<&str>, &'static str)> {
    fn add<'a>(steps: &'a [Step], names: &mut HashMap<&'a str, (Option<&'a str>, &'static str)>) {
        for step in steps {
            names.insert(&step.id, (step.title.as_deref(), step.work.kind()));
            for (_, inner) in step.work.inner() {
                add(inner, names);
            }
        }
    }
    let mut names = HashMap::new();
    add(&definition.steps, &mut names);
    names
}

fn step(step: &StepRow, names: &HashMap<&str, (Option<&str>, &'static str)>) -> RunStep {
    let id = step.path.rsplit('/').next().unwrap_or_default();
    let (title, kind) = names.get(id).copied().unzip();
    let json = |text: &Option<String>| -> Value {
        text.as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    };
    RunStep {
        path: step.path.clone(),
        title: title.flatten().map(str::to_owned),
        kind,
        status: step.status.clone(),
        input: json(&step.input),
        output: json(&step.output),
        error: json(&step.error),
        attempts: json(&Some(step.attempts.clone())),
        started_at: rfc3339(step.started_at),
        ended_at: step.ended_at.map(rfc3339),
    }
}
