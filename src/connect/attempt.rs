//! One attempt to connect an account: runs the flow's actions against browser and server.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use super::cloud::CloudState;
use super::flow::{Action, Ending, Event, Flow};
use super::popup::Popup;
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::sdk::Sdk;
use crate::timer::{self, Listener};
use crate::{host, js, options};

/// How often the popup is looked at.
const WATCH_MS: f64 = 500.0;

/// What the caller wants.
pub(crate) struct Wish {
    /// The project's integration, as the server gave it.
    pub(crate) integration: JsValue,
    /// Its name.
    pub(crate) name: String,
    /// Options as the app or the portal gave them.
    pub(crate) options: JsValue,
    /// What the cloud gets as `installOptions` with the authorization URL's request.
    pub(crate) install_options: JsValue,
    /// Makes the same attempt again in a later click.
    pub(crate) retry: JsValue,
}

/// How the attempt talks to its server.
pub(crate) enum Backend {
    /// The gateway's flows; the value is the present ticket.
    Gateway(RefCell<String>),
    /// The cloud's popup pages and session keys.
    Cloud(CloudState),
}

/// A running attempt.
pub(crate) struct Attempt {
    /// The instance.
    pub(crate) sdk: Rc<Sdk>,
    /// What the caller wants.
    pub(crate) wish: Wish,
    /// The flow's state.
    pub(crate) flow: RefCell<Flow>,
    /// The window, once it is open.
    pub(crate) popup: RefCell<Option<Popup>>,
    /// How the server is spoken to.
    pub(crate) backend: Backend,
    /// Abort reason given by the app.
    cancel_reason: RefCell<JsValue>,
    following: RefCell<AbortController>,
    listeners: RefCell<Vec<Listener>>,
    channel: RefCell<JsValue>,
    over: AbortController,
    resolve: Function,
    reject: Function,
}

impl Attempt {
    /// Opens the popup now, in the caller's own task, and starts the flow; the promise settles with it.
    pub(crate) fn start(sdk: &Rc<Sdk>, wish: Wish) -> Outcome<(Rc<Self>, Promise)> {
        let limit_ms = options::duration_ms(&wish.options, "oauthTimeout")?;
        let signal = options::signal(&wish.options);
        let is_gateway = sdk.is_gateway();
        let backend = if is_gateway {
            Backend::Gateway(RefCell::default())
        } else {
            Backend::Cloud(CloudState::default())
        };
        let id = if is_gateway {
            host::random_id()?
        } else {
            super::cloud::session_key()?
        };
        let (promise, resolve, reject) = timer::deferred();
        let attempt = Rc::new(Self {
            sdk: Rc::clone(sdk),
            wish,
            flow: RefCell::new(Flow::new(id)),
            popup: RefCell::default(),
            backend,
            cancel_reason: RefCell::new(JsValue::UNDEFINED),
            following: RefCell::new(AbortController::new()?),
            listeners: RefCell::default(),
            channel: RefCell::default(),
            over: AbortController::new()?,
            resolve,
            reject,
        });
        if let Some(signal) = signal.as_ref().filter(|signal| signal.aborted()) {
            js::call(
                &attempt.reject,
                &[SdkError::from(ErrorKind::OAuthCancelled(signal.reason())).into()],
            );
            attempt.over.abort();
            return Ok((attempt, promise));
        }
        let opened = attempt.open_popup()?;
        attempt.listen(signal, limit_ms);
        attempt.dispatch(Event::Opened(opened));
        Ok((attempt, promise))
    }

    /// Opens the popup for the present flow id.
    fn open_popup(self: &Rc<Self>) -> Outcome<bool> {
        let url = match &self.backend {
            Backend::Gateway(ticket) => {
                *ticket.borrow_mut() = host::random_id()?;
                self.start_url(&ticket.borrow())
            }
            Backend::Cloud(_) => self.nonce_url()?,
        };
        let popup = Popup::open(&url)?;
        let opened = popup.is_some();
        if opened {
            *self.popup.borrow_mut() = popup;
        }
        Ok(opened)
    }

