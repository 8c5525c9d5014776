//! Doing what a run asks for: one try of one step, written down before and after.

use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::change_log::ChangeLog;
use super::create_once::{self, Marker};
use super::inputs::inputs;
use super::step_error::{step_error, storage};
use super::step_lease;
use super::store::steps::{Earlier, StepResult, StepStatus};
use super::store::{RunRow, RunStatus};
use super::update_once::UpdateStep;
use super::{delete_once, requests};
use crate::actions::service::perform;
use crate::azure_devops::provider::ProviderAccess;
use crate::clock::rfc3339;
use crate::engine::Performer;
use crate::error::ApiError;
use crate::identity::caller::EndUser;
use crate::metrics;
use crate::projects::Project;
use crate::state::App;
use paragon_azure_devops::actions::{Action, ActionKind};
use paragon_workflow::{Ending, Note, Remedy, StepCall, StepError, Task};

/// Largest output of a step, as JSON text.
const MAX_OUTPUT_BYTES: usize = 1 << 20;
/// Tries to write down a result that the provider has given.
const WRITES: u32 = 5;
const BETWEEN_WRITES: Duration = Duration::from_millis(200);

/// Does the steps of the gateway's runs.
#[derive(Debug)]
pub struct RunPerformer(pub Weak<App>);

#[async_trait]
impl Performer for RunPerformer {
    async fn step(&self, call: StepCall) -> Result<Value, StepError> {
        let app = self.app()?;
        let run = find(&app, call.run).await?;
        write_notes(&app, call.run, &call.notes).await?;
        if matches!(call.task, Task::Note) {
            return Ok(Value::Null);
        }
        let project = project_of(&app, &run)?;
        let Some(lease) = step_lease::take(&app.store, &call).await? else {
            return attempt(&app, &project, &run, &call).await;
        };
        // On the heap: it is large.
        let work = Box::pin(attempt(&app, &project, &run, &call));
        match lease.while_held(work).await {
            Some(result) => {
                lease.give_back().await;
                result
            }
            // It runs out by itself: what was sent may still be on its way.
            None => Err(step_lease::lapsed(&call)),
        }
    }

    async fn end(&self, ending: Ending) -> Result<(), StepError> {
        let app = self.app()?;
        write_notes(&app, ending.run, &ending.notes).await?;
        let (status, error) = match &ending.failure {
            None => (RunStatus::Succeeded, None),
            Some((path, error)) => {
                let mut said = said(error);
                let result = StepResult {
                    status: StepStatus::Failed,
                    output: None,
                    error: Some(&said),
                    attempt: None,
                };
                let written = app
                    .store
                    .finish_step(ending.run, path, &result, app.clock.now())
                    .await;
                written.map_err(|error| storage(&error))?;
                said["step"] = json!(path);
                (RunStatus::Failed, Some(said))
            }
        };
        app.store
            .move_run(ending.run, status, error.as_ref(), app.clock.now())
            .await
            .map_err(|error| storage(&error))?;
        app.run_changes.notify(&ending.run.to_string());
        metrics::run_over(status);
        tracing::info!(run.id = %ending.run, status = status.as_str(), "run over");
        Ok(())
    }
}

impl RunPerformer {
    fn app(&self) -> Result<Arc<App>, StepError> {
        let gone = || {
            StepError::new("internal", "the gateway is stopping")
                .with_remedy(Remedy::Retry { after_ms: None })
        };
        self.0.upgrade().ok_or_else(gone)
    }
}

async fn find(app: &App, run: Uuid) -> Result<RunRow, StepError> {
    let row = app
        .store
        .run_of_engine(run)
        .await
        .map_err(|error| storage(&error))?;
    match row {
        Some(row) if !row.status.is_over() => Ok(row),
        _ => Err(StepError::new("run_over", "the run was canceled")),
    }
}

fn project_of(app: &App, run: &RunRow) -> Result<Arc<Project>, StepError> {
    let project = app.projects.get(&run.project).cloned();
    project.ok_or_else(|| StepError::new("project_not_found", "the project no longer exists"))
}

