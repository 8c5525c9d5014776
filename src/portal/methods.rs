//! The methods that are there for the portal's frame.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Object;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::api::Call;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::host;
use crate::js::{self, Raw};
use crate::model::{Entity, Integration};
use crate::promise::{self, Reply};
use crate::request::path;
use crate::sdk::Sdk;

/// For how long the same answer of a provider counts once. Milliseconds.
const REPEATED_MS: f64 = 5_000.0;

#[wasm_bindgen]
extern "C" {
    /// What `sendConnectRequest` is given beside the path.
    type Init;
    #[wasm_bindgen(method, getter)]
    fn method(this: &Init) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Init) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Init) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = baseURLOverride)]
    fn base(this: &Init) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = cacheResult)]
    fn accepts_cached(this: &Init) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = skipDefaultCredentialIdHeader)]
    fn skips_default(this: &Init) -> JsValue;

    /// The options of `_oauthCallback`.
    type CallbackOptions;
    #[wasm_bindgen(method, getter, js_name = installOptions)]
    fn install_options(this: &CallbackOptions) -> JsValue;

    /// A window message of a provider's refusal.
    type ErrorEvent;
    #[wasm_bindgen(method, getter)]
    fn data(this: &ErrorEvent) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = errorResponse)]
    fn error_response(this: &ErrorEvent) -> JsValue;

    /// An event that the portal reports.
    #[wasm_bindgen(extends = Entity, extends = Object)]
    type EventReport;
    #[wasm_bindgen(method, getter, js_name = integrationType)]
    fn integration_type(this: &EventReport) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = workflowId)]
    fn workflow_id(this: &EventReport) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = workflowStateChange)]
    fn workflow_state_change(this: &EventReport) -> JsValue;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportedEvent {
    integration_id: Raw,
    #[serde(skip_serializing_if = "Option::is_none")]
    integration_type: Option<Raw>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow_id: Option<Raw>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow_state_change: Option<Raw>,
}

/// The last answer of a provider that the portal brought, and when.
#[derive(Default)]
pub(super) struct LastAnswer(RefCell<Option<(String, f64)>>);

impl LastAnswer {
    /// Whether `answer` came within the last seconds; asking counts as coming.
    fn is_repeated(&self, answer: &str) -> bool {
        let now = host::now_ms();
        let last = self.0.replace(Some((answer.to_owned(), now)));
        last.is_some_and(|(known, at)| known == answer && now - at < REPEATED_MS)
    }

    /// The same answer counts again.
    fn forget(&self) {
        self.0.take();
    }
}

impl Sdk {
    /// `sendConnectRequest`: an API call in the portal's name; gives the answer.
    pub(crate) fn send_connect_request(
        self: &Rc<Self>,
        path: JsValue,
        init: &JsValue,
        is_prefixed: &JsValue,
    ) -> Result<Reply> {
        let auth = self.session.require_auth()?;
        let path = String::from(path::given(path)?);
        let init: Init = js::options(init)?;
        let base = js::text(init.base()).map(String::from);
        // SECURITY: the token goes to configured services only.
        if base.as_ref().is_some_and(|base| !self.has_service(base)) {
            return Err(Error::new(
                "path_refused",
                "baseURLOverride is none of the configured services",
            ));
        }
        let method = js::text(init.method()).map_or_else(|| "GET".into(), String::from);
        let is_prefixed = is_prefixed.is_undefined() || is_prefixed.is_truthy();
        let path = if is_prefixed { auth.path(&path) } else { path };
        let body = init.body();
        let body = if body.is_object() {
            js::json(&body)
        } else {
            body
        };
        let call = Call::new(&method.to_ascii_uppercase(), path)
            .base(base)
            .raw_body(body)
            .headers(init.headers())
            .accepts_cached(init.accepts_cached().is_truthy())
            .skips_default(init.skips_default().is_truthy());
        Ok(self.send(call))
    }

    /// The project's integration that the server's `integrationId` of `answer` means.
    fn integration_of(&self, answer: &JsValue) -> Option<Integration> {
        let id = js::text(js::view::<Entity>(answer.clone()).integration_id())?;
        self.find_integration_by_id(&id)
    }

