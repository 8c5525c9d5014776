//! Step 1: the SDK registers a flow with the user's token.

use paragon_wire::ErrorCode;
use paragon_wire::flow::{FlowUpdate, StartFlow, is_flow_id};
use paragon_wire::integration::{ACCOUNT_ENTRA_ID, AZURE_DEVOPS};
use uuid::Uuid;

use super::FLOW_LIFE;
use crate::app::App;
use crate::caller::Caller;
use crate::error::{ApiError, ApiResult};
use crate::random;
use crate::service::credentials;
use crate::store::NewFlow;

/// Registers the flow; the popup that waits with its ticket goes on.
pub async fn register(
    app: &App,
    caller: &Caller,
    origin: &str,
    start: &StartFlow,
) -> ApiResult<FlowUpdate> {
    check(start)?;
    let external_id = check_external_id(app, caller, start.external_id.as_deref()).await?;
    let target = match &start.credential_id {
        Some(selector) => Some(credentials::find(app, caller, selector).await?.id),
        None => None,
    };
    let inserted = insert(
        app,
        caller,
        &start.id,
        origin,
        Some(&start.ticket),
        None,
        external_id.as_deref(),
        target,
    )
    .await?;
    if !inserted {
        return Err(ApiError::invalid(
            "the flow's `id` or `ticket` was used before; make new ones for each flow",
        ));
    }
    app.flows.notify();
    let flow = app
        .store
        .flow(&start.id)
        .await?
        .ok_or_else(|| ApiError::internal("a flow vanished"))?;
    Ok(flow.update)
}

fn check(start: &StartFlow) -> ApiResult<()> {
    if !is_flow_id(&start.id) || !is_flow_id(&start.ticket) || start.id == start.ticket {
        return Err(ApiError::invalid(
            "`id` and `ticket` must be 32 random bytes each, in base64url without padding (43 characters)",
        ));
    }
    if start.integration != AZURE_DEVOPS {
        let message = format!(
            "there is no integration `{}`; this project has `{AZURE_DEVOPS}`",
            start.integration.escape_debug()
        );
        return Err(ApiError::new(ErrorCode::IntegrationNotFound, message));
    }
    match start.account_type.as_deref() {
        None | Some(ACCOUNT_ENTRA_ID | "default") => Ok(()),
        Some(other) => Err(ApiError::invalid(format!(
            "account type `{}` does not sign in with OAuth; use `{ACCOUNT_ENTRA_ID}`",
            other.escape_debug()
        ))),
    }
}

/// An external id that can be given to a new credential.
pub async fn check_external_id(
    app: &App,
    caller: &Caller,
    external_id: Option<&str>,
) -> ApiResult<Option<String>> {
    let Some(external_id) = external_id.map(str::trim) else {
        return Ok(None);
    };
    if external_id.is_empty() || external_id.len() > 255 {
        return Err(ApiError::invalid(
            "`externalId` must have 1 to 255 characters and not only white space",
        ));
    }
    let rows = credentials::list(app, caller, AZURE_DEVOPS).await?;
    if rows
        .iter()
        .any(|row| row.external_id.as_deref() == Some(external_id))
    {
        let message = format!(
            "a credential with externalId `{}` exists already",
            external_id.escape_debug()
        );
        return Err(ApiError::new(ErrorCode::ExternalIdTaken, message));
    }
    Ok(Some(external_id.to_owned()))
}

/// Inserts a flow of either kind of client.
#[expect(clippy::too_many_arguments, reason = "one column each")]
pub(super) async fn insert(
    app: &App,
    caller: &Caller,
    id: &str,
    origin: &str,
    ticket: Option<&str>,
    session_key: Option<&str>,
    external_id: Option<&str>,
    target_credential_id: Option<Uuid>,
) -> ApiResult<bool> {
    let flow = NewFlow {
        id,
        project: &caller.project.id,
        user: &caller.user,
        integration: AZURE_DEVOPS,
        origin,
        session_key,
        ticket_hash: ticket.map(random::hash),
        external_id,
        target_credential_id,
        now: app.clock.now(),
        expires_at: app.clock.in_future(FLOW_LIFE),
    };
    Ok(app.store.insert_flow(&flow).await?)
}
