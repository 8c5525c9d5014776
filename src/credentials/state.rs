//! The user's credentials in the state: taking in what the server returned, selecting one, removing one.

use std::rc::Rc;

use js_sys::{Array, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::Selection;
use crate::api::{self, Call};
use crate::error::Result;
use crate::js::{self, Raw};
use crate::model::{self, Configuration, Credential, UserIntegration};
use crate::promise::Reply;
use crate::sdk::Sdk;

/// An integration that the user has nothing of any more.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EmptyIntegration {
    enabled: bool,
    workflow_settings: Raw,
    all_credentials: Raw,
    all_configurations: Raw,
}

/// Fields of the user's integration, and where the selected credential has them.
const OF_CREDENTIAL: [(&str, &str); 4] = [
    ("credentialId", "id"),
    ("credentialStatus", "status"),
    ("providerId", "providerId"),
    ("providerData", "providerData"),
];
/// The same for its configuration.
const OF_CONFIGURATION: [(&str, &str); 6] = [
    ("credentialConfigId", "id"),
    ("externalId", "externalId"),
    ("sharedSettings", "sharedSettings"),
    ("workflowSettings", "workflowSettings"),
    ("configuredWorkflows", "workflowSettings"),
    ("configMeta", "configMeta"),
];

impl UserIntegration {
    /// Makes `credential` the selected one, with its configuration that is selected already or, where none is
    /// selected, its first.
    fn select(&self, credential: &Credential) {
        let selected = self.configuration_id();
        let configuration = if selected.is_string() {
            credential.configuration(&selected)
        } else {
            credential.configurations().next()
        };
        copy_fields(self, credential, &OF_CREDENTIAL);
        let configuration = configuration.map_or(JsValue::UNDEFINED, JsValue::from);
        copy_fields(self, &configuration, &OF_CONFIGURATION);
        self.set_enabled(credential.is_valid());
    }
}

fn copy_fields(target: &JsValue, source: &JsValue, fields: &[(&str, &str)]) {
    for (to, from) in fields {
        js::set(target, &(*to).into(), &js::field(source, from));
    }
}

impl Sdk {
    /// Sends a call whose answer is a credential, and takes that into the state; gives what `then` makes of it.
    ///
    /// # Errors
    /// As [`Sdk::send`], and those of `then`; one that says `missing` where the answer is no object.
    pub(crate) fn send_for_credential(
        self: &Rc<Self>,
        call: Call,
        missing: impl Into<String>,
        then: impl FnOnce(&Rc<Self>, Credential) -> Result<JsValue> + 'static,
    ) -> Reply {
        let missing = missing.into();
        self.send_then(call, move |sdk, answer| {
            let credential = api::require_object(answer, &missing)?;
            sdk.take_credential(&credential);
            then(sdk, credential)
        })
    }

    /// Takes a credential that the server returned into the state, unless the project does not have its integration.
    ///
    /// It becomes the selected one if it is new, was selected, or holds the selected configuration.
    pub(crate) fn take_credential(self: &Rc<Self>, credential: &Credential) {
        let id = credential.id();
        let Some(integration) = self.find_integration_by_id(&credential.integration_id()) else {
            return;
        };
        let name = integration.app_name();
        let own = self
            .user_integration(&name)
            .or_else(|| self.add_user_integration(&name, &Object::new()));
        let Some(own) = own.filter(|_| id.is_string()) else {
            return;
        };
        let all = own.credential_list();
        let position = own.credentials().position(|known| known.id() == id);
        match position.and_then(|index| u32::try_from(index).ok()) {
            Some(index) => all.set(index, credential.clone().into()),
            None => _ = all.push(credential),
        }
        let is_other = |one: &JsValue| js::view::<Configuration>(one.clone()).owner_id() != id;
        let others: Array = js::list(own.all_configurations())
            .iter()
            .filter(is_other)
            .collect();
        own.set_credentials(&all);
        own.set_configurations(&others.concat(&credential.configuration_list()));
        let selected = own.configuration_id();
        let holds_selected = selected.is_truthy() && credential.configuration(&selected).is_some();
        if position.is_none() || own.credential_id() == id || holds_selected {
            own.select(credential);
        }
        self.state_changed();
    }

    /// Makes `own` what the user has of integration `name`; none if nobody is signed in, or for a name such as
    /// `__proto__`.
    fn add_user_integration(&self, name: &JsValue, own: &JsValue) -> Option<UserIntegration> {
        let integrations: Object = js::object(self.session.user().integrations())?;
        js::set(&integrations, name, own);
        self.user_integration(name)
    }

    /// Takes credential `id` of integration `name` out of the state; another one is selected, or none is left.
    pub(crate) fn drop_credential(self: &Rc<Self>, name: &JsValue, id: &JsValue) {
        let own = self.user_integration_or_empty(name);
        let rest = model::without(&own.credential_list(), id);
        own.set_credentials(&rest);
        if let Some(next) = own.credentials().next() {
            own.set_configurations(&own.configurations_of_credentials());
            own.set_configuration_id(&JsValue::UNDEFINED);
            own.select(&next);
        } else {
            let nothing: JsValue = js::to_object(&EmptyIntegration {
                enabled: false,
                workflow_settings: Raw(Object::new().into()),
                all_credentials: Raw(rest.into()),
                all_configurations: Raw(Array::new().into()),
            });
            self.add_user_integration(name, &nothing);
        }
        self.state_changed();
    }

    /// Takes a configuration of integration `name` out of the state; says whether it was the selected one.
    pub(crate) fn drop_configuration(self: &Rc<Self>, name: &JsValue, removed: &Selection) -> bool {
        let (own, id) = (
            self.user_integration_or_empty(name),
            removed.configuration.id(),
        );
        let Some(credential) = own.credential(&removed.credential.id()) else {
            return false;
        };
        credential.set_configurations(&model::without(&credential.configuration_list(), &id));
        own.set_configurations(&model::without(&js::list(own.all_configurations()), &id));
        let was_selected = own.configuration_id() == id;
        if was_selected {
            own.set_configuration_id(&JsValue::UNDEFINED);
            own.select(&credential);
        }
        self.state_changed();
        was_selected
    }

    /// Makes `selection` the user's current credential of integration `name`.
    pub(crate) fn select_credential(&self, name: &JsValue, selection: &Selection) {
        if let Some(own) = self.user_integration(name) {
            own.set_configuration_id(&selection.configuration.id());
            own.select(&selection.credential);
        }
    }
}
