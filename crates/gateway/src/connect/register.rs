//! Step 1: the SDK registers a flow with the user's token.

use paragon_wire::ErrorCode;
use paragon_wire::flow::{FlowUpdate, StartFlow, is_flow_id};
use paragon_wire::integration::{ACCOUNT_ENTRA_ID, AZURE_DEVOPS};
use url::Url;
use uuid::Uuid;

use super::FLOW_LIFE;
use super::store::NewFlow;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::EndUser;
use crate::state::App;
use crate::{credentials, integration, random};
use paragon_azure_devops::Organization;

/// Longest address of the app's page to go back to.
const MAX_RETURN_BYTES: usize = 2048;

/// Registers the flow; the popup that waits with its ticket goes on.
pub async fn register(
    app: &App,
    caller: &EndUser,
    origin: &str,
    start: &StartFlow,
) -> ApiResult<FlowUpdate> {
    check(start)?;
    let organization = named_organization(start.organization.as_deref())?;
    let external_id = start.external_id.as_deref();
    let target = install_target(app, caller, external_id, start.credential_id.as_deref()).await?;
    let target = InstallTarget {
        organization,
        several: start.several,
        ..target
    };
    let inserted = insert(
        app,
        caller,
        &start.id,
        origin,
        Via::Page {
            ticket: &start.ticket,
            return_to: return_to(origin, start.return_to.as_deref())?.as_ref(),
        },
        &target,
    )
    .await?;
    if !inserted {
        return Err(ApiError::invalid(
            "the flow's `id` or `ticket` was already used; create new ones for each flow",
        ));
    }
    app.flows.notify(&random::hash(&start.ticket));
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

/// The organization that an app names, by its name or any URL of it; empty text is as good as none.
///
/// # Errors
/// `InvalidRequest` where no organization can be read from it.
pub(super) fn named_organization(text: Option<&str>) -> ApiResult<Option<Organization>> {
    let text = text.filter(|text| !text.trim().is_empty());
    let read = text.map(Organization::from_pasted).transpose();
    read.map_err(|error| ApiError::invalid(format!("`organization`: {error}")))
}

/// The app's page that a flow in the app's own window goes back to.
///
/// SECURITY: only a page of the origin that registers the flow, which may use this project: no open redirect (CWE-601).
fn return_to(origin: &str, given: Option<&str>) -> ApiResult<Option<Url>> {
    let Some(given) = given else { return Ok(None) };
    let url = Url::parse(given)
        .ok()
        .filter(|url| given.len() <= MAX_RETURN_BYTES && matches!(url.scheme(), "https" | "http"))
        .filter(|url| url.username().is_empty() && url.password().is_none())
        .filter(|url| url.origin().ascii_serialization() == origin);
    url.map(Some).ok_or_else(|| {
        ApiError::invalid(format!(
            "`returnTo` must be the address of a page of {}, of at most {MAX_RETURN_BYTES} bytes and without user name",
            origin.escape_debug()
        ))
    })
}

/// What an installation writes: a new credential with this label, or one that is there.
#[derive(Debug, Default, Clone)]
pub struct InstallTarget {
    /// Label for a new credential.
    pub external_id: Option<String>,
    /// Credential to connect again.
    pub credential: Option<Uuid>,
    /// Organization that the app asks for.
    pub organization: Option<Organization>,
    /// Whether the user may connect several organizations at once.
    pub several: bool,
}

/// Checks what an installation names. An empty credential is as good as none.
///
/// # Errors
/// `IntegrationInactive`; `InvalidRequest` when both are named, `ExternalIdTaken`, `CredentialNotFound`.
pub async fn install_target(
    app: &App,
    caller: &EndUser,
    external_id: Option<&str>,
    selected: Option<&str>,
) -> ApiResult<InstallTarget> {
    integration::settings::check_active(app, &caller.project).await?;
    let selected = selected.map(str::trim).filter(|id| !id.is_empty());
    if external_id.is_some() && selected.is_some() {
        return Err(ApiError::invalid(
            "an external id labels a new credential; it cannot go together with a credential that is connected again",
        ));
    }
    let credential = match selected {
        Some(selector) => Some(credentials::service::find(app, caller, selector).await?.id),
        None => None,
    };
    Ok(InstallTarget {
        external_id: check_external_id(app, caller, external_id).await?,
        credential,
        ..InstallTarget::default()
    })
}

/// An external id that can be given to a new credential.
async fn check_external_id(
    app: &App,
    caller: &EndUser,
    external_id: Option<&str>,
) -> ApiResult<Option<String>> {
    let Some(external_id) = external_id.map(str::trim) else {
        return Ok(None);
    };
    if external_id.is_empty() || external_id.len() > 255 {
        return Err(ApiError::invalid(
            "`externalId` must have 1 to 255 characters and not only whitespace",
        ));
    }
    let rows = credentials::service::list(app, caller, AZURE_DEVOPS).await?;
    if rows
        .iter()
        .any(|row| row.external_id.as_deref() == Some(external_id))
    {
        let message = format!(
            "a credential with externalId `{}` already exists",
            external_id.escape_debug()
        );
        return Err(ApiError::new(ErrorCode::ExternalIdTaken, message));
    }
    Ok(Some(external_id.to_owned()))
}

/// How a client follows a flow.
pub(super) enum Via<'a> {
    /// This SDK: a page of the gateway with a ticket.
    Page {
        /// One-time ticket.
        ticket: &'a str,
        /// Page of the app to go back to, where the page is no popup.
        return_to: Option<&'a Url>,
    },
    /// The reference client.
    Polling {
        /// Its polling key.
        key: &'a str,
        /// One-time ticket.
        ticket: &'a str,
        /// Page of the app that takes the answer, instead of the gateway's.
        redirect_uri: Option<&'a Url>,
    },
}

