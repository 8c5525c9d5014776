//! User settings: of an integration, and of its workflows.

use std::rc::Rc;

use js_sys::{Array, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::credentials::Selection;
use crate::error::{Error, Result};
use crate::js::{self, Raw};
use crate::model::Entity;
use crate::promise::Reply;
use crate::sdk::Sdk;

#[wasm_bindgen]
extern "C" {
    /// What a configuration says of a workflow.
    #[wasm_bindgen(extends = Entity, extends = Object)]
    pub(crate) type WorkflowState;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_enabled(this: &WorkflowState, value: bool);
    #[wasm_bindgen(method, getter)]
    pub(crate) fn settings(this: &WorkflowState) -> JsValue;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_settings(this: &WorkflowState, value: &Object);
}

#[derive(Serialize)]
struct PatchCredential {
    config: Config,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    shared_settings: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    workflow_settings: Raw,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SettingsResult {
    user_state: Raw,
    errors: Raw,
}

impl Sdk {
    /// `updateIntegrationUserSettings`: merges `patch` into the settings shared by all workflows.
    pub(crate) fn update_settings(
        self: &Rc<Self>,
        name: &JsValue,
        patch: &JsValue,
        options: &JsValue,
    ) -> Result<Reply> {
        self.session.require_user()?;
        let selection = self.valid_selection(name, options)?;
        let settings = selection.configuration.shared_settings();
        let config = Config {
            shared_settings: Raw(js::merged(&settings, patch)),
            ..Config::default()
        };
        self.save(name, &selection, config)
    }

    /// `updateWorkflowUserSettings`: merges `patch` into the settings of workflow `id`.
    pub(crate) fn update_workflow_settings(
        self: &Rc<Self>,
        name: &JsValue,
        id: &JsValue,
        patch: &JsValue,
        options: &JsValue,
    ) -> Result<Reply> {
        self.session.require_user()?;
        let selection = self.valid_selection(name, options)?;
        let all = selection.configuration.workflow_settings();
        let all: Object = js::merged(&all, &JsValue::UNDEFINED);
        let Some(old) = js::object::<WorkflowState>(js::own(&all, id)) else {
            let shown = js::shown(id);
            let end = "\" was not found in the current configuration.";
            let message = ["Workflow with ID \"", &shown, end].concat();
            return Err(Error::new("workflow_not_found", &message));
        };
        let new: WorkflowState = js::merged(&old, &JsValue::UNDEFINED);
        new.set_settings(&js::merged(&old.settings(), patch));
        js::set(&all, id, &new);
        let config = Config {
            workflow_settings: Raw(all.into()),
            ..Config::default()
        };
        self.save(name, &selection, config)
    }

    /// Sends what changes of the selected configuration; gives `{userState, errors}`.
    fn save(
        self: &Rc<Self>,
        name: &JsValue,
        selection: &Selection,
        config: Config,
    ) -> Result<Reply> {
        let path = ["/sdk/credentials/", &js::shown(&selection.credential.id())].concat();
        let call = self
            .project_call("PATCH", &path)?
            .body(&PatchCredential { config });
        let missing = ["Failed to update settings for ", &js::shown(name), "."].concat();
        let call = selection.name_in(call);
        Ok(self.send_for_credential(call, missing, |sdk, credential| {
            let errors = js::truthy(credential.errors());
            Ok(js::to_object(&SettingsResult {
                user_state: Raw(sdk.user()),
                errors: Raw(errors.unwrap_or_else(|| Array::new().into())),
            }))
        }))
    }
}
