//! One attempt to connect an account: runs the flow's actions against browser and server.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object};
use paragon_wire::flow::FlowStatus;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::cloud::Cloud;
use super::flow::{Action, Ending, Event, Flow};
use super::gateway::Gateway;
use super::options::ConnectOptions;
use super::popup::Popup;
use super::report::{FlowState, Report};
use super::watch::Watch;
use crate::api::Call;
use crate::error::{Error, Result};
use crate::host;
use crate::js;
use crate::model::{Credential, Entity, Integration};
use crate::promise::{self, Deferred};
use crate::request::duration_ms;
use crate::sdk::Sdk;

/// What a caller wants to be connected.
pub(crate) struct Target {
    /// The integration, and its name for the app.
    pub(crate) integration: Integration,
    pub(crate) name: JsValue,
    /// The app's options.
    pub(crate) options: ConnectOptions,
    /// What the server gets to know of them.
    pub(crate) install_options: Object,
    /// Makes the same call again, in a later click.
    pub(crate) retry: Function,
}

/// What the two kinds of servers need to know beside the flow.
pub(crate) enum Server {
    /// A flow of the gateway.
    Gateway(Gateway),
    /// The cloud's, as the reference client runs it.
    Cloud(Cloud),
}

/// What an event is about.
pub(crate) enum About {
    /// Nothing more.
    Nothing,
    /// The server's report on the flow.
    Report(Report),
    /// The credential that the server has made.
    Created(Credential),
    /// Id of the credential that the server says is connected.
    Connected(JsValue),
    /// The server's refusal, as the app gets it.
    Refused(Error),
    /// The flow that a reopening has replaced.
    Replaced(String),
}

/// An attempt.
pub(crate) struct Attempt {
    sdk: Rc<Sdk>,
    pub(crate) target: Target,
    pub(crate) server: Server,
    outcome: Deferred,
    flow: Cell<Flow>,
    /// The present flow, another one after each reopening; at the cloud the session key.
    id: RefCell<String>,
    /// Its highest version that was reported.
    version: Cell<f64>,
    popup: RefCell<Option<Popup>>,
    /// What hears and watches while it runs.
    watch: RefCell<Option<Watch>>,
    pub(super) limit_ms: Option<f64>,
    /// Abort reason given by the app.
    reason: RefCell<JsValue>,
}

impl Attempt {
    /// Opens the popup now, in the caller's own task; one that is open already gives way to it. [`Attempt::begin`] goes
    /// on.
    ///
    /// # Errors
    /// For a time limit that is none, and outside of browsers.
    pub(crate) fn open(sdk: &Rc<Sdk>, target: Target) -> Result<Rc<Self>> {
        let limit_ms = duration_ms(&target.options.oauth_timeout(), "oauthTimeout")?;
        let id = host::random_id()?;
        let (id, server) = if sdk.is_gateway() {
            (id, Server::Gateway(Gateway::new()?))
        } else {
            (
                super::cloud::session_key(&id),
                Server::Cloud(Cloud::default()),
            )
        };
        let attempt = Rc::new(Self {
            sdk: Rc::clone(sdk),
            target,
            server,
            outcome: Deferred::new(),
            flow: Cell::new(Flow::new()),
            id: RefCell::new(id),
            version: Cell::new(0.0),
            popup: RefCell::default(),
            watch: RefCell::default(),
            limit_ms,
            reason: RefCell::default(),
        });
        if attempt.is_aborted() {
            return Ok(attempt);
        }
        if attempt.open_popup()? {
            sdk.cancel_flow();
        }
        Ok(attempt)
    }

    pub(super) fn signal(&self) -> Option<AbortSignal> {
        js::object(self.target.options.signal())
    }

    fn is_aborted(&self) -> bool {
        self.signal().is_some_and(|signal| signal.aborted())
    }

    /// Registers the flow and watches the popup, or says that it is blocked.
    pub(crate) fn begin(self: &Rc<Self>) {
        if let Some(signal) = self.signal().filter(AbortSignal::aborted) {
            self.reason.replace(signal.reason());
            self.flow.set(Flow {
                is_settled: true,
                ..self.flow.get()
            });
            return self.settle(Ending::Cancelled, About::Nothing);
        }
        let is_open = !self.is_blocked();
        if is_open {
            self.watch.replace(Some(Watch::start(self)));
            self.sdk.attempt_started(self);
        }
        self.dispatch(Event::Opened(is_open), About::Nothing);
    }

