//! What a user is asked before and after an account is connected.

use crate::error::about;
use crate::integrations::{find, is_custom};
use crate::sdk::Sdk;
use crate::value::{Outcome, TRUE, UNDEFINED, Value, list, new_object, text};

/// `getAccountTypeOptions`: the ways in which integration `name` can be connected; a copy.
pub(crate) fn account_types(sdk: Sdk, name: Value) -> Outcome {
    sdk_options(sdk, name, "accountTypes")
}

/// `getPostOptions`: inputs that integration `name` needs after it is connected; a copy.
pub(crate) fn post_options(sdk: Sdk, name: Value) -> Outcome {
    sdk_options(sdk, name, "postOauthInputs")
}

/// The list under `key` of what the server says about integration `name` for SDKs; a copy.
fn sdk_options(sdk: Sdk, name: Value, key: &'static str) -> Outcome {
    Ok(integration(sdk, name)?
        .get("sdkIntegrationConfig")
        .items(key)
        .copy())
}

/// `getPreOptions`: inputs that account type `account_type` needs before it is connected; a copy.
pub(crate) fn pre_options(sdk: Sdk, name: Value, account_type: Value) -> Outcome {
    let integration = integration(sdk, name)?;
    if is_custom(integration) {
        if integration
            .get("authenticationType")
            .is("oauth_client_credential")
        {
            // Id and secret of the user's own OAuth app.
            let id = input("clientId", "Client ID", "TEXT_NO_VARS");
            return Ok(list![
                id,
                input("clientSecret", "Client Secret", "PASSWORD")
            ]);
        }
        return Ok(integration
            .get("customIntegration")
            .items("inputFields")
            .copy());
    }
    let config = integration.get("sdkIntegrationConfig");
    let account = config
        .items("accountTypes")
        .find("id", account_type)
        .unwrap_or(UNDEFINED);
    let supplied = account.items("endUserSuppliedValues");
    Ok(if supplied.is_empty() {
        config.items("authConfigInputs")
    } else {
        supplied
    }
    .copy())
}

/// The project's integration named `name`, or `IntegrationNotFoundError`.
pub(crate) fn integration(sdk: Sdk, name: Value) -> Outcome {
    find(sdk, name).ok_or_else(|| about("IntegrationNotFoundError", name))
}

fn input(id: &'static str, title: &'static str, kind: &'static str) -> Value {
    new_object()
        .set("id", text(id))
        .set("title", text(title))
        .set("type", text(kind))
        .set("required", TRUE)
}
