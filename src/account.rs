//! What the server knows about a connected account: its data, its triggers, its webhook.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::api;
use crate::credentials::{self, SelectedIds};
use crate::error::{Error, Result};
use crate::js;
use crate::model::{Entity, Integration, UserIntegration};
use crate::promise::Reply;
use crate::sdk::Sdk;
use crate::services::Service;
use crate::session::segment;

#[wasm_bindgen]
extern "C" {
    /// The app's options of `getIntegrationAccount`.
    type Options;
    #[wasm_bindgen(method, getter, js_name = includeAccountAuth)]
    fn include_account_auth(this: &Options) -> JsValue;

    /// A workflow of the project.
    #[wasm_bindgen(extends = Entity, extends = js_sys::Object)]
    #[derive(Clone, Debug)]
    type Workflow;
    #[wasm_bindgen(method, getter, js_name = resourceId)]
    fn resource_id(this: &Workflow) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = customWebhookTriggerId)]
    fn webhook_trigger_id(this: &Workflow) -> JsValue;
}

impl Sdk {
    /// `getIntegrationAccount`: the connected account, with its access token where that is asked for and allowed.
    pub(crate) fn integration_account(
        self: &Rc<Self>,
        name: &JsValue,
        options: &JsValue,
    ) -> Result<Reply> {
        self.validate_integration(name)?;
        let own = self.user_integration_or_empty(name);
        if js::text(own.credential_id()).is_none() {
            return Err(Error::new(
                "credential_not_found",
                "Connect credential not found",
            ));
        }
        let options: Options = js::options(options)?;
        let wanted = options.include_account_auth();
        let wanted = if wanted.is_undefined() {
            "undefined"
        } else if wanted.is_truthy() {
            "true"
        } else {
            "false"
        };
        let path = [
            "/sdk/credentials?integration=",
            &segment(name),
            "&includeAccountAuth=",
            wanted,
        ];
        let chosen = SelectedIds::of(options.as_ref())?.credential;
        let call = self.project_call("GET", &path.concat())?;
        let call = call.credential(chosen);
        Ok(self.send_then(call, |_, account| {
            api::require_object(account, "Integration not connected")
        }))
    }

    /// `getTriggers`: the triggers of integration `name`.
    pub(crate) fn triggers(self: &Rc<Self>, name: &JsValue, options: &JsValue) -> Result<Reply> {
        self.validate_integration(name)?;
        let credential = self.valid_credential(name, options)?;
        let path = ["/triggers?integrations=", &segment(name)].concat();
        let call = self
            .project_call("GET", &path)?
            .service(Service::TriggerKit);
        Ok(self.send(call.credential(js::text(credential.id()))))
    }

    fn resource(&self, is_meant: impl Fn(&Entity) -> bool) -> Option<Entity> {
        js::items(self.session.user().resources()).find(is_meant)
    }

    /// `connectAction`: connects to the resource named `slug`; gives the credential.
    pub(crate) fn connect_resource(
        self: &Rc<Self>,
        slug: &JsValue,
        payload: &JsValue,
    ) -> Result<Reply> {
        self.session.require_user()?;
        let shown = js::shown(slug);
        let Some(resource) = self.resource(|one| one.slug() == *slug) else {
            let message = ["No resource found with name \"", &shown, "\"."].concat();
            return Err(Error::new("resource_not_found", &message));
        };
        if !payload.is_object() {
            return Err(Error::new(
                "argument_invalid",
                "payload must be of type object.",
            ));
        }
        let path = ["/sdk/resources/", &segment(&resource.id()), "/connect"].concat();
        let call = self.project_call("POST", &path)?.json(payload);
        let missing = ["Unable to connect to \"", &shown, "\"."].concat();
        Ok(self.send_then(call, move |_, made| api::require_object(made, &missing)))
    }

    /// `getCustomWebhookUserManualUrl`: where a user's own webhook calls workflow `id`.
    pub(crate) fn webhook_url(&self, id: &JsValue, credential: &JsValue) -> Result<String> {
        let auth = self.session.require_user()?;
        let path = self.webhook_path(id, credential).map_err(|what| {
            let message = ["Unable to ", what, " for \"", &js::shown(id), "\"."].concat();
            Error::new("webhook_unavailable", &message)
        })?;
        let project = segment(&auth.project);
        Ok([
            &self.url(Service::Events),
            "/triggers/connect/",
            &project,
            &path,
        ]
        .concat())
    }

    /// The part after the project's id, or what could not be done.
    fn webhook_path(&self, id: &JsValue, credential: &JsValue) -> Result<String, &'static str> {
        let found = |integration: Integration| {
            let mut workflows = js::items::<Workflow>(integration.workflows());
            workflows
                .find(|one| one.id() == *id)
                .map(|workflow| (integration, workflow))
        };
        let (integration, workflow) = self.configured().find_map(found).ok_or("get workflow")?;
        let name = js::text(integration.app_name()).ok_or("get integration type")?;
        let (integration_id, credential_id) = if let Some(id) = js::text(workflow.resource_id()) {
            let resource = self.resource(|one| js::is_same(&one.id(), &id));
            resource.map_or((JsValue::UNDEFINED, JsValue::UNDEFINED), |resource| {
                (resource.integration_id(), resource.credential_id())
            })
        } else {
            let own = self.user_integration_or_empty(&name);
            (integration.id(), known_id(&own, credential))
        };
        let text = |value: JsValue, missing| js::text(value).map(String::from).ok_or(missing);
        let integration_id = text(integration_id, "find integrationId")?;
        let credential_id = text(credential_id, "find credentialId")?;
        let trigger = text(workflow.webhook_trigger_id(), "find a custom webhook")?;
        Ok([
            "/",
            &integration_id,
            "/custom-triggers/",
            &trigger,
            "?id=",
            &credential_id,
        ]
        .concat())
    }
}

/// Id of the credential that the app's `wanted` means, else `wanted` itself; the current one without.
fn known_id(own: &UserIntegration, wanted: &JsValue) -> JsValue {
    match wanted.as_string() {
        None => own.credential_id(),
        Some(wanted) => credentials::find(own.credentials(), &wanted)
            .map_or_else(|| wanted.into(), |credential| credential.id()),
    }
}
