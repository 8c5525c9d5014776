//! What is checked before an account is connected or disconnected, with the reference's texts.

use wasm_bindgen::prelude::*;

use crate::error::{Outcome, SdkError};
use crate::sdk::Sdk;
use crate::{host, js};

/// Refusal of connecting without portal.
pub(super) const PLAN_TEXT: &str = "Headless Connect Portal is available on our Pro plan and above. Contact sales@useparagon.com to learn more or upgrade.";

impl Sdk {
    /// The integration named `name`, for a signed-in user.
    pub(crate) fn connectable(&self, name: &str) -> Outcome<JsValue> {
        self.require_user()?;
        self.find_integration(name).ok_or_else(|| {
            SdkError::usage(
                "integration_not_found",
                ["Integration \"", name, "\" not found."].concat(),
            )
        })
    }

    /// Refuses what the project's plan does not include; a gateway has no plans.
    pub(super) fn check_plan(
        &self,
        is_wanted: bool,
        feature: &str,
        text: &'static str,
    ) -> Outcome<()> {
        let features = js::items(&self.session.borrow().project, "accessibleFeatures");
        let has = features.includes(&feature.into(), 0);
        if is_wanted && !has && !self.is_gateway() {
            return Err(SdkError::usage("plan_required", text));
        }
        Ok(())
    }

    /// Refuses an `externalId` that is empty, taken, or given beside a selected credential.
    pub(super) fn check_external_id(&self, name: &str, params: &JsValue) -> Outcome<()> {
        let fail = |text: String| Err(SdkError::usage("external_id_invalid", text));
        let Some(external) = js::text(params, "externalId") else {
            return Ok(());
        };
        if external.trim().is_empty() {
            return fail("`externalId` must not be an empty or whitespace-only string.".to_owned());
        }
        if js::flag(params, "selectedCredentialId") {
            return fail("`externalId` cannot be used together with `selectedCredentialId`. `externalId` labels a new credential at install time; `selectedCredentialId` (UUID, externalId, or `ext:<value>`) targets an existing credential for re-authentication.".to_owned());
        }
        let own = js::items(&self.user_integration(name), "allCredentials");
        if js::find(&own, "externalId", &external).is_some() {
            return fail(
                [
                    "A credential with externalId \"",
                    &external,
                    "\" already exists for integration \"",
                    name,
                    "\". Use `selectedCredentialId: \"ext:",
                    &external,
                    "\"` to re-authenticate it.",
                ]
                .concat(),
            );
        }
        Ok(())
    }

    /// Whether the user has a credential of integration `name`.
    pub(super) fn is_installed(&self, name: &str) -> bool {
        let own = self.user_integration(name);
        js::flag(&own, "enabled") && js::items(&own, "allCredentials").length() > 0
    }
}

/// Whether the popup may open without asking the user for inputs first.
pub(super) fn may_open_popup(integration: &JsValue, options: &JsValue) -> bool {
    let account = super::account_type_config(integration, options);
    let supplied = js::items(&account, "endUserSuppliedValues").length();
    !js::flag(integration, "needPreOauthInputs")
        || (js::is(&account, "scheme", "oauth") && supplied == 0)
}

/// The app's redirect URL under `key`, with a scheme. The text of the error ends with `end`.
pub(crate) fn redirect_url(params: &JsValue, key: &str, end: &str) -> Outcome<Option<String>> {
    let Some(given) = js::non_empty(params, key) else {
        return Ok(None);
    };
    let url = if given.contains("://") {
        given.clone()
    } else {
        ["https://", &given].concat()
    };
    if host::origin_of(&url).is_none() {
        let text = [&given, " is not valid url", end].concat();
        return Err(SdkError::usage("invalid_option", text));
    }
    Ok(Some(url))
}
