//! The user's credentials: choosing one, taking a new one into the state, removing one.

use wasm_bindgen::prelude::*;

use crate::error::{Outcome, SdkError};
use crate::integrations::name_of;
use crate::js;
use crate::sdk::Sdk;
use crate::session::all_configurations;

/// A chosen credential and its configuration.
pub(crate) struct Selection {
    /// Id of the credential.
    pub(crate) credential_id: String,
    /// Id of the configuration.
    pub(crate) configuration_id: String,
}

/// How a caller names a credential or configuration.
enum Key {
    Id(String),
    ExternalId(String),
}

impl Key {
    /// `ext:{x}` and everything that is no UUID is an external id.
    fn of(text: &str) -> Self {
        let text = text.trim();
        match text.strip_prefix("ext:") {
            Some(external) => Self::ExternalId(external.to_owned()),
            None if is_uuid(text) => Self::Id(text.to_owned()),
            None => Self::ExternalId(text.to_owned()),
        }
    }

    fn matches(&self, entity: &JsValue) -> bool {
        match self {
            Self::Id(id) => js::text(entity, "id").is_some_and(|own| own.eq_ignore_ascii_case(id)),
            Self::ExternalId(id) => js::is(entity, "externalId", id),
        }
    }
}

/// The form the reference accepts as an id: version digit 0-5, variant 0, 8, 9, a or b.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => (b'0'..=b'5').contains(&byte),
            19 => b"089abAB".contains(&byte),
            _ => byte.is_ascii_hexdigit(),
        })
}

fn find(list: &JsValue, key: &Key) -> Option<JsValue> {
    js::list(list).iter().find(|entity| key.matches(entity))
}

fn by_id(list: &JsValue, id: &str) -> Option<JsValue> {
    js::find(&js::list(list), "id", id)
}

fn fail<T>(parts: &[&str]) -> Outcome<T> {
    Err(SdkError::usage("credential_not_found", parts.concat()))
}

/// Finds the credential and configuration that an app's ids mean for the user's `integration`.
pub(crate) fn resolve(
    integration: &JsValue,
    credential_id: Option<&str>,
    configuration_id: Option<&str>,
) -> Outcome<Selection> {
    let credentials = js::get(integration, "allCredentials");
    let configuration = match configuration_id {
        None => None,
        Some(id) => match find(&all_configurations(integration), &Key::of(id)) {
            None => {
                return fail(&[
                    "Credential configuration not found for provided id: ",
                    id.trim(),
                    ".",
                ]);
            }
            found => found,
        },
    };
    let owner = configuration
        .as_ref()
        .and_then(|one| js::text(one, "connectCredentialId"));
    let credential = match credential_id.map(Key::of) {
        Some(key) => match (find(&credentials, &key), key) {
            (None, Key::ExternalId(id)) => {
                return fail(&["Credential with externalId \"", &id, "\" not found."]);
            }
            (found, _) => found,
        },
        None => owner.as_deref().and_then(|id| by_id(&credentials, id)),
    };
    let Some(credential) = credential else {
        return fail(&["Unable to find credential for provided options."]);
    };
    let id = js::text(&credential, "id").unwrap_or_default();
    if owner.is_some_and(|owner| owner != id) {
        return fail(&[
            "Provided \"selectedCredentialId\" does not belongs to provided \"selectedConfigurationId\".",
        ]);
    }
    let default = || {
        js::items(&credential, "configurations")
            .iter()
            .find(|one| js::flag(one, "isDefault"))
    };
    let Some(configuration) = configuration.or_else(default) else {
        return fail(&[
            "Credential configuration not found for credential: ",
            &id,
            ".",
        ]);
    };
    let configuration_id = js::text(&configuration, "id").unwrap_or_default();
    Ok(Selection {
        credential_id: id,
        configuration_id,
    })
}

impl Sdk {
    /// Takes a credential that the server returned into the state; gives the name of its integration.
    pub(crate) fn take_credential(&self, credential: &JsValue) -> Option<String> {
        let name = name_of(&self.find_integration_by_id(&js::text(credential, "integrationId")?)?);
        let own = self.user_integration(&name);
        let own = if own.is_object() {
            own
        } else {
            self.add_user_integration(&name)?
        };
        let id = js::text(credential, "id")?;
        let credentials = js::items(&own, "allCredentials");
        let position = js::position(&credentials, "id", &id);
        match position {
            Some(index) => credentials.set(index, credential.clone()),
            None => drop(credentials.push(credential)),
        }
        js::set(&own, "allCredentials", &credentials);
        js::set(&own, "allConfigurations", &all_configurations(&own));
        if position.is_none() || js::is(&own, "credentialId", &id) {
            select(&own, credential);
        }
        self.state_changed();
        Some(name)
    }

