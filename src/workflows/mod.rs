//! App events and workflow triggers.

mod state;

use std::rc::Rc;

use js_sys::{Object, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::UrlSearchParams;

use crate::api::Call;
use crate::credentials::{SelectedIds, Selection, resolve};
use crate::error::{Error, Result};
use crate::js::{self, Raw};
use crate::promise::{self, Reply};
use crate::sdk::Sdk;
use crate::services::Service;
use crate::session::segment;
use crate::settings::WorkflowState;

#[wasm_bindgen]
extern "C" {
    /// The app's options of `workflow`.
    type Options;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn query(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Options) -> JsValue;
}

#[derive(Serialize)]
struct AppEvent {
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    name: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    payload: Raw,
}

impl Sdk {
    /// `event`: sends an app event.
    pub(crate) fn send_event(
        self: &Rc<Self>,
        name: JsValue,
        payload: JsValue,
        options: &JsValue,
    ) -> Result<Reply> {
        let chosen = SelectedIds::of(options)?;
        if chosen.credential.is_none() && chosen.configuration.is_some() {
            return Err(Error::new(
                "argument_missing",
                "Configuration ID cannot be used without a corresponding Credential ID. Please provide both if using Configuration ID.",
            ));
        }
        let path = self.session.require_auth()?.path("/sdk/events/trigger");
        let event = AppEvent {
            name: Raw(name),
            payload: Raw(payload),
        };
        let call = Call::new("POST", ["/v2", &path].concat())
            .service(Service::Events)
            .body(&event)
            .credential(chosen.credential)
            .configuration(chosen.configuration);
        Ok(self.send_then(call, |_, _| Ok(JsValue::UNDEFINED)))
    }

    /// `workflow`: triggers workflow `id`; gives the promise of its answer.
    ///
    /// # Errors
    /// Wrong use is thrown at once; failures of the request reject the promise.
    pub(crate) fn trigger_workflow(
        self: &Rc<Self>,
        id: &JsValue,
        options: &JsValue,
    ) -> Result<Promise> {
        if js::text(id.clone()).is_none() {
            return Err(Error::new("argument_missing", "workflowId is required."));
        }
        let auth = self.session.require_user()?;
        let selection = self.selection_for_workflow(id, options)?;
        let options: Options = js::options(options)?;
        let query = UrlSearchParams::new_with_str_sequence_sequence(&options.query())?;
        let query = String::from(query.to_string());
        let body = options.body();
        let body = if body.is_undefined() {
            Object::new().into()
        } else {
            body
        };
        let path = ["/sdk/triggers/", &segment(id), "?", &query].concat();
        let call = Call::new("POST", auth.path(&path))
            .service(Service::Events)
            .json(&body)
            .headers(options.headers());
        let call = match selection {
            Some(selection) => selection.name_in(call),
            None => call,
        };
        Ok(promise::of_method(Ok(self.send(call))))
    }

    /// The credential that a workflow runs with, if the app selected one.
    fn selection_for_workflow(&self, id: &JsValue, options: &JsValue) -> Result<Option<Selection>> {
        let name = self.integration_of_workflow(id)?;
        let chosen = SelectedIds::of(options)?;
        if chosen.is_empty() {
            return Ok(None);
        }
        let selection = resolve(&self.user_integration_or_empty(&name), &chosen, true)?;
        if let Some(selection) = selection.filter(|selection| is_enabled(selection, id)) {
            Ok(Some(selection))
        } else {
            let end = " is not enabled for this user.";
            let message = ["Workflow ", &js::shown(id), end].concat();
            Err(Error::new("workflow_not_enabled", &message))
        }
    }

    /// Name of the integration that workflow `id` belongs to; the user must have a valid credential of it.
    fn integration_of_workflow(&self, id: &JsValue) -> Result<JsValue> {
        let mut integrations = self.configured();
        let Some(integration) =
            integrations.find(|one| js::own(&one.shown().workflow_meta(), id).is_object())
        else {
            return Err(Error::new(
                "workflow_not_found",
                "Workflow not found in the configured integrations in your Paragon project.",
            ));
        };
        let name = integration.app_name();
        let own = self.user_integration_or_empty(&name);
        if !own.credentials().any(|credential| credential.is_valid()) {
            let shown = js::shown(&name);
            let message = ["Integration \"", &shown, "\" not enabled for workflow.\""].concat();
            return Err(Error::new("integration_not_enabled", &message));
        }
        Ok(name)
    }
}

/// Whether workflow `id` is on in the selected configuration.
fn is_enabled(selection: &Selection, id: &JsValue) -> bool {
    let state = js::own(&selection.configuration.workflow_settings(), id);
    js::view::<WorkflowState>(state).enabled().is_truthy()
}
