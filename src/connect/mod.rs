//! Connecting an account: checks, the popup, the flow, its end.
//!
//! [`flow`] decides, as a pure state machine; [`attempt`] runs what it decides against the browser and one of two
//! servers: the [`gateway`], whose record of the flow decides its result, or the [`cloud`], as the reference client runs
//! it. [`install`] begins an attempt for `connect`, [`oauth_flow`] for the portal, and `crate::install_flow` for pages of
//! the app's own; [`pending`] keeps who waits, and [`installed`] announces the end.

pub(crate) mod attempt;
pub(crate) mod checks;
mod cloud;
mod event_stream;
pub(crate) mod flow;
mod gateway;
mod install;
mod installed;
mod oauth_flow;
pub(crate) mod options;
pub(crate) mod pending;
mod popup;
mod redirect;
pub(crate) mod report;
mod watch;

use std::rc::Rc;

use self::attempt::{About, Attempt};
use self::flow::Event;
use crate::error::Result;
use crate::sdk::Sdk;

impl Sdk {
    /// The flow that runs is this attempt's.
    pub(crate) fn attempt_started(self: &Rc<Self>, attempt: &Rc<Attempt>) {
        self.attempt.replace(Some(Rc::clone(attempt)));
        self.watch_page();
    }

    /// The flow of `attempt` is over.
    pub(crate) fn attempt_ended(self: &Rc<Self>, attempt: &Rc<Attempt>) {
        let is_running = |one: &mut Rc<Attempt>| Rc::ptr_eq(one, attempt);
        self.attempt.borrow_mut().take_if(is_running);
        self.watch_page();
    }

    /// Cancels the running flow, if there is one.
    pub(crate) fn cancel_flow(&self) {
        if let Some(attempt) = self.attempt.take() {
            attempt.abort(wasm_bindgen::JsValue::UNDEFINED);
        }
    }

    /// Opens the running flow's popup again.
    pub(crate) fn reopen_flow(&self) -> Result<()> {
        let attempt = self.attempt.borrow().clone();
        attempt.map_or(Ok(()), |attempt| attempt.reopen())
    }

    /// Ends everything that connects. The user goes away, or the page does, `is_leaving`: then the flow is not withdrawn
    /// and its popup stays.
    pub(crate) fn end_connecting(self: &Rc<Self>, is_leaving: bool) {
        if is_leaving && let Some(attempt) = self.attempt.take() {
            attempt.dispatch(Event::Leave, About::Nothing);
        }
        self.cancel_flow();
        self.announce_portal_closed(false);
        self.detach_portal();
        self.pending.cancel_all();
    }
}
