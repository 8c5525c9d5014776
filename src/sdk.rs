//! One SDK instance: all its state, and what changes it as a whole.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::api::AnswerCache;
use crate::connect::attempt::Attempt;
use crate::connect::pending::Pending;
use crate::environment::{Environment, Persistence};
use crate::error::Result;
use crate::events::Listeners;
use crate::http::Flights;
use crate::install_flow::InstallFlow;
use crate::js;
use crate::portal::Portal;
use crate::services::{Service, Services};
use crate::session::{Session, SigningIn};
use crate::sources::Registry;

/// An instance.
pub(crate) struct Sdk {
    services: RefCell<Services>,
    /// Where the session is kept over a reload.
    pub(crate) persistence: Cell<Persistence>,
    /// Who is signed in.
    pub(crate) session: Session,
    /// The sign-in that is under way.
    pub(crate) signing_in: RefCell<Option<SigningIn>>,
    /// Who hears of events.
    pub(crate) listeners: Listeners,
    /// Requests on the way.
    pub(crate) flights: Rc<Flights>,
    /// Answers that the portal may get again.
    pub(crate) cache: AnswerCache,
    /// Whether the app shows its own pages instead of the portal.
    pub(crate) is_headless: Cell<bool>,
    /// The portal.
    pub(crate) portal: Portal,
    /// The `connect`s that wait.
    pub(crate) pending: Pending,
    /// The running flow.
    pub(crate) attempt: RefCell<Option<Rc<Attempt>>>,
    /// The install flow on the app's own pages.
    pub(crate) install_flow: InstallFlow,
    /// The app's data sources.
    pub(crate) sources: Registry,
}

impl Sdk {
    /// An instance for `environment`, as the constructor is given it. It signs in from storage if it `restores`.
    ///
    /// # Errors
    /// For an environment that makes no sense.
    pub(crate) fn new(environment: &JsValue, restores: bool) -> Result<Rc<Self>> {
        let Environment {
            services,
            persistence,
        } = Environment::of_constructor(environment)?;
        let sdk = Rc::new(Self {
            services: RefCell::new(services),
            persistence: Cell::new(persistence.unwrap_or(Persistence::Memory)),
            session: Session::new(),
            signing_in: RefCell::default(),
            listeners: Listeners::default(),
            flights: Rc::default(),
            cache: AnswerCache::default(),
            is_headless: Cell::new(false),
            portal: Portal::default(),
            pending: Pending::default(),
            attempt: RefCell::default(),
            install_flow: InstallFlow::default(),
            sources: Registry::default(),
        });
        if restores {
            sdk.restore();
        }
        Ok(sdk)
    }

    /// `configureGlobal`: changes services and persistence; the user has to sign in again, unless a session was kept.
    ///
    /// The same services again leave a sign-in that is under way alone: React runs effects twice.
    pub(crate) fn configure(self: &Rc<Self>, options: &JsValue, overrides: &JsValue) -> Result<()> {
        let Environment {
            services,
            persistence,
        } = Environment::of_global(options, overrides)?;
        let persistence = persistence.unwrap_or(self.persistence.get());
        let is_same = services == *self.services.borrow() && persistence == self.persistence.get();
        if is_same && self.signing_in.borrow().is_some() {
            return Ok(());
        }
        self.end_connecting(false);
        self.services.replace(services);
        self.persistence.set(persistence);
        self.session.suspend();
        self.restore();
        Ok(())
    }

    /// URL of a service.
    pub(crate) fn url(&self, service: Service) -> String {
        self.services.borrow().url(service).to_owned()
    }

    /// URLs of all services by their names in `environments`.
    pub(crate) fn service_urls(&self) -> Object {
        self.services.borrow().to_object()
    }

    /// Whether `url` is that of a service.
    pub(crate) fn has_service(&self, url: &str) -> bool {
        self.services.borrow().has(url)
    }

    /// Whether all services are one gateway, which has the ticket flow.
    pub(crate) fn is_gateway(&self) -> bool {
        self.services.borrow().is_gateway
    }

    /// A copy of the user, without token.
    pub(crate) fn user(&self) -> JsValue {
        js::copy(&self.session.user())
    }

    /// Forgets the user here and in storage.
    pub(crate) fn logout(self: &Rc<Self>) {
        // First, since withdrawing a flow is the user's last call.
        self.end_connecting(false);
        self.session.clear();
        self.forget_session();
        self.cache.clear();
        self.state_changed();
    }
}