    /// Listens to the popup, the app's signal and the clock until the attempt is over.
    fn listen(self: &Rc<Self>, signal: Option<AbortSignal>, limit_ms: Option<f64>) {
        let mut listeners = self.listeners.borrow_mut();
        if let Some(window) = host::window() {
            listeners.push(super::portal::on_hide(&self.sdk, &window));
            let weak = Rc::downgrade(self);
            listeners.push(Listener::new(&window, "message", move |message| {
                if let Some(attempt) = weak.upgrade() {
                    attempt.heard(&message);
                }
            }));
        }
        if let Some(signal) = signal {
            let (weak, aborted) = (Rc::downgrade(self), signal.clone());
            listeners.push(Listener::new(&signal, "abort", move |_| {
                if let Some(attempt) = weak.upgrade() {
                    attempt.abort(aborted.reason());
                }
            }));
        }
        // Made only where it is used: an open channel keeps a process alive.
        if matches!(self.backend, Backend::Gateway(_))
            && let Some(channel) = super::gateway::done_channel()
        {
            let weak = Rc::downgrade(self);
            self.channel.replace(channel.clone());
            listeners.push(Listener::new(&channel, "message", move |message| {
                if let (Some(attempt), Some(flow)) =
                    (weak.upgrade(), super::gateway::done_flow(&message))
                {
                    attempt.dispatch(Event::Done { flow });
                }
            }));
        }
        drop(listeners);
        self.run_until_over(Rc::clone(self).watch());
        if let Some(ms) = limit_ms {
            let attempt = Rc::clone(self);
            self.run_until_over(async move {
                timer::sleep(ms).await;
                attempt.dispatch(Event::TimeLimit);
            });
        }
    }

    async fn watch(self: Rc<Self>) {
        while !self.is_over() {
            timer::sleep(WATCH_MS).await;
            let closed = self
                .popup
                .borrow()
                .as_ref()
                .is_some_and(Popup::looks_closed);
            self.dispatch(Event::LooksClosed(closed));
            if let Backend::Cloud(state) = &self.backend {
                self.cloud_tick(state, closed);
            }
        }
    }

    /// Runs `work` beside the attempt; it is dropped when the attempt is over.
    pub(crate) fn run_until_over(&self, work: impl Future<Output = ()> + 'static) {
        timer::spawn_until(self.over.signal(), Box::pin(work));
    }

    /// Signal that aborts when the present flow is no longer to be followed.
    pub(crate) fn following(&self) -> AbortSignal {
        self.following.borrow().signal()
    }

    /// Id of the present flow.
    #[inline(never)]
    pub(crate) fn flow_id(&self) -> String {
        self.flow.borrow().id().to_owned()
    }

    /// Highest version of the present flow that the server reported.
    #[inline(never)]
    pub(crate) fn version(&self) -> Option<u32> {
        self.flow.borrow().version()
    }

    /// Whether the attempt has settled.
    pub(crate) fn is_over(&self) -> bool {
        self.over.signal().aborted()
    }

    /// Cancels, remembering the app's reason.
    pub(crate) fn abort(self: &Rc<Self>, reason: JsValue) {
        *self.cancel_reason.borrow_mut() = reason;
        self.dispatch(Event::Cancel);
    }

    /// Stops following: the popup and the server's record are left alone.
    pub(crate) fn leave(self: &Rc<Self>) {
        self.dispatch(Event::Left);
    }

    /// Opens the popup again, with a new flow. Must run in the task of a click.
    pub(crate) fn reopen(self: &Rc<Self>) -> Outcome<()> {
        if self.is_over() {
            return Ok(());
        }
        let flow = host::random_id()?;
        let old = self.popup.borrow().clone();
        let opened = match self.backend {
            Backend::Gateway(_) => self.open_popup()?,
            // The cloud's session key stays good: only the window is new.
            Backend::Cloud(ref state) => {
                state.window_is_new();
                self.open_popup()?
            }
        };
        if opened && let Some(old) = old {
            old.close();
        }
        match self.backend {
            Backend::Gateway(_) => self.dispatch(Event::Reopened { flow, opened }),
            Backend::Cloud(_) => self.dispatch(Event::LooksClosed(!opened)),
        }
        Ok(())
    }

    /// Feeds `event` to the flow and does what it asks for.
    pub(crate) fn dispatch(self: &Rc<Self>, event: Event) {
        let actions = self.flow.borrow_mut().handle(event);
        for action in actions {
            self.perform(action);
        }
    }

    fn perform(self: &Rc<Self>, action: Action) {
        match action {
            Action::Register => {
                self.stop_following();
                match &self.backend {
                    Backend::Gateway(ticket) => self.register(ticket.borrow().clone()),
                    Backend::Cloud(_) => self.build(),
                }
            }
            Action::Go => self.say_go(),
            Action::Ask => self.ask(),
            Action::Report => self.report(),
            Action::ClosePopup => {
                if let Some(popup) = self.popup.borrow().as_ref() {
                    popup.close();
                }
            }
            Action::Withdraw(flow) => self.withdraw(&flow),
            Action::Settle(ending) => self.settle(ending),
        }
    }

