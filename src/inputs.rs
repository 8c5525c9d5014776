//! What a user is asked before and after an account is connected.

use crate::error::about;
use crate::integrations::{find, is_custom};
use crate::sdk::Sdk;
use crate::value::{Outcome, TRUE, Text, UNDEFINED, Value, list, new_object, t, text};

/// `getAccountTypeOptions`: the ways in which integration `name` can be connected; a copy.
pub(crate) fn account_types(sdk: Sdk, name: Value) -> Outcome {
    sdk_options(sdk, name, t!("accountTypes"))
}

/// `getPostOptions`: inputs that integration `name` needs after it is connected; a copy.
pub(crate) fn post_options(sdk: Sdk, name: Value) -> Outcome {
    sdk_options(sdk, name, t!("postOauthInputs"))
}

/// The list under `key` of what the server says about integration `name` for SDKs; a copy.
fn sdk_options(sdk: Sdk, name: Value, key: Text) -> Outcome {
    Ok(integration(sdk, name)?
        .get(t!("sdkIntegrationConfig"))
        .items(key)
        .copy())
}

/// `getPreOptions`: inputs that account type `account_type` needs before it is connected; a copy.
pub(crate) fn pre_options(sdk: Sdk, name: Value, account_type: Value) -> Outcome {
    let integration = integration(sdk, name)?;
    if is_custom(integration) {
        if integration
            .get(t!("authenticationType"))
            .is(t!("oauth_client_credential"))
        {
            // Id and secret of the user's own OAuth app.
            let id = input(t!("clientId"), t!("Client ID"), t!("TEXT_NO_VARS"));
            return Ok(list![
                id,
                input(t!("clientSecret"), t!("Client Secret"), t!("PASSWORD"))
            ]);
        }
        return Ok(integration
            .get(t!("customIntegration"))
            .items(t!("inputFields"))
            .copy());
    }
    let config = integration.get(t!("sdkIntegrationConfig"));
    let account = config
        .items(t!("accountTypes"))
        .find(t!("id"), account_type)
        .unwrap_or(UNDEFINED);
    let supplied = account.items(t!("endUserSuppliedValues"));
    Ok(if supplied.is_empty() {
        config.items(t!("authConfigInputs"))
    } else {
        supplied
    }
    .copy())
}

/// The project's integration named `name`, or `IntegrationNotFoundError`.
pub(crate) fn integration(sdk: Sdk, name: Value) -> Outcome {
    find(sdk, name).ok_or_else(|| about(t!("IntegrationNotFoundError"), name))
}

fn input(id: Text, title: Text, kind: Text) -> Value {
    new_object()
        .set(t!("id"), text(id))
        .set(t!("title"), text(title))
        .set(t!("type"), text(kind))
        .set(t!("required"), TRUE)
}
