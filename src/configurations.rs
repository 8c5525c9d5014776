//! Configurations of a credential: making, changing and removing them.

use std::rc::Rc;

use js_sys::{Date, Promise};
use wasm_bindgen::prelude::*;

use crate::api::ApiCall;
use crate::credentials::{self, Selection};
use crate::error::{Outcome, fail};
use crate::sdk::Sdk;
use crate::{js, transport};

impl Sdk {
    /// `createConfiguration`; gives the new configuration.
    pub(crate) fn create_configuration(self: &Rc<Self>, options: &JsValue) -> Promise {
        self.call_for_object(
            self.create_call(options),
            "Unable to create a configuration for credential.".to_owned(),
            Box::new(|sdk, credential| {
                sdk.take_credential(&credential);
                Ok(js::copy(&newest(&credential)))
            }),
        )
    }

    fn create_call(&self, options: &JsValue) -> Outcome<ApiCall> {
        self.check_user()?;
        let Some(wanted) = js::non_empty(options, "credentialId") else {
            let text = "Required options not provided: \"credentialId\"";
            return fail("argument_missing", &[text]);
        };
        let external = js::get(options, "externalId");
        if external.as_string().is_some_and(|id| id.trim().is_empty()) {
            let text = "`externalId` must not be an empty or whitespace-only string.";
            return fail("external_id_invalid", &[text]);
        }
        let (_, selection) = self.owned(&wanted, None)?;
        if !credentials::is_valid(&selection.credential) {
            let text = "Valid credential not found for provided options.";
            return fail("credential_not_found", &[text]);
        }
        let body = js::object(&[("externalId", external)]);
        let path = [
            "/sdk/credentials/",
            &selection.credential_id,
            "/configurations",
        ];
        self.project_call("POST", &path, &body, None)
    }

    /// `updateConfiguration`; gives the changed configuration.
    pub(crate) fn update_configuration(self: &Rc<Self>, options: &JsValue) -> Promise {
        let (_, selection) = match self.existing(options) {
            Ok(found) => found,
            Err(error) => return transport::settled(Err(error)),
        };
        let meta = js::get(options, "meta");
        let meta = if meta.is_undefined() {
            js::object(&[])
        } else {
            meta
        };
        let body = js::object(&[("meta", meta)]);
        self.call_for_object(
            self.configurations_call("PATCH", &selection, &body),
            "Unable to update configuration.".to_owned(),
            Box::new(move |sdk, credential| {
                sdk.take_credential(&credential);
                let id = &selection.configuration_id;
                let configurations = js::items(&credential, "configurations");
                if let Some(configuration) = js::find(&configurations, "id", id) {
                    return Ok(js::copy(&configuration));
                }
                let text = "Cannot find credential configuration with given id: \"";
                fail("configuration_not_found", &[text, id, "\""])
            }),
        )
    }

    /// `destroyConfiguration`; the portal closes if the configuration was the selected one.
    pub(crate) fn destroy_configuration(self: &Rc<Self>, options: &JsValue) -> Promise {
        let (name, selection) = match self.existing(options) {
            Ok(found) => found,
            Err(error) => return transport::settled(Err(error)),
        };
        let call = if js::flag(&selection.configuration, "isDefault") {
            fail(
                "default_configuration",
                &["Cannot delete default configuration."],
            )
        } else {
            self.configurations_call("DELETE", &selection, &JsValue::UNDEFINED)
        };
        self.call(
            call,
            Box::new(move |sdk, _| {
                if sdk.drop_configuration(&name, &selection) {
                    sdk.close_portal();
                }
                Ok(JsValue::UNDEFINED)
            }),
        )
    }

    /// The configuration that `{id, credentialId}` names, and the name of its integration.
    fn existing(&self, options: &JsValue) -> Outcome<(String, Selection)> {
        self.check_user()?;
        let id = js::non_empty(options, "id");
        match js::non_empty(options, "credentialId") {
            Some(credential) if id.is_some() => self.owned(&credential, id.as_deref()),
            _ => fail(
                "argument_missing",
                &["One or more required options not provided."],
            ),
        }
    }

    /// Looks for the ids in all integrations of the user.
    fn owned(&self, credential: &str, configuration: Option<&str>) -> Outcome<(String, Selection)> {
        let integrations = js::get(&self.own_user(), "integrations");
        let names = js::keys(&integrations);
        let name = names.iter().find(|name| {
            let all = js::items(&js::get(&integrations, name), "allCredentials");
            credentials::find(&all, credential).is_some()
        });
        let name = name.cloned().unwrap_or_default();
        let own = js::own(&integrations, &name);
        credentials::resolve(&own, Some(credential), configuration).map(|found| (name, found))
    }

    /// A call that names the selected configuration.
    fn configurations_call(
        &self,
        method: &str,
        selection: &Selection,
        body: &JsValue,
    ) -> Outcome<ApiCall> {
        let path = [
            "/sdk/credentials/",
            &selection.credential_id,
            "/configurations",
        ];
        self.project_call(method, &path, body, Some(selection))
    }
}

/// The configuration of `credential` that was made last.
fn newest(credential: &JsValue) -> JsValue {
    let mut newest = (f64::NEG_INFINITY, JsValue::UNDEFINED);
    for configuration in js::items(credential, "configurations") {
        let made =
            js::text(&configuration, "dateCreated").map_or(f64::NAN, |date| Date::parse(&date));
        if newest.1.is_undefined() || made > newest.0 {
            newest = (made, configuration);
        }
    }
    newest.1
}
