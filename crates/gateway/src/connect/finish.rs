//! The last steps of a sign-in: an organization is taken or asked for, and the credential is stored.

use std::sync::Arc;

use paragon_azure_devops::Organization;
use paragon_wire::flow::FlowStatus;

use super::organization::{Pending, ask};
use super::outcomes::{self, offers_another};
use super::page::PageData;
use super::store::{FlowRow, Transition};
use super::ticket::target;
use crate::credentials::account;
use crate::credentials::account::Owner;
use crate::error::{ApiError, ApiResult};
use crate::oauth::OauthTokens;
use crate::projects::Project;
use crate::state::App;

/// After the code exchange: the organization that was named, the one of a reconnect, or the only one is taken. Of
/// several the user picks; where none of them leads to an account, the user is told why and may name another.
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
    let (profile, found) = account::discover(app, &tokens).await?;
    let target = target(app, flow).await?;
    if let Some(target) = &target {
        account::check_same_person(target, &profile, &tokens)?;
    }
    let pending = Pending::new(tokens, profile, &found);
    let previous = target.map(|row| row.organization);
    let named = flow.organization.as_deref().map(Organization::new);
    let named = named.transpose().map_err(ApiError::internal)?;
    let taken = named
        .or_else(|| {
            found
                .iter()
                .find(|one| previous.as_deref().is_some_and(|name| one.is(name)))
                .cloned()
        })
        .or_else(|| only(&found));
    match taken {
        Some(organization) => take(app, project, flow, pending, &[organization]).await,
        None if found.is_empty() => {
            let nothing = outcomes::no_organization(pending.account());
            ask(app, project, flow, &pending, Some(&nothing)).await
        }
        None => ask(app, project, flow, &pending, None).await,
    }
}

fn only(organizations: &[Organization]) -> Option<Organization> {
    match organizations {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// Connects the account in these organizations. What one of them refuses is told, and another can be named.
pub(super) async fn take(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    pending: Pending,
    organizations: &[Organization],
) -> ApiResult<PageData> {
    match connect_all(app, project, flow, &pending, organizations).await {
        Err(error) if offers_another(&error) => {
            tracing::info!(project.id = %project.id, error = error.in_full(), "an organization refused the account");
            ask(app, project, flow, &pending, Some(&error)).await
        }
        outcome => outcome,
    }
}

/// Each of the organizations is asked before anything is written; the first one ends the flow.
async fn connect_all(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    pending: &Pending,
    organizations: &[Organization],
) -> ApiResult<PageData> {
    for organization in organizations {
        let asked = account::verify(app, &pending.account_in(organization)).await;
        asked.map_err(|error| refusal(app, pending, organization, error))?;
    }
    store_all(app, flow, pending, organizations).await?;
    tracing::info!(project.id = %project.id, count = organizations.len(), "account connected");
    let names: Vec<_> = organizations.iter().map(Organization::as_str).collect();
    Ok(PageData::Done {
        flow: flow.id.clone(),
        origin: flow.origin.clone(),
        app_name: project.name.clone(),
        organization: names.join(", "),
        return_to: flow.return_to.clone(),
    })
}

/// The first account ends the flow and is written last, so that the app finds all of them then. If it cannot be, since
/// the flow was cancelled meanwhile, the new ones of the others go again.
async fn store_all(
    app: &App,
    flow: &FlowRow,
    pending: &Pending,
    organizations: &[Organization],
) -> ApiResult<()> {
    let mut new = Vec::new();
    let mut stored = Ok(());
    for (index, organization) in organizations.iter().enumerate().rev() {
        let label = label(flow, organization, index == 0);
        let owner = Owner {
            project: &flow.project_id,
            user: &flow.user_id,
            external_id: label.as_deref(),
            target: flow.target_credential_id,
            flow: (index == 0).then_some(flow.id.as_str()),
        };
        match account::store(app, &owner, pending.account_in(organization)).await {
            Ok(row) if row.created_at == row.updated_at => new.push(row.id),
            Ok(_) => {}
            Err(error) => {
                stored = Err(error);
                break;
            }
        }
    }
    if stored.is_err() {
        let (project, user, now) = (&flow.project_id, &flow.user_id, app.clock.now());
        for id in new {
            app.store.delete_credential(project, user, id, now).await?;
        }
    }
    stored
}

/// The first account has the app's label; the others have it with their organization, since no two can be equal.
fn label(flow: &FlowRow, organization: &Organization, is_first: bool) -> Option<String> {
    const LONGEST: usize = 255;
    let label = flow.external_id.as_deref()?;
    if is_first {
        return Some(label.to_owned());
    }
    let end = format!("-{organization}").to_ascii_lowercase();
    let kept = label.floor_char_boundary(LONGEST - end.len());
    Some(format!("{}{end}", &label[..kept]))
}

/// The service refuses strangers and apps with one answer: only the list of the account's organizations tells them apart.
fn refusal(app: &App, pending: &Pending, organization: &Organization, error: ApiError) -> ApiError {
    let is_refusal = error.code == paragon_wire::ErrorCode::ProviderForbidden;
    if is_refusal && !pending.has(organization) {
        let detail = error.in_full();
        return outcomes::not_a_member(app, organization, pending.account()).with_detail(detail);
    }
    error
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
