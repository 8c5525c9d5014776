//! Step 1: the SDK registers a flow with the user's token.

use paragon_wire::ErrorCode;
use paragon_wire::flow::{FlowUpdate, StartFlow, is_flow_id};
use paragon_wire::integration::{ACCOUNT_ENTRA_ID, AZURE_DEVOPS};
use url::Url;
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
    let external_id = start.external_id.as_deref();
    let target = install_target(app, caller, external_id, start.credential_id.as_deref()).await?;
    let inserted = insert(
        app,
        caller,
        &start.id,
        origin,
        Via::Popup {
            ticket: &start.ticket,
        },
        &target,
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

/// What an installation writes: a new credential with this label, or one that is there.
#[derive(Debug, Default, Clone)]
pub struct InstallTarget {
    /// Label for a new credential.
    pub external_id: Option<String>,
    /// Credential to connect again.
    pub credential: Option<Uuid>,
}

/// Checks what an installation names. An empty credential is as good as none.
///
/// # Errors
/// `InvalidRequest` when both are named, `ExternalIdTaken`, `CredentialNotFound`.
pub async fn install_target(
    app: &App,
    caller: &Caller,
    external_id: Option<&str>,
    selected: Option<&str>,
) -> ApiResult<InstallTarget> {
    let selected = selected.map(str::trim).filter(|id| !id.is_empty());
    if external_id.is_some() && selected.is_some() {
        return Err(ApiError::invalid(
            "an external id labels a new credential; it cannot go together with a credential that is connected again",
        ));
    }
    let credential = match selected {
        Some(selector) => Some(credentials::find(app, caller, selector).await?.id),
        None => None,
    };
    Ok(InstallTarget {
        external_id: check_external_id(app, caller, external_id).await?,
        credential,
    })
}

/// An external id that can be given to a new credential.
async fn check_external_id(
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

/// How a client follows a flow.
pub(super) enum Via<'a> {
    /// This SDK: a popup with a ticket.
    Popup {
        /// One-time ticket.
        ticket: &'a str,
    },
    /// The reference client.
    Polling {
        /// Its polling key.
        key: &'a str,
        /// Page of the app that takes the answer, instead of the gateway's.
        redirect_uri: Option<&'a Url>,
    },
}

/// Inserts a flow of either kind of client.
pub(super) async fn insert(
    app: &App,
    caller: &Caller,
    id: &str,
    origin: &str,
    via: Via<'_>,
    target: &InstallTarget,
) -> ApiResult<bool> {
    let (ticket, session_key, redirect_uri) = match via {
        Via::Popup { ticket } => (Some(ticket), None, None),
        Via::Polling { key, redirect_uri } => (None, Some(key), redirect_uri),
    };
    let flow = NewFlow {
        id,
        project: &caller.project.id,
        user: &caller.user,
        integration: AZURE_DEVOPS,
        origin,
        session_key,
        ticket_hash: ticket.map(random::hash),
        external_id: target.external_id.as_deref(),
        target_credential_id: target.credential,
        redirect_uri: redirect_uri.map(Url::as_str),
        now: app.clock.now(),
        expires_at: app.clock.in_future(FLOW_LIFE),
    };
    Ok(app.store.insert_flow(&flow).await?)
}