    /// `_oauthCallback`: what a portal got from the user or the provider becomes a credential.
    ///
    /// The same call again within five seconds does nothing. In the cloud's portal a failure is shown there.
    pub(crate) async fn oauth_callback(
        self: Rc<Self>,
        answer: JsValue,
        id: JsValue,
        options: JsValue,
    ) -> Result<JsValue> {
        let Some(integration) = self.integration_of(&answer) else {
            return Ok(JsValue::UNDEFINED);
        };
        let key = [js::shown(&js::json(&answer)), js::shown(&id)].concat();
        if self.portal.last_answer.is_repeated(&key) {
            return Ok(JsValue::UNDEFINED);
        }
        let name = integration.app_name();
        let given: CallbackOptions = js::options(&options)?;
        let options = js::object(given.install_options())
            .unwrap_or_else(|| self.pending.options(&name).install_options());
        let created = self.create_credential(&answer, &id, &options);
        match created.unwrap_or_else(promise::failed).await {
            Ok(credential) => Ok(self.installed(&name, &js::view(credential))),
            Err(error) => {
                self.portal.last_answer.forget();
                if self.is_headless.get() || self.is_gateway() {
                    return Err(error);
                }
                self.flow_failed(&name, JsValue::UNDEFINED, &error);
                Ok(JsValue::UNDEFINED)
            }
        }
    }

    /// `_oauthErrorCallback`: the provider's refusal, as the portal heard it.
    pub(crate) fn oauth_error_callback(
        self: &Rc<Self>,
        message: JsValue,
        event: JsValue,
    ) -> JsValue {
        host::warn("Failed to connect account to Paragon over OAuth");
        let data = js::view::<ErrorEvent>(event).data();
        if let Some(integration) = self.integration_of(&data) {
            let response = js::view::<ErrorEvent>(data.clone()).error_response();
            let error = if response.is_undefined() {
                message
            } else {
                response
            };
            self.merge_modal("connectionError", &data);
            self.pending
                .fail(&integration.app_name(), &Error::from(error));
        }
        JsValue::UNDEFINED
    }

    /// `onOpen`: the portal is shown.
    pub(crate) fn portal_on_open(self: &Rc<Self>) {
        self.portal_opened();
        self.announce_portal(Event::PortalOpen);
    }

    /// `onClose`: the portal was closed by the user, or closes itself (`is_forced` also during an installation without
    /// portal).
    pub(crate) fn portal_on_close(self: &Rc<Self>, is_forced: bool) {
        let is_api_installation = self.portal.is_api_installation();
        self.announce_portal_closed(true);
        if is_forced || !is_api_installation {
            self.cancel_flow();
            self.clear_modal();
        }
    }

    /// `setModalState`: merges `parts` into what the portal shows.
    pub(crate) fn set_modal_state(self: &Rc<Self>, parts: &JsValue) {
        self.merge_modal_parts(parts);
    }

    /// `updateAuthenticatedUser`: merges `part` into the user; who is signed in stays as it is.
    pub(crate) fn update_user(&self, part: &JsValue) {
        if self.session.auth().is_none() {
            return;
        }
        let part: Object = js::merged(part, &JsValue::UNDEFINED);
        // SECURITY: the portal does not say who somebody is.
        for key in ["token", "authenticated", "userId"] {
            js::remove(&part, key);
        }
        self.session
            .set_user(js::merged(&self.session.user(), &part));
        self.state_changed();
    }

    /// `triggerSDKEvent`: fires an event that the portal reports; nothing for one of no integration.
    ///
    /// # Errors
    /// For an unknown event.
    pub(crate) fn trigger_event(&self, event: &JsValue) -> Result<()> {
        let reported: EventReport = js::view(event.clone());
        let (name, kind) = (reported.integration_type(), reported.kind());
        let Some(event) = Event::named(&kind) else {
            let message = [&js::shown(&kind), " is not valid event."].concat();
            return Err(Error::new("unknown_event", &message));
        };
        if !reported.integration_id().is_truthy() || !name.is_truthy() {
            return Ok(());
        }
        let is_change = event == Event::WorkflowChange;
        let body: JsValue = js::to_object(&ReportedEvent {
            integration_id: Raw(reported.integration_id()),
            integration_type: (!is_change).then(|| Raw(name.clone())),
            workflow_id: is_change.then(|| Raw(reported.workflow_id())),
            workflow_state_change: is_change.then(|| Raw(reported.workflow_state_change())),
        });
        self.announce(event, &name, &body);
        if event == Event::Install {
            self.pending.resolve(&name, &body);
        }
        Ok(())
    }
}
