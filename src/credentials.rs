//! The user's credentials: what an app's ids mean.

use crate::error::{about, fail, refuse};
use crate::integrations::of_user;
use crate::sdk::Sdk;
use crate::session::all_configurations;
use crate::value::{Outcome, Text, UNDEFINED, Value, fill, made_text, new_list, t};

/// A chosen credential and its configuration, as the server gave them.
#[derive(Clone, Copy)]
pub(crate) struct Selection {
    /// The credential.
    pub(crate) credential: Value,
    /// The configuration.
    pub(crate) configuration: Value,
}

impl Selection {
    /// Id of the credential.
    pub(crate) fn credential_id(self) -> Value {
        self.credential.get(t!("id"))
    }

    /// Id of the configuration.
    pub(crate) fn configuration_id(self) -> Value {
        self.configuration.get(t!("id"))
    }

    /// Adds the headers that name both to a call.
    pub(crate) fn headers(self, call: Value) -> Value {
        call.set(t!("credential"), self.credential_id())
            .set(t!("configuration"), self.configuration_id())
    }
}

/// How a caller names a credential or configuration: by its id, or by its external id.
#[derive(Debug, PartialEq, Eq)]
enum Key<'a> {
    Id(&'a [u8]),
    ExternalId(&'a [u8]),
}

impl<'a> Key<'a> {
    /// `ext:{x}` and everything that is no UUID is an external id.
    fn of(text: &'a [u8]) -> Self {
        let text = text.trim_ascii();
        match text.strip_prefix(b"ext:") {
            Some(external) => Self::ExternalId(external.trim_ascii()),
            None if is_uuid(text) => Self::Id(text),
            None => Self::ExternalId(text),
        }
    }
}

/// A [`Key`] as JavaScript value: the name of the property that it is, and its text.
#[derive(Clone, Copy)]
struct Wanted {
    property: Text,
    id: Value,
}

impl Wanted {
    #[inline(never)]
    fn of(given: Value) -> Self {
        match Key::of(&given.to_bytes()) {
            Key::Id(id) => Self {
                property: t!("id"),
                id: made_text(&id.to_ascii_lowercase()),
            },
            Key::ExternalId(id) => Self {
                property: t!("externalId"),
                id: made_text(id),
            },
        }
    }

    fn is_external(self) -> bool {
        self.property != t!("id")
    }

    fn matches(self, entity: Value) -> bool {
        let own = entity.get(self.property);
        let own = if self.is_external() {
            own
        } else {
            own.tell(t!("toLowerCase"), UNDEFINED, UNDEFINED)
        };
        own.same(self.id)
    }
}

/// The form the reference accepts as an id: version digit 0-5, variant 0, 8, 9, a or b.
pub(crate) fn is_uuid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            14 => (b'0'..=b'5').contains(byte),
            19 => b"089abAB".contains(byte),
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The first of `list` that the app's id `wanted` means.
#[inline(never)]
pub(crate) fn find(list: Value, wanted: Value) -> Option<Value> {
    let wanted = Wanted::of(wanted);
    list.iter().find(|entity| wanted.matches(*entity))
}

/// The default configuration of `credential`.
fn default_configuration(credential: Value) -> Option<Value> {
    credential
        .items(t!("configurations"))
        .iter()
        .find(|one| one.get(t!("isDefault")).is_true())
}

fn missing<T>(message: Value) -> Outcome<T> {
    fail(t!("credential_not_found"), message)
}

/// The ids of credential and configuration that `options` select; `undefined` where they select none.
#[inline(never)]
pub(crate) fn selected(options: Value) -> (Value, Value) {
    let id = |key| options.get(key).non_empty().unwrap_or(UNDEFINED);
    (
        id(t!("selectedCredentialId")),
        id(t!("selectedConfigurationId")),
    )
}

/// Finds the credential and configuration that an app's ids mean for the user's integration `own`; `undefined` where
/// one is not given. With `is_strict`, a configuration id that several configurations have is refused.
pub(crate) fn resolve(
    own: Value,
    credential_id: Value,
    configuration_id: Value,
    is_strict: bool,
) -> Outcome<Selection> {
    let credentials = own.items(t!("allCredentials"));
    let key = credential_id.some().map(Wanted::of);
    let credential = key.and_then(|key| credentials.iter().find(|one| key.matches(*one)));
    if let Some(key) = key.filter(|key| credential.is_none() && key.is_external()) {
        return missing(fill!(
            t!("Credential with externalId \"{}\" not found."),
            key.id
        ));
    }
    if configuration_id.is_undefined() {
        let Some(credential) = credential else {
            return not_found();
        };
        let Some(configuration) = default_configuration(credential) else {
            return missing(fill!(
                t!("Credential configuration not found for credential: {}."),
                credential.get(t!("id"))
            ));
        };
        return Ok(Selection {
            credential,
            configuration,
        });
    }
    let candidates = match credential {
        Some(credential) => credential.items(t!("configurations")),
        None if key.is_some() => new_list(),
        None => all_configurations(own),
    };
    let wanted = Wanted::of(configuration_id);
    let mut matching = candidates.iter().filter(|one| wanted.matches(*one));
    let (found, shown) = (
        matching.next(),
        configuration_id.tell(t!("trim"), UNDEFINED, UNDEFINED),
    );
    if is_strict && matching.next().is_some() {
        return missing(fill!(
            t!("Multiple credential configurations found for provided id: {}."),
            shown
        ));
    }
    let Some(configuration) = found else {
        return missing(fill!(
            t!("Credential configuration not found for provided id: {}."),
            shown
        ));
    };
    let owner = || credentials.find(t!("id"), configuration.get(t!("connectCredentialId")));
    match credential.or_else(owner) {
        Some(credential) => Ok(Selection {
            credential,
            configuration,
        }),
        None => not_found(),
    }
}

fn not_found<T>() -> Outcome<T> {
    refuse(
        t!("credential_not_found"),
        t!("Unable to find credential for provided options."),
    )
}

/// The valid credential of integration `name` that `options` select; without a selection the current one.
pub(crate) fn valid_credential(sdk: Sdk, name: Value, options: Value) -> Outcome {
    let own = of_user(sdk, name);
    if !own.is_object() {
        return Err(about(t!("IntegrationNotFoundError"), name));
    }
    let wanted = selected(options).0.or(own.get(t!("credentialId")));
    match find(own.items(t!("allCredentials")), wanted) {
        None => refuse(t!("credential_not_found"), t!("Credential not found")),
        Some(credential) if is_valid(credential) => Ok(credential),
        Some(_) => refuse(
            t!("credential_not_found"),
            t!("Valid credential not found for provided options."),
        ),
    }
}

/// [`valid_credential`] with the configuration that `options` select among its own, else its default.
pub(crate) fn valid_selection(sdk: Sdk, name: Value, options: Value) -> Outcome<Selection> {
    let credential = valid_credential(sdk, name, options)?;
    let wanted = selected(options).1;
    let found = if wanted.is_undefined() {
        default_configuration(credential)
    } else {
        find(credential.items(t!("configurations")), wanted)
    };
    match found {
        Some(configuration) => Ok(Selection {
            credential,
            configuration,
        }),
        None => refuse(t!("credential_not_found"), t!("Configuration not found")),
    }
}

/// Whether `credential` can be used.
pub(crate) fn is_valid(credential: Value) -> bool {
    credential.get(t!("status")).is(t!("VALID"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_versions_0_to_5() {
        assert!(is_uuid(b"c0000000-0000-4000-8000-0000000000a1"));
        assert!(is_uuid(b"00000000-0000-0000-0000-000000000000"));
        for other in [
            "",
            "main",
            "c0000000-0000-7000-8000-0000000000a1",
            "c0000000-0000-4000-7000-0000000000a1",
        ] {
            assert!(!is_uuid(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn what_is_no_uuid_is_an_external_id() {
        let id = b"c0000000-0000-4000-8000-0000000000a1";
        assert_eq!(Key::of(b" ext:main "), Key::ExternalId(b"main"));
        assert_eq!(Key::of(b"main"), Key::ExternalId(b"main"));
        assert_eq!(Key::of(id), Key::Id(id));
    }
}
