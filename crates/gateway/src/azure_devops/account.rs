//! The signed-in user's profile.

use serde::{Deserialize, Serialize};

use super::api_call::{ApiCallError, ApiCaller};
use paragon_azure_devops::Alias;

/// Who the credential belongs to, as Azure DevOps knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Id of the profile (UUID).
    pub id: String,
    /// Id by which the user's organizations are asked for (UUID).
    pub public_alias: String,
    /// Name for people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Mail address, if the profile has one.
    #[serde(default)]
    pub email_address: Option<String>,
}

/// Reads the profile; needs the permission `vso.profile` or full impersonation.
///
/// # Errors
/// [`ApiCallError`].
pub async fn profile(caller: ApiCaller<'_>) -> Result<Profile, ApiCallError> {
    caller
        .get(
            Alias::App,
            None,
            "/_apis/profile/profiles/me?api-version=7.1",
        )
        .await
}
