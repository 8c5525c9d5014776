//! Where a sign-in goes: to the directory of the organization that was named, or of the account that is connected
//! again; else where the integration's settings say.

use paragon_azure_devops::Organization;

use super::outcomes;
use super::store::FlowRow;
use crate::azure_devops::directories::Directory;
use crate::credentials::account::discovery_error;
use crate::credentials::service::object;
use crate::credentials::store::CredentialRow;
use crate::error::{ApiError, ApiResult};
use crate::integration::settings;
use crate::oauth::{Secret, directory_id};
use crate::projects::Project;
use crate::state::App;

/// Organizations that can be looked up for one flow.
const MOST_LOOKUPS: i64 = 20;

/// What an authorization request is for.
#[derive(Debug, Default, Clone)]
pub(super) struct Destination {
    /// Organization to land on.
    pub organization: Option<String>,
    /// Directory; absent: as the integration is set.
    pub tenant: Option<String>,
    /// Name of the person who is expected.
    pub login_hint: Option<String>,
}

impl Destination {
    /// Once more where the flow went before.
    pub(super) fn of(flow: &FlowRow) -> Self {
        Self {
            organization: flow.organization.clone(),
            tenant: flow.tenant.clone(),
            login_hint: None,
        }
    }
}

/// The way to the organization that `text` names.
///
/// SECURITY: the text comes from outside. It is looked up at Azure DevOps alone, and each look-up counts, for the flow
/// and for the `address` that asked: the gateway is no means to try names, or to send many requests with few.
///
/// # Errors
/// Those of [`outcomes`], and what the look-up failed with.
pub(super) async fn named(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    text: &str,
    address: &str,
) -> ApiResult<Destination> {
    let organization = Organization::from_pasted(text).map_err(outcomes::unreadable)?;
    app.limits.lookup(address)?;
    if !app.store.count_lookup(&flow.id, MOST_LOOKUPS).await? {
        return Err(outcomes::too_many_lookups());
    }
    let tenant = match find(app, &organization).await? {
        Directory::Tenant(tenant) => tenant,
        Directory::None => return Err(outcomes::without_directory(app, &organization)),
        Directory::NoOrganization => return Err(outcomes::not_found(&organization)),
    };
    let settings = settings::usable(app, project).await?;
    let tenant = match directory_id(&settings.tenant) {
        Some(own) if own != tenant => return Err(outcomes::other_directory(&organization)),
        Some(own) => Some(own),
        // A domain is one directory as well, and Entra ID alone knows which.
        None => settings.takes_any_directory().then_some(tenant),
    };
    Ok(Destination {
        organization: Some(organization.as_str().to_owned()),
        tenant,
        login_hint: None,
    })
}

async fn find(app: &App, organization: &Organization) -> ApiResult<Directory> {
    app.directories
        .find(&app.upstream, &app.hosts, organization)
        .await
        .map_err(|error| discovery_error(&error))
}

/// The way to the account of a credential: its own directory, and the same person.
///
/// # Errors
/// When the settings cannot be read, or the secret cannot be opened.
pub(super) async fn of_credential(
    app: &App,
    project: &Project,
    row: &CredentialRow,
) -> ApiResult<Destination> {
    let secret = Secret::of(&app.vault, row).map_err(ApiError::internal)?;
    let (kept, username) = match &secret {
        Secret::Oauth(tokens) => (tokens.tenant.clone(), tokens.username.clone()),
        Secret::PersonalAccessToken { .. } => (None, None),
    };
    let settings = settings::usable(app, project).await?;
    let tenant = match kept {
        _ if !settings.takes_any_directory() => None,
        Some(tenant) => Some(tenant),
        // Connected by an earlier version, or with a token: the organization tells, and if not, nothing is lost.
        None => match Organization::new(row.organization.as_str()) {
            Ok(organization) => match find(app, &organization).await {
                Ok(Directory::Tenant(tenant)) => Some(tenant),
                Ok(_) | Err(_) => None,
            },
            Err(_) => None,
        },
    };
    let mail = object(&row.provider_data)["emailAddress"]
        .as_str()
        .map(str::to_owned);
    Ok(Destination {
        organization: None,
        tenant,
        login_hint: username.or(mail),
    })
}
