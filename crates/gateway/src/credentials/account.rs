//! Turns proven tokens into a stored credential.

use std::time::Duration;

use http::HeaderValue;
use paragon_wire::ErrorCode;
use paragon_wire::integration::{ACCOUNT_ENTRA_ID, ACCOUNT_PERSONAL_ACCESS_TOKEN, AZURE_DEVOPS};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::{CredentialRow, CredentialStatus};
use crate::azure_devops::account::{Profile, profile};
use crate::azure_devops::{ApiCallError, ApiCaller, discovery};
use crate::configurations::store::NewConfiguration;
use crate::connect::flow_ended;
use crate::connect::outcomes::{another_account, apps_not_allowed, conditional_access};
use crate::error::{ApiError, ApiResult};
use crate::identity::UserId;
use crate::oauth::{OauthTokens, Secret};
use crate::state::App;
use crate::workflows;
use paragon_azure_devops::Organization;

/// Whose account it will be, and where it goes.
#[derive(Debug)]
pub struct Owner<'a> {
    /// Project.
    pub project: &'a str,
    /// User.
    pub user: &'a UserId,
    /// The app's label for a new credential.
    pub external_id: Option<&'a str>,
    /// Credential to connect again.
    pub target: Option<Uuid>,
    /// Flow that ends with the account, in one transaction: one that was cancelled meanwhile connects nothing.
    pub flow: Option<&'a str>,
}

/// A proven account.
#[derive(Debug)]
pub struct Account {
    /// Tokens.
    pub secret: Secret,
    /// Organization it is for.
    pub organization: Organization,
    /// Whose it is, where the provider says so.
    pub profile: Option<Profile>,
}

/// The account of these tokens, and its organizations.
pub async fn discover(app: &App, tokens: &OauthTokens) -> ApiResult<(Profile, Vec<Organization>)> {
    let header = header(&Secret::Oauth(tokens.clone()))?;
    let caller = caller(app, &header);
    let profile = profile(caller)
        .await
        .map_err(|error| discovery_error(&error))?;
    let organizations = discovery::organizations_of(caller, &profile)
        .await
        .map_err(|error| discovery_error(&error))?;
    Ok((profile, organizations))
}

fn caller<'a>(app: &'a App, authorization: &'a HeaderValue) -> ApiCaller<'a> {
    ApiCaller {
        client: &app.upstream,
        hosts: &app.hosts,
        authorization,
    }
}

/// Checks with one cheap call that the account works in its organization, then stores it.
pub async fn connect(app: &App, owner: &Owner<'_>, account: Account) -> ApiResult<CredentialRow> {
    verify(app, &account).await?;
    store(app, owner, account).await
}

/// Checks with one cheap call that the account works in its organization.
pub async fn verify(app: &App, account: &Account) -> ApiResult<()> {
    let header = header(&account.secret)?;
    discovery::verify(caller(app, &header), &account.organization)
        .await
        .map_err(|error| verification_error(app, account, &error))
}

/// Stores an account that was verified.
pub async fn store(app: &App, owner: &Owner<'_>, account: Account) -> ApiResult<CredentialRow> {
    let existing = existing(app, owner, &account).await?;
    let row = row(app, owner, &account, existing.as_ref())?;
    put(app, owner, row, existing.is_none()).await
}

/// Whether the person who signed in is the one whose credential `target` is.
///
/// # Errors
/// `AnotherAccount`: a connection must not change hands unseen, with all that is set up for it.
pub fn check_same_person(
    target: &CredentialRow,
    profile: &Profile,
    tokens: &OauthTokens,
) -> ApiResult<()> {
    // Of a personal access token nobody knows whose it is.
    let is_known = target.account_type == ACCOUNT_ENTRA_ID && target.provider_id.is_some();
    if !is_known || target.provider_id.as_deref() == Some(profile.id.as_str()) {
        return Ok(());
    }
    let data = super::service::object(&target.provider_data);
    let known = data["emailAddress"]
        .as_str()
        .or(data["displayName"].as_str());
    let own = tokens.username.as_deref();
    let signed_in = own
        .or(profile.email_address.as_deref())
        .or(profile.display_name.as_deref());
    Err(another_account(signed_in, known))
}

