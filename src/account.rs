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
        self.call(
            call,
            Box::new(|_, account| {
                if account.is_object() {
                    Ok(account)
                } else {
                    fail("empty_answer", &["Integration not connected"])
                }
            }),
        )
    }

    fn account_call(&self, name: &str, options: &JsValue) -> Outcome<ApiCall> {
        self.check_auth()?;
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
        let mut call = self.project_call("GET", &query)?;
        call.credential = js::non_empty(options, "selectedCredentialId");
        Ok(call)
    }

    /// `getTriggers`: the triggers of integration `name`.
    pub(crate) fn triggers(self: &Rc<Self>, name: &str, options: &JsValue) -> Promise {
        let prepare = || {
            self.check_auth()?;
            self.validate_action(name)?;
            let credential = self.valid_credential(name, options)?;
            let query = ["/triggers?integrations=", &js::encode(name)];
            let mut call = self.project_call("GET", &query)?;
            call.service = Service::TriggerKit;
            call.credential = js::text(&credential, "id");
            Ok(call)
        };
        self.call(prepare(), Box::new(|_, triggers| Ok(triggers)))
    }

    /// `connectAction`: connects to the resource named `slug`; gives the credential.
    pub(crate) fn connect_resource(self: &Rc<Self>, slug: String, payload: &JsValue) -> Promise {
        let prepare = || {
            self.check_user()?;
            let resources = js::items(&self.own_user(), "resources");
            let Some(resource) = js::find(&resources, "slug", &slug) else {
                return fail(
                    "resource_not_found",
                    &["No resource found with name \"", &slug, "\"."],
                );
            };
            if !payload.is_object() {
                return fail("argument_invalid", &["payload must be of type object."]);
            }
            let id = js::text(&resource, "id").unwrap_or_default();
            let path = ["/sdk/resources/", &js::encode(&id), "/connect"];
            Ok(self.project_call("POST", &path)?.json(payload))
        };
        let call = prepare();
        self.call(
            call,
            Box::new(move |_, credential| {
                if credential.is_object() {
                    Ok(credential)
                } else {
                    fail("empty_answer", &["Unable to connect to \"", &slug, "\"."])
                }
            }),
        )
    }

    /// `getCustomWebhookUserManualUrl`: where a user's own webhook calls workflow `id`.
    pub(crate) fn webhook_url(&self, id: &str, credential: Option<String>) -> Outcome<JsValue> {
        let auth = self.require_user()?;
        let unable = |what: &str| {
            fail(
                "webhook_unavailable",
                &["Unable to ", what, " for \"", id, "\"."],
            )
        };
        let found = self.configured_integrations().iter().find_map(|one| {
            js::find(&js::items(&one, "workflows"), "id", id).map(|workflow| (one, workflow))
        });
        let Some((integration, workflow)) = found else {
            return unable("get workflow");
        };
        let name = name_of(&integration);
        if name.is_empty() {
            return unable("get integration type");
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
        let Some(integration_id) = integration_id else {
            return unable("find integrationId");
        };
        let Some(credential_id) = credential_id else {
            return unable("find credentialId");
        };
        let Some(trigger) = js::non_empty(&workflow, "customWebhookTriggerId") else {
            return unable("find a custom webhook");
        };
        let url = [
            &self.url(Service::Events),
            "/triggers/connect/",
            &js::encode(&auth.project),
            "/",
            &integration_id,
            "/custom-triggers/",
            &trigger,
            "?id=",
            &credential_id,
        ];
        Ok(url.concat().into())
    }

    /// Id of the credential that the app's `wanted` means, else `wanted` itself; the current one without.
    fn known_id(&self, name: &str, wanted: Option<String>) -> Option<String> {
        let own = self.user_integration(name);
        let Some(wanted) = wanted.filter(|id| !id.is_empty()) else {
            return js::non_empty(&own, "credentialId");
        };
        let found = credentials::find(&js::items(&own, "allCredentials"), &wanted);
        found
            .and_then(|credential| js::text(&credential, "id"))
            .or(Some(wanted))
    }
}
