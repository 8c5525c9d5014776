//! Subscriptions at the provider, brought to where they are wanted: made, looked after, removed. What fails is tried again.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use http::StatusCode;
use paragon_wire::{ErrorCode, ErrorDetail};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::hooks::HookRow;
use crate::azure_devops::provider::{ProviderAccess, send_error};
use crate::azure_devops::refusal::refusal;
use crate::clock::Millis;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::EndUser;
use crate::random;
use crate::state::App;
use paragon_azure_devops::actions::ProviderRequest;
use paragon_azure_devops::service_hooks::{self, HookFilter};

/// So many are read at once.
const BATCH: u32 = 100;
/// So many are under way at the same time.
const AT_ONCE: usize = 4;
/// Longest attempt, and how long a subscription is held for it.
const ATTEMPT: Duration = Duration::from_mins(2);
const HELD_MS: Millis = 5 * 60_000;
/// Waits between attempts double from the first to the last.
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LAST_WAIT: Duration = Duration::from_hours(1);
/// Attempts to remove a subscription; after that the provider finds out by itself that its deliveries are refused.
const MAX_REMOVALS: u32 = 20;
/// The provider may disable a subscription by itself, after deliveries failed.
const LOOK_AFTER: Duration = Duration::from_hours(6);
/// Removed subscriptions are remembered, so that late deliveries are told so.
const REMEMBERED_MS: Millis = 30 * 24 * 60 * 60_000;
/// Tokens of disconnected accounts are kept for the removal of their subscriptions.
const KEPT_MS: Millis = 24 * 60 * 60_000;

/// Where a subscription is delivered to.
pub fn url(app: &App, hook: &str) -> String {
    let mut url = app.public_url.clone();
    url.set_path(&format!("/hooks/azure-devops/{hook}"));
    url.into()
}

/// Makes and removes what is to be made and removed now.
pub async fn reconcile(app: &Arc<App>) -> ApiResult<()> {
    let hooks = app.store.hooks_to_do(app.clock.now(), BATCH).await?;
    stream::iter(hooks)
        .for_each_concurrent(AT_ONCE, |hook| async move {
            // One that fails must not keep the others back.
            if let Err(error) = attend(app, &hook).await {
                tracing::error!(
                    workflow.id = hook.workflow,
                    error = error.in_full(),
                    "a subscription could not be attended to; it is tried again"
                );
            }
        })
        .await;
    Ok(())
}

/// Forgets what is long gone.
pub async fn forget(app: &App) -> ApiResult<()> {
    let now = app.clock.now();
    app.store.unwant_hooks_of_gone_workflows(now).await?;
    app.store
        .forget_hooks(now - REMEMBERED_MS, now - KEPT_MS)
        .await?;
    Ok(())
}

async fn attend(app: &Arc<App>, hook: &HookRow) -> ApiResult<()> {
    let now = app.clock.now();
    if !app.store.take_hook(hook, now + HELD_MS).await? {
        return Ok(());
    }
    let Some(access) = access(app, hook).await? else {
        tracing::info!(
            workflow.id = hook.workflow,
            "a subscription that no account reaches any more is given up"
        );
        return Ok(app.store.hook_removed(hook, now).await?);
    };
    let done = tokio::time::timeout(ATTEMPT, attempt(app, &access, hook)).await;
    match done.unwrap_or_else(|_| Err(too_slow())) {
        Ok(()) => Ok(()),
        Err(error) => failed(app, hook, &access, &error).await,
    }
}

async fn attempt(app: &App, access: &HookAccess, hook: &HookRow) -> ApiResult<()> {
    match (hook.is_wanted, &hook.subscription) {
        (true, None) => make(app, access, hook).await,
        (true, Some(subscription)) => look_after(app, access, hook, subscription).await,
        (false, _) => remove(app, access, hook).await,
    }
}

/// The way to the provider with the subscription's account.
struct HookAccess {
    provider: ProviderAccess,
    organization: String,
    has_left: bool,
}

async fn access(app: &Arc<App>, hook: &HookRow) -> ApiResult<Option<HookAccess>> {
    let store = &app.store;
    let connected = store
        .credential(&hook.project, &hook.user, hook.credential)
        .await?;
    let has_left = connected.is_none();
    let credential = match connected {
        Some(credential) => Some(credential),
        None => store.leaving_credential(hook.credential).await?,
    };
    let project = app.projects.get(&hook.project).cloned();
    let (Some(credential), Some(project)) = (credential, project) else {
        return Ok(None);
    };
    let organization = credential.organization.clone();
    // Asked for what is elsewhere, the provider would refuse the account, which would then count as dead.
    let is_elsewhere = hook.organization.as_ref() != Some(&organization);
    if is_elsewhere && !hook.is_wanted {
        return Ok(None);
    }
    let caller = EndUser {
        project,
        user: hook.user.clone(),
    };
    Ok(Some(HookAccess {
        provider: ProviderAccess::new(app, &caller, credential)?,
        organization,
        has_left,
    }))
}

async fn make(app: &App, access: &HookAccess, hook: &HookRow) -> ApiResult<()> {
    let url = url(app, &hook.id);
    if hook.secret_hash.is_some() {
        // The answer of an earlier attempt was lost.
        remove_those_to(access, &url).await?;
    }
    let filter: HookFilter = serde_json::from_value(hook.filter.clone())?;
    let project = project_id(access, &filter.project).await?;
    let password = random::token();
    let hash = random::hash(&password);
    if !app
        .store
        .hook_attempted(&hook.id, &access.organization, &hash)
        .await?
    {
        return Ok(());
    }
    let request = service_hooks::create_request(&filter, project, &url, &password);
    let answer = send(access, &request).await?;
    let subscription = answer.as_ref().and_then(|answer| answer["id"].as_str());
    let subscription = subscription.ok_or_else(not_understood)?;
    let now = app.clock.now();
    let check = app.clock.in_future(LOOK_AFTER);
    app.store
        .hook_exists(&hook.id, subscription, now, check)
        .await?;
    tracing::info!(
        workflow.id = hook.workflow,
        subscription,
        "subscribed to work items"
    );
    Ok(())
}

