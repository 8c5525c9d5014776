//! What is checked before an account is connected or disconnected, with the reference's texts.

use super::account_type_config;
use crate::error::{fail, refuse};
use crate::host;
use crate::integrations::{find, of_user};
use crate::sdk::Sdk;
use crate::value::{Outcome, Text, UNDEFINED, Value, fill, t, text};

/// Refusal of connecting without portal.
pub(crate) const PLAN_TEXT: Text = t!(
    "Headless Connect Portal is available on our Pro plan and above. Contact sales@useparagon.com to learn more or upgrade."
);

/// The integration named `name`, for a signed-in user.
pub(crate) fn connectable(sdk: Sdk, name: Value) -> Outcome {
    sdk.require_user()?;
    match find(sdk, name) {
        Some(integration) => Ok(integration),
        None => fail(
            t!("integration_not_found"),
            fill!(t!("Integration \"{}\" not found."), name),
        ),
    }
}

/// Refuses what the project's plan does not include; a gateway has no plans.
pub(crate) fn check_plan(sdk: Sdk, feature: Text, refusal: Text) -> Outcome {
    let features = sdk.get(t!("project")).items(t!("accessibleFeatures"));
    if sdk.is_gateway()
        || features
            .tell(t!("includes"), text(feature), UNDEFINED)
            .is_true()
    {
        return Ok(UNDEFINED);
    }
    refuse(t!("plan_required"), refusal)
}

/// Refuses an `externalId` that is empty, taken, or given beside a selected credential.
pub(crate) fn check_external_id(sdk: Sdk, name: Value, params: Value) -> Outcome {
    let external = params.get(t!("externalId"));
    if !external.is_text() {
        return Ok(UNDEFINED);
    }
    let refusal = if external.tell(t!("trim"), UNDEFINED, UNDEFINED).is_empty() {
        t!("`externalId` must not be an empty or whitespace-only string.")
    } else if params.get(t!("selectedCredentialId")).is_true() {
        t!(
            "`externalId` cannot be used together with `selectedCredentialId`. `externalId` labels a new credential at install time; `selectedCredentialId` (UUID, externalId, or `ext:<value>`) targets an existing credential for re-authentication."
        )
    } else if of_user(sdk, name)
        .items(t!("allCredentials"))
        .find(t!("externalId"), external)
        .is_some()
    {
        t!(
            "A credential with externalId \"{}\" already exists for integration \"{}\". Use `selectedCredentialId: \"ext:{}\"` to re-authenticate it."
        )
    } else {
        return Ok(UNDEFINED);
    };
    fail(
        t!("external_id_invalid"),
        fill!(refusal, external, name, external),
    )
}

/// Whether the user has a credential of integration `name`.
pub(crate) fn is_installed(sdk: Sdk, name: Value) -> bool {
    let own = of_user(sdk, name);
    own.get(t!("enabled")).is_true() && !own.items(t!("allCredentials")).is_empty()
}

/// Whether the popup may open without asking the user for inputs first.
pub(crate) fn may_open_popup(integration: Value, options: Value) -> bool {
    let account = account_type_config(integration, options);
    !integration.get(t!("needPreOauthInputs")).is_true()
        || (account.get(t!("scheme")).is(t!("oauth"))
            && account.items(t!("endUserSuppliedValues")).is_empty())
}

/// The app's redirect URL under `key`, with a scheme; `undefined` for none. The text of the error ends with `end`.
#[inline(never)]
pub(crate) fn redirect_url(params: Value, key: Text, end: Text) -> Outcome {
    let Some(given) = params.get(key).non_empty() else {
        return Ok(UNDEFINED);
    };
    let has_scheme = given
        .tell(t!("includes"), text(t!("://")), UNDEFINED)
        .is_true();
    let url = if has_scheme {
        given
    } else {
        fill!(t!("https://{}"), given)
    };
    if host::origin_of(url).is_none() {
        return fail(
            t!("invalid_option"),
            fill!(t!("{} is not valid url{}"), given, text(end)),
        );
    }
    Ok(url)
}
