//! Connected users of a project: found by an operator, disconnected by an editor. No token is ever given out.

use std::sync::Arc;

use paragon_wire::ErrorCode;
use paragon_wire::integration::AZURE_DEVOPS;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::connected::ConnectedAccountRow;
use crate::audit::store::NewAuditEntry;
use crate::clock::rfc3339;
use crate::configurations::field_options::{FieldOptions, FieldOptionsRequest, field_options};
use crate::display_text::for_display;
use crate::error::{ApiError, ApiResult};
use crate::identity::UserId;
use crate::identity::caller::{EndUser, Selection};
use crate::integration::editing::entry;
use crate::operators::{Operator, Right};
use crate::projects::Project;
use crate::state::App;
use crate::triggers::store::hooks::HookRow;

/// Users of a page.
const PAGE: usize = 25;
const MAX_SEARCH_CHARS: usize = 100;
/// Longest name or e-mail address that is shown, in characters.
const LONGEST_LABEL: usize = 64;

/// A page of users with their accounts, by ID.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UserPage {
    users: Vec<ConnectedUser>,
    /// What `after` must be for the page after it; null at the end.
    next: Option<String>,
}

/// A user, as the app names them, and what they say of themselves.
#[derive(Debug, Serialize, JsonSchema)]
struct ConnectedUser {
    id: String,
    name: Option<String>,
    email: Option<String>,
    accounts: Vec<ConnectedAccount>,
}

/// An account that a user connected.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ConnectedAccount {
    id: String,
    account_type: String,
    external_id: Option<String>,
    /// `VALID`, `INVALID` or `PENDING`.
    status: String,
    organization: String,
    /// As the provider says.
    display_name: Value,
    /// As the provider says.
    email_address: Value,
    connected_at: String,
    refreshed_at: String,
    failing_triggers: Vec<FailingTrigger>,
}

/// A trigger that the provider does not serve.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FailingTrigger {
    /// What the workflow is called.
    workflow: String,
    message: Value,
    next_try: Option<String>,
}

/// A page of users with their accounts, by id.
///
/// # Errors
/// `RoleNotSufficient`.
pub async fn page(
    app: &App,
    operator: &Operator,
    project: &Project,
    search: Option<&str>,
    after: Option<&str>,
) -> ApiResult<UserPage> {
    operator.require(Right::Read)?;
    let search: String = search
        .unwrap_or_default()
        .trim()
        .chars()
        .take(MAX_SEARCH_CHARS)
        .collect();
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let rows = app
        .store
        .connected_accounts(&project.id, &search, after.unwrap_or_default(), limit)
        .await?;
    let mut users: Vec<(&str, Vec<&ConnectedAccountRow>)> = Vec::new();
    for row in &rows {
        match users.last_mut() {
            Some((id, accounts)) if *id == row.user_id => accounts.push(row),
            _ => users.push((&row.user_id, vec![row])),
        }
    }
    let has_more = users.len() > PAGE;
    users.truncate(PAGE);
    let last = users.last().filter(|_| has_more);
    let next = last.map(|(id, _)| (*id).to_owned());
    let failing = failing_triggers(app, project, &users).await?;
    let shown = users
        .iter()
        .map(|(id, accounts)| user(id, accounts, &failing))
        .collect();
    Ok(UserPage { users: shown, next })
}

/// Triggers that the provider does not serve, with their accounts.
type FailingTriggers = Vec<(String, FailingTrigger)>;

async fn failing_triggers(
    app: &App,
    project: &Project,
    users: &[(&str, Vec<&ConnectedAccountRow>)],
) -> ApiResult<FailingTriggers> {
    let (Some((first, _)), Some((last, _))) = (users.first(), users.last()) else {
        return Ok(Vec::new());
    };
    let store = &app.store;
    let hooks = store.failing_hooks(&project.id, first, last).await?;
    if hooks.is_empty() {
        return Ok(Vec::new());
    }
    let workflows = store.workflows(&project.id, AZURE_DEVOPS).await?;
    let title = |id: &str| {
        let mut rows = workflows.iter();
        let row = rows.find(|row| row.workflow.id == id);
        row.map_or_else(|| id.to_owned(), |row| row.workflow.description.clone())
    };
    let told = |hook: HookRow| {
        let message = hook.error.map(|mut error| error["message"].take());
        let failing = FailingTrigger {
            workflow: title(&hook.workflow),
            message: message.unwrap_or_default(),
            next_try: hook.next_try.map(rfc3339),
        };
        (hook.credential.to_string(), failing)
    };
    Ok(hooks.into_iter().map(told).collect())
}

