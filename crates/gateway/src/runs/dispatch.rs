//! From what came in to the runs that it starts.

use paragon_wire::integration::AZURE_DEVOPS;
use paragon_workflow::{Condition, Fields, Input, Scope, Trigger};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::start;
use super::store::{RunRow, RunStatus};
use crate::configurations::store::ConfigurationRow;
use crate::error::ApiResult;
use crate::state::App;
use crate::triggers::store::inbox::{ArrivalKind, WaitingArrival};
use crate::workflows::store::WorkflowRow;

/// Starts the runs of what came in, and gives their ids. Done again it starts none.
///
/// They are written down together with the fact that it was dealt with; what cannot be handed to the engine now, the
/// sweep hands over later.
pub async fn dispatch(app: &App, arrival: &WaitingArrival) -> ApiResult<Vec<Uuid>> {
    let runs = runs_of(app, arrival).await?;
    if !app
        .store
        .queue_runs(Some(arrival.id), &runs, app.clock.now())
        .await?
    {
        return Ok(Vec::new());
    }
    for run in &runs {
        tracing::info!(run.id = %run.id, workflow.id = run.workflow, workflow.version = run.version, "run queued");
        if let Err(error) = start(app, run).await {
            tracing::warn!(run.id = %run.id, error = error.in_full(), "the run is started later");
        }
    }
    Ok(runs.into_iter().map(|run| run.id).collect())
}

/// Whether what came in would start a run.
pub async fn is_awaited(app: &App, arrival: &WaitingArrival) -> ApiResult<bool> {
    Ok(!runs_of(app, arrival).await?.is_empty())
}

async fn runs_of(app: &App, arrival: &WaitingArrival) -> ApiResult<Vec<RunRow>> {
    let (project, user) = (&arrival.project, &arrival.user);
    let mut workflows = app.store.workflows(project, AZURE_DEVOPS).await?;
    workflows.retain(|row| is_started_by(row, arrival));
    if workflows.is_empty() {
        return Ok(Vec::new());
    }
    let meta = Value::Object(app.store.user_meta(project, user).await?);
    let shared = app.store.settings_inputs(project, AZURE_DEVOPS).await?;
    let mut configurations = app.store.configurations(project, user).await?;
    if let Some((credential, configuration)) = arrival.target {
        configurations.retain(|row| row.credential_id == credential && row.id == configuration);
    }
    let mut runs = Vec::new();
    for row in workflows {
        let id = &row.workflow.id;
        if !is_permitted(row.workflow.permissions.as_ref(), user.as_str(), &meta) {
            continue;
        }
        let enabled = configurations.iter().filter(|configuration| {
            configuration
                .workflows
                .get(id)
                .is_some_and(|state| state.enabled)
        });
        runs.extend(
            enabled.map(|configuration| new_run(app, arrival, &row, configuration, &shared, &meta)),
        );
    }
    Ok(runs)
}

fn is_started_by(row: &WorkflowRow, arrival: &WaitingArrival) -> bool {
    match (&row.workflow.trigger, arrival.kind) {
        (Some(Trigger::AppEvent { event, .. }), ArrivalKind::AppEvent) => {
            event.trim() == arrival.name
        }
        (Some(Trigger::Request { .. }), ArrivalKind::Request)
        | (Some(Trigger::IntegrationEnabled {}), ArrivalKind::IntegrationEnabled)
        | (Some(Trigger::Schedule { .. }), ArrivalKind::Schedule)
        | (Some(Trigger::WorkItemCreated(_)), ArrivalKind::WorkItemCreated)
        | (Some(Trigger::WorkItemUpdated(_)), ArrivalKind::WorkItemUpdated)
        | (Some(Trigger::WorkItemDeleted(_)), ArrivalKind::WorkItemDeleted) => {
            row.workflow.id == arrival.name
        }
        _ => false,
    }
}

/// Whether the user may use a workflow.
pub fn is_permitted(permissions: Option<&Condition>, user: &str, meta: &Value) -> bool {
    let Some(condition) = permissions else {
        return true;
    };
    let scope = Scope::new(Value::Null, Map::new(), user.to_owned(), meta.clone());
    let value = |side: &Value| {
        let fields = Fields::parse(side, "").map_err(drop)?;
        fields
            .fill("", &mut |reference| {
                Ok::<_, ()>(scope.get(reference).unwrap_or(Value::Null))
            })
            .map_err(drop)
    };
    condition.holds(value).unwrap_or(false)
}

fn new_run(
    app: &App,
    arrival: &WaitingArrival,
    row: &WorkflowRow,
    configuration: &ConfigurationRow,
    shared: &[Input],
    meta: &Value,
) -> RunRow {
    let now = app.clock.now();
    let settings = settings_of(row, configuration, shared);
    RunRow {
        id: Uuid::now_v7(),
        project: arrival.project.clone(),
        user: arrival.user.clone(),
        credential: configuration.credential_id,
        configuration: configuration.id,
        workflow: row.workflow.id.clone(),
        version: row.version,
        trigger: arrival.kind.as_str().to_owned(),
        replay_of: None,
        status: RunStatus::Queued,
        input: match arrival.kind {
            ArrivalKind::AppEvent
            | ArrivalKind::Schedule
            | ArrivalKind::WorkItemCreated
            | ArrivalKind::WorkItemUpdated
            | ArrivalKind::WorkItemDeleted => arrival.payload.clone(),
            ArrivalKind::IntegrationEnabled => json!({
                "credentialId": configuration.credential_id, "configurationId": configuration.id,
            }),
            ArrivalKind::Request => json!({
                "body": arrival.payload, "query": query(arrival.query.as_deref().unwrap_or_default()),
            }),
        },
        settings: Value::Object(settings),
        meta: meta.clone(),
        response: None,
        error: None,
        created_at: now,
        started_at: None,
        updated_at: now,
        ended_at: None,
    }
}

/// What a workflow finds set in a configuration, shared settings among it.
pub fn settings_of(
    row: &WorkflowRow,
    configuration: &ConfigurationRow,
    shared: &[Input],
) -> Map<String, Value> {
    let own = configuration.workflows.get(&row.workflow.id);
    let mut settings = values(shared, Some(&configuration.shared_settings));
    settings.extend(values(
        &row.workflow.inputs,
        own.map(|state| &state.settings),
    ));
    settings
}

/// What is set for `inputs`: the user's value, else the default, else null.
fn values(inputs: &[Input], set: Option<&Map<String, Value>>) -> Map<String, Value> {
    let value = |input: &Input| {
        let own = set.and_then(|set| set.get(&input.id)).cloned();
        (
            input.id.clone(),
            own.or_else(|| input.default_value.clone())
                .unwrap_or_default(),
        )
    };
    inputs.iter().map(value).collect()
}

/// A query as an object; a name that stands twice keeps its last value.
fn query(text: &str) -> Value {
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    Value::Object(
        pairs
            .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
            .collect(),
    )
}
