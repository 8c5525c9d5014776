//! The user chooses an organization: one of those that were found, several of them, or any other by its name or URL.

use std::sync::Arc;

use paragon_azure_devops::Organization;
use paragon_wire::flow::FlowStatus;

use super::destination::{self, Destination};
use super::finish::take;
use super::outcomes::offers_another;
use super::page::{OrganizationChoice, PageData, Problem};
use super::store::FlowRow;
use super::ticket::{authorize, flow_ended};
use crate::azure_devops::account::Profile;
use crate::credentials::account::Account;
use crate::error::{ApiError, ApiResult};
use crate::oauth::{OauthTokens, Secret};
use crate::projects::Project;
use crate::state::App;

/// What is kept, sealed, while the user picks an organization.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Pending {
    secret: Secret,
    profile: Profile,
    organizations: Vec<String>,
}

/// What the user chose.
#[derive(Debug)]
pub enum Choice {
    /// Of those that were found.
    Found(Vec<String>),
    /// Another one.
    Named {
        /// Its name, or any URL of it.
        text: String,
        /// Address that it was sent from.
        address: String,
    },
}

impl Pending {
    pub(super) fn new(tokens: OauthTokens, profile: Profile, found: &[Organization]) -> Self {
        Self {
            secret: Secret::Oauth(tokens),
            profile,
            organizations: found.iter().map(|one| one.as_str().to_owned()).collect(),
        }
    }

    /// Whether the account's list has this organization.
    pub(super) fn has(&self, organization: &Organization) -> bool {
        self.organizations.iter().any(|name| organization.is(name))
    }

    /// The name of the person who signed in.
    pub(super) fn account(&self) -> Option<&str> {
        let username = self.tokens().and_then(|tokens| tokens.username.as_deref());
        let mail = self.profile.email_address.as_deref();
        username.or(mail).or(self.profile.display_name.as_deref())
    }

    /// The account in one organization.
    pub(super) fn account_in(&self, organization: &Organization) -> Account {
        Account {
            secret: self.secret.clone(),
            organization: organization.clone(),
            profile: Some(self.profile.clone()),
        }
    }

    fn tokens(&self) -> Option<&OauthTokens> {
        match &self.secret {
            Secret::Oauth(tokens) => Some(tokens),
            Secret::PersonalAccessToken { .. } => None,
        }
    }

    /// What was kept with a flow; none where its user has not signed in yet, or signs in again.
    fn of(app: &App, flow: &FlowRow) -> ApiResult<Option<Self>> {
        let is_kept = flow.update.status == FlowStatus::Organization;
        let Some(sealed) = flow.secret.as_ref().filter(|_| is_kept) else {
            return Ok(None);
        };
        let opened = app.vault.open(sealed, &FlowRow::seal_row(&flow.id));
        let bytes = opened.map_err(ApiError::internal)?;
        Ok(Some(serde_json::from_slice(&bytes)?))
    }
}

/// Keeps what the sign-in brought and asks which organization; `problem` is why the last one came to nothing.
pub(super) async fn ask(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    pending: &Pending,
    problem: Option<&ApiError>,
) -> ApiResult<PageData> {
    let bytes = zeroize::Zeroizing::new(serde_json::to_vec(pending)?);
    let sealed = app
        .vault
        .seal(&bytes, &FlowRow::seal_row(&flow.id))
        .map_err(ApiError::internal)?;
    let note = problem.map(|problem| (problem.code.as_str(), problem.message.as_str()));
    if !app.store.keep_for_choice(&flow.id, &sealed, note).await? {
        return Err(flow_ended());
    }
    app.flows.notify(&flow.id);
    Ok(page(project, flow, Some(pending), problem))
}

fn page(
    project: &Project,
    flow: &FlowRow,
    pending: Option<&Pending>,
    problem: Option<&ApiError>,
) -> PageData {
    let names = pending.map(|pending| pending.organizations.as_slice());
    let names = names.unwrap_or_default().iter().cloned();
    PageData::Organizations {
        flow: flow.id.clone(),
        origin: flow.origin.clone(),
        app_name: project.name.clone(),
        organizations: names.map(|name| OrganizationChoice { name }).collect(),
        several: flow.several,
        account: pending.and_then(|pending| pending.account().map(str::to_owned)),
        problem: problem.map(Problem::of),
        return_to: flow.return_to.clone(),
    }
}