async fn write_notes(app: &App, run: Uuid, notes: &[Note]) -> Result<(), StepError> {
    for note in notes {
        let now = app.clock.now();
        let begun = app
            .store
            .begin_step(run, &note.path, &note.input, now)
            .await;
        begun.map_err(|error| storage(&error))?;
        if note.is_done {
            let error = note.error.as_ref().map(said);
            let result = StepResult {
                status: if error.is_some() {
                    StepStatus::Failed
                } else {
                    StepStatus::Succeeded
                },
                output: error.is_none().then_some(&note.output),
                error: error.as_ref(),
                attempt: None,
            };
            let done = app.store.finish_step(run, &note.path, &result, now).await;
            done.map_err(|error| storage(&error))?;
        }
    }
    Ok(())
}

/// Tries a step, and writes down what became of it.
async fn attempt(
    app: &Arc<App>,
    project: &Arc<Project>,
    run: &RunRow,
    call: &StepCall,
) -> Result<Value, StepError> {
    let (shown, filled) = inputs(&call.task, project)?;
    let started_at = app.clock.now();
    let earlier = app
        .store
        .begin_step(run.id, &call.path, &shown, started_at)
        .await
        .map_err(|error| storage(&error))?;
    if let Earlier::Succeeded(output) = earlier {
        return Ok(output);
    }
    app.store
        .move_run(run.id, RunStatus::Running, None, started_at)
        .await
        .map_err(|error| storage(&error))?;
    let step = Step {
        app,
        project,
        run,
        call,
        may_exist: earlier != Earlier::Nothing,
    };
    let result = step.perform(filled).await.and_then(within_limit);
    write_result(app, call, started_at, &result).await;
    result
}

/// One try of one step.
struct Step<'a> {
    app: &'a Arc<App>,
    project: &'a Arc<Project>,
    run: &'a RunRow,
    call: &'a StepCall,
    /// There was an earlier try.
    may_exist: bool,
}

impl Step<'_> {
    async fn perform(&self, filled: Value) -> Result<Value, StepError> {
        let call = self.call;
        match &call.task {
            Task::Action { action, .. } => self.act(action, &filled).await,
            Task::IntegrationRequest {
                method,
                content_type,
                ..
            } => {
                let access = self.access().await?;
                requests::to_integration(&access, *method, *content_type, &filled, self.log()).await
            }
            Task::Request { method, .. } => {
                let key = format!("{}/{}", call.run, call.path);
                let client = &self.app.upstream;
                requests::to_anywhere(client, *method, &filled, &key, self.log()).await
            }
            Task::Response { status, .. } => {
                let response = json!({ "status": status, "body": filled });
                let written = self.app.store.set_run_response(self.run.id, &response);
                written.await.map_err(|error| storage(&error))?;
                self.app.run_changes.notify(&self.run.id.to_string());
                Ok(response)
            }
            Task::Note => Ok(Value::Null),
        }
    }

    async fn act(&self, name: &str, parameters: &Value) -> Result<Value, StepError> {
        let action = read_action(name, parameters)?;
        let access = self.access().await?;
        let output = match action {
            Action::Create(input) => {
                let marker = marker(self.app, self.project, self.run, self.call);
                create_once::create(&access, input, &marker, self.may_exist).await
            }
            Action::Update(input) if input.validate_only != Some(true) => {
                let update = UpdateStep {
                    app: self.app,
                    access: &access,
                    input: &input,
                    log: self.log(),
                    holder: &format!("{}/{}", self.run.id, self.call.path),
                };
                update.perform().await
            }
            Action::Delete(input) => delete_once::delete(&access, &input, self.log()).await,
            action => perform(&access, action).await,
        };
        output.map_err(|error: ApiError| step_error(&error))
    }

    /// The way to the provider with the run's account.
    async fn access(&self) -> Result<ProviderAccess, StepError> {
        let run = self.run;
        let caller = EndUser {
            project: Arc::clone(self.project),
            user: run.user.clone(),
        };
        let credential = self
            .app
            .store
            .credential(&run.project, &run.user, run.credential)
            .await;
        let credential = credential
            .map_err(|error| storage(&error))?
            .ok_or_else(|| {
                StepError::new("credential_not_found", "the account was disconnected")
            })?;
        let access = ProviderAccess::new(self.app, &caller, credential);
        access
            .map(ProviderAccess::waiting_for_others)
            .map_err(|error| step_error(&error))
    }

    fn log(&self) -> ChangeLog<'_> {
        ChangeLog::Step {
            store: &self.app.store,
            run: self.run.id,
            path: &self.call.path,
        }
    }
}

