//! What the SDK and the portal's frame say to each other.

use std::rc::Rc;

use js_sys::{Object, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::MessageEvent;

use crate::connect::report::FlowState;
use crate::error::{Error, Result};
use crate::js::{self, Raw};
use crate::model::Entity;
use crate::sdk::Sdk;
use crate::services::Service;
use crate::{host, promise};

/// The whole state.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    message_type: &'static str,
    next_context: Context,
    next_modal_state: Raw,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    user: Raw,
    project_id: Raw,
    environments: Raw,
    project: Raw,
    end_user_integration_config: Raw,
}

#[derive(Serialize)]
struct Environments {
    #[serde(rename = "NODE_ENV")]
    node: &'static str,
    #[serde(rename = "PLATFORM_ENV")]
    platform: &'static str,
    #[serde(rename = "VERSION")]
    version: &'static str,
}

const ENVIRONMENTS: Environments = Environments {
    node: "production",
    platform: "production",
    version: "latest",
};

#[derive(Serialize)]
struct WithFlow {
    flow: Option<FlowState>,
}

/// What the portal asked for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    message_type: &'static str,
    id: Raw,
    #[serde(rename = "type")]
    method: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    result: Raw,
}

/// Why there is nothing.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    message_type: &'static str,
    id: Raw,
    error: bool,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    message: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    code: Raw,
}

#[wasm_bindgen]
extern "C" {
    /// What the portal says.
    #[wasm_bindgen(extends = Entity)]
    type Invocation;
    #[wasm_bindgen(method, getter, js_name = messageType)]
    fn message_type(this: &Invocation) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn parameters(this: &Invocation) -> JsValue;

    /// The argument of `updateContainerStyle`.
    type ContainerStyle;
    #[wasm_bindgen(method, getter, js_name = isModalShown)]
    pub(crate) fn is_modal_shown(this: &ContainerStyle) -> JsValue;

    /// The user, with the token.
    #[wasm_bindgen(extends = Object)]
    type UserWithToken;
    #[wasm_bindgen(method, setter)]
    fn set_token(this: &UserWithToken, token: &JsValue);
}

/// Whether `updateContainerStyle` wants the frame to be seen.
pub(crate) fn is_shown(style: &JsValue) -> bool {
    js::view::<ContainerStyle>(style.clone())
        .is_modal_shown()
        .is_truthy()
}

impl Sdk {
    /// Something that the portal shows has changed: it is told the whole state, once it is loaded, unless the app shows
    /// its own pages.
    pub(crate) fn state_changed(&self) {
        if self.is_headless.get() || !self.is_portal_loaded() {
            return;
        }
        let flow = WithFlow {
            flow: self
                .attempt
                .borrow()
                .as_ref()
                .map(|attempt| attempt.described_status()),
        };
        let flow: JsValue = js::to_object(&flow);
        if js::field(&flow, "flow").is_undefined() {
            js::set(&flow, &"flow".into(), &JsValue::NULL);
        }
        let update: JsValue = js::to_object(&Update {
            message_type: "UI_UPDATE",
            next_context: self.portal_context(),
            next_modal_state: Raw(js::merged(&self.portal.modal(), &flow)),
        });
        // The copy leaves out functions, which cannot be sent.
        self.post_to_portal(&js::copied(&update));
    }

    /// SECURITY: the token goes to the cloud's portal alone, which cannot work without it.
    fn portal_context(&self) -> Context {
        let auth = self.session.auth();
        let user: UserWithToken = js::merged(&self.session.user(), &JsValue::UNDEFINED);
        if let Some(auth) = auth.as_ref().filter(|_| !self.is_gateway()) {
            user.set_token(&auth.token);
        }
        let environments: JsValue = js::to_object(&ENVIRONMENTS);
        Context {
            user: Raw(user.into()),
            project_id: Raw(auth.map_or(JsValue::UNDEFINED, |auth| auth.project.clone().into())),
            environments: Raw(js::merged(&environments, &self.service_urls())),
            project: Raw(self.session.project().into()),
            end_user_integration_config: Raw(self.portal.config.borrow().clone()),
        }
    }

    fn portal_origin(&self) -> Option<String> {
        host::origin_of(&self.url(Service::Connect))
    }

    fn post_to_portal(&self, message: &JsValue) {
        let frame = self.portal.frame.borrow();
        let window = frame.as_ref().and_then(super::frame::Frame::window);
        if let Some((window, origin)) = window.zip(self.portal_origin()) {
            let _ = window.post_message(message, &origin);
        }
    }

