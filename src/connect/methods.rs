//! What the portal's frame may call: this list and nothing else.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use crate::api::ApiCall;
use crate::error::{Outcome, SdkError, fail};
use crate::sdk::Sdk;
use crate::{events, js, path, transport};

/// Calls method `name` of the portal's list with `parameters`; gives its result or the promise of it.
///
/// # Errors
/// SECURITY: every other name is refused, whatever the instance has under it.
pub(crate) fn call(sdk: &Rc<Sdk>, name: &str, parameters: &Array) -> Outcome<JsValue> {
    let at = |index: u32| js::at(parameters, index);
    let text = |index: u32| js::text_at(parameters, index);
    let (first, second) = (at(0), at(1));
    let sources = &sdk.sources;
    let promise = match name {
        "sendConnectRequest" => send_connect_request(sdk, &first, &second, &at(2)),
        "_oauthCallback" => oauth_callback(sdk, first, second, at(2)),
        "_oauthErrorCallback" => {
            sdk.oauth_error(&first, &second);
            transport::settled(Ok(JsValue::UNDEFINED))
        }
        "uninstallIntegration" => sdk.uninstall_promise(&first, &second),
        "_fetchBYOFieldMappingOptions" => {
            transport::settled(sources.load_mapping(&text(0), &text(1), &text(2), &at(3)))
        }
        "_loadCustomDropdownOptions" => {
            transport::settled(sources.load_dropdown(&text(0), &second, &at(2)))
        }
        "disableWorkflow" => sdk.switch_workflow(text(0), &second, false),
        "enableWorkflow" => sdk.switch_workflow(text(0), &second, true),
        "getFieldOptions" => sdk.field_options(&first),
        "updateIntegrationUserSettings" => sdk.update_settings(&text(0), &second, &at(2)),
        "updateWorkflowUserSettings" => {
            sdk.update_workflow_settings(&text(0), &text(1), &at(2), &at(3))
        }
        _ => return command(sdk, name, &first, &second, &at(2)),
    };
    Ok(promise.into())
}

/// The methods of the list that give nothing back.
fn command(
    sdk: &Rc<Sdk>,
    name: &str,
    first: &JsValue,
    second: &JsValue,
    third: &JsValue,
) -> Outcome<JsValue> {
    match name {
        "startOAuthFlow" => drop(sdk.start_oauth_flow(first, second, third)?),
        "cancelOAuthFlow" => sdk.connect.cancel_flow(),
        "reopenOAuthFlow" => sdk.connect.reopen_flow()?,
        "updateContainerStyle" => sdk.connect.portal.show(js::flag(first, "isModalShown")),
        "onOpen" => sdk.portal_opened(),
        "onClose" => sdk.portal_closed(first.is_truthy()),
        "setModalState" => sdk.set_modal_state(first),
        "updateAuthenticatedUser" => sdk.update_user(first),
        "triggerSDKEvent" => sdk.trigger_event(first),
        _ => {
            return fail("method_refused", &["the portal may not call `", name, "`"]);
        }
    }
    Ok(JsValue::UNDEFINED)
}

/// An API call in the portal's name.
fn send_connect_request(
    sdk: &Rc<Sdk>,
    path: &JsValue,
    init: &JsValue,
    prefix: &JsValue,
) -> Promise {
    let call = portal_call(sdk, path, init, prefix);
    sdk.call(call, Box::new(|_, answer| Ok(answer)))
}

fn portal_call(sdk: &Sdk, path: &JsValue, init: &JsValue, prefix: &JsValue) -> Outcome<ApiCall> {
    let auth = sdk.auth()?;
    let path = path::rooted(&path.as_string().unwrap_or_default())?;
    let is_prefixed = prefix.is_undefined() || prefix.is_truthy();
    let path = if is_prefixed {
        [&auth.project_path(), path.as_str()].concat()
    } else {
        path
    };
    let base = js::non_empty(init, "baseURLOverride");
    // SECURITY: the token goes to configured services only.
    if base
        .as_deref()
        .is_some_and(|base| !sdk.services.borrow().has_url(base))
    {
        let text = "baseURLOverride is none of the configured services";
        return Err(SdkError::usage("path_refused", text));
    }
    let method = js::non_empty(init, "method")
        .unwrap_or_else(|| "GET".to_owned())
        .to_ascii_uppercase();
    let body = js::get(init, "body");
    let body = if body.is_object() {
        js::stringify(&body)
    } else {
        body
    };
    Ok(ApiCall {
        body,
        headers: js::get(init, "headers"),
        base,
        skips_default: js::flag(init, "skipDefaultCredentialIdHeader"),
        is_kept: js::flag(init, "cacheResult"),
        ..ApiCall::new(&method, path)
    })
}

