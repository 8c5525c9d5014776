//! The reference client's way in: it steers the popup itself and polls by a key of its own.

use serde::Deserialize;
use url::Url;

use super::register::{InstallTarget, Via, insert, install_target, named_organization};
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::EndUser;
use crate::random;
use crate::state::App;

/// Longest polling key; the reference client makes 13 characters.
const MAX_KEY_BYTES: usize = 128;

/// The parts of the reference client's `installOptions` that matter here.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BuildOptions {
    /// Label for the new credential.
    pub external_id: Option<String>,
    /// Credential to connect again.
    pub selected_credential_id: Option<String>,
    /// Organization to connect: its name, or any URL of it.
    pub organization: Option<String>,
    /// Whether the user may connect several organizations at once.
    pub allow_multiple_credentials: Option<bool>,
}

/// Registers a flow under the client's polling key and gives the page that its popup goes on to.
///
/// SECURITY: never the provider's page. The client does not say whether its own window opened the popup, so the start
/// page asks the user, and the flow is bound to the browser in which it did.
pub async fn build_authorization(
    app: &App,
    caller: &EndUser,
    origin: &str,
    key: &str,
    options: &BuildOptions,
    redirect_uri: Option<&Url>,
) -> ApiResult<Url> {
    if key.is_empty() || key.len() > MAX_KEY_BYTES {
        return Err(ApiError::invalid(format!(
            "`oauthMetaKeyId` must have 1 to {MAX_KEY_BYTES} characters"
        )));
    }
    let selected = options.selected_credential_id.as_deref();
    let organization = named_organization(options.organization.as_deref())?;
    let target = install_target(app, caller, options.external_id.as_deref(), selected).await?;
    let target = InstallTarget {
        organization,
        several: options.allow_multiple_credentials.unwrap_or_default(),
        ..target
    };
    let (id, ticket) = (random::token(), random::token());
    let via = Via::Polling {
        key,
        ticket: &ticket,
        redirect_uri,
    };
    if !insert(app, caller, &id, origin, via, &target).await? {
        return Err(ApiError::invalid(
            "`oauthMetaKeyId` was already used; create a new one for each flow",
        ));
    }
    let mut page = app.public_url.clone();
    page.set_path("/connect/start");
    page.set_fragment(Some(&ticket));
    Ok(page)
}
