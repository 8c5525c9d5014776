//! What is checked before an account is connected or disconnected, with the reference's texts.

use wasm_bindgen::prelude::*;

use super::options::ConnectOptions;
use crate::credentials::external_id;
use crate::error::{Error, Result};
use crate::model::{Integration, UserIntegration};
use crate::sdk::Sdk;
use crate::{host, js};

/// A feature that a plan of the cloud includes.
#[derive(Clone, Copy)]
pub(crate) enum Feature {
    /// Connecting without portal.
    Headless,
    /// The app's own fields.
    FieldMapping,
}

impl Feature {
    fn name_and_refusal(self) -> (&'static str, &'static str) {
        match self {
            Self::Headless => (
                "headless-cp",
                "Headless Connect Portal is available on our Pro plan and above. Contact sales@useparagon.com to learn more or upgrade.",
            ),
            Self::FieldMapping => (
                "dfm",
                "Dynamic Field Mapping is available on our Enterprise plan. Contact sales@useparagon.com to learn more or upgrade.",
            ),
        }
    }
}

impl Sdk {
    /// The integration named `name`, for a signed-in user.
    pub(crate) fn connectable(&self, name: &JsValue) -> Result<Integration> {
        self.session.require_user()?;
        self.named_integration(name, "integration_not_found", ".")
    }

    /// Refuses what the project's plan does not include; a gateway has no plans.
    pub(crate) fn check_plan(&self, feature: Feature) -> Result<()> {
        let (name, refusal) = feature.name_and_refusal();
        let features = js::list(self.session.project().accessible_features());
        if self.is_gateway() || features.includes(&name.into(), 0) {
            return Ok(());
        }
        Err(Error::new("plan_required", refusal))
    }

    /// Refuses an `externalId` that is empty, taken, or given beside a selected credential; else the options have it as
    /// the server wants it.
    pub(crate) fn check_external_id(&self, name: &JsValue, options: &ConnectOptions) -> Result<()> {
        let Some(given) = options.external_id().as_string() else {
            return Ok(());
        };
        let label = external_id::label(&given);
        let sent = self.new_label(options.external_id())?;
        let refuse = |text: &str| Err(Error::new("external_id_invalid", text));
        if options.selected_credential_id().is_truthy() {
            return refuse(
                "`externalId` cannot be used together with `selectedCredentialId`. `externalId` labels a new credential at install time; `selectedCredentialId` (UUID, externalId, or `ext:<value>`) targets an existing credential for re-authentication.",
            );
        }
        let own = self.user_integration_or_empty(name);
        if own
            .credentials()
            .any(|credential| credential.external_id() == label)
        {
            return refuse(
                &[
                    "A credential with externalId \"",
                    label,
                    "\" already exists for integration \"",
                    &js::shown(name),
                    "\". Use `selectedCredentialId: \"ext:",
                    label,
                    "\"` to re-authenticate it.",
                ]
                .concat(),
            );
        }
        options.set_external_id(&sent);
        Ok(())
    }
}

impl UserIntegration {
    /// Whether the user has a credential of it.
    pub(crate) fn is_installed(&self) -> bool {
        self.enabled().is_truthy() && self.credentials().next().is_some()
    }
}

/// Whether the popup may open without asking the user for inputs first.
pub(crate) fn may_open_popup(integration: &Integration, options: &ConnectOptions) -> bool {
    !integration.needs_inputs_first().is_truthy()
        || options.account_type_of(integration).is_some_and(|account| {
            account.scheme() == "oauth" && js::list(account.supplied_values()).length() == 0
        })
}

/// The app's redirect URL, with a scheme; none where it gave none. The text of the error ends with `end`.
pub(crate) fn redirect_url(given: JsValue, end: &str) -> Result<Option<String>> {
    let Some(given) = js::text(given).map(String::from) else {
        return Ok(None);
    };
    let scheme = given.bytes().take_while(u8::is_ascii_alphabetic).count();
    let has_scheme = scheme > 0 && given.as_bytes()[scheme..].starts_with(b"://");
    let url = if has_scheme {
        given.clone()
    } else {
        ["https://", &given].concat()
    };
    if host::origin_of(&url).is_none() {
        let message = [&given, " is not valid url", end].concat();
        return Err(Error::new("invalid_option", &message));
    }
    Ok(Some(url))
}