/// Reads the parameters of an action with the values of their references.
pub fn read_action(name: &str, parameters: &Value) -> Result<Action, StepError> {
    let kind = ActionKind::find(name).ok_or_else(|| {
        StepError::new("action_not_found", format!("there is no action `{name}`"))
    })?;
    Action::read_filled(kind, parameters, "/do/parameters").map_err(|faults| {
        let lines: Vec<_> = faults
            .iter()
            .map(|fault| format!("{} {}", fault.path, fault.message))
            .collect();
        StepError::new("invalid_request", lines.join("; "))
    })
}

fn marker(app: &App, project: &Project, run: &RunRow, call: &StepCall) -> Marker {
    let mut url = app.public_url.clone();
    url.set_path(&format!(
        "/dashboard/projects/{}/runs/{}",
        run.project, run.id
    ));
    url.query_pairs_mut().append_pair("step", &call.path);
    let day_before = run.created_at - 24 * 60 * 60 * 1000;
    Marker {
        url: url.into(),
        comment: format!("Created by a workflow of {}", project.name),
        since: rfc3339(day_before).chars().take(10).collect(),
    }
}

/// A failure as history tells it.
fn said(error: &StepError) -> Value {
    json!({"code": error.code, "message": error.message, "requestId": error.request_id})
}

fn within_limit(output: Value) -> Result<Value, StepError> {
    let bytes = output.to_string().len();
    if bytes <= MAX_OUTPUT_BYTES {
        return Ok(output);
    }
    let text = format!(
        "the step's output has {bytes} bytes, and the limit is {MAX_OUTPUT_BYTES}; request fewer `fields`, or lower `top`"
    );
    Err(StepError::new("output_too_large", text))
}

/// The engine keeps the result whether or not history knows it, so a failure here ends nothing.
async fn write_result(
    app: &App,
    call: &StepCall,
    started_at: i64,
    result: &Result<Value, StepError>,
) {
    let now = app.clock.now();
    let mut attempt =
        json!({"attempt": call.attempt, "startedAt": rfc3339(started_at), "endedAt": rfc3339(now)});
    let error = result.as_ref().err().map(said);
    if let Some(error) = &error {
        attempt["error"] = error.clone();
    }
    let status = match result {
        Ok(_) => StepStatus::Succeeded,
        Err(error) if error.remedy == Remedy::Reconnect => StepStatus::Waiting,
        Err(_) => StepStatus::Failed,
    };
    metrics::step(status);
    let result = StepResult {
        status,
        output: result.as_ref().ok(),
        error: error.as_ref(),
        attempt: Some(&attempt),
    };
    for left in (0..WRITES).rev() {
        let written = write(app, call, &result, now).await;
        let Err(error) = written else {
            break;
        };
        if left == 0 {
            tracing::error!(run.id = %call.run, detail = %error, "history misses a step");
        }
        tokio::time::sleep(BETWEEN_WRITES).await;
    }
    app.run_changes.notify(&call.run.to_string());
}

async fn write(
    app: &App,
    call: &StepCall,
    result: &StepResult<'_>,
    now: i64,
) -> Result<(), sqlx::Error> {
    app.store
        .finish_step(call.run, &call.path, result, now)
        .await?;
    if result.status == StepStatus::Waiting {
        app.store
            .move_run(call.run, RunStatus::Waiting, result.error, now)
            .await?;
    }
    Ok(())
}