/// Stores an account whose organization the user has yet to choose. It replaces an earlier one that waits, never one
/// that may work.
pub async fn store_pending(
    app: &App,
    owner: &Owner<'_>,
    secret: Secret,
    profile: Profile,
    organizations: &[Organization],
) -> ApiResult<CredentialRow> {
    let first = organizations
        .first()
        .ok_or_else(|| ApiError::internal("no organization to choose from"))?;
    let account = Account {
        secret,
        organization: first.clone(),
        profile: Some(profile),
    };
    let provider_id = provider_id(&account);
    let rows = app.store.credentials(owner.project, owner.user).await?;
    let waiting = rows.into_iter().find(|row| {
        row.status == CredentialStatus::Pending
            && row.provider_id.as_deref() == Some(provider_id.as_str())
            && row.external_id.as_deref() == owner.external_id
    });
    let mut row = row(app, owner, &account, waiting.as_ref())?;
    let names: Vec<_> = organizations.iter().map(Organization::as_str).collect();
    let mut data: Value = serde_json::from_str(&row.provider_data)?;
    data["organization"] = Value::Null;
    data["organizations"] = json!(names);
    row.provider_data = data.to_string();
    row.status = CredentialStatus::Pending;
    put(app, owner, row, waiting.is_none()).await
}

/// Writes a credential; a new one gets its default configuration.
async fn put(
    app: &App,
    owner: &Owner<'_>,
    row: CredentialRow,
    is_new: bool,
) -> ApiResult<CredentialRow> {
    if is_new {
        let present = app.store.credentials(owner.project, owner.user).await?;
        app.limits.account(present.len())?;
    }
    let enabled = workflows::service::enabled_by_default(app, &row.project_id).await?;
    let configuration = is_new.then(|| NewConfiguration {
        id: Uuid::new_v4(),
        external_id: None,
        is_default: true,
        enabled_workflows: &enabled,
        now: app.clock.now(),
    });
    let written = app
        .store
        .put_credential(&row, configuration.as_ref(), owner.flow)
        .await;
    let is_written = written.map_err(|error| {
        let is_taken = error
            .as_database_error()
            .is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if !is_taken {
            return error.into();
        }
        let label = row.external_id.as_deref().unwrap_or_default();
        ApiError::new(
            ErrorCode::ExternalIdTaken,
            format!(
                "a credential with externalId `{}` already exists; use `selectedCredentialId: \"ext:…\"` to connect it again",
                label.escape_debug()
            ),
        )
    })?;
    if !is_written {
        return Err(flow_ended());
    }
    if let Some(flow) = owner.flow {
        app.flows.notify(flow);
    }
    Ok(row)
}

fn header(secret: &Secret) -> ApiResult<HeaderValue> {
    secret
        .authorization()
        .ok_or_else(|| ApiError::invalid("the token contains invalid characters"))
}

/// The credential to write over: the one named, or the same account in the same organization.
async fn existing(
    app: &App,
    owner: &Owner<'_>,
    account: &Account,
) -> ApiResult<Option<CredentialRow>> {
    if let Some(id) = owner.target {
        let row = app.store.credential(owner.project, owner.user, id).await?;
        return row.map(Some).ok_or_else(|| {
            ApiError::new(
                ErrorCode::CredentialNotFound,
                "the credential to connect again was deleted",
            )
        });
    }
    if owner.external_id.is_some() {
        return Ok(None);
    }
    let rows = app.store.credentials(owner.project, owner.user).await?;
    let provider_id = provider_id(account);
    Ok(rows.into_iter().find(|row| {
        row.external_id.is_none()
            && row.integration == AZURE_DEVOPS
            && row.account_type == account_type(account)
            && row
                .organization
                .eq_ignore_ascii_case(account.organization.as_str())
            && row.provider_id.as_deref() == Some(provider_id.as_str())
    }))
}

fn account_type(account: &Account) -> &'static str {
    match account.secret {
        Secret::Oauth(_) => ACCOUNT_ENTRA_ID,
        Secret::PersonalAccessToken { .. } => ACCOUNT_PERSONAL_ACCESS_TOKEN,
    }
}

