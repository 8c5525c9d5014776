//! Trying one step of a draft with sample values: what it would send, and on request what comes back.

use std::collections::BTreeMap;
use std::sync::Arc;

use paragon_wire::{ErrorCode, ErrorDetail};
use paragon_workflow::{Input, Scope, Step, TRIGGER, Trigger, Work, Workflow, read};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::check::aside;
use crate::actions::service::perform;
use crate::audit::store::NewAuditEntry;
use crate::azure_devops::provider::ProviderAccess;
use crate::error::{ApiError, ApiResult};
use crate::identity::UserId;
use crate::identity::caller::EndUser;
use crate::integration::editing::entry;
use crate::operators::{Operator, Right};
use crate::projects::Project;
use crate::runs::{ChangeLog, inputs, read_action, requests, step_error};
use crate::state::App;
use paragon_workflow::{Preview, StepError, Task, preview};

/// A step to be tried.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepTest {
    /// The workflow as it is being written.
    pub definition: Value,
    /// Id of the step.
    pub step: String,
    /// Outputs of earlier steps by their id, and of the trigger as `trigger`. What is left out is taken from the
    /// trigger's sample and from the last runs.
    #[serde(default)]
    pub outputs: BTreeMap<String, Value>,
    /// What the user set, by input id.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// The user whose account it is, for `{{user.…}}` and for carrying it out.
    #[serde(default)]
    pub account: Option<Account>,
    /// Whether the step is carried out; else it is only looked at.
    #[serde(default)]
    pub carry_out: bool,
}

/// A connected account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// The user.
    pub user_id: String,
    /// Id of the credential.
    pub credential_id: Uuid,
}

/// What a step comes to.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepTestResult {
    /// What it was given, without secrets.
    input: Value,
    /// What it gave; null where it was not carried out. Absent where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Value>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FailedStep>,
    /// Whether it was carried out, not only looked at.
    is_carried_out: bool,
}

/// Why a step failed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FailedStep {
    code: String,
    message: String,
    request_id: Option<String>,
}

/// What a step comes to. A failure of the step is no error here.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`, `CredentialNotFound`.
pub async fn run(
    app: &Arc<App>,
    operator: &Operator,
    project: &Arc<Project>,
    test: &StepTest,
) -> ApiResult<StepTestResult> {
    operator.require(Right::EditWorkflows)?;
    let definition = test.definition.clone();
    let workflow = aside(move || read(&definition)).await?;
    let workflow = workflow.map_err(|problems| {
        let faults = problems.into_iter().map(|one| ErrorDetail {
            path: format!("/definition{}", one.path),
            message: one.message,
        });
        ApiError::faulty(faults.collect())
    })?;
    let mut around = Vec::new();
    let step = find(&workflow.steps, &test.step, &mut around).ok_or_else(|| {
        let fault = ErrorDetail {
            path: "/step".into(),
            message: "is not a step of the definition".into(),
        };
        ApiError::faulty(vec![fault])
    })?;
    let scope = scope(app, project, &workflow, test, &around).await?;
    let task = match preview(step, &scope) {
        Err(error) => return Ok(failed(Value::Null, error, false)),
        Ok(Preview::Decided { input, output }) => {
            return Ok(succeeded(input, output, true));
        }
        Ok(Preview::Task(task)) => task,
    };
    let (shown, filled) = match inputs(&task, project) {
        Ok(values) => values,
        Err(error) => return Ok(failed(Value::Null, error, false)),
    };
    if let Task::Action { action, .. } = &task
        && let Err(error) = read_action(action, &filled)
    {
        return Ok(failed(shown, error, false));
    }
    if !test.carry_out || matches!(task, Task::Response { .. }) {
        let output = matches!(task, Task::Response { .. }).then(|| shown.clone());
        return Ok(succeeded(shown, output.unwrap_or_default(), false));
    }
    note(app, operator, project, &workflow, test).await?;
    Ok(match carry_out(app, project, test, &task, &filled).await? {
        Ok(output) => succeeded(shown, output, true),
        Err(error) => failed(shown, error, true),
    })
}

fn succeeded(input: Value, output: Value, is_carried_out: bool) -> StepTestResult {
    StepTestResult {
        input,
        output: Some(output),
        error: None,
        is_carried_out,
    }
}

fn failed(input: Value, error: StepError, is_carried_out: bool) -> StepTestResult {
    StepTestResult {
        input,
        output: None,
        error: Some(FailedStep {
            code: error.code,
            message: error.message,
            request_id: error.request_id,
        }),
        is_carried_out,
    }
}

