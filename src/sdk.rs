//! One SDK instance: its parts, and who is signed in.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::connect::Connect;
use crate::error::{ErrorKind, Outcome};
use crate::events::Events;
use crate::install_flow::InstallFlow;
use crate::js::{self, Callback};
use crate::services::{Service, Services};
use crate::session::{Auth, Session};
use crate::sources::Sources;
use crate::store::Persistence;
use crate::transport::Wire;

/// Version of the protocol this SDK speaks.
pub(crate) const VERSION: &str = "2.4.0";

/// One instance and its parts.
#[derive(Default)]
pub(crate) struct Sdk {
    /// Where the services are.
    pub(crate) services: RefCell<Services>,
    /// Who is signed in.
    pub(crate) session: RefCell<Session>,
    /// Listeners of the app.
    pub(crate) events: Events,
    /// Requests in flight.
    pub(crate) wire: Wire,
    /// What a bad answer of the proxy means, as a JavaScript function: made once, since each costs.
    pub(crate) refused: OnceCell<Callback>,
    /// Where the session is kept.
    pub(crate) persistence: Cell<Persistence>,
    /// Where the options of inputs come from.
    pub(crate) sources: Sources,
    /// Portal and running connect flows.
    pub(crate) connect: Connect,
    /// The install flow of apps without portal.
    pub(crate) install_flow: InstallFlow,
    /// The sign-in under way: for whom, the metadata's JSON text, its promise.
    pub(crate) signing_in: RefCell<Option<(Auth, String, Promise)>>,
}

impl Sdk {
    // What many places need from behind a `RefCell` is read in one place each: a borrow is forty bytes.

    /// Where `service` is.
    #[inline(never)]
    pub(crate) fn url(&self, service: Service) -> String {
        self.services.borrow().url(service).to_owned()
    }

    /// Whether all services are one gateway.
    #[inline(never)]
    pub(crate) fn is_gateway(&self) -> bool {
        self.services.borrow().is_gateway()
    }

    /// Rises with each sign-in, sign-out and reconfiguration.
    #[inline(never)]
    pub(crate) fn epoch(&self) -> u32 {
        self.session.borrow().epoch
    }

    /// The user object itself; [`Sdk::user`] copies it for the app.
    #[inline(never)]
    pub(crate) fn own_user(&self) -> JsValue {
        self.session.borrow().user.clone()
    }

    /// The signed-in user's project and token, or the error of an API call without one.
    pub(crate) fn auth(&self) -> Outcome<Auth> {
        self.session
            .borrow()
            .auth
            .clone()
            .ok_or_else(|| ErrorKind::NoUserForRequest.into())
    }

    /// The same for methods that name the missing user themselves.
    pub(crate) fn require_user(&self) -> Outcome<Auth> {
        self.session
            .borrow()
            .auth
            .clone()
            .ok_or_else(|| ErrorKind::UserNotAuthenticated.into())
    }

    /// [`Sdk::require_user`] where only the check is wanted.
    #[inline(never)]
    pub(crate) fn check_user(&self) -> Outcome<()> {
        self.require_user().map(drop)
    }

    /// A copy of the user, without token.
    pub(crate) fn user(&self) -> JsValue {
        js::copy(&self.own_user())
    }

    /// `logout`: forgets the user and frees what the SDK holds of the page.
    pub(crate) fn sign_out(&self) {
        self.release();
        self.logout();
    }

    /// Forgets the user here and in storage.
    pub(crate) fn logout(&self) {
        self.session.borrow_mut().clear();
        self.wire.forget();
        self.persistence.get().remove();
        self.state_changed();
    }

    /// Tells the portal that something it shows has changed.
    pub(crate) fn state_changed(&self) {
        self.connect.portal_update(self);
    }

    /// Changes services and persistence; the user has to sign in again.
    ///
    /// A kept session is taken up again if it `restores`. The same services again leave a sign-in that is under way
    /// alone: React runs effects twice.
    pub(crate) fn configure(
        self: &Rc<Self>,
        services: Services,
        persistence: Option<Persistence>,
        restores: bool,
    ) {
        let is_same = *self.services.borrow() == services
            && persistence.is_none_or(|wanted| wanted == self.persistence.get());
        if is_same && self.signing_in.borrow().is_some() {
            return;
        }
        // First: the server that a sign-in is withdrawn from is the present one.
        self.release();
        *self.services.borrow_mut() = services;
        {
            let mut session = self.session.borrow_mut();
            session.epoch += 1;
            session.auth = None;
            let user = js::merged(
                &session.user,
                &js::object(&[("authenticated", false.into())]),
            );
            session.user = user;
        }
        if let Some(persistence) = persistence {
            self.persistence.set(persistence);
        }
        if restores {
            self.restore();
        }
    }
}
