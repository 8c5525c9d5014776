//! Subscriptions of the app: who hears what.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};
use crate::js;
use crate::sdk::Sdk;

/// What apps can listen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// An account was connected.
    Install,
    /// An account was disconnected.
    Uninstall,
    /// A workflow was switched on or off in the portal.
    WorkflowChange,
    /// The portal was opened.
    PortalOpen,
    /// The portal was closed.
    PortalClose,
}

/// Each event, its name for apps, and the callback of `connect` that hears it.
const EVENTS: [(Event, &str, &str); 5] = [
    (Event::Install, "onIntegrationInstall", "onInstall"),
    (Event::Uninstall, "onIntegrationUninstall", "onUninstall"),
    (
        Event::WorkflowChange,
        "onWorkflowChange",
        "onWorkflowChange",
    ),
    (Event::PortalOpen, "onPortalOpen", "onOpen"),
    (Event::PortalClose, "onPortalClose", "onClose"),
];

impl Event {
    /// The event of this name.
    pub(crate) fn named(name: &JsValue) -> Option<Self> {
        let name = name.as_string()?;
        let found = EVENTS.iter().find(|(_, known, _)| *known == name);
        found.map(|(event, ..)| *event)
    }

    /// The callback of `connect` that hears it.
    pub(crate) fn callback(self) -> &'static str {
        EVENTS[self as usize].2
    }
}

/// The app's listeners, in the order of their subscription.
#[derive(Default)]
pub(crate) struct Listeners(RefCell<Vec<(Event, Function)>>);

impl Listeners {
    fn of(&self, event: Event) -> Vec<Function> {
        let all = self.0.borrow();
        let heard = all.iter().filter(|(known, _)| *known == event);
        heard.map(|(_, listener)| listener.clone()).collect()
    }

    fn remove(&self, event: Event, listener: &JsValue) -> bool {
        let mut all = self.0.borrow_mut();
        let before = all.len();
        all.retain(|(known, one)| *known != event || one.as_ref() as &JsValue != listener);
        all.len() < before
    }
}

impl Sdk {
    /// `subscribe`: adds `listener`; gives the function that removes it.
    pub(crate) fn subscribe(
        self: &Rc<Self>,
        name: &JsValue,
        listener: &JsValue,
    ) -> Result<Function> {
        let event = event_named(name)?;
        let Some(listener) = js::function(listener.clone()) else {
            let message = ["no listener is provided for ", &js::shown(name)].concat();
            return Err(Error::new("listener_missing", &message));
        };
        let added = (event, listener.clone());
        self.listeners.0.borrow_mut().push(added);
        let sdk = Rc::clone(self);
        Ok(js::callback(move |_| {
            sdk.listeners.remove(event, &listener).into()
        }))
    }

    /// `unsubscribe`: removes every copy of `listener`; gives whether there was one.
    pub(crate) fn unsubscribe(&self, name: &JsValue, listener: &JsValue) -> Result<bool> {
        let event = event_named(name)?;
        if !listener.is_function() {
            return Err(Error::new(
                "listener_missing",
                "listener is required for unsubscription",
            ));
        }
        Ok(self.listeners.remove(event, listener))
    }

    /// Calls the listeners of `event` with `(body, user)`; what they throw is swallowed.
    pub(crate) fn emit(&self, event: Event, body: &JsValue) {
        let listeners = self.listeners.of(event);
        if listeners.is_empty() {
            return;
        }
        let user = self.user();
        for listener in listeners {
            js::notify(&listener, body, &user);
        }
    }
}

fn event_named(name: &JsValue) -> Result<Event> {
    Event::named(name).ok_or_else(|| {
        let message = [&js::shown(name), " is not valid paragon event"].concat();
        Error::new("unknown_event", &message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_events() {
        for (index, (event, ..)) in EVENTS.iter().enumerate() {
            assert_eq!(*event as usize, index);
        }
    }
}
