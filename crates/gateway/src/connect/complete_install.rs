//! Installations that end on the app's own pages: an authorization code handed in, an organization chosen afterwards.

use std::sync::Arc;

use paragon_wire::ErrorCode;
use paragon_wire::integration::INPUT_ORGANIZATION;
use serde_json::Value;
use url::Url;

use super::store::FlowRow;
use super::{InstallTarget, exchange, outcomes};
use crate::azure_devops::account::Profile;
use crate::credentials::account::{self, Account, Owner};
use crate::credentials::service;
use crate::credentials::store::{CredentialRow, CredentialStatus};
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::EndUser;
use crate::integration;
use crate::oauth::{OauthTokens, Secret};
use crate::projects::Project;
use crate::state::App;
use paragon_azure_devops::Organization;

const MAX_CODE_BYTES: usize = 16 * 1024;

/// An authorization code and what is to become of it.
#[derive(Debug)]
pub struct Handover<'a> {
    /// Authorization code.
    pub code: &'a str,
    /// Page that the provider sent the browser to; absent: the gateway's.
    pub redirect_url: Option<&'a str>,
    /// Label or credential.
    pub target: InstallTarget,
    /// Organization, if the app knows which.
    pub organization: Option<&'a str>,
}

/// The page of the app that `given` names; `None` is the gateway's own.
///
/// # Errors
/// `InvalidRequest` unless it is registered for the project.
pub fn redirect_uri(app: &App, project: &Project, given: Option<&str>) -> ApiResult<Option<Url>> {
    let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) else {
        return Ok(None);
    };
    let own = app.entra.redirect_uri();
    let url = Url::parse(given).ok();
    if url.as_ref() == Some(own) {
        return Ok(None);
    }
    let registered = &project.azure_devops.redirect_urls;
    let is_registered = |url: &Url| {
        registered
            .iter()
            .any(|one| Url::parse(one).as_ref() == Ok(url))
    };
    url.filter(is_registered).map(Some).ok_or_else(|| {
        ApiError::invalid(format!(
            "`redirectUrl` must be left out, be `{own}`, or be one of the project's `azure_devops.redirect_urls`"
        ))
    })
}

/// Redeems the code and stores the account. One with several organizations, of which none is named, stays `PENDING`
/// until [`choose_organization`].
pub async fn complete(
    app: &Arc<App>,
    caller: &EndUser,
    handover: Handover<'_>,
) -> ApiResult<CredentialRow> {
    let project = &caller.project;
    if handover.code.is_empty() || handover.code.len() > MAX_CODE_BYTES {
        return Err(ApiError::invalid(
            "`code` must be the authorization code that the provider sent",
        ));
    }
    let redirect_uri = redirect_uri(app, project, handover.redirect_url)?;
    let flow = own_flow(app, caller, redirect_uri.as_ref()).await?;
    let code = handover.code.to_owned();
    let tokens = exchange(app, project, &flow, code, redirect_uri.as_ref())
        .await?
        .map_err(ApiError::from)?;
    let mut target = handover.target;
    if target.external_id.is_none() && target.credential.is_none() {
        target.external_id.clone_from(&flow.external_id);
        target.credential = flow.target_credential_id;
    }
    let owner = Owner {
        project: &project.id,
        user: &caller.user,
        external_id: target.external_id.as_deref(),
        target: target.credential,
        flow: Some(&flow.id),
    };
    let named = handover.organization.or(flow.organization.as_deref());
    store(app, &owner, named, tokens).await
}

/// The flow that sent the user to sign in, with its code verifier.
///
/// SECURITY: without one a code of somebody else could be handed in as the caller's (code injection): RFC 7636 and
/// RFC 9700, 2.1.1, so a code of an authorization request that the gateway did not make is not redeemed. Codes for the
/// gateway's own redirect URI are redeemed there, and bound to the browser.
///
/// # Errors
/// `AttemptFailed`.
async fn own_flow(app: &App, caller: &EndUser, redirect_uri: Option<&Url>) -> ApiResult<FlowRow> {
    let redirect_uri = redirect_uri.ok_or_else(not_begun)?;
    let (project, user) = (&caller.project.id, &caller.user);
    let flow = app
        .store
        .flow_by_redirect_uri(project, user, redirect_uri.as_str(), app.clock.now())
        .await?;
    flow.filter(|flow| flow.secret.is_some())
        .ok_or_else(not_begun)
}

fn not_begun() -> ApiError {
    ApiError::new(
        ErrorCode::AttemptFailed,
        "This user has no sign-in in progress for this `redirectUrl`. Start one with the authorization URL that the \
         gateway creates for that page, then send the code that the page receives.",
    )
}

