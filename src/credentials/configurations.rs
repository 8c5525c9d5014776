//! Configurations of a credential: making, changing and removing them.

use std::rc::Rc;

use js_sys::{Date, JsString, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{SelectedIds, Selection, external_id, find, not_valid, resolve};
use crate::api::Call;
use crate::error::{Error, Result};
use crate::js::{self, Raw};
use crate::model::{Configuration, Credential, Entity};
use crate::promise::Reply;
use crate::sdk::Sdk;

#[wasm_bindgen]
extern "C" {
    /// The app's options.
    #[wasm_bindgen(extends = Entity)]
    type Options;
    #[wasm_bindgen(method, getter)]
    fn meta(this: &Options) -> JsValue;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewConfiguration {
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    external_id: Raw,
}

#[derive(Serialize)]
struct PatchConfiguration {
    meta: Raw,
}

impl Sdk {
    /// `createConfiguration`: gives the new configuration.
    pub(crate) fn create_configuration(self: &Rc<Self>, options: &JsValue) -> Result<Reply> {
        self.session.require_user()?;
        let options: Options = js::options(options)?;
        let Some(wanted) = js::text(options.credential_id()) else {
            return Err(Error::new(
                "argument_missing",
                "Required options not provided: \"credentialId\"",
            ));
        };
        let external_id = self.new_label(options.external_id())?;
        let (_, selection) = self.owned(wanted, None)?;
        let selection = selection.filter(|selection| selection.credential.is_valid());
        let selection = selection.ok_or_else(not_valid)?;
        let body = NewConfiguration {
            external_id: Raw(external_id),
        };
        let call = self.configurations_call("POST", &selection)?.body(&body);
        let missing = "Unable to create a configuration for credential.";
        Ok(self.send_for_credential(call, missing, |_, credential| {
            Ok(newest(&credential).map_or(JsValue::UNDEFINED, |made| js::copied(&made)))
        }))
    }

    /// `updateConfiguration`: gives the changed configuration.
    pub(crate) fn update_configuration(self: &Rc<Self>, options: &JsValue) -> Result<Reply> {
        let options: Options = js::options(options)?;
        let (_, selection) = self.existing(&options)?;
        let meta = options.meta();
        let body = PatchConfiguration {
            meta: Raw(if meta.is_undefined() {
                Object::new().into()
            } else {
                meta
            }),
        };
        let call = self.configurations_call("PATCH", &selection)?.body(&body);
        let (call, id) = (selection.name_in(call), selection.configuration.id());
        let missing = "Unable to update configuration.";
        Ok(
            self.send_for_credential(call, missing, move |_, credential| {
                let changed = credential.configuration(&id).ok_or_else(|| {
                    let text = "Cannot find credential configuration with given id: \"";
                    Error::new(
                        "configuration_not_found",
                        &[text, &js::shown(&id), "\""].concat(),
                    )
                })?;
                Ok(js::copied(&changed))
            }),
        )
    }

    /// `destroyConfiguration`; the portal closes if the configuration was the selected one.
    pub(crate) fn destroy_configuration(self: &Rc<Self>, options: &JsValue) -> Result<Reply> {
        let options: Options = js::options(options)?;
        let (name, selection) = self.existing(&options)?;
        if selection.configuration.is_default().is_truthy() {
            return Err(Error::new(
                "default_configuration",
                "Cannot delete default configuration.",
            ));
        }
        let call = self.configurations_call("DELETE", &selection)?;
        let call = selection.name_in(call);
        Ok(self.send_then(call, move |sdk, _| {
            if sdk.drop_configuration(&name, &selection) {
                sdk.close_portal();
            }
            Ok(JsValue::UNDEFINED)
        }))
    }

    /// The configuration that `{id, credentialId}` names, and the name of its integration.
    fn existing(&self, options: &Options) -> Result<(JsValue, Selection)> {
        self.session.require_user()?;
        let given = |id: JsValue| js::text(id).filter(|id| id.trim().length() > 0);
        match (given(options.credential_id()), given(options.id())) {
            (Some(credential), Some(id)) => {
                let (name, selection) = self.owned(credential, Some(id))?;
                Ok((name, selection.ok_or_else(not_valid)?))
            }
            _ => Err(Error::new(
                "argument_missing",
                "One or more required options not provided.",
            )),
        }
    }

    /// Looks for the ids in all integrations of the user.
    fn owned(
        &self,
        credential: JsString,
        configuration: Option<JsString>,
    ) -> Result<(JsValue, Option<Selection>)> {
        let id = String::from(&credential);
        let has = |name: &JsString| {
            let own = self.user_integration_or_empty(name);
            find(own.credentials(), &id).is_some()
        };
        let names = js::keys(&self.session.user().integrations());
        let name = names
            .into_iter()
            .find(has)
            .map_or(JsValue::UNDEFINED, JsValue::from);
        let chosen = SelectedIds {
            credential: Some(credential),
            configuration,
        };
        let selection = resolve(&self.user_integration_or_empty(&name), &chosen, false)?;
        Ok((name, selection))
    }

    /// A new external id as the server gets it; `undefined` where the app gave none. The cloud reads it as it is.
    ///
    /// # Errors
    /// When nothing is left of it without prefix and blanks.
    pub(crate) fn new_label(&self, given: JsValue) -> Result<JsValue> {
        js::optional_text(given.clone(), "externalId")?;
        match given.as_string().as_deref().map(external_id::label) {
            Some("") => Err(Error::new(
                "external_id_invalid",
                "`externalId` must not be an empty or whitespace-only string.",
            )),
            Some(label) if self.is_gateway() => Ok(label.into()),
            _ => Ok(given),
        }
    }

    fn configurations_call(&self, method: &str, selection: &Selection) -> Result<Call> {
        let id = js::shown(&selection.credential.id());
        self.project_call(
            method,
            &["/sdk/credentials/", &id, "/configurations"].concat(),
        )
    }
}

/// The configuration of `credential` that was made last.
fn newest(credential: &Credential) -> Option<Configuration> {
    let made_at = |one: &Configuration| {
        let at = Date::parse(&one.created_at().as_string().unwrap_or_default());
        if at.is_nan() { f64::NEG_INFINITY } else { at }
    };
    let all = credential.configurations();
    all.reduce(|newest, one| {
        if made_at(&one) > made_at(&newest) {
            one
        } else {
            newest
        }
    })
}