    /// Ends the requests about the present flow; later ones get a new signal.
    fn stop_following(&self) {
        if let Ok(next) = AbortController::new() {
            self.following.replace(next).abort();
        }
    }

    fn heard(self: &Rc<Self>, message: &JsValue) {
        let from_popup = self
            .popup
            .borrow()
            .as_ref()
            .is_some_and(|popup| popup.sent(message));
        match &self.backend {
            Backend::Gateway(_) => self.heard_from_gateway(message, from_popup),
            Backend::Cloud(state) => self.heard_from_cloud(state, message, from_popup),
        }
    }

    /// Where the flow stands, for the app and the portal.
    pub(crate) fn status(&self) -> JsValue {
        let flow = self.flow.borrow();
        js::object(&[
            ("status", flow.status().as_str().into()),
            ("popupClosed", flow.looks_closed().into()),
            ("blocked", flow.is_blocked().into()),
        ])
    }

    fn report(self: &Rc<Self>) {
        self.sdk.connect.flow_changed(&self.sdk, self);
        let Some(on_status) = js::function(&self.wish.options, "onStatus") else {
            return;
        };
        let status = self.status();
        let (reopened, cancelled) = (Rc::downgrade(self), Rc::downgrade(self));
        let reopen = js::callback(move |_| {
            if let Some(attempt) = reopened.upgrade() {
                drop(attempt.reopen());
            }
            JsValue::UNDEFINED
        });
        let cancel = js::callback(move |_| {
            if let Some(attempt) = cancelled.upgrade() {
                attempt.dispatch(Event::Cancel);
            }
            JsValue::UNDEFINED
        });
        js::set(&status, "reopen", &reopen.into_js_value());
        js::set(&status, "cancel", &cancel.into_js_value());
        js::call(&on_status, &[status]);
    }

    fn settle(self: &Rc<Self>, ending: Ending) {
        self.over.abort();
        self.listeners.borrow_mut().clear();
        super::gateway::close_channel(&self.channel.borrow());
        self.following.borrow().abort();
        self.sdk.connect.attempt_ended(self);
        let failure = match ending {
            Ending::Connected { credential_id } => return self.finish(credential_id),
            Ending::Failed { code, message } => match self.refusal() {
                Some(error) => ErrorKind::Js(error),
                None => ErrorKind::OAuthFailed { code, message },
            },
            Ending::Cancelled => ErrorKind::OAuthCancelled(self.cancel_reason.borrow().clone()),
            Ending::TimedOut => ErrorKind::OAuthTimeout,
            Ending::Blocked => ErrorKind::OAuthBlocked(self.wish.retry.clone()),
        };
        js::call(&self.reject, &[SdkError::from(failure).into()]);
    }

    fn refusal(&self) -> Option<JsValue> {
        match &self.backend {
            Backend::Cloud(state) => state.refusal(),
            Backend::Gateway(_) => None,
        }
    }

    /// What the portal is told of the failure `error`.
    pub(crate) fn told(&self, error: &JsValue) -> JsValue {
        let own = match &self.backend {
            Backend::Cloud(state) => state.told(),
            Backend::Gateway(_) => None,
        };
        own.unwrap_or_else(|| super::told(error))
    }

    /// Loads the new credential, unless the provider's answer became it, and resolves with it.
    fn finish(self: &Rc<Self>, credential_id: String) {
        if let Backend::Cloud(state) = &self.backend
            && let Some(credential) = state.credential()
        {
            let event = self.sdk.installed(&self.wish.name, &credential);
            return js::call(&self.resolve, &[event]);
        }
        let attempt = Rc::clone(self);
        timer::spawn(async move {
            match attempt
                .sdk
                .connected(&attempt.wish.name, &credential_id)
                .await
            {
                Ok(result) => js::call(&attempt.resolve, &[result]),
                Err(error) => js::call(&attempt.reject, &[error.into()]),
            }
        });
    }

    /// A state the server reported, as JSON value.
    pub(crate) fn updated(self: &Rc<Self>, update: &JsValue) {
        if let Some(update) = super::update::read(update) {
            self.dispatch(Event::Update(update));
        }
    }
}
