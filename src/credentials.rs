//! The user's credentials: what an app's ids mean.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::error::{ErrorKind, Outcome, fail};
use crate::js;
use crate::sdk::Sdk;
use crate::session::all_configurations;

/// A chosen credential and its configuration.
pub(crate) struct Selection {
    /// Id of the credential.
    pub(crate) credential_id: String,
    /// Id of the configuration.
    pub(crate) configuration_id: String,
    /// The credential, as the server gave it.
    pub(crate) credential: JsValue,
    /// The configuration, as the server gave it.
    pub(crate) configuration: JsValue,
}

impl Selection {
    fn new(credential: JsValue, configuration: JsValue) -> Self {
        Self {
            credential_id: js::text(&credential, "id").unwrap_or_default(),
            configuration_id: js::text(&configuration, "id").unwrap_or_default(),
            credential,
            configuration,
        }
    }
}

/// How a caller names a credential or configuration.
#[derive(Clone, Copy)]
enum Key<'a> {
    Id(&'a str),
    ExternalId(&'a str),
}

impl<'a> Key<'a> {
    /// `ext:{x}` and everything that is no UUID is an external id.
    fn of(text: &'a str) -> Self {
        let text = text.trim();
        match text.strip_prefix("ext:") {
            Some(external) => Self::ExternalId(external.trim()),
            None if is_uuid(text) => Self::Id(text),
            None => Self::ExternalId(text),
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

/// The first of `list` that the app's id `wanted` means.
#[inline(never)]
pub(crate) fn find(list: &Array, wanted: &str) -> Option<JsValue> {
    let key = Key::of(wanted);
    list.iter().find(|entity| key.matches(entity))
}

/// The default configuration of `credential`.
fn default_configuration(credential: &JsValue) -> Option<JsValue> {
    js::items(credential, "configurations")
        .iter()
        .find(|one| js::flag(one, "isDefault"))
}

fn missing<T>(parts: &[&str]) -> Outcome<T> {
    fail("credential_not_found", parts)
}

/// The ids that `options` select.
#[inline(never)]
pub(crate) fn selected(options: &JsValue) -> (Option<String>, Option<String>) {
    (
        js::non_empty(options, "selectedCredentialId"),
        js::non_empty(options, "selectedConfigurationId"),
    )
}

/// Finds the credential and configuration that an app's ids mean for the user's integration `own`.
pub(crate) fn resolve(
    own: &JsValue,
    credential_id: Option<&str>,
    configuration_id: Option<&str>,
) -> Outcome<Selection> {
    resolve_among(own, credential_id, configuration_id, false)
}

/// [`resolve`]; with `is_strict`, a configuration id that several configurations have is refused.
pub(crate) fn resolve_among(
    own: &JsValue,
    credential_id: Option<&str>,
    configuration_id: Option<&str>,
    is_strict: bool,
) -> Outcome<Selection> {
    let credentials = js::items(own, "allCredentials");
    let credential = credential_id.and_then(|id| find(&credentials, id));
    if credential.is_none()
        && let Some(Key::ExternalId(id)) = credential_id.map(Key::of)
    {
        return missing(&["Credential with externalId \"", id, "\" not found."]);
    }
    let unknown = "Unable to find credential for provided options.";
    let Some(wanted) = configuration_id.map(str::trim) else {
        let Some(credential) = credential else {
            return missing(&[unknown]);
        };
        let Some(configuration) = default_configuration(&credential) else {
            let id = js::text(&credential, "id").unwrap_or_default();
            return missing(&[
                "Credential configuration not found for credential: ",
                &id,
                ".",
            ]);
        };
        return Ok(Selection::new(credential, configuration));
    };
    let candidates = match (&credential, credential_id) {
        (Some(credential), _) => js::items(credential, "configurations"),
        (None, Some(_)) => Array::new(),
        (None, None) => all_configurations(own),
    };
    let key = Key::of(wanted);
    let mut matching = candidates.into_iter().filter(|one| key.matches(one));
    let found = matching.next();
    if is_strict && matching.next().is_some() {
        let text = "Multiple credential configurations found for provided id: ";
        return missing(&[text, wanted, "."]);
    }
    let Some(configuration) = found else {
        let text = "Credential configuration not found for provided id: ";
        return missing(&[text, wanted, "."]);
    };
    let owner = js::text(&configuration, "connectCredentialId").unwrap_or_default();
    match credential.or_else(|| js::find(&credentials, "id", &owner)) {
        Some(credential) => Ok(Selection::new(credential, configuration)),
        None => missing(&[unknown]),
    }
}

impl Sdk {
    /// The valid credential of integration `name` that `options` select; without a selection the current one.
    pub(crate) fn valid_credential(&self, name: &str, options: &JsValue) -> Outcome<JsValue> {
        let own = self.user_integration(name);
        if !own.is_object() {
            return Err(ErrorKind::IntegrationNotFound(name.to_owned()).into());
        }
        let wanted = js::non_empty(options, "selectedCredentialId")
            .or_else(|| js::non_empty(&own, "credentialId"))
            .unwrap_or_default();
        match find(&js::items(&own, "allCredentials"), &wanted) {
            None => missing(&["Credential not found"]),
            Some(credential) if is_valid(&credential) => Ok(credential),
            Some(_) => missing(&["Valid credential not found for provided options."]),
        }
    }

    /// [`Sdk::valid_credential`] with the configuration that `options` select among its own, else its default.
    pub(crate) fn valid_selection(&self, name: &str, options: &JsValue) -> Outcome<Selection> {
        let credential = self.valid_credential(name, options)?;
        let found = match js::non_empty(options, "selectedConfigurationId") {
            Some(wanted) => find(&js::items(&credential, "configurations"), &wanted),
            None => default_configuration(&credential),
        };
        match found {
            Some(configuration) => Ok(Selection::new(credential, configuration)),
            None => missing(&["Configuration not found"]),
        }
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
