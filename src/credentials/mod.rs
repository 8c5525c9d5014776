//! The user's credentials: what an app's ids mean, and how the server's answers change them.

mod configurations;
pub(crate) mod external_id;
mod state;

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use self::external_id::Key;
use crate::api::Call;
use crate::error::{Error, Result};
use crate::js;
use crate::model::{Configuration, Credential, Entity, UserIntegration};
use crate::sdk::Sdk;

#[wasm_bindgen]
extern "C" {
    /// What apps give to choose a credential and a configuration.
    #[wasm_bindgen(extends = js_sys::Object)]
    #[derive(Clone, Debug)]
    pub(crate) type SelectionOptions;
    #[wasm_bindgen(method, getter, js_name = selectedCredentialId)]
    fn raw_credential(this: &SelectionOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = selectedConfigurationId)]
    fn raw_configuration(this: &SelectionOptions) -> JsValue;
}

/// The ids of credential and configuration that an app chose.
#[derive(Clone, Default)]
pub(crate) struct SelectedIds {
    /// Id, `ext:{externalId}` or external id of the credential.
    pub(crate) credential: Option<JsString>,
    /// The same of the configuration.
    pub(crate) configuration: Option<JsString>,
}

impl SelectedIds {
    /// Reads them from an option bag of the app.
    ///
    /// # Errors
    /// For ids that are no text.
    pub(crate) fn of(options: &JsValue) -> Result<Self> {
        let options: SelectionOptions = js::options(options)?;
        let (credential, configuration) = (options.raw_credential(), options.raw_configuration());
        Ok(Self {
            credential: js::optional_text(credential, "selectedCredentialId")?,
            configuration: js::optional_text(configuration, "selectedConfigurationId")?,
        })
    }

    /// Whether the app chose nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.credential.is_none() && self.configuration.is_none()
    }

    /// Whether the ids are nothing but blanks.
    pub(crate) fn is_blank(&self) -> bool {
        self.trimmed().iter().all(Option::is_none)
    }

    /// The ids without blanks around them; one that is nothing but blanks counts as not given.
    fn trimmed(&self) -> [Option<String>; 2] {
        [&self.credential, &self.configuration].map(|id| {
            let id = String::from(id.as_ref()?);
            let id = id.trim();
            (!id.is_empty()).then(|| id.to_owned())
        })
    }
}

/// A credential and its configuration, as the server gave them.
pub(crate) struct Selection {
    pub(crate) credential: Credential,
    pub(crate) configuration: Configuration,
}

impl Selection {
    /// Names both in a call.
    pub(crate) fn name_in(&self, call: Call) -> Call {
        call.credential(js::text(self.credential.id()))
            .configuration(js::text(self.configuration.id()))
    }
}

/// The first of `entities` that the app's id means.
pub(crate) fn find<T: AsRef<Entity>>(entities: impl Iterator<Item = T>, id: &str) -> Option<T> {
    let mut entities = entities;
    entities.find(|entity| is_meant(entity.as_ref(), id))
}

fn is_meant(entity: &Entity, id: &str) -> bool {
    match Key::of(id) {
        Key::Id(id) => entity
            .id()
            .as_string()
            .is_some_and(|own| own.eq_ignore_ascii_case(id)),
        Key::ExternalId(id) => entity.external_id() == id,
    }
}

fn missing(message: &[&str]) -> Error {
    Error::new("credential_not_found", &message.concat())
}

fn not_found() -> Error {
    missing(&["Unable to find credential for provided options."])
}

/// No credential of the selection can be used.
pub(crate) fn not_valid() -> Error {
    missing(&["Valid credential not found for provided options."])
}

/// Finds the credential and configuration that the app's ids mean among the user's; none where the ids are nothing but
/// blanks. If `is_strict`, a configuration id that several configurations have is refused.
///
/// # Errors
/// Where one is named and not there.
pub(crate) fn resolve(
    own: &UserIntegration,
    chosen: &SelectedIds,
    is_strict: bool,
) -> Result<Option<Selection>> {
    let [wanted, configuration_id] = chosen.trimmed();
    if chosen.is_blank() {
        return Ok(None);
    }
    let credential = wanted.as_deref().and_then(|id| find(own.credentials(), id));
    if let (Some(Key::ExternalId(label)), None) = (wanted.as_deref().map(Key::of), &credential) {
        return Err(missing(&[
            "Credential with externalId \"",
            label,
            "\" not found.",
        ]));
    }
    let Some(id) = configuration_id else {
        let credential = credential.ok_or_else(not_found)?;
        let Some(configuration) = credential.default_configuration() else {
            let id = js::shown(&credential.id());
            return Err(missing(&[
                "Credential configuration not found for credential: ",
                &id,
                ".",
            ]));
        };
        return Ok(Some(Selection {
            credential,
            configuration,
        }));
    };
    let candidates = match (&credential, &wanted) {
        (Some(credential), _) => credential.configuration_list(),
        (None, Some(_)) => js_sys::Array::new(),
        (None, None) => own.configurations_of_credentials(),
    };
    let candidates = js::items::<Configuration>(candidates.into());
    let mut matching = candidates.filter(|one| is_meant(one, &id));
    let found = matching.next();
    if is_strict && matching.next().is_some() {
        let text = "Multiple credential configurations found for provided id: ";
        return Err(missing(&[text, &id, "."]));
    }
    let Some(configuration) = found else {
        let text = "Credential configuration not found for provided id: ";
        return Err(missing(&[text, &id, "."]));
    };
    let owner = credential.or_else(|| own.credential(&configuration.owner_id()));
    Ok(Some(Selection {
        credential: owner.ok_or_else(not_found)?,
        configuration,
    }))
}

impl Sdk {
    /// Whether the user has the credential of `chosen`, of whatever integration.
    pub(crate) fn has_credential(&self, chosen: &SelectedIds) -> bool {
        let [Some(id), _] = chosen.trimmed() else {
            return false;
        };
        let all = self.session.user().integrations();
        let mut names = js::keys(&all).into_iter();
        names.any(|name| find(self.user_integration_or_empty(&name).credentials(), &id).is_some())
    }

    /// The valid credential of integration `name` that `options` select; without a selection the current one.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn valid_credential(&self, name: &JsValue, options: &JsValue) -> Result<Credential> {
        let own = self
            .user_integration(name)
            .ok_or_else(|| Error::integration_not_found(name))?;
        let wanted = SelectedIds::of(options)?.credential;
        let wanted = wanted
            .map(String::from)
            .or_else(|| own.credential_id().as_string());
        let credential = find(own.credentials(), &wanted.unwrap_or_default())
            .ok_or_else(|| missing(&["Credential not found"]))?;
        if credential.is_valid() {
            Ok(credential)
        } else {
            Err(not_valid())
        }
    }

    /// [`Sdk::valid_credential`] with the configuration that `options` select among its own, else its default.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn valid_selection(&self, name: &JsValue, options: &JsValue) -> Result<Selection> {
        let credential = self.valid_credential(name, options)?;
        let found = match SelectedIds::of(options)?.configuration {
            Some(id) => find(credential.configurations(), &String::from(&id)),
            None => credential.default_configuration(),
        };
        let configuration = found.ok_or_else(|| missing(&["Configuration not found"]))?;
        Ok(Selection {
            credential,
            configuration,
        })
    }
}
