//! The user's credentials in the state: taking in what the server returned, selecting one, removing one.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::credentials::{Selection, is_valid};
use crate::integrations::name_of;
use crate::js;
use crate::sdk::Sdk;
use crate::session::all_configurations;

impl Sdk {
    /// Takes a credential that the server returned into the state; gives the name of its integration.
    ///
    /// It becomes the selected one if it is new, was selected, or holds the selected configuration.
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
        let others = js::without(
            &js::items(&own, "allConfigurations"),
            "connectCredentialId",
            &id,
        );
        let configurations = js::items(credential, "configurations");
        let all = others.concat(&configurations);
        js::set(&own, "allConfigurations", &all);
        let holds_selected = js::text(&own, "credentialConfigId")
            .is_some_and(|selected| js::find(&configurations, "id", &selected).is_some());
        if position.is_none() || js::is(&own, "credentialId", &id) || holds_selected {
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
        let rest = js::without(&js::items(&own, "allCredentials"), "id", id);
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
                ("allConfigurations", Array::new().into()),
            ]);
            js::set(&js::get(&self.own_user(), "integrations"), name, &empty);
        }
        self.state_changed();
    }

    /// Takes a configuration of integration `name` out of the state; says whether it was the selected one.
    pub(crate) fn drop_configuration(&self, name: &str, removed: &Selection) -> bool {
        let own = self.user_integration(name);
        let id = &removed.configuration_id;
        let Some(credential) = self.known_credential(name, &removed.credential_id) else {
            return false;
        };
        for (owner, key) in [(&credential, "configurations"), (&own, "allConfigurations")] {
            js::set(owner, key, &js::without(&js::items(owner, key), "id", id));
        }
        let was_selected = js::is(&own, "credentialConfigId", id);
        if was_selected {
            js::set(&own, "credentialConfigId", &JsValue::UNDEFINED);
            select(&own, &credential);
        }
        self.state_changed();
        was_selected
    }

    /// Makes `selection` the user's current credential of integration `name`.
    pub(crate) fn select_credential(&self, name: &str, selection: &Selection) {
        let own = self.user_integration(name);
        js::set(
            &own,
            "credentialConfigId",
            &selection.configuration_id.as_str().into(),
        );
        select(&own, &selection.credential);
    }

    /// The credential with id `id` among those of integration `name`.
    pub(crate) fn known_credential(&self, name: &str, id: &str) -> Option<JsValue> {
        js::find(
            &js::items(&self.user_integration(name), "allCredentials"),
            "id",
            id,
        )
    }
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

/// Makes `credential` the selected one of the user's integration `own`, with its configuration that is selected
/// already or, where none is selected, its first.
#[inline(never)]
fn select(own: &JsValue, credential: &JsValue) {
    let configurations = js::items(credential, "configurations");
    let configuration = match js::text(own, "credentialConfigId") {
        Some(selected) => js::find(&configurations, "id", &selected).unwrap_or_default(),
        None => configurations.get(0),
    };
    copy_fields(own, credential, &OF_CREDENTIAL);
    copy_fields(own, &configuration, &OF_CONFIGURATION);
    js::set(own, "enabled", &is_valid(credential).into());
}

#[inline(never)]
fn copy_fields(target: &JsValue, source: &JsValue, fields: &[(&str, &str)]) {
    for (to, from) in fields {
        js::set(target, to, &js::get(source, from));
    }
}
