//! Switching workflows on and off for the user.

use std::rc::Rc;

use js_sys::{Array, JsString, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::is_enabled;
use crate::credentials::{SelectedIds, Selection, not_valid, resolve};
use crate::error::{Error, Result};
use crate::js::{self, Raw};
use crate::model::{self, Configuration, Credential};
use crate::promise::{self, Reply};
use crate::sdk::Sdk;
use crate::session::segment;
use crate::settings::WorkflowState;

#[derive(Serialize)]
struct SwitchResult {
    user: Raw,
    errors: Raw,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    workflow_id: Raw,
    message: Raw,
}

impl Sdk {
    /// `enableWorkflow` and `disableWorkflow`: switches workflow `id` on or off.
    pub(crate) fn switch_workflow(
        self: &Rc<Self>,
        id: &JsValue,
        options: &JsValue,
        on: bool,
    ) -> Result<Reply> {
        self.session.require_user()?;
        let name = self.integration_of_workflow(id)?;
        let own = self.user_integration_or_empty(&name);
        let mut chosen = SelectedIds::of(options)?;
        if chosen.is_empty() {
            chosen.credential = js::text(own.credential_id());
        }
        let found = resolve(&own, &chosen, false)?;
        if on
            && !found
                .as_ref()
                .is_some_and(|found| found.credential.is_valid())
        {
            return Err(not_valid());
        }
        let Some(selection) = found.filter(|found| on != is_enabled(found, id)) else {
            let (code, end) = if on {
                ("workflow_enabled", " is already enabled for this user.")
            } else {
                ("workflow_not_enabled", " cannot be disabled for this user.")
            };
            return Err(Error::new(
                code,
                &["Workflow ", &js::shown(id), end].concat(),
            ));
        };
        let path = ["/sdk/workflows/", &segment(id)].concat();
        let call = self.project_call(if on { "POST" } else { "DELETE" }, &path)?;
        let (call, id) = (selection.name_in(call), id.clone());
        Ok(self.send_then(call, move |sdk, _| {
            sdk.note_switched(&name, &id, &selection, on);
            Ok(JsValue::UNDEFINED)
        }))
    }

    /// Notes in the state what the server did; the credential may have changed meanwhile, so it is looked up again.
    fn note_switched(
        self: &Rc<Self>,
        name: &JsValue,
        id: &JsValue,
        selection: &Selection,
        on: bool,
    ) {
        let own = self.user_integration_or_empty(name);
        let wanted = selection.configuration.id();
        let Some(credential) = own.credential(&selection.credential.id()) else {
            return;
        };
        let Some(configuration) = credential.configuration(&wanted) else {
            return;
        };
        let all: Object = js::merged(&configuration.workflow_settings(), &JsValue::UNDEFINED);
        let workflow: WorkflowState = js::merged(&js::own(&all, id), &JsValue::UNDEFINED);
        if workflow.settings().is_undefined() {
            workflow.set_settings(&Object::new());
        }
        workflow.set_enabled(on);
        js::set(&all, id, &workflow);
        let changed: Configuration = js::merged(&configuration, &JsValue::UNDEFINED);
        changed.set_workflow_settings(&all);
        let configurations = model::without(&credential.configuration_list(), &wanted);
        configurations.push(&changed);
        let changed: Credential = js::merged(&credential, &JsValue::UNDEFINED);
        changed.set_configurations(&configurations);
        self.take_credential(&changed);
    }

    /// `updateWorkflowState`: switches several workflows, one after another; failures are part of the result.
    pub(crate) async fn switch_workflows(
        self: Rc<Self>,
        changes: JsValue,
        options: JsValue,
    ) -> Result<JsValue> {
        let errors = Array::new();
        let ids: Vec<JsString> = js::keys(&changes);
        for id in ids {
            let on = js::own(&changes, &id).is_truthy();
            let switched = self.switch_workflow(&id, &options, on);
            if let Err(error) = switched.unwrap_or_else(promise::failed).await {
                errors.push(&js::to_object(&Failure {
                    workflow_id: Raw(id.into()),
                    message: Raw(error.message()),
                }));
            }
        }
        Ok(js::to_object(&SwitchResult {
            user: Raw(self.user()),
            errors: Raw(errors.into()),
        }))
    }
}
