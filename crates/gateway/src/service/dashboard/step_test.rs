//! Trying one step of a draft with sample values: what it would send, and on request what comes back.

use std::sync::Arc;

use paragon_wire::workflow::{Input, Scope, Step, Workflow, read};
use paragon_wire::{ErrorCode, ErrorDetail};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::integration::entry;
use crate::app::App;
use crate::caller::Caller;
use crate::error::{ApiError, ApiResult};
use crate::identity::UserId;
use crate::operator::{Operator, Right};
use crate::project::Project;
use crate::service::actions::perform;
use crate::service::provider::ProviderAccess;
use crate::service::runs::{inputs, read_action, requests, step_error};
use crate::store::{Earlier, NewAuditEntry};
use crate::workflow::{Preview, StepError, Task, preview};

/// A step to be tried.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepTest {
    /// The workflow as it is being written.
    pub definition: Value,
    /// Id of the step.
    pub step: String,
    /// Outputs of earlier steps by their id, and of the trigger as `trigger`.
    #[serde(default)]
    pub outputs: Map<String, Value>,
    /// Entries of the fan-outs around it, by their id.
    #[serde(default)]
    pub items: Map<String, Value>,
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
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// The user.
    pub user_id: String,
    /// Id of the credential.
    pub credential_id: Uuid,
}

/// What a step comes to: `{"input", "output", "error", "isCarriedOut"}`. A failure of the step is no error here.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`, `CredentialNotFound`.
pub async fn run(
    app: &Arc<App>,
    operator: &Operator,
    project: &Arc<Project>,
    test: &StepTest,
) -> ApiResult<Value> {
    operator.require(Right::EditWorkflows)?;
    let workflow = read(&test.definition).map_err(|problems| {
        let faults = problems.into_iter().map(|one| ErrorDetail {
            path: format!("/definition{}", one.path),
            message: one.message,
        });
        ApiError::faulty(faults.collect())
    })?;
    let step = find(&workflow.steps, &test.step).ok_or_else(|| {
        let fault = ErrorDetail {
            path: "/step".into(),
            message: "is no step of the definition".into(),
        };
        ApiError::faulty(vec![fault])
    })?;
    let scope = scope(app, project, &workflow, test).await?;
    let task = match preview(step, &scope) {
        Err(error) => return Ok(failed(Value::Null, &error, false)),
        Ok(Preview::Decided { input, output }) => {
            return Ok(json!({ "input": input, "output": output, "isCarriedOut": true }));
        }
        Ok(Preview::Task(task)) => task,
    };
    let (shown, filled) = match inputs(&task, project) {
        Ok(values) => values,
        Err(error) => return Ok(failed(Value::Null, &error, false)),
    };
    if let Task::Action { action, .. } = &task
        && let Err(error) = read_action(action, &filled)
    {
        return Ok(failed(shown, &error, false));
    }
    if !test.carry_out || matches!(task, Task::Response { .. }) {
        let output = matches!(task, Task::Response { .. }).then(|| shown.clone());
        return Ok(json!({ "input": shown, "output": output, "isCarriedOut": false }));
    }
    note(app, operator, project, &workflow, test).await?;
    Ok(match carry_out(app, project, test, &task, &filled).await? {
        Ok(output) => json!({ "input": shown, "output": output, "isCarriedOut": true }),
        Err(error) => failed(shown, &error, true),
    })
}

fn failed(input: Value, error: &StepError, is_carried_out: bool) -> Value {
    json!({
        "input": input,
        "error": { "code": error.code, "message": error.message, "requestId": error.request_id },
        "isCarriedOut": is_carried_out,
    })
}

fn find<'a>(steps: &'a [Step], id: &str) -> Option<&'a Step> {
    steps.iter().find_map(|step| {
        if step.id == id {
            return Some(step);
        }
        let inner = step.work.inner();
        inner.into_iter().find_map(|(_, steps)| find(steps, id))
    })
}

async fn scope(
    app: &App,
    project: &Project,
    workflow: &Workflow,
    test: &StepTest,
) -> ApiResult<Scope> {
    let mut settings = Map::new();
    let given = |input: &Input| {
        let set = test.settings.get(&input.id).cloned();
        set.or_else(|| input.default_value.clone())
            .unwrap_or_default()
    };
    for input in project.settings.iter().chain(&workflow.inputs) {
        settings.insert(input.id.clone(), given(input));
    }
    let user = user_of(test);
    let meta = Value::Object(app.store.user_meta(&project.id, &user).await?);
    let trigger = test.outputs.get("trigger").cloned().unwrap_or_default();
    let mut scope = Scope::new(trigger, settings, user.0, meta);
    for (id, output) in test.outputs.iter().filter(|(id, _)| *id != "trigger") {
        scope.set_output(id, output.clone());
    }
    for (id, item) in &test.items {
        scope.set_item(id, 0, item.clone());
    }
    Ok(scope)
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
        .ok_or_else(|| missing("choose the account that this is to be carried out with"))?;
    let user = user_of(test);
    let credential = app
        .store
        .credential(&project.id, &user, account.credential_id)
        .await?
        .ok_or_else(|| missing("this account is not connected"))?;
    let caller = Caller {
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
            requests::to_integration(&access, *method, *content_type, filled, Earlier::Nothing)
                .await
        }
        Task::Request { method, .. } => {
            let key = Uuid::new_v4().to_string();
            requests::to_anywhere(&app.upstream, *method, filled, &key, Earlier::Nothing).await
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