    fn add_user_integration(&self, name: &str) -> Option<JsValue> {
        let integrations = js::get(&self.own_user(), "integrations");
        let own = js::object(&[]);
        js::set(&integrations, name, &own);
        js::own(&integrations, name).is_object().then_some(own)
    }

    /// Takes credential `id` of integration `name` out of the state; another one is selected, or none is left.
    pub(crate) fn drop_credential(&self, name: &str, id: &str) {
        let own = self.user_integration(name);
        let rest = js_sys::Array::new();
        for credential in js::items(&own, "allCredentials").iter() {
            if !js::is(&credential, "id", id) {
                rest.push(&credential);
            }
        }
        js::set(&own, "allCredentials", &rest);
        if rest.length() > 0 {
            js::set(&own, "allConfigurations", &all_configurations(&own));
            js::set(&own, "credentialConfigId", &JsValue::UNDEFINED);
            select(&own, &rest.get(0));
        } else {
            let empty = js::object(&[
                ("enabled", false.into()),
                ("workflowSettings", js::object(&[])),
                ("allCredentials", rest.into()),
                ("allConfigurations", js_sys::Array::new().into()),
            ]);
            js::set(&js::get(&self.own_user(), "integrations"), name, &empty);
        }
        self.state_changed();
    }

    /// Makes `selection` the user's current credential of integration `name`.
    pub(crate) fn select_credential(&self, name: &str, selection: &Selection) {
        let own = self.user_integration(name);
        if let Some(credential) = by_id(&js::get(&own, "allCredentials"), &selection.credential_id)
        {
            js::set(
                &own,
                "credentialConfigId",
                &selection.configuration_id.as_str().into(),
            );
            select(&own, &credential);
        }
    }

    /// The credential with id `id` among those of integration `name`.
    pub(crate) fn known_credential(&self, name: &str, id: &str) -> Option<JsValue> {
        by_id(&js::get(&self.user_integration(name), "allCredentials"), id)
    }
}

/// Makes `credential` the selected one of the user's integration `own`.
fn select(own: &JsValue, credential: &JsValue) {
    let configurations = js::get(credential, "configurations");
    let selected = js::text(own, "credentialConfigId");
    let configuration = match selected
        .as_deref()
        .and_then(|id| by_id(&configurations, id))
    {
        Some(found) => found,
        None => js::list(&configurations).get(0),
    };
    js::set(own, "credentialId", &js::get(credential, "id"));
    js::set(own, "credentialStatus", &js::get(credential, "status"));
    js::set(own, "enabled", &is_valid(credential).into());
    for key in ["providerId", "providerData"] {
        js::set(own, key, &js::get(credential, key));
    }
    js::set(own, "credentialConfigId", &js::get(&configuration, "id"));
    js::set(
        own,
        "configuredWorkflows",
        &js::get(&configuration, "workflowSettings"),
    );
    for key in [
        "externalId",
        "sharedSettings",
        "workflowSettings",
        "configMeta",
    ] {
        js::set(own, key, &js::get(&configuration, key));
    }
}

/// Whether `credential` can be used.
pub(crate) fn is_valid(credential: &JsValue) -> bool {
    js::is(credential, "status", "VALID")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_versions_0_to_5() {
        assert!(is_uuid("c0000000-0000-4000-8000-0000000000a1"));
        assert!(is_uuid("00000000-0000-0000-0000-000000000000"));
        for other in [
            "",
            "main",
            "c0000000-0000-7000-8000-0000000000a1",
            "c0000000-0000-4000-7000-0000000000a1",
        ] {
            assert!(!is_uuid(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_uuid_is_an_external_id() {
        assert!(matches!(Key::of(" ext:main "), Key::ExternalId(id) if id == "main"));
        assert!(matches!(Key::of("main"), Key::ExternalId(id) if id == "main"));
        assert!(matches!(
            Key::of("c0000000-0000-4000-8000-0000000000a1"),
            Key::Id(_)
        ));
    }
}
