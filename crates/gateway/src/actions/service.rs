//! Running an action for a user: checked, sent with their account, answered in one form.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use paragon_wire::{ErrorCode, ErrorDetail};
use serde_json::{Map, Value, json};

use crate::azure_devops::provider::{
    MAX_ANSWER_BYTES, ProviderAccess, SendError, send_error, unreadable,
};
use crate::azure_devops::refusal::refusal;
use crate::configurations;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::{EndUser, Selection};
use crate::proxy::{EgressError, ProxyError};
use crate::state::App;
use paragon_azure_devops::actions::search::{self, BATCH, SearchInput, SearchOutput};
use paragon_azure_devops::actions::work_item::WorkItem;
use paragon_azure_devops::actions::{Action, ActionKind, ProviderRequest};

/// Batches of a search that are under way at the same time.
const BATCHES_AT_ONCE: usize = 3;
/// Bytes of work items that one search gives.
const MAX_SEARCH_BYTES: usize = 32 << 20;

/// Runs the action that `body` (`{"action", "parameters"}`) names, and gives its output.
///
/// # Errors
/// `ActionNotFound`; `InvalidRequest` with every fault of the body; those of the account and of the provider.
pub async fn run(
    app: &Arc<App>,
    caller: &EndUser,
    selection: &Selection,
    body: &Map<String, Value>,
) -> ApiResult<Value> {
    let action = read(body)?;
    let credential = configurations::service::select(app, caller, selection)
        .await?
        .credential;
    let access = ProviderAccess::new(app, caller, credential)?;
    perform(&access, action).await
}

/// Does an action and gives its output.
pub async fn perform(access: &ProviderAccess, action: Action) -> ApiResult<Value> {
    match action {
        Action::Search(input, query) => search(access, &input, &query).await,
        Action::Create(input) => save(access, &input.request(&access.work_items_url()?)).await,
        Action::Update(input) => save(access, &input.request(&access.work_items_url()?)).await,
        Action::Delete(input) => {
            // A permanent deletion is answered by nothing at all.
            let answer = change(access, &input.request()).await?;
            Ok(json!(input.output(&answer.unwrap_or_default())))
        }
    }
}

fn read(body: &Map<String, Value>) -> ApiResult<Action> {
    let mut faults = Vec::new();
    let mut fault = |path: &str, message: &str| {
        faults.push(ErrorDetail {
            path: path.to_owned(),
            message: message.to_owned(),
        });
    };
    for name in body
        .keys()
        .filter(|name| !matches!(name.as_str(), "action" | "parameters"))
    {
        let shown: String = name.chars().take(100).collect();
        fault(
            &format!("/{shown}"),
            "is unknown; valid keys are `action` and `parameters`",
        );
    }
    let name = body.get("action").and_then(Value::as_str);
    if name.is_none() {
        fault("/action", "must be the name of an action");
    }
    let parameters = body.get("parameters").cloned().unwrap_or_else(|| json!({}));
    let kind = name.map(find).transpose()?;
    let action = kind.map(|kind| Action::read(kind, &parameters, "/parameters"));
    match action {
        Some(Ok(action)) if faults.is_empty() => Ok(action),
        Some(Err(more)) => {
            faults.extend(more);
            Err(ApiError::faulty(faults))
        }
        _ => Err(ApiError::faulty(faults)),
    }
}

fn find(name: &str) -> ApiResult<ActionKind> {
    ActionKind::find(name).ok_or_else(|| {
        let known: Vec<_> = ActionKind::ALL.iter().map(|kind| kind.name()).collect();
        let shown: String = name.chars().take(100).collect();
        let message = format!(
            "there is no action `{}`; valid actions are {}",
            shown.escape_debug(),
            known.join(", ")
        );
        ApiError::new(ErrorCode::ActionNotFound, message)
    })
}

async fn search(access: &ProviderAccess, input: &SearchInput, query: &str) -> ApiResult<Value> {
    let (answer, _) = read_only(access, &input.query_request(query)).await?;
    let found = input.found(&answer).ok_or_else(unreadable)?;
    let batches = found.ids.chunks(BATCH).map(|ids| input.batch_request(ids));
    let batches: Vec<_> = batches.collect();
    let mut answers = stream::iter(batches)
        .map(|batch| async move { read_only(access, &batch).await })
        .buffered(BATCHES_AT_ONCE);
    let (mut items, mut bytes) = (Vec::new(), 0);
    while let Some((answer, size)) = answers.try_next().await? {
        bytes += size;
        if bytes > MAX_SEARCH_BYTES {
            return Err(too_large(MAX_SEARCH_BYTES));
        }
        items.extend(search::items(&answer).ok_or_else(unreadable)?);
    }
    Ok(json!(SearchOutput {
        work_items: search::in_order(&found.ids, items),
        has_more: found.has_more,
        links: found.links,
    }))
}

/// JSON and size of the answer to a request that changes nothing.
pub async fn read_only(
    access: &ProviderAccess,
    request: &ProviderRequest,
) -> ApiResult<(Value, usize)> {
    let answer = access
        .send(request)
        .await
        .map_err(|failure| match failure {
            SendError::TooLarge => too_large(MAX_ANSWER_BYTES),
            failure => send_error(failure),
        })?;
    if !answer.status.is_success() {
        return Err(refusal(&answer));
    }
    let size = answer.text.len();
    let json = answer
        .json
        .ok_or_else(|| unreadable().with_detail("no JSON"))?;
    Ok((json, size))
}

/// The work item that a request made or changed.
pub async fn save(access: &ProviderAccess, request: &ProviderRequest) -> ApiResult<Value> {
    let answer = change(access, request).await?;
    let item: Option<WorkItem> = answer.and_then(|json| serde_json::from_value(json).ok());
    Ok(json!(item.ok_or_else(|| unsure(unreadable()))?))
}

/// The answer to a request that changes something; it is sent once.
pub async fn change(
    access: &ProviderAccess,
    request: &ProviderRequest,
) -> ApiResult<Option<Value>> {
    let answer = access
        .send(request)
        .await
        .map_err(|failure| match failure {
            SendError::Proxy(
                error @ (ProxyError::ProviderTimeout
                | ProxyError::ProviderUnreachable(EgressError::Interrupted(_))),
            ) => unsure(error.into()),
            failure @ (SendError::TooLarge | SendError::BrokenOff(_)) => {
                unsure(send_error(failure))
            }
            failure => send_error(failure),
        })?;
    if answer.status.is_success() {
        return Ok(answer.json);
    }
    let error = refusal(&answer);
    Err(if error.code == ErrorCode::ProviderUnavailable {
        unsure(error)
    } else {
        error
    })
}

/// A change whose answer is missing may have been made: who repeats it blindly makes it twice.
fn unsure(mut error: ApiError) -> ApiError {
    error
        .message
        .push_str(" It is unknown whether the change was made: check before you repeat it.");
    error.is_in_doubt = true;
    error
}

fn too_large(limit: usize) -> ApiError {
    let megabytes = limit >> 20;
    ApiError::invalid(format!(
        "the work items are larger than {megabytes} MiB; name the `fields` that you need, or lower `top`"
    ))
}