    /// A message to the page.
    ///
    /// SECURITY: it counts only from the frame itself, showing a page of the portal's origin.
    pub(super) fn heard_portal(self: &Rc<Self>, message: &MessageEvent) {
        let window = self
            .portal
            .frame
            .borrow()
            .as_ref()
            .and_then(super::frame::Frame::window);
        let source = message.source().map(JsValue::from);
        let is_frame = window
            .zip(source)
            .is_some_and(|(window, source)| js::is_same(&window, &source));
        if !is_frame || self.portal_origin() != Some(message.origin()) {
            return;
        }
        let invocation: Invocation = js::view(message.data());
        if invocation.message_type() != "SDK_FUNCTION_INVOCATION" {
            return;
        }
        let parameters = js::list(invocation.parameters());
        let parameters = [0, 1, 2, 3].map(|index| parameters.get(index));
        // Called before anything is waited for: a popup must open in the task of the portal's click.
        let result = self.call_for_portal(&invocation.kind(), parameters);
        let sdk = Rc::clone(self);
        promise::spawn(async move {
            let (id, method) = (Raw(invocation.id()), Raw(invocation.kind()));
            let result = match result {
                Ok(value) => Promise::resolve(&value).await.map_err(Error::from),
                Err(error) => Err(error),
            };
            let answer: JsValue = match result {
                Ok(value) => js::to_object(&Response {
                    message_type: "SDK_FUNCTION_RESPONSE",
                    id,
                    method,
                    result: Raw(js::copied(&value)),
                }),
                Err(error) => js::to_object(&Refusal {
                    message_type: "SDK_FUNCTION_ERROR",
                    id,
                    error: true,
                    message: Raw(error.message()),
                    code: Raw(error.code()),
                }),
            };
            sdk.post_to_portal(&answer);
        });
    }

    /// Calls the method that the portal names; gives its value or promise.
    ///
    /// # Errors
    /// SECURITY: every name that is not in one of the two lists is refused, whatever the instance has under it.
    fn call_for_portal(
        self: &Rc<Self>,
        method: &JsValue,
        parameters: [JsValue; 4],
    ) -> Result<JsValue> {
        let name = method.as_string().unwrap_or_default();
        if let Some(outcome) = self.call_at_once(&name, &parameters) {
            return outcome;
        }
        let promise = self.call_for_later(&name, parameters).ok_or_else(|| {
            let message = ["the portal may not call `", &js::shown(method), "`"].concat();
            Error::new("method_refused", &message)
        })?;
        Ok(promise.into())
    }

    fn call_at_once(
        self: &Rc<Self>,
        name: &str,
        parameters: &[JsValue; 4],
    ) -> Option<Result<JsValue>> {
        let [a, b, c, d] = parameters;
        let outcome = match name {
            "_fetchBYOFieldMappingOptions" => return Some(self.load_mapping(a, b, c, d)),
            "_loadCustomDropdownOptions" => return Some(self.load_dropdown(a, b, c)),
            "reopenOAuthFlow" => self.reopen_flow(),
            "startOAuthFlow" => self.start_oauth_flow(a, b, c),
            "triggerSDKEvent" => self.trigger_event(a),
            _ => {
                match name {
                    "cancelOAuthFlow" => self.cancel_flow(),
                    "onClose" => self.portal_on_close(a.is_truthy()),
                    "onOpen" => self.portal_on_open(),
                    "setModalState" => self.set_modal_state(a),
                    "updateAuthenticatedUser" => self.update_user(a),
                    "updateContainerStyle" => self.show_portal(is_shown(a)),
                    _ => return None,
                }
                Ok(())
            }
        };
        Some(outcome.map(|()| JsValue::UNDEFINED))
    }

    fn call_for_later(self: &Rc<Self>, name: &str, parameters: [JsValue; 4]) -> Option<Promise> {
        let ([a, b, c, d], sdk) = (parameters, Rc::clone(self));
        Some(match name {
            "disableWorkflow" => promise::of_method(sdk.switch_workflow(&a, &b, false)),
            "enableWorkflow" => promise::of_method(sdk.switch_workflow(&a, &b, true)),
            "getFieldOptions" => promise::of(sdk.field_options(a)),
            "sendConnectRequest" => promise::of_method(sdk.send_connect_request(a, &b, &c)),
            "uninstallIntegration" => promise::of_method(sdk.uninstall_integration(a, &b)),
            "updateIntegrationUserSettings" => promise::of_method(sdk.update_settings(&a, &b, &c)),
            "updateWorkflowUserSettings" => {
                promise::of_method(sdk.update_workflow_settings(&a, &b, &c, &d))
            }
            "_oauthCallback" => promise::of(sdk.oauth_callback(a, b, c)),
            "_oauthErrorCallback" => promise::settled(Ok(sdk.oauth_error_callback(a, b))),
            _ => return None,
        })
    }
}