fn provider_id(account: &Account) -> String {
    let organization = account.organization.as_str();
    account
        .profile
        .as_ref()
        .map_or_else(|| organization.to_lowercase(), |profile| profile.id.clone())
}

fn row(
    app: &App,
    owner: &Owner<'_>,
    account: &Account,
    existing: Option<&CredentialRow>,
) -> ApiResult<CredentialRow> {
    let now = app.clock.now();
    let id = existing.map_or_else(Uuid::new_v4, |row| row.id);
    let secret = account
        .secret
        .seal(&app.vault, &CredentialRow::seal_row(id))
        .map_err(ApiError::internal)?;
    let provider_data = json!({
        // The portal reconnects with the same account type, in one click.
        "accountType": account_type(account),
        "organization": account.organization.as_str(),
        "displayName": account.profile.as_ref().and_then(|profile| profile.display_name.as_deref()),
        "emailAddress": account.profile.as_ref().and_then(|profile| profile.email_address.as_deref()),
    });
    Ok(CredentialRow {
        id,
        project_id: owner.project.to_owned(),
        user_id: owner.user.clone(),
        integration: AZURE_DEVOPS.to_owned(),
        account_type: account_type(account).to_owned(),
        external_id: existing.map_or_else(
            || owner.external_id.map(str::to_owned),
            |row| row.external_id.clone(),
        ),
        status: CredentialStatus::Valid,
        provider_id: Some(provider_id(account)),
        provider_data: provider_data.to_string(),
        organization: account.organization.as_str().to_owned(),
        secret,
        claims_challenge: None,
        refresh_failure_count: 0,
        created_at: existing.map_or(now, |row| row.created_at),
        updated_at: now,
        refreshed_at: now,
    })
}

/// What a failed question to Azure DevOps means to the person who is connecting.
pub fn discovery_error(error: &ApiCallError) -> ApiError {
    let (code, message) = match error {
        ApiCallError::ConditionalAccess => (
            ErrorCode::SignInBlocked,
            "Your directory's Conditional Access rules block this app at Azure DevOps. Ask its administrator to allow it, then connect again.",
        ),
        ApiCallError::Unauthenticated | ApiCallError::NotPermitted | ApiCallError::NotFound => (
            ErrorCode::AttemptFailed,
            "Azure DevOps did not accept this sign-in. Use a work or school account that has Azure DevOps.",
        ),
        ApiCallError::Unavailable { .. } | ApiCallError::Egress(_) => (
            ErrorCode::ProviderUnavailable,
            "Azure DevOps is unavailable. Wait a moment and connect again.",
        ),
        ApiCallError::Unexpected { .. } | ApiCallError::HostClosed { .. } => (
            ErrorCode::ProviderUnavailable,
            "Azure DevOps sent an unexpected response. Try again.",
        ),
    };
    let retry_after = match error {
        ApiCallError::Unavailable { retry_after_s, .. } => retry_after_s.map(Duration::from_secs),
        _ => None,
    };
    ApiError::new(code, message)
        .with_retry_after(retry_after)
        .with_cause(error)
}

fn verification_error(app: &App, account: &Account, error: &ApiCallError) -> ApiError {
    if matches!(error, ApiCallError::ConditionalAccess) {
        return conditional_access(app, &account.organization).with_cause(error);
    }
    let refused = matches!(
        error,
        ApiCallError::Unauthenticated | ApiCallError::NotPermitted | ApiCallError::NotFound
    );
    if !refused {
        return discovery_error(error);
    }
    let organization = account.organization.as_str();
    let refusal = match &account.secret {
        Secret::PersonalAccessToken { .. } => ApiError::new(
            ErrorCode::PersonalAccessTokenRefused,
            format!(
                "Azure DevOps refused this token for the organization `{organization}`. Check the name, that the token has not expired, and that it can read projects."
            ),
        ),
        Secret::Oauth(_) => apps_not_allowed(app, &account.organization),
    };
    refusal.with_cause(error)
}