    /// Opens the popup for the present flow id; gives whether the browser let it.
    fn open_popup(&self) -> Result<bool> {
        let url = match &self.server {
            Server::Gateway(gateway) => gateway.start_url(&self.sdk)?,
            Server::Cloud(_) => self.nonce_url()?,
        };
        let popup = Popup::open(&url)?;
        let is_open = popup.is_some();
        if let Some(popup) = popup {
            let old = self.popup.replace(Some(popup));
            if let Some(old) = old {
                old.close();
            }
        }
        let flow = Flow {
            is_blocked: !is_open,
            ..self.flow.get()
        };
        self.flow.set(flow);
        Ok(is_open)
    }

    /// The instance.
    pub(crate) fn sdk(&self) -> &Rc<Sdk> {
        &self.sdk
    }

    /// Settles with the flow: the install event, or why there is none.
    pub(crate) fn outcome(&self) -> JsFuture {
        self.outcome.promise.clone().into()
    }

    /// Id of the present flow.
    pub(crate) fn id(&self) -> String {
        self.id.borrow().clone()
    }

    /// Takes another id, of a flow that nothing was reported of.
    pub(crate) fn renew_id(&self, id: String) {
        self.id.replace(id);
        self.version.set(0.0);
    }

    /// Highest version of the present flow that was reported.
    pub(crate) fn version(&self) -> f64 {
        self.version.get()
    }

    /// Whether it has settled.
    pub(crate) fn is_over(&self) -> bool {
        self.flow.get().is_settled
    }

    /// Whether the browser refused to open the last window.
    pub(crate) fn is_blocked(&self) -> bool {
        self.flow.get().is_blocked
    }

    /// Where the flow stands.
    pub(crate) fn status(&self) -> FlowStatus {
        self.flow.get().status
    }

    /// [`Attempt::status`] and the popup's, as the portal gets it.
    pub(crate) fn described_status(&self) -> FlowState {
        FlowState::of(self.flow.get())
    }

    /// Calls `act` with the popup, if there is one.
    pub(crate) fn with_popup<T>(&self, act: impl FnOnce(&Popup) -> T) -> Option<T> {
        self.popup.borrow().as_ref().map(act)
    }

    /// Cancels, remembering the app's reason.
    pub(crate) fn abort(self: &Rc<Self>, reason: JsValue) {
        self.reason.replace(reason);
        self.dispatch(Event::Cancel, About::Nothing);
    }

    /// Opens the popup again, with a new flow. Must run in the task of a click.
    ///
    /// # Errors
    /// Outside of browsers.
    pub(crate) fn reopen(self: &Rc<Self>) -> Result<()> {
        if self.is_over() {
            return Ok(());
        }
        let (old, next) = (self.id(), host::random_id()?);
        let is_open = self.open_popup()?;
        match &self.server {
            // The cloud's session key stays good: only the window is new.
            Server::Cloud(cloud) => {
                cloud.window_is_new();
                self.dispatch(Event::LooksClosed(!is_open), About::Nothing);
            }
            Server::Gateway(_) => {
                if is_open {
                    self.renew_id(next);
                }
                self.dispatch(Event::Reopened(is_open), About::Replaced(old));
            }
        }
        Ok(())
    }

    /// Takes in a state that the server reported. What is of another flow, not newer than what is known or no state
    /// counts nothing.
    pub(crate) fn take_report(self: &Rc<Self>, report: JsValue) {
        let report: Report = js::view(report);
        let version = report.version().as_f64().unwrap_or_default();
        let said = report.status().as_string();
        let status = FlowStatus::ALL
            .iter()
            .find(|one| said.as_deref() == Some(one.as_str()));
        if let Some(&status) = status
            && version > self.version.get()
            && report.id() == self.id()
        {
            self.version.set(version);
            let has_credential = js::text(report.credential_id()).is_some();
            let event = Event::Update {
                status,
                has_credential,
            };
            self.dispatch(event, About::Report(report));
        }
    }

    /// The server refused the flow.
    pub(crate) fn refused(self: &Rc<Self>, error: &Error) {
        let body: Entity = js::view(error.body());
        let said = js::text(body.message()).map(JsValue::from);
        let code = js::text(error.code()).map_or_else(|| "network".into(), JsValue::from);
        self.failed(code, &said.unwrap_or_else(|| error.message()));
    }

