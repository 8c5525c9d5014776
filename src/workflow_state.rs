//! Switching workflows on and off for the user.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use crate::api::ApiCall;
use crate::credentials::{self, Selection};
use crate::error::{Outcome, SdkError};
use crate::sdk::Sdk;
use crate::workflow::is_enabled;
use crate::{js, transport};

impl Sdk {
    /// `enableWorkflow` and `disableWorkflow`.
    pub(crate) fn switch_workflow(
        self: &Rc<Self>,
        id: String,
        options: &JsValue,
        on: bool,
    ) -> Promise {
        let (call, selection) = match self.switch_call(&id, options, on) {
            Ok(prepared) => prepared,
            Err(error) => return transport::settled(Err(error)),
        };
        self.call(
            Ok(call),
            Box::new(move |sdk, _| {
                sdk.workflow_switched(&id, &selection, on);
                Ok(JsValue::UNDEFINED)
            }),
        )
    }

    /// `updateWorkflowState`: switches several workflows, one after another; failures are part of the result.
    pub(crate) fn switch_workflows(self: &Rc<Self>, changes: JsValue, options: JsValue) -> Promise {
        let sdk = Rc::clone(self);
        transport::promise(async move {
            let errors = Array::new();
            for id in js::keys(&changes) {
                let promise = sdk.switch_workflow(id.clone(), &options, js::flag(&changes, &id));
                if let Err(error) = wasm_bindgen_futures::JsFuture::from(promise).await {
                    errors.push(&js::object(&[
                        ("workflowId", id.into()),
                        ("message", js::get(&error, "message")),
                    ]));
                }
            }
            Ok(js::object(&[
                ("user", sdk.user()),
                ("errors", errors.into()),
            ]))
        })
    }

    /// The checks and the request.
    fn switch_call(&self, id: &str, options: &JsValue, on: bool) -> Outcome<(ApiCall, Selection)> {
        self.check_user()?;
        let own = self.user_integration(&self.integration_of_workflow(id)?);
        let (mut credential, configuration) = credentials::selected(options);
        if credential.is_none() && configuration.is_none() {
            credential = js::non_empty(&own, "credentialId");
        }
        let selection =
            credentials::resolve(&own, credential.as_deref(), configuration.as_deref())?;
        if on && !credentials::is_valid(&selection.credential) {
            let text = "Valid credential not found for provided options.";
            return Err(SdkError::usage("credential_not_found", text));
        }
        if on == is_enabled(&selection, id) {
            let (code, text) = if on {
                ("workflow_enabled", " is already enabled for this user.")
            } else {
                ("workflow_not_enabled", " cannot be disabled for this user.")
            };
            return Err(SdkError::usage(code, ["Workflow ", id, text].concat()));
        }
        let method = if on { "POST" } else { "DELETE" };
        let path = ["/sdk/workflows/", &js::encode(id)];
        let call = self.project_call(method, &path, &JsValue::UNDEFINED, Some(&selection))?;
        Ok((call, selection))
    }

    /// Notes in the state what the server did; the credential may have changed meanwhile, so it is read again.
    fn workflow_switched(&self, id: &str, selection: &Selection, on: bool) {
        let Ok(name) = self.integration_of_workflow(id) else {
            return;
        };
        let Some(credential) = self.known_credential(&name, &selection.credential_id) else {
            return;
        };
        let configurations = js::items(&credential, "configurations");
        let wanted = &selection.configuration_id;
        let Some(configuration) = js::find(&configurations, "id", wanted) else {
            return;
        };
        let all = js::get(&configuration, "workflowSettings");
        let defaults = js::object(&[("settings", js::object(&[]))]);
        let workflow = js::merged(&defaults, &js::own(&all, id));
        let workflow = js::with(&workflow, "enabled", &on.into());
        let settings = js::with(&all, id, &workflow);
        let rest = js::without(&configurations, "id", wanted);
        rest.push(&js::with(&configuration, "workflowSettings", &settings));
        self.take_credential(&js::with(&credential, "configurations", &rest));
    }
}
