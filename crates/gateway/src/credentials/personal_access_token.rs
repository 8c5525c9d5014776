//! The account type without OAuth: an organization and a token that the user enters.

use paragon_wire::integration::{INPUT_ORGANIZATION, INPUT_PERSONAL_ACCESS_TOKEN};
use serde_json::Value;

use super::account::{self, Account, Owner};
use super::store::CredentialRow;
use crate::connect::InstallTarget;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::EndUser;
use crate::oauth::Secret;
use crate::state::App;
use paragon_azure_devops::Organization;

const MAX_TOKEN_CHARS: usize = 512;

/// Checks organization and token with Azure DevOps and stores them.
pub async fn connect(
    app: &App,
    caller: &EndUser,
    payload: &Value,
    target: &InstallTarget,
) -> ApiResult<CredentialRow> {
    let input = |name: &str| {
        payload
            .get(name)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let missing = |name: &str| {
        ApiError::invalid(format!(
            "`payload.{name}` is missing: connect with OAuth, or send `{INPUT_ORGANIZATION}` and `{INPUT_PERSONAL_ACCESS_TOKEN}`"
        ))
    };
    let organization = input(INPUT_ORGANIZATION).ok_or_else(|| missing(INPUT_ORGANIZATION))?;
    let token =
        input(INPUT_PERSONAL_ACCESS_TOKEN).ok_or_else(|| missing(INPUT_PERSONAL_ACCESS_TOKEN))?;
    if token.chars().count() > MAX_TOKEN_CHARS
        || !token.chars().all(|character| character.is_ascii_graphic())
    {
        return Err(ApiError::invalid(format!(
            "`payload.{INPUT_PERSONAL_ACCESS_TOKEN}` contains invalid characters"
        )));
    }
    let organization = organization_name(organization)?;
    let owner = Owner {
        project: &caller.project.id,
        user: &caller.user,
        external_id: target.external_id.as_deref(),
        target: target.credential,
        flow: None,
    };
    let secret = Secret::PersonalAccessToken {
        token: token.to_owned(),
    };
    account::connect(
        app,
        &owner,
        Account {
            secret,
            organization,
            profile: None,
        },
    )
    .await
}

/// People paste what stands in the address bar: `https://dev.azure.com/contoso/…`, `contoso.visualstudio.com`.
fn organization_name(text: &str) -> ApiResult<Organization> {
    Organization::from_pasted(text)
        .map_err(|error| ApiError::invalid(format!("`payload.{INPUT_ORGANIZATION}`: {error}")))
}

#[cfg(test)]
mod tests {
    use super::organization_name;

    #[test]
    fn takes_what_people_paste() {
        for text in [
            "contoso",
            "https://dev.azure.com/contoso",
            "dev.azure.com/contoso/Fabrikam",
            "https://contoso.visualstudio.com/x",
            "contoso.visualstudio.com",
        ] {
            assert_eq!(
                organization_name(text).expect("a name").as_str(),
                "contoso",
                "{text}"
            );
        }
        for text in [
            "",
            "con toso",
            "https://evil.example@x",
            "../contoso",
            "-contoso",
        ] {
            assert!(organization_name(text).is_err(), "{text}");
        }
    }
}
