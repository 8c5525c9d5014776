//! Hands an access token to the app's page, where the operator allows that.

use std::sync::Arc;

use paragon_wire::ErrorCode;
use paragon_wire::integration::ACCOUNT_ENTRA_ID;
use schemars::JsonSchema;
use serde::Serialize;

use super::access;
use super::store::CredentialRow;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::EndUser;
use crate::state::App;

/// An access token.
#[derive(Serialize, JsonSchema)]
pub struct AccountAuth {
    #[serde(rename = "OAUTH_ACCESS_TOKEN")]
    token: String,
}

impl std::fmt::Debug for AccountAuth {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AccountAuth")
    }
}

/// The access token of a credential, with a token that is fresh.
///
/// # Errors
/// `AccountAuthNotAllowed` unless the project shares access tokens, and for personal access tokens always.
pub async fn account_auth(
    app: &Arc<App>,
    caller: &EndUser,
    credential: &CredentialRow,
) -> ApiResult<AccountAuth> {
    let refused = |message: &str| {
        tracing::warn!(
            project.id = %caller.project.id,
            user.id = %caller.user.as_str().escape_debug(),
            credential.id = %credential.id,
            "access token refused to a page"
        );
        ApiError::new(ErrorCode::AccountAuthNotAllowed, message)
    };
    if !caller.project.azure_devops.share_access_tokens {
        return Err(refused(
            "this project does not share access tokens with browsers; its operator can allow it with `azure_devops.share_access_tokens`",
        ));
    }
    if credential.account_type != ACCOUNT_ENTRA_ID {
        return Err(refused("personal access tokens are never shared"));
    }
    let header = access::authorization(app, &caller.project, credential, None).await?;
    let token = header
        .to_str()
        .ok()
        .and_then(|header| header.strip_prefix("Bearer "))
        .ok_or_else(|| ApiError::internal("an access token that is no bearer token"))?;
    tracing::info!(
        project.id = %caller.project.id,
        user.id = %caller.user.as_str().escape_debug(),
        credential.id = %credential.id,
        "access token handed to a page"
    );
    Ok(AccountAuth {
        token: token.to_owned(),
    })
}
