//! What an attempt hears and watches while it runs.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::attempt::{About, Attempt, Server};
use super::flow::Event;
use super::popup::Popup;
use crate::host::{self, Listener, Timer};

/// How often the popup is looked at. Milliseconds.
const WATCH_MS: f64 = 500.0;

/// Ends with the attempt.
pub(super) struct Watch {
    _listeners: Vec<Listener>,
    _timers: Vec<Timer>,
    channel: Option<BroadcastChannel>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

impl Watch {
    /// Hears the page and the app's signal, and looks at the popup, until this is dropped.
    pub(super) fn start(attempt: &Rc<Attempt>) -> Self {
        let mut listeners = Vec::new();
        if let Some((window, _)) = host::page() {
            let attempt = Rc::clone(attempt);
            listeners.push(Listener::new(&window, "message", move |event| {
                attempt.heard(&event.unchecked_into());
            }));
        }
        if let Some(signal) = attempt.signal() {
            let (attempt, aborted) = (Rc::clone(attempt), signal.clone());
            listeners.push(Listener::new(&signal, "abort", move |_| {
                attempt.abort(aborted.reason());
            }));
        }
        // Made only where it is used: an open channel keeps a process alive.
        let channel = match &attempt.server {
            Server::Gateway(_) => BroadcastChannel::new("paragon-flow").ok(),
            Server::Cloud(_) => None,
        };
        if let Some(channel) = &channel {
            let attempt = Rc::clone(attempt);
            listeners.push(Listener::new(channel, "message", move |event| {
                attempt.heard_broadcast(&event.unchecked_into());
            }));
        }
        let same = Rc::clone(attempt);
        let mut timers = vec![Timer::every(WATCH_MS, move || same.look_at_popup())];
        if let Some(ms) = attempt.limit_ms {
            let attempt = Rc::clone(attempt);
            timers.push(Timer::once(ms, move || {
                attempt.dispatch(Event::TimeLimit, About::Nothing);
            }));
        }
        Self {
            _listeners: listeners,
            _timers: timers,
            channel,
        }
    }
}

impl Attempt {
    fn look_at_popup(self: &Rc<Self>) {
        let is_closed = self.with_popup(Popup::looks_closed) == Some(true);
        self.dispatch(Event::LooksClosed(is_closed), About::Nothing);
        if let Server::Cloud(_) = self.server
            && !self.is_over()
        {
            self.tick(is_closed);
        }
    }

    fn heard(self: &Rc<Self>, message: &MessageEvent) {
        let is_from_popup = self.with_popup(|popup| popup.sent(message)) == Some(true);
        match &self.server {
            Server::Gateway(_) => self.heard_gateway(message, is_from_popup),
            Server::Cloud(_) => self.heard_cloud(message, is_from_popup),
        }
    }
}