/// The user chose; `flow` is known to belong to this browser.
///
/// # Errors
/// `FlowNotFound` where the flow is over, `InvalidRequest` for an organization that was not offered.
pub async fn choose_organization(
    app: &Arc<App>,
    flow: &FlowRow,
    choice: Choice,
) -> ApiResult<PageData> {
    let project = app
        .projects
        .get(&flow.project_id)
        .cloned()
        .ok_or_else(flow_ended)?;
    if flow.update.status.is_final() || flow.expires_at <= app.clock.now() {
        return Err(flow_ended());
    }
    let pending = Pending::of(app, flow)?;
    match choice {
        Choice::Found(names) => {
            let pending = pending.ok_or_else(flow_ended)?;
            let organizations = offered(flow, &pending, &names)?;
            take(app, &project, flow, pending, &organizations).await
        }
        Choice::Named { text, address } => {
            name_another(app, &project, flow, pending, &text, &address).await
        }
    }
}

/// The organizations that `names` are, each one of those that were offered.
fn offered(flow: &FlowRow, pending: &Pending, names: &[String]) -> ApiResult<Vec<Organization>> {
    if names.is_empty() || (names.len() > 1 && !flow.several) {
        return Err(ApiError::invalid("choose one organization"));
    }
    let mut chosen: Vec<Organization> = Vec::new();
    for name in names {
        if !pending.organizations.contains(name) {
            return Err(ApiError::invalid(
                "this organization is not one of the account's organizations",
            ));
        }
        let organization = Organization::new(name.as_str());
        let organization = organization.map_err(|error| ApiError::invalid(error.to_string()))?;
        if !chosen.contains(&organization) {
            chosen.push(organization);
        }
    }
    Ok(chosen)
}

/// With tokens of the organization's directory it is connected at once; else the same person signs in there.
async fn name_another(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    pending: Option<Pending>,
    text: &str,
    address: &str,
) -> ApiResult<PageData> {
    let way = match way_to(app, project, flow, pending.as_ref(), text, address).await {
        Ok(way) => way,
        Err(error) if offers_another(&error) => {
            let note = (error.code.as_str(), error.message.as_str());
            app.store.note_problem(&flow.id, note).await?;
            return Ok(page(project, flow, pending.as_ref(), Some(&error)));
        }
        Err(error) => return Err(error),
    };
    if let Some(pending) = pending {
        let own = pending.tokens().and_then(|tokens| tokens.tenant.as_ref());
        let is_there = way.tenant.is_none() || way.tenant.as_ref() == own;
        if let Some(name) = way.organization.as_deref().filter(|_| is_there) {
            let organization = Organization::new(name).map_err(ApiError::internal)?;
            return take(app, project, flow, pending, &[organization]).await;
        }
    }
    let url = authorize(app, project, flow, None, &way).await?;
    app.flows.notify(&flow.id);
    Ok(PageData::SignIn {
        flow: flow.id.clone(),
        origin: flow.origin.clone(),
        app_name: project.name.clone(),
        authorization_url: url,
    })
}

/// The way to the organization that `text` names, for the person who signed in already.
async fn way_to(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    pending: Option<&Pending>,
    text: &str,
    address: &str,
) -> ApiResult<Destination> {
    let known = Organization::from_pasted(text).ok();
    let listed = known.filter(|one| pending.is_some_and(|pending| pending.has(one)));
    if let Some(organization) = listed {
        return Ok(Destination {
            organization: Some(organization.as_str().to_owned()),
            ..Destination::default()
        });
    }
    let login_hint = pending.and_then(|pending| pending.account().map(str::to_owned));
    let way = destination::named(app, project, flow, text, address).await?;
    Ok(Destination { login_hint, ..way })
}