fn oauth_callback(
    sdk: &Rc<Sdk>,
    answer: JsValue,
    credential_id: JsValue,
    options: JsValue,
) -> Promise {
    let sdk = Rc::clone(sdk);
    transport::promise(async move {
        sdk.oauth_callback(&answer, credential_id.as_string(), &options)
            .await
    })
}

impl Sdk {
    /// The portal is shown.
    pub(crate) fn portal_opened(&self) {
        self.connect.portal.opened();
        self.portal_event(events::PORTAL_OPEN, "onOpen");
    }

    /// The portal was closed by the user, or closes itself (`forced` also during an installation without portal).
    pub(crate) fn portal_closed(self: &Rc<Self>, forced: bool) {
        let is_api_installation = js::flag(
            &js::get(
                &self.connect.portal.modal.borrow(),
                "apiInstallationOptions",
            ),
            "isApiInstallation",
        );
        if self.connect.portal.closed() {
            self.portal_event(events::PORTAL_CLOSE, "onClose");
        }
        if forced || !is_api_installation {
            self.connect.cancel_flow();
            self.clear_modal();
        }
    }

    /// Closes the portal for the app.
    pub(crate) fn close_portal(&self) {
        if self.connect.portal.closed() {
            self.portal_event(events::PORTAL_CLOSE, "onClose");
        }
        self.clear_modal();
    }

    /// Shows nothing in the portal any more.
    pub(super) fn clear_modal(&self) {
        self.connect.portal.show_nothing();
        self.state_changed();
        self.connect.settle_closed();
    }

    pub(super) fn portal_event(&self, event: &str, callback: &str) {
        let integration = js::get(&self.connect.portal.modal.borrow(), "integration");
        if !integration.is_object() {
            return;
        }
        let name = crate::integrations::name_of(&integration);
        let body = js::object(&[
            ("integrationId", js::get(&integration, "id")),
            ("integrationType", name.as_str().into()),
        ]);
        self.connect
            .callback(&name, callback, &[body.clone(), self.user()]);
        self.events.emit(event, &body, &self.user());
    }

    /// Merges `part` into what the portal shows.
    pub(crate) fn set_modal_state(&self, part: &JsValue) {
        let merged = js::merged(&self.connect.portal.modal.borrow(), part);
        *self.connect.portal.modal.borrow_mut() = merged;
        self.state_changed();
    }

    /// Merges `part` into the user; who is signed in stays as it is.
    pub(crate) fn update_user(&self, part: &JsValue) {
        if self.auth().is_err() {
            return;
        }
        let part = js::merged(part, &js::object(&[]));
        for key in ["token", "authenticated", "userId"] {
            let _ = js_sys::Reflect::delete_property(
                part.unchecked_ref::<js_sys::Object>(),
                &key.into(),
            );
        }
        let merged = js::merged(&self.own_user(), &part);
        self.session.borrow_mut().user = merged;
        self.state_changed();
    }

    /// Fires an event that the portal reports.
    pub(crate) fn trigger_event(&self, event: &JsValue) {
        let kind = js::text(event, "type").unwrap_or_default();
        let name = js::text(event, "integrationType").unwrap_or_default();
        let callback = match kind.as_str() {
            events::WORKFLOW_CHANGE => "onWorkflowChange",
            events::INSTALL => "onInstall",
            events::UNINSTALL => "onUninstall",
            events::PORTAL_OPEN => "onOpen",
            events::PORTAL_CLOSE => "onClose",
            _ => return,
        };
        let keys: &[&str] = if kind == events::WORKFLOW_CHANGE {
            &["integrationId", "workflowId", "workflowStateChange"]
        } else {
            &["integrationId", "integrationType"]
        };
        let body = js::object(&[]);
        for key in keys {
            js::set(&body, key, &js::get(event, key));
        }
        self.connect
            .callback(&name, callback, &[body.clone(), self.user()]);
        self.events.emit(&kind, &body, &self.user());
        if kind == events::INSTALL {
            self.connect.install_done(&name, &body);
        }
    }
}

/// Style of the portal's overlay.
pub(crate) fn overlay_style() -> JsValue {
    js::object(&[("overflow", "auto".into())])
}
