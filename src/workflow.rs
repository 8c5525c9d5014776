//! App events and workflow triggers.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::api::ApiCall;
use crate::credentials::{self, Selection};
use crate::error::{Outcome, SdkError};
use crate::integrations::name_of;
use crate::js;
use crate::sdk::Sdk;
use crate::services::Service;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = URLSearchParams)]
    type SearchParams;
    #[wasm_bindgen(constructor, js_class = "URLSearchParams", catch)]
    fn new(init: &JsValue) -> Result<SearchParams, JsValue>;
    #[wasm_bindgen(method, js_name = toString)]
    fn text(this: &SearchParams) -> String;
}

impl Sdk {
    /// Sends an app event.
    pub(crate) fn event(
        self: &Rc<Self>,
        name: JsValue,
        payload: JsValue,
        options: &JsValue,
    ) -> Promise {
        let call = self.event_call(name, payload, options);
        self.call(call, Box::new(|_, _| Ok(JsValue::UNDEFINED)))
    }

    fn event_call(&self, name: JsValue, payload: JsValue, options: &JsValue) -> Outcome<ApiCall> {
        let (credential, configuration) = credentials::selected(options);
        if configuration.is_some() && credential.is_none() {
            let text = "Configuration ID cannot be used without a corresponding Credential ID. Please provide both if using Configuration ID.";
            return Err(SdkError::usage("argument_missing", text));
        }
        let path = ["/v2", &self.auth()?.project_path(), "/sdk/events/trigger"].concat();
        let body = js::object(&[("name", name), ("payload", payload)]);
        Ok(ApiCall {
            service: Service::Events,
            credential,
            configuration,
            ..ApiCall::new("POST", path).json(&body)
        })
    }

    /// Triggers workflow `id`; gives its answer.
    ///
    /// # Errors
    /// Wrong use is thrown at once; failures of the request reject the promise.
    pub(crate) fn workflow(self: &Rc<Self>, id: &JsValue, options: &JsValue) -> Outcome<Promise> {
        let id = id.as_string().unwrap_or_default();
        if id.is_empty() {
            return Err(SdkError::usage(
                "argument_missing",
                "workflowId is required.",
            ));
        }
        let auth = self.require_user()?;
        let selection = self.workflow_selection(&id, options)?;
        let query = js::get(options, "query");
        let query = if query.is_object() {
            SearchParams::new(&query)?.text()
        } else {
            String::new()
        };
        let path = [
            &auth.project_path(),
            "/sdk/triggers/",
            &js::encode(&id),
            "?",
            &query,
        ]
        .concat();
        let given = js::get(options, "body");
        let body = js::stringify(&if given.is_undefined() {
            js::object(&[])
        } else {
            given
        });
        let mut call = ApiCall {
            service: Service::Events,
            body,
            headers: js::get(options, "headers"),
            ..ApiCall::new("POST", path)
        };
        if let Some(selection) = selection {
            call = call.with(&selection);
        }
        Ok(self.call(Ok(call), Box::new(|_, answer| Ok(answer))))
    }

    /// The credential a workflow runs with, if the app selected one.
    fn workflow_selection(&self, id: &str, options: &JsValue) -> Outcome<Option<Selection>> {
        let name = self.integration_of_workflow(id)?;
        let (credential, configuration) = credentials::selected(options);
        if credential.is_none() && configuration.is_none() {
            return Ok(None);
        }
        let selection = credentials::resolve_among(
            &self.user_integration(&name),
            credential.as_deref(),
            configuration.as_deref(),
            true,
        )?;
        if !is_enabled(&selection, id) {
            let text = ["Workflow ", id, " is not enabled for this user."].concat();
            return Err(SdkError::usage("workflow_not_enabled", text));
        }
        Ok(Some(selection))
    }

    /// Name of the integration that workflow `id` belongs to; the user must have a valid credential of it.
    pub(crate) fn integration_of_workflow(&self, id: &str) -> Outcome<String> {
        let integration = self
            .configured_integrations()
            .into_iter()
            .find(|one| has_workflow(one, id));
        let Some(integration) = integration else {
            let text = "Workflow not found in the configured integrations in your Paragon project.";
            return Err(SdkError::usage("workflow_not_found", text));
        };
        let name = name_of(&integration);
        let credentials = js::items(&self.user_integration(&name), "allCredentials");
        if !credentials
            .iter()
            .any(|credential| credentials::is_valid(&credential))
        {
            let text = ["Integration \"", &name, "\" not enabled for workflow.\""].concat();
            return Err(SdkError::usage("integration_not_enabled", text));
        }
        Ok(name)
    }
}

/// Whether the project shows workflow `id` for this integration.
fn has_workflow(integration: &JsValue, id: &str) -> bool {
    let values = js::get(&js::items(integration, "configs").get(0), "values");
    js::own(&js::get(&values, "workflowMeta"), id).is_object()
}

/// Whether workflow `id` is on in the selected configuration.
pub(crate) fn is_enabled(selection: &Selection, id: &str) -> bool {
    let settings = js::get(&selection.configuration, "workflowSettings");
    js::flag(&js::own(&settings, id), "enabled")
}
