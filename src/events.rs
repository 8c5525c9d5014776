//! Subscriptions of the app: who hears what.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::error::{Outcome, SdkError, fail};
use crate::js;

/// An account was connected.
pub(crate) const INSTALL: &str = "onIntegrationInstall";
/// An account was disconnected.
pub(crate) const UNINSTALL: &str = "onIntegrationUninstall";
/// A workflow was switched on or off in the portal.
pub(crate) const WORKFLOW_CHANGE: &str = "onWorkflowChange";
/// The portal was opened.
pub(crate) const PORTAL_OPEN: &str = "onPortalOpen";
/// The portal was closed.
pub(crate) const PORTAL_CLOSE: &str = "onPortalClose";

const NAMES: [&str; 5] = [
    INSTALL,
    UNINSTALL,
    WORKFLOW_CHANGE,
    PORTAL_OPEN,
    PORTAL_CLOSE,
];

/// Listeners in order of subscription.
#[derive(Default)]
pub(crate) struct Events {
    listeners: RefCell<Vec<(String, Function)>>,
}

impl Events {
    /// Adds `listener` for `name`.
    pub(crate) fn subscribe(&self, name: &JsValue, listener: &JsValue) -> Outcome<()> {
        let name = known_name(name)?;
        let Some(listener) = listener.dyn_ref::<Function>() else {
            let message = ["no listener is provided for ", &name].concat();
            return Err(SdkError::usage("listener_missing", message));
        };
        self.listeners.borrow_mut().push((name, listener.clone()));
        Ok(())
    }

    /// Removes every copy of `listener`; whether there was one.
    pub(crate) fn unsubscribe(&self, name: &JsValue, listener: &JsValue) -> Outcome<bool> {
        let name = known_name(name)?;
        if !listener.is_function() {
            return Err(SdkError::usage(
                "listener_missing",
                "listener is required for unsubscription",
            ));
        }
        let mut listeners = self.listeners.borrow_mut();
        let before = listeners.len();
        listeners.retain(|(own_name, own)| *own_name != name || JsValue::from(own) != *listener);
        Ok(listeners.len() < before)
    }

    /// Calls the listeners of `name` with `(event, user)`; what they throw is swallowed.
    pub(crate) fn emit(&self, name: &str, event: &JsValue, user: &JsValue) {
        let listeners = self.listeners.borrow().clone();
        for (_, listener) in listeners.iter().filter(|(own_name, _)| own_name == name) {
            js::call(listener, &[event.clone(), user.clone()]);
        }
    }
}

fn known_name(name: &JsValue) -> Outcome<String> {
    let text = name.as_string().unwrap_or_default();
    if NAMES.contains(&text.as_str()) {
        return Ok(text);
    }
    fail(
        "unknown_event",
        &[&js::shown(name), " is not valid paragon event"],
    )
}
