//! User settings: of an integration, and of its workflows.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use crate::credentials::Selection;
use crate::error::{Outcome, SdkError};
use crate::js;
use crate::sdk::Sdk;

impl Sdk {
    /// `updateIntegrationUserSettings`: merges `patch` into the settings shared by all workflows.
    pub(crate) fn update_settings(
        self: &Rc<Self>,
        name: &str,
        patch: &JsValue,
        options: &JsValue,
    ) -> Promise {
        self.patch_settings(name, options, &|selection| {
            let old = js::get(&selection.configuration, "sharedSettings");
            Ok(("sharedSettings", js::merged(&old, patch)))
        })
    }

    /// `updateWorkflowUserSettings`: merges `patch` into the settings of workflow `id`.
    pub(crate) fn update_workflow_settings(
        self: &Rc<Self>,
        name: &str,
        id: &str,
        patch: &JsValue,
        options: &JsValue,
    ) -> Promise {
        self.patch_settings(name, options, &|selection| {
            let all = js::get(&selection.configuration, "workflowSettings");
            let old = js::own(&all, id);
            if !old.is_object() {
                let text = [
                    "Workflow with ID \"",
                    id,
                    "\" was not found in the current configuration.",
                ];
                return Err(SdkError::usage("workflow_not_found", text.concat()));
            }
            let settings = js::merged(&js::get(&old, "settings"), patch);
            let workflow = js::with(&old, "settings", &settings);
            Ok(("workflowSettings", js::with(&all, id, &workflow)))
        })
    }

    /// Sends the settings that `change` makes of the selected configuration; gives `{userState, errors}`.
    fn patch_settings(
        self: &Rc<Self>,
        name: &str,
        options: &JsValue,
        change: &dyn Fn(&Selection) -> Outcome<(&'static str, JsValue)>,
    ) -> Promise {
        let prepare = || {
            self.check_user()?;
            let selection = self.valid_selection(name, options)?;
            let (key, settings) = change(&selection)?;
            let body = js::object(&[("config", js::object(&[(key, settings)]))]);
            let path = ["/sdk/credentials/", &selection.credential_id];
            self.project_call("PATCH", &path, &body, Some(&selection))
        };
        let missing = ["Failed to update settings for ", name, "."].concat();
        self.call_for_object(
            prepare(),
            missing,
            Box::new(|sdk, credential| {
                sdk.take_credential(&credential);
                let errors = js::get(&credential, "errors");
                let errors = if errors.is_truthy() {
                    errors
                } else {
                    Array::new().into()
                };
                Ok(js::object(&[("userState", sdk.user()), ("errors", errors)]))
            }),
        )
    }
}