async fn project_id(access: &HookAccess, project: &str) -> ApiResult<Uuid> {
    if project.is_empty() {
        let message = "no project is set: choose one in the workflow's settings";
        return Err(ApiError::faulty(vec![ErrorDetail {
            path: "/trigger/project".into(),
            message: message.into(),
        }]));
    }
    if let Ok(id) = Uuid::try_parse(project) {
        return Ok(id);
    }
    let answer = send(access, &service_hooks::project_request(project)).await?;
    let id = answer.as_ref().and_then(|answer| answer["id"].as_str());
    id.and_then(|id| Uuid::try_parse(id).ok())
        .ok_or_else(not_understood)
}

/// One that the provider disabled or lost is made anew.
async fn look_after(
    app: &App,
    access: &HookAccess,
    hook: &HookRow,
    subscription: &str,
) -> ApiResult<()> {
    let found = send(access, &service_hooks::get_request(subscription)).await;
    let is_alive = match found {
        Ok(found) => found.as_ref().is_none_or(service_hooks::is_alive),
        Err(error) if error.code == ErrorCode::ProviderNotFound => false,
        Err(error) => {
            tracing::warn!(
                workflow.id = hook.workflow,
                subscription,
                code = error.code.as_str(),
                "a subscription could not be looked after"
            );
            return looked_after(app, hook, subscription, LAST_WAIT).await;
        }
    };
    if !is_alive {
        tracing::warn!(
            workflow.id = hook.workflow,
            subscription,
            "a subscription was disabled at the provider and is made anew"
        );
        return make(app, access, hook).await;
    }
    looked_after(app, hook, subscription, LOOK_AFTER).await
}

/// The subscription exists, as far as is known; it is looked after again after `wait`.
async fn looked_after(
    app: &App,
    hook: &HookRow,
    subscription: &str,
    wait: Duration,
) -> ApiResult<()> {
    let (now, check) = (app.clock.now(), app.clock.in_future(wait));
    let store = &app.store;
    Ok(store
        .hook_exists(&hook.id, subscription, now, check)
        .await?)
}

async fn remove(app: &App, access: &HookAccess, hook: &HookRow) -> ApiResult<()> {
    match &hook.subscription {
        Some(subscription) => remove_one(access, subscription).await?,
        None => remove_those_to(access, &url(app, &hook.id)).await?,
    }
    app.store.hook_removed(hook, app.clock.now()).await?;
    tracing::info!(workflow.id = hook.workflow, "subscription removed");
    Ok(())
}

async fn remove_those_to(access: &HookAccess, url: &str) -> ApiResult<()> {
    let list = send(access, &service_hooks::list_request()).await?;
    let list = list.ok_or_else(not_understood)?;
    for subscription in service_hooks::subscriptions_to(&list, url) {
        remove_one(access, &subscription).await?;
    }
    Ok(())
}

async fn remove_one(access: &HookAccess, subscription: &str) -> ApiResult<()> {
    match send(access, &service_hooks::delete_request(subscription)).await {
        Err(error) if error.code != ErrorCode::ProviderNotFound => Err(error),
        _ => Ok(()),
    }
}

/// The JSON of an answer; none where it has no body.
async fn send(access: &HookAccess, request: &ProviderRequest) -> ApiResult<Option<Value>> {
    let answer = access.provider.send(request).await.map_err(send_error)?;
    if answer.status.is_success() {
        return Ok(answer.json);
    }
    let mut error = refusal(&answer);
    if answer.status == StatusCode::FORBIDDEN {
        error
            .message
            .push_str(" The account needs permission to edit service hook subscriptions, which project administrators have.");
    }
    Err(error)
}

fn too_slow() -> ApiError {
    ApiError::new(
        ErrorCode::ProviderTimeout,
        "Azure DevOps took too long to respond.",
    )
}

fn not_understood() -> ApiError {
    ApiError::new(
        ErrorCode::ProviderUnavailable,
        "Azure DevOps sent an unexpected response.",
    )
}

async fn failed(app: &App, hook: &HookRow, access: &HookAccess, error: &ApiError) -> ApiResult<()> {
    let attempts = hook.attempts + 1;
    tracing::warn!(
        workflow.id = hook.workflow, configuration.id = %hook.configuration, is_wanted = hook.is_wanted, attempts,
        error = error.in_full(), "a subscription could not be brought in order"
    );
    let now = app.clock.now();
    let is_hopeless = access.has_left && error.code == ErrorCode::CredentialNeedsReconnect;
    if !hook.is_wanted && (is_hopeless || attempts >= MAX_REMOVALS) {
        return Ok(app.store.hook_removed(hook, now).await?);
    }
    let doublings = hook.attempts.min(16);
    let wait = FIRST_WAIT.saturating_mul(1 << doublings).min(LAST_WAIT);
    let next = app
        .clock
        .in_future(error.retry_after.unwrap_or_default().max(wait));
    let said = json!({"code": error.code.as_str(), "message": error.message});
    Ok(app.store.hook_failed(hook, &said, now, next).await?)
}