fn user(id: &str, accounts: &[&ConnectedAccountRow], failing: &FailingTriggers) -> ConnectedUser {
    let meta = accounts.first().and_then(|row| row.meta.as_deref());
    let meta: Value = meta
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let accounts = accounts.iter().map(|row| account(row, failing)).collect();
    // Users write these themselves.
    let said = |key: &str| {
        meta[key]
            .as_str()
            .map(|text| for_display(text, LONGEST_LABEL))
    };
    ConnectedUser {
        id: id.to_owned(),
        name: said("Name"),
        email: said("Email"),
        accounts,
    }
}

fn account(row: &ConnectedAccountRow, failing: &FailingTriggers) -> ConnectedAccount {
    let failing = failing.iter().filter(|(id, _)| *id == row.id);
    let mut data: Value = serde_json::from_str(&row.provider_data).unwrap_or_default();
    let mut said = |name: &str| data.get_mut(name).map(Value::take).unwrap_or_default();
    ConnectedAccount {
        id: row.id.clone(),
        account_type: row.account_type.clone(),
        external_id: row.external_id.clone(),
        status: row.status.clone(),
        organization: row.organization.clone(),
        display_name: said("displayName"),
        email_address: said("emailAddress"),
        connected_at: rfc3339(row.created_at),
        refreshed_at: rfc3339(row.refreshed_at),
        failing_triggers: failing.map(|(_, trigger)| trigger.clone()).collect(),
    }
}

/// Choices of a field as the account has them, for the workflow editor.
///
/// # Errors
/// `RoleNotSufficient`, `CredentialNotFound`, those of [`field_options`].
pub async fn choices(
    app: &Arc<App>,
    operator: &Operator,
    project: &Arc<Project>,
    id: &str,
    request: FieldOptionsRequest,
) -> ApiResult<FieldOptions> {
    operator.require(Right::EditWorkflows)?;
    let parsed = Uuid::parse_str(id).map_err(|_| missing())?;
    let found = app.store.account_of_project(&project.id, parsed).await?;
    let (user, _, _) = found.ok_or_else(missing)?;
    let caller = EndUser {
        project: Arc::clone(project),
        user: UserId(user),
    };
    let selection = Selection::default().of_credential(id.to_owned());
    field_options(app, &caller, &selection, request).await
}

fn missing() -> ApiError {
    ApiError::new(
        ErrorCode::CredentialNotFound,
        "the account does not exist; it may have been disconnected",
    )
}

/// Disconnects an account; its tokens are gone at once.
///
/// # Errors
/// `RoleNotSufficient`, `CredentialNotFound`.
pub async fn disconnect(
    app: &App,
    operator: &Operator,
    project: &Project,
    id: &str,
) -> ApiResult<()> {
    operator.require(Right::ManageUsers)?;
    let id = Uuid::parse_str(id).map_err(|_| missing())?;
    let found = app.store.account_of_project(&project.id, id).await?;
    let (user, organization, status) = found.ok_or_else(missing)?;
    let entry = NewAuditEntry {
        subject: Some(&user),
        before: Some(json!({ "organization": organization, "status": status })),
        ..entry(app, operator, project, "account.disconnected")
    };
    if !app
        .store
        .disconnect_account(&project.id, id, &entry)
        .await?
    {
        return Err(missing());
    }
    tracing::info!(project.id = %project.id, operator.id = %operator.id, credential.id = %id, "account disconnected by an operator");
    Ok(())
}