/// Inserts a flow of either kind of client.
pub(super) async fn insert(
    app: &App,
    caller: &EndUser,
    id: &str,
    origin: &str,
    via: Via<'_>,
    target: &InstallTarget,
) -> ApiResult<bool> {
    let (ticket, return_to, session_key, redirect_uri) = match via {
        Via::Page { ticket, return_to } => (ticket, return_to, None, None),
        Via::Polling {
            key,
            ticket,
            redirect_uri,
        } => (ticket, None, Some(key), redirect_uri),
    };
    app.limits.flow(&caller.project.id, &caller.user)?;
    let flow = NewFlow {
        id,
        project: &caller.project.id,
        user: &caller.user,
        integration: AZURE_DEVOPS,
        origin,
        session_key,
        ticket_hash: random::hash(ticket),
        external_id: target.external_id.as_deref(),
        target_credential_id: target.credential,
        redirect_uri: redirect_uri.map(Url::as_str),
        return_to: return_to.map(Url::as_str),
        organization: target.organization.as_ref().map(Organization::as_str),
        several: target.several && target.credential.is_none(),
        now: app.clock.now(),
        expires_at: app.clock.in_future(FLOW_LIFE),
    };
    Ok(app.store.insert_flow(&flow).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_goes_back_to_its_own_origin_only() {
        let origin = "https://app.example.com";
        let there = "https://app.example.com/settings?tab=1#accounts";
        assert!(return_to(origin, None).is_ok_and(|url| url.is_none()));
        let url = return_to(origin, Some(there)).expect("its own page");
        assert_eq!(url.as_ref().map(Url::as_str), Some(there));
        let long = format!("{there}{}", "a".repeat(MAX_RETURN_BYTES));
        for wrong in [
            "",
            "/settings",
            "//evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "http://app.example.com/",
            "https://app.example.com:8443/",
            "https://app.example.com.evil.example/",
            "https://app.example.com@evil.example/",
            "https://user@app.example.com/",
            "https://evil.example/https://app.example.com",
            &long,
        ] {
            assert!(return_to(origin, Some(wrong)).is_err(), "{wrong}");
        }
        assert!(return_to("null", Some("data:text/html,x")).is_err());
    }
}