/// The step with this id; `around` gets the steps that it is inside of, the outer first.
fn find<'a>(steps: &'a [Step], id: &str, around: &mut Vec<&'a Step>) -> Option<&'a Step> {
    steps.iter().find_map(|step| {
        if step.id == id {
            return Some(step);
        }
        around.push(step);
        let inner = step.work.inner();
        let found = inner
            .into_iter()
            .find_map(|(_, steps)| find(steps, id, around));
        if found.is_none() {
            around.pop();
        }
        found
    })
}

async fn scope(
    app: &App,
    project: &Project,
    workflow: &Workflow,
    test: &StepTest,
    around: &[&Step],
) -> ApiResult<Scope> {
    let given = |input: &Input| {
        let set = test.settings.get(&input.id).cloned();
        set.or_else(|| input.default_value.clone())
            .unwrap_or_default()
    };
    let inputs = project.settings.iter().chain(&workflow.inputs);
    let settings = inputs.map(|input| (input.id.clone(), given(input)));
    let user = user_of(test);
    let meta = Value::Object(app.store.user_meta(&project.id, &user).await?);
    let mut outputs = known_outputs(app, project, workflow, &test.outputs).await?;
    let trigger = outputs.remove(TRIGGER).unwrap_or_default();
    let mut scope = Scope::new(trigger, settings.collect(), user.0, meta);
    for (id, output) in outputs {
        scope.set_output(&id, output);
    }
    for step in around {
        // Of a list that is not known there is no entry; the step then says what it misses.
        if let Ok(Preview::Decided { input, .. }) = preview(step, &scope)
            && matches!(step.work, Work::FanOut { .. })
        {
            scope.set_item(&step.id, 0, input["first"].clone());
        }
    }
    Ok(scope)
}

/// What steps gave, and the trigger as `trigger`: as given, else as sampled, else as in the last runs.
pub(crate) async fn known_outputs(
    app: &App,
    project: &Project,
    workflow: &Workflow,
    given: &BTreeMap<String, Value>,
) -> ApiResult<BTreeMap<String, Value>> {
    let mut outputs = app.store.last_outputs(&project.id, &workflow.id).await?;
    let sample = workflow.trigger.as_ref().and_then(Trigger::sample_output);
    outputs.extend(sample.map(|sample| (TRIGGER.to_owned(), sample)));
    outputs.extend(given.clone());
    Ok(outputs)
}

/// The user of the account, or one that stands for any.
fn user_of(test: &StepTest) -> UserId {
    let account = test.account.as_ref();
    UserId(account.map_or_else(|| "user".to_owned(), |account| account.user_id.clone()))
}

async fn access(
    app: &Arc<App>,
    project: &Arc<Project>,
    test: &StepTest,
) -> ApiResult<ProviderAccess> {
    let missing = |message: &str| ApiError::new(ErrorCode::CredentialNotFound, message);
    let account = test
        .account
        .as_ref()
        .ok_or_else(|| missing("choose the account to run this step with"))?;
    let user = user_of(test);
    let credential = app
        .store
        .credential(&project.id, &user, account.credential_id)
        .await?
        .ok_or_else(|| missing("this account is not connected"))?;
    let caller = EndUser {
        project: Arc::clone(project),
        user,
    };
    ProviderAccess::new(app, &caller, credential)
}

async fn carry_out(
    app: &Arc<App>,
    project: &Arc<Project>,
    test: &StepTest,
    task: &Task,
    filled: &Value,
) -> ApiResult<Result<Value, StepError>> {
    Ok(match task {
        Task::Action { action, .. } => {
            let access = access(app, project, test).await?;
            match read_action(action, filled) {
                Ok(action) => perform(&access, action)
                    .await
                    .map_err(|error| step_error(&error)),
                Err(error) => Err(error),
            }
        }
        Task::IntegrationRequest {
            method,
            content_type,
            ..
        } => {
            let access = access(app, project, test).await?;
            requests::to_integration(&access, *method, *content_type, filled, ChangeLog::Nowhere)
                .await
        }
        Task::Request { method, .. } => {
            let key = Uuid::new_v4().to_string();
            requests::to_anywhere(&app.upstream, *method, filled, &key, ChangeLog::Nowhere).await
        }
        Task::Response { .. } | Task::Note => Ok(Value::Null),
    })
}

async fn note(
    app: &App,
    operator: &Operator,
    project: &Project,
    workflow: &Workflow,
    test: &StepTest,
) -> ApiResult<()> {
    let account = test.account.as_ref();
    let entry = NewAuditEntry {
        subject: account.map(|account| account.user_id.as_str()),
        after: Some(json!({ "workflow": workflow.id, "step": test.step })),
        ..entry(app, operator, project, "workflow.step_tested")
    };
    Ok(app.store.insert_audit_entry(&entry).await?)
}
