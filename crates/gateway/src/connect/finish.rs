//! The last steps: the organization, and the stored credential.

use std::sync::Arc;

use paragon_wire::ErrorCode;
use paragon_wire::flow::FlowStatus;

use super::page::{OrganizationChoice, PageData};
use super::store::{FlowRow, Transition};
use super::ticket::flow_ended;
use crate::azure_devops::account::Profile;
use crate::credentials::account;
use crate::credentials::account::{Account, Owner};
use crate::error::{ApiError, ApiResult};
use crate::oauth::{OauthTokens, Secret};
use crate::projects::Project;
use crate::state::App;
use paragon_azure_devops::Organization;

/// What is kept, sealed, while the user picks an organization.
#[derive(serde::Serialize, serde::Deserialize)]
struct Pending {
    secret: Secret,
    profile: Profile,
    organizations: Vec<String>,
}

/// After the code exchange: one organization is taken, of several the user picks, none is an error.
pub async fn finish_sign_in(
    app: &Arc<App>,
    project: &Project,
    flow: &FlowRow,
    tokens: OauthTokens,
) -> PageData {
    match try_finish(app, project, flow, tokens).await {
        Ok(page) => page,
        Err(error) => fail(app, project, flow, &error).await,
    }
}

async fn try_finish(
    app: &Arc<App>,
    project: &Project,
    flow: &FlowRow,
    tokens: OauthTokens,
) -> ApiResult<PageData> {
    let (profile, organizations) = account::discover(app, &tokens).await?;
    let secret = Secret::Oauth(tokens);
    match previous_organization(app, flow, &organizations)
        .await?
        .or_else(|| only(&organizations))
    {
        Some(organization) => {
            store(
                app,
                project,
                flow,
                Account {
                    secret,
                    organization,
                    profile: Some(profile),
                },
            )
            .await
        }
        None if organizations.is_empty() => Err(ApiError::new(
            ErrorCode::NoOrganization,
            "This account is not a member of any Azure DevOps organization in its directory. Ask for an invitation, or sign in with another account.",
        )),
        None => ask(app, project, flow, secret, profile, organizations).await,
    }
}

fn only(organizations: &[Organization]) -> Option<Organization> {
    match organizations {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// A reconnect keeps its organization, if the account still has it.
async fn previous_organization(
    app: &App,
    flow: &FlowRow,
    organizations: &[Organization],
) -> ApiResult<Option<Organization>> {
    let Some(target) = flow.target_credential_id else {
        return Ok(None);
    };
    let row = app
        .store
        .credential(&flow.project_id, &flow.user_id, target)
        .await?;
    Ok(row.and_then(|row| {
        organizations
            .iter()
            .find(|one| one.as_str().eq_ignore_ascii_case(&row.organization))
            .cloned()
    }))
}

async fn ask(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    secret: Secret,
    profile: Profile,
    organizations: Vec<Organization>,
) -> ApiResult<PageData> {
    let names: Vec<String> = organizations
        .iter()
        .map(|one| one.as_str().to_owned())
        .collect();
    let pending = zeroize::Zeroizing::new(serde_json::to_vec(&Pending {
        secret,
        profile,
        organizations: names.clone(),
    })?);
    let sealed = app
        .vault
        .seal(&pending, &FlowRow::seal_row(&flow.id))
        .map_err(ApiError::internal)?;
    if !app.store.keep_for_choice(&flow.id, &sealed).await? {
        return Err(flow_ended());
    }
    app.flows.notify(&flow.id);
    Ok(PageData::Organizations {
        flow: flow.id.clone(),
        origin: flow.origin.clone(),
        app_name: project.name.clone(),
        organizations: names
            .into_iter()
            .map(|name| OrganizationChoice { name })
            .collect(),
    })
}

/// The user picked an organization; `flow` is known to belong to this browser.
pub async fn choose_organization(
    app: &Arc<App>,
    flow: &FlowRow,
    chosen: &str,
) -> ApiResult<PageData> {
    let project = app
        .projects
        .get(&flow.project_id)
        .cloned()
        .ok_or_else(flow_ended)?;
    let sealed = flow
        .secret
        .as_ref()
        .filter(|_| flow.update.status == FlowStatus::Organization)
        .ok_or_else(flow_ended)?;
    let bytes = app
        .vault
        .open(sealed, &FlowRow::seal_row(&flow.id))
        .map_err(ApiError::internal)?;
    let pending: Pending = serde_json::from_slice(&bytes)?;
    if !pending.organizations.iter().any(|name| name == chosen) {
        return Err(ApiError::invalid(
            "this organization is not one of the account's organizations",
        ));
    }
    let organization =
        Organization::new(chosen).map_err(|error| ApiError::invalid(error.to_string()))?;
    let account = Account {
        secret: pending.secret,
        organization,
        profile: Some(pending.profile),
    };
    store(app, &project, flow, account).await
}

async fn store(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    account: Account,
) -> ApiResult<PageData> {
    let owner = Owner {
        project: &flow.project_id,
        user: &flow.user_id,
        external_id: flow.external_id.as_deref(),
        target: flow.target_credential_id,
        flow: Some(&flow.id),
    };
    let organization = account.organization.as_str().to_owned();
    let row = account::connect(app, &owner, account).await?;
    tracing::info!(credential.id = %row.id, project.id = %project.id, "account connected");
    Ok(PageData::Done {
        flow: flow.id.clone(),
        origin: flow.origin.clone(),
        app_name: project.name.clone(),
        organization,
        return_to: flow.return_to.clone(),
    })
}

/// Ends a flow as failed and gives the page that says so.
pub(super) async fn fail(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    error: &ApiError,
) -> PageData {
    tracing::warn!(project.id = %project.id, error = error.in_full(), "connect flow failed");
    let failed = Transition {
        error: Some((error.code.as_str(), &error.message)),
    };
    if let Err(error) = app
        .store
        .transition(&flow.id, FlowStatus::Failed, failed, None)
        .await
    {
        tracing::error!(detail = %error, "a failed flow could not be noted");
    }
    app.flows.notify(&flow.id);
    PageData::error(error, Some((flow, &project.name)))
}
