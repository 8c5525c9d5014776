//! Which organizations a credential reaches, and whether it works in one.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::account::{Profile, profile};
use super::api_call::{ApiCallError, ApiCaller};
use paragon_azure_devops::{Alias, Organization};

/// Organizations of the signed-in user, sorted by name without regard to case.
///
/// Only those the token's directory reaches; an empty list is a real answer. Entries whose name has another form than
/// [`Organization`] are left out, since no path could be built for them.
///
/// # Errors
/// [`ApiCallError`]; a personal access token for one organization is answered [`ApiCallError::Unauthenticated`].
pub async fn organizations(caller: ApiCaller<'_>) -> Result<Vec<Organization>, ApiCallError> {
    organizations_of(caller, &profile(caller).await?).await
}

/// The same when the profile is known already.
///
/// # Errors
/// As [`organizations`].
pub async fn organizations_of(
    caller: ApiCaller<'_>,
    profile: &Profile,
) -> Result<Vec<Organization>, ApiCallError> {
    let member = utf8_percent_encode(&profile.public_alias, NON_ALPHANUMERIC);
    let path = format!("/_apis/accounts?memberId={member}&api-version=7.1");
    let accounts: Accounts = caller.get(Alias::App, None, &path).await?;
    let names = accounts
        .value
        .into_iter()
        .map(|account| account.account_name);
    let mut found: Vec<_> = names
        .filter_map(|name| Organization::new(name).ok())
        .collect();
    found.sort_by_key(|organization| organization.as_str().to_ascii_lowercase());
    found.dedup();
    Ok(found)
}

/// Checks that the credential works in `organization`: its projects can be listed.
///
/// # Errors
/// [`ApiCallError`]: only status 200 with JSON counts, since a refused credential may be answered by a page.
pub async fn verify(
    caller: ApiCaller<'_>,
    organization: &Organization,
) -> Result<(), ApiCallError> {
    let path = "/_apis/projects?$top=1&api-version=7.1";
    let _: Projects = caller.get(Alias::Dev, Some(organization), path).await?;
    Ok(())
}

#[derive(Deserialize)]
struct Accounts {
    #[serde(default)]
    value: Vec<Account>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    account_name: String,
}

/// The list's form is checked, its content is not used.
#[derive(Deserialize)]
struct Projects {
    #[serde(rename = "value")]
    _value: Vec<serde::de::IgnoredAny>,
}

#[cfg(test)]
mod tests;