    /// The flow failed for this reason.
    pub(crate) fn failed(self: &Rc<Self>, code: JsValue, message: &JsValue) {
        let error = Error::oauth_failed(code, message);
        self.dispatch(Event::Refused, About::Refused(error));
    }

    /// Feeds `event` to the flow and does what it asks for.
    pub(crate) fn dispatch(self: &Rc<Self>, event: Event, about: About) {
        let mut flow = self.flow.get();
        let actions = flow.handle(event);
        self.flow.set(flow);
        let mut about = Some(about);
        for action in actions {
            match (action, &self.server) {
                (Action::Register, Server::Gateway(_)) => self.register(),
                (Action::Register, Server::Cloud(_)) => self.build_authorization(),
                (Action::Go, _) => self.say_go(),
                // The app may have ended the flow when it was told.
                (Action::Ask, Server::Gateway(_)) if self.watch.borrow().is_some() => self.ask(),
                (Action::Ask, _) => {}
                (Action::Report, _) => self.report(),
                (Action::ClosePopup, _) => drop(self.with_popup(Popup::close)),
                (Action::Withdraw, Server::Gateway(_)) => self.withdraw(match &about {
                    Some(About::Replaced(flow)) => flow,
                    _ => "",
                }),
                (Action::Withdraw, Server::Cloud(_)) => self.forget_session_key(),
                (Action::Settle(ending), _) => {
                    self.settle(*ending, about.take().unwrap_or(About::Nothing));
                }
            }
        }
    }

    fn report(self: &Rc<Self>) {
        self.sdk.state_changed();
        if let Some(on_status) = js::function(self.target.options.on_status()) {
            let (reopened, cancelled) = (Rc::downgrade(self), Rc::downgrade(self));
            let reopen = js::callback(move |_| {
                let attempt = reopened.upgrade();
                drop(attempt.map(|attempt| attempt.reopen()));
                JsValue::UNDEFINED
            });
            let cancel = js::callback(move |_| {
                if let Some(attempt) = cancelled.upgrade() {
                    attempt.abort(JsValue::UNDEFINED);
                }
                JsValue::UNDEFINED
            });
            let status: JsValue = js::to_object(&self.described_status().with(reopen, cancel));
            js::notify(&on_status, &status, &JsValue::UNDEFINED);
        }
    }

    /// Ends everything that the attempt has under way, then its promise.
    fn settle(self: &Rc<Self>, ending: Ending, about: About) {
        self.watch.take();
        if let Server::Gateway(gateway) = &self.server {
            gateway.unfollow();
        }
        self.sdk.attempt_ended(self);
        let attempt = Rc::clone(self);
        promise::spawn(async move {
            let outcome = attempt.conclude(ending, about).await;
            attempt.outcome.settle(outcome);
        });
    }

    async fn conclude(self: &Rc<Self>, ending: Ending, about: About) -> Result<JsValue> {
        let name = &self.target.name;
        match (ending, about) {
            (Ending::Connected, About::Created(credential)) => {
                Ok(self.sdk.installed(name, &credential))
            }
            (Ending::Connected, About::Report(report)) => {
                // One sign-in may have connected several organizations; the report names the first account.
                if self.target.options.allows_several().is_truthy() {
                    let _ = self.sdk.refresh_user().await;
                }
                self.sdk.connected(name, report.credential_id()).await
            }
            (Ending::Connected, About::Connected(id)) => self.sdk.connected(name, id).await,
            (Ending::Cancelled, _) => Err(Error::oauth_cancelled(self.reason.take())),
            (Ending::TimedOut, _) => Err(Error::oauth_timed_out()),
            (Ending::Blocked, _) => Err(self.popup_blocked(self.target.retry.clone())),
            (_, About::Refused(error)) => Err(error),
            (_, About::Report(report)) => Err(report.failure()),
            _ => Err(Error::oauth_failed(
                "internal".into(),
                &"the connection failed".into(),
            )),
        }
    }

    /// Sends a call about the flow.
    pub(crate) async fn send(self: &Rc<Self>, call: Result<Call>) -> Result<JsValue> {
        self.sdk.send(call?.fresh()).await
    }

    /// [`Attempt::send`] whose outcome does not matter.
    pub(crate) fn tell(self: &Rc<Self>, method: &str, path: &str) {
        let (attempt, call) = (Rc::clone(self), self.sdk.project_call(method, path));
        promise::spawn(async move { drop(attempt.send(call).await) });
    }
}