async fn store(
    app: &App,
    owner: &Owner<'_>,
    named: Option<&str>,
    tokens: OauthTokens,
) -> ApiResult<CredentialRow> {
    let (profile, organizations) = account::discover(app, &tokens).await?;
    let target = match owner.target {
        Some(id) => app.store.credential(owner.project, owner.user, id).await?,
        None => None,
    };
    if let Some(target) = &target {
        account::check_same_person(target, &profile, &tokens)?;
    }
    let previous = target.map(|row| row.organization);
    let secret = Secret::Oauth(tokens);
    check_named(&organizations, named)?;
    if let Some(organization) = pick(&organizations, named.or(previous.as_deref()))? {
        let account = Account {
            secret,
            organization,
            profile: Some(profile),
        };
        return account::connect(app, owner, account).await;
    }
    if owner.target.is_some() {
        // A credential that may work must not become one that waits.
        return Err(ApiError::invalid(format!(
            "the account no longer has access to its organization; connect it again for one of {}",
            list(&organizations)
        )));
    }
    account::store_pending(app, owner, secret, profile, &organizations).await
}

/// Whether the account has the organization that the app names.
fn check_named(organizations: &[Organization], named: Option<&str>) -> ApiResult<()> {
    let has = |name: &str| {
        organizations
            .iter()
            .any(|one| one.as_str().eq_ignore_ascii_case(name))
    };
    if named.is_none_or(has) {
        return Ok(());
    }
    Err(ApiError::invalid(format!(
        "`integrationOptions.{INPUT_ORGANIZATION}` is not one of the account's organizations: {}",
        list(organizations)
    )))
}

fn list(organizations: &[Organization]) -> String {
    let names: Vec<_> = organizations.iter().map(Organization::as_str).collect();
    names.join(", ")
}

/// The named organization or the only one; `None` when there is a choice.
fn pick(organizations: &[Organization], named: Option<&str>) -> ApiResult<Option<Organization>> {
    let found = named.and_then(|named| {
        organizations
            .iter()
            .find(|one| one.as_str().eq_ignore_ascii_case(named))
    });
    match (found, organizations) {
        (Some(found), _) => Ok(Some(found.clone())),
        (None, []) => Err(outcomes::no_organization(None)),
        (None, [only]) => Ok(Some(only.clone())),
        (None, _) => Ok(None),
    }
}

/// Ends the set-up of a credential that waits for its organization; any other stays as it is.
pub async fn choose_organization(
    app: &Arc<App>,
    caller: &EndUser,
    selector: &str,
    payload: &Value,
) -> ApiResult<CredentialRow> {
    let found = service::find(app, caller, selector).await?;
    let lock = app.refresh_locks.of(found.id);
    let _guard = lock.lock().await;
    let row = service::find(app, caller, &found.id.to_string()).await?;
    if row.status != CredentialStatus::Pending {
        return Ok(row);
    }
    let data = service::object(&row.provider_data);
    let names: Vec<&str> = data["organizations"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let chosen = payload[INPUT_ORGANIZATION].as_str().unwrap_or_default();
    let chosen = names.iter().find(|name| name.eq_ignore_ascii_case(chosen));
    let chosen = chosen.ok_or_else(|| {
        ApiError::invalid(format!(
            "`payload.{INPUT_ORGANIZATION}` must be one of {}",
            names.join(", ")
        ))
    })?;
    let secret = fresh(app, caller, &row).await?;
    let text = |name: &str| data[name].as_str().map(str::to_owned);
    let account = Account {
        secret,
        organization: Organization::new(*chosen).map_err(ApiError::internal)?,
        profile: Some(Profile {
            id: row.provider_id.clone().unwrap_or_default(),
            public_alias: String::new(),
            display_name: text("displayName"),
            email_address: text("emailAddress"),
        }),
    };
    let owner = Owner {
        project: &caller.project.id,
        user: &caller.user,
        external_id: None,
        target: Some(row.id),
        flow: None,
    };
    account::connect(app, &owner, account).await
}

/// The tokens of a credential that waits: nothing else refreshes them.
async fn fresh(app: &App, caller: &EndUser, row: &CredentialRow) -> ApiResult<Secret> {
    let secret = Secret::of(&app.vault, row).map_err(ApiError::internal)?;
    let Secret::Oauth(tokens) = &secret else {
        return Ok(secret);
    };
    if tokens.is_fresh(app.clock.now()) {
        return Ok(secret);
    }
    let gone = || {
        ApiError::new(
            ErrorCode::AttemptFailed,
            "The sign-in has expired. Connect the account again.",
        )
    };
    let refresh_token = tokens.refresh_token.as_deref().ok_or_else(gone)?;
    let settings = integration::settings::usable(app, &caller.project).await?;
    let renewed = app
        .entra
        .refresh(&settings, refresh_token, tokens)
        .await
        .map_err(|failure| gone().with_cause(failure))?;
    Ok(Secret::Oauth(renewed))
}
