//! The `connect`s that wait: their callbacks, and their promises.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::options::ConnectOptions;
use crate::error::Error;
use crate::events::Event;
use crate::host::Listener;
use crate::js;
use crate::promise::Deferred;
use crate::sdk::Sdk;

/// By integration, the last `connect` and everyone who waits for it.
#[derive(Default)]
pub(crate) struct Pending(RefCell<Vec<Rc<Connecting>>>);

/// The last `connect` of one integration.
pub(crate) struct Connecting {
    name: JsValue,
    options: RefCell<ConnectOptions>,
    /// The callbacks that have run: each one runs at most once.
    called: RefCell<Vec<&'static str>>,
    waiters: RefCell<Vec<Rc<Waiter>>>,
}

/// A `connect` whose promise has not settled.
pub(crate) struct Waiter {
    connecting: Rc<Connecting>,
    outcome: Deferred,
    on_abort: RefCell<Option<Listener>>,
}

impl Waiter {
    /// The promise of its `connect`.
    pub(crate) fn promise(&self) -> Promise {
        self.outcome.promise.clone()
    }

    /// Its `connect` failed: `onError` runs and the promise rejects, unless it has settled.
    pub(crate) fn fail(self: &Rc<Self>, error: &Error) {
        self.connecting.fail(Some(self), error);
    }

    /// Rejects the promise, and nobody else hears of it.
    pub(crate) fn reject(self: &Rc<Self>, error: &Error) {
        for waiter in self.connecting.take_waiters(Some(self)) {
            waiter.settle(&Err(error.clone()));
        }
    }

    fn settle(&self, outcome: &Result<JsValue, Error>) {
        self.on_abort.take();
        self.outcome.settle(outcome.clone());
    }
}

impl Connecting {
    fn new(name: &JsValue, options: &ConnectOptions) -> Rc<Self> {
        Rc::new(Self {
            name: name.clone(),
            options: RefCell::new(options.clone()),
            called: RefCell::default(),
            waiters: RefCell::default(),
        })
    }

    /// Takes waiters out: all, or this one.
    fn take_waiters(&self, which: Option<&Rc<Waiter>>) -> Vec<Rc<Waiter>> {
        let mut waiters = self.waiters.borrow_mut();
        let is_meant = |one: &Rc<Waiter>| which.is_none_or(|which| Rc::ptr_eq(one, which));
        waiters.extract_if(.., |one| is_meant(one)).collect()
    }

    /// The app's callback, unless it has run.
    fn callback(&self, name: &'static str) -> Option<js_sys::Function> {
        if self.called.borrow().contains(&name) {
            return None;
        }
        js::function(js::field(&self.options.borrow(), name))
    }

    fn call(&self, name: &'static str, first: &JsValue, second: &JsValue) {
        if let Some(callback) = self.callback(name) {
            self.called.borrow_mut().push(name);
            js::notify(&callback, first, second);
        }
    }

    fn fail(&self, which: Option<&Rc<Waiter>>, error: &Error) {
        let failed = self.take_waiters(which);
        if failed.is_empty() {
            return;
        }
        self.call("onError", error.as_ref(), &JsValue::UNDEFINED);
        for waiter in failed {
            waiter.settle(&Err(error.clone()));
        }
    }

    /// Rejects as cancelled.
    fn cancel(&self) {
        self.fail(None, &Error::oauth_cancelled(JsValue::UNDEFINED));
    }
}

impl Pending {
    /// Registers a `connect`: its callbacks take the place of an earlier one's, whose promise waits on.
    pub(crate) fn expect(&self, name: &JsValue, options: &ConnectOptions) -> Rc<Waiter> {
        let connecting = self.of(name).unwrap_or_else(|| {
            let made = Connecting::new(name, options);
            self.0.borrow_mut().push(Rc::clone(&made));
            made
        });
        connecting.options.replace(options.clone());
        connecting.called.take();
        let waiter = Rc::new(Waiter {
            connecting: Rc::clone(&connecting),
            outcome: Deferred::new(),
            on_abort: RefCell::default(),
        });
        if let Some(signal) = js::object::<AbortSignal>(options.signal()) {
            let (own, aborted) = (Rc::downgrade(&waiter), signal.clone());
            let listener = Listener::new(&signal, "abort", move |_| {
                if let Some(waiter) = own.upgrade() {
                    waiter.fail(&Error::oauth_cancelled(aborted.reason()));
                }
            });
            waiter.on_abort.replace(Some(listener));
        }
        connecting.waiters.borrow_mut().push(Rc::clone(&waiter));
        waiter
    }

    fn of(&self, name: &JsValue) -> Option<Rc<Connecting>> {
        let all = self.0.borrow();
        all.iter().find(|one| one.name == *name).cloned()
    }

    /// Options of the last `connect` for `name`, with its callbacks; empty without one.
    pub(crate) fn options(&self, name: &JsValue) -> ConnectOptions {
        match self.of(name) {
            Some(connecting) => connecting.options.borrow().clone(),
            None => js::view(JsValue::UNDEFINED),
        }
    }

    /// Whether the `connect` for `name` has this callback, and it has not run.
    pub(crate) fn has_callback(&self, name: &JsValue, callback: &'static str) -> bool {
        self.of(name)
            .is_some_and(|one| one.callback(callback).is_some())
    }

    /// The account of `name` is connected: every `connect` that waits for it resolves with `event`.
    pub(crate) fn resolve(&self, name: &JsValue, event: &JsValue) {
        if let Some(connecting) = self.of(name) {
            for waiter in connecting.take_waiters(None) {
                waiter.settle(&Ok(event.clone()));
            }
        }
    }

    /// Every `connect` for `name` failed.
    pub(crate) fn fail(&self, name: &JsValue, error: &Error) {
        if let Some(connecting) = self.of(name) {
            connecting.fail(None, error);
        }
    }

    /// Every `connect` rejects as cancelled. They are taken out first: a callback of the app may connect again.
    pub(crate) fn cancel_all(&self) {
        for connecting in self.0.take() {
            connecting.cancel();
        }
    }

    /// The portal is closed: every `connect` that asked for it rejects.
    pub(crate) fn portal_closed(&self) {
        let all = self.0.borrow().clone();
        for connecting in all {
            let rejects = connecting.options.borrow().rejects_on_close().is_truthy();
            if rejects {
                connecting.cancel();
            }
        }
    }
}

impl Sdk {
    /// Calls the app's callback of a `connect` with `(body, user)`, then the listeners of `event`.
    pub(crate) fn announce(&self, event: Event, name: &JsValue, body: &JsValue) {
        self.announce_by(event, event.callback(), name, body);
    }

    /// [`Sdk::announce`] by another callback than the event's own.
    pub(crate) fn announce_by(
        &self,
        event: Event,
        callback: &'static str,
        name: &JsValue,
        body: &JsValue,
    ) {
        if let Some(connecting) = self.pending.of(name) {
            connecting.call(callback, body, &self.user());
        }
        self.emit(event, body);
    }
}
