//! What the server knows about a connected account: its data, its triggers, its webhook.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::api::ApiCall;
use crate::credentials;
use crate::error::{Outcome, fail};
use crate::integrations::name_of;
use crate::js;
use crate::sdk::Sdk;
use crate::services::Service;

impl Sdk {
    /// `getIntegrationAccount`: the connected account, with its access token where that is asked for and allowed.
    pub(crate) fn integration_account(self: &Rc<Self>, name: &str, options: &JsValue) -> Promise {
        let call = self.account_call(name, options);
        let missing = "Integration not connected".to_owned();
        self.call_for_object(call, missing, Box::new(|_, account| Ok(account)))
    }

    fn account_call(&self, name: &str, options: &JsValue) -> Outcome<ApiCall> {
        self.validate_action(name)?;
        if js::non_empty(&self.user_integration(name), "credentialId").is_none() {
            return fail("credential_not_found", &["Connect credential not found"]);
        }
        let wants_auth = js::get(options, "includeAccountAuth");
        let wants_auth = match wants_auth.is_undefined() {
            true => "undefined",
            false if wants_auth.is_truthy() => "true",
            false => "false",
        };
        let query = [
            "/sdk/credentials?integration=",
            &js::encode(name),
            "&includeAccountAuth=",
            wants_auth,
        ];
        let mut call = self.project_call("GET", &query, &JsValue::UNDEFINED, None)?;
        call.credential = js::non_empty(options, "selectedCredentialId");
        Ok(call)
    }

    /// `getTriggers`: the triggers of integration `name`.
    pub(crate) fn triggers(self: &Rc<Self>, name: &str, options: &JsValue) -> Promise {
        let prepare = || {
            self.validate_action(name)?;
            let credential = self.valid_credential(name, options)?;
            let query = ["/triggers?integrations=", &js::encode(name)];
            let mut call = self.project_call("GET", &query, &JsValue::UNDEFINED, None)?;
            call.service = Service::TriggerKit;
            call.credential = js::text(&credential, "id");
            Ok(call)
        };
        self.call(prepare(), Box::new(|_, triggers| Ok(triggers)))
    }

    /// `connectAction`: connects to the resource named `slug`; gives the credential.
    pub(crate) fn connect_resource(self: &Rc<Self>, slug: &str, payload: &JsValue) -> Promise {
        let prepare = || {
            self.check_user()?;
            let resources = js::items(&self.own_user(), "resources");
            let Some(resource) = js::find(&resources, "slug", slug) else {
                return fail(
                    "resource_not_found",
                    &["No resource found with name \"", slug, "\"."],
                );
            };
            if !payload.is_object() {
                return fail("argument_invalid", &["payload must be of type object."]);
            }
            let id = js::text(&resource, "id").unwrap_or_default();
            let path = ["/sdk/resources/", &js::encode(&id), "/connect"];
            self.project_call("POST", &path, payload, None)
        };
        let missing = ["Unable to connect to \"", slug, "\"."].concat();
        self.call_for_object(prepare(), missing, Box::new(|_, credential| Ok(credential)))
    }

    /// `getCustomWebhookUserManualUrl`: where a user's own webhook calls workflow `id`.
    pub(crate) fn webhook_url(&self, id: &str, credential: &str) -> Outcome<JsValue> {
        let auth = self.require_user()?;
        match self.webhook_path(id, credential) {
            Ok(path) => {
                let project = js::encode(&auth.project);
                let prefix = [&self.url(Service::Events), "/triggers/connect/", &project];
                Ok([&prefix.concat(), path.as_str()].concat().into())
            }
            Err(what) => fail(
                "webhook_unavailable",
                &["Unable to ", what, " for \"", id, "\"."],
            ),
        }
    }

    /// The part after the project's id, or what could not be done.
    fn webhook_path(&self, id: &str, credential: &str) -> Result<String, &'static str> {
        let integrations = self.configured_integrations();
        let workflow_in = |one: &JsValue| js::find(&js::items(one, "workflows"), "id", id);
        let integration = integrations.iter().find(|one| workflow_in(one).is_some());
        let integration = integration.ok_or("get workflow")?;
        let workflow = workflow_in(&integration).ok_or("get workflow")?;
        let name = name_of(&integration);
        if name.is_empty() {
            return Err("get integration type");
        }
        let (integration_id, credential_id) = match js::non_empty(&workflow, "resourceId") {
            Some(resource) => {
                let resources = js::items(&self.own_user(), "resources");
                let resource = js::find(&resources, "id", &resource).unwrap_or_default();
                (
                    js::non_empty(&resource, "integrationId"),
                    js::non_empty(&resource, "credentialId"),
                )
            }
            None => (
                js::non_empty(&integration, "id"),
                self.known_id(&name, credential),
            ),
        };
        let integration_id = integration_id.ok_or("find integrationId")?;
        let credential_id = credential_id.ok_or("find credentialId")?;
        let trigger = js::non_empty(&workflow, "customWebhookTriggerId");
        let parts = [
            "/",
            &integration_id,
            "/custom-triggers/",
            &trigger.ok_or("find a custom webhook")?,
            "?id=",
            &credential_id,
        ];
        Ok(parts.concat())
    }

    /// Id of the credential that the app's `wanted` means, else `wanted` itself; the current one without.
    fn known_id(&self, name: &str, wanted: &str) -> Option<String> {
        let own = self.user_integration(name);
        if wanted.is_empty() {
            return js::non_empty(&own, "credentialId");
        }
        let found = credentials::find(&js::items(&own, "allCredentials"), wanted);
        found
            .and_then(|credential| js::text(&credential, "id"))
            .or_else(|| Some(wanted.to_owned()))
    }
}
