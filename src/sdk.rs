//! One SDK instance: a JavaScript object that holds all its state.
//!
//! | property | |
//! |---|---|
//! | `services`, `isGateway` | URL of each service by its name in `environments`; whether they are one gateway |
//! | `persistence` | where the session is kept: `memory`, `session` or `local` |
//! | `auth` | `{project, token}` while somebody is signed in, and `prefixes`: the proxy's URL by integration |
//! | `epoch` | another object after each sign-in, sign-out and reconfiguration: an answer for an older one is dropped |
//! | `user` | `{authenticated, userId, integrations, meta, resources}`, never with the token |
//! | `project`, `integrations` | as the server gave them |
//! | `signingIn` | the sign-in under way: `{auth, meta, promise}` |
//! | `listeners` | `{name, listener}` of the app, in order of subscription |
//! | `wire` | the requests in flight (`pkg/lib/wire.js`) |
//! | `isHeadless`, `portal`, `pending`, `attempt`, `lastAnswer` | connecting: see [`crate::connect`] |
//! | `install` | the install flow: see [`crate::install_flow`] |
//! | `sources` | the app's data sources: see [`crate::sources`] |

use crate::error::{named, no_user_for_request};
use crate::services;
use crate::value::{Outcome, Text, UNDEFINED, Value, fill, from_bool, new_list, new_object, t};

/// An instance.
#[derive(Clone, Copy)]
pub(crate) struct Sdk(pub(crate) Value);

/// Who is signed in: `{project, token}`.
#[derive(Clone, Copy)]
pub(crate) struct Auth(pub(crate) Value);

impl Auth {
    /// Project id, as given by the app.
    pub(crate) fn project(self) -> Value {
        self.0.get(t!("project"))
    }

    /// The user token.
    pub(crate) fn token(self) -> Value {
        self.0.get(t!("token"))
    }

    /// `/projects/{id}` with the id as one URL segment, and `rest`.
    pub(crate) fn path(self, rest: Value) -> Value {
        fill!(t!("/projects/{%}{}"), self.project(), rest)
    }
}

impl Sdk {
    /// An instance that nobody is signed in to and that knows no services.
    pub(crate) fn new(wire: Value) -> Self {
        let sdk = Self(new_object());
        wire.set(t!("refused"), crate::request::refuser(sdk));
        sdk.with(t!("wire"), wire)
            .with(t!("listeners"), new_list())
            .with(t!("pending"), new_object())
            .with(t!("portal"), new_object())
            .with(t!("persistence"), crate::value::text(t!("memory")))
            .signed_out()
    }

    fn with(self, key: Text, value: Value) -> Self {
        self.set(key, value);
        self
    }

    /// Property `key` of the state.
    pub(crate) fn get(self, key: Text) -> Value {
        self.0.get(key)
    }

    /// Sets property `key` of the state.
    pub(crate) fn set(self, key: Text, value: Value) {
        self.0.set(key, value);
    }

    fn signed_out(self) -> Self {
        self.next_epoch();
        self.with(t!("auth"), UNDEFINED)
            .with(
                t!("user"),
                new_object().set(t!("authenticated"), from_bool(false)),
            )
            .with(t!("project"), UNDEFINED)
            .with(t!("integrations"), new_list())
    }

    /// Makes what is under way out of date.
    pub(crate) fn next_epoch(self) -> Value {
        let epoch = new_object();
        self.set(t!("epoch"), epoch);
        epoch
    }

    /// Whether nothing has made `epoch` out of date.
    pub(crate) fn is_epoch(self, epoch: Value) -> bool {
        self.get(t!("epoch")).same(epoch)
    }

    /// URL of a service of [`services`].
    pub(crate) fn url(self, service: Text) -> Value {
        let urls = self.get(t!("services"));
        let own = urls.get(service).some();
        own.unwrap_or_else(|| urls.get(services::API))
    }

    /// Whether all services are one gateway, which has the ticket flow.
    pub(crate) fn is_gateway(self) -> bool {
        self.get(t!("isGateway")).is_true()
    }

    /// The signed-in user, or the error of an API call without one.
    pub(crate) fn auth(self) -> Outcome<Auth> {
        let auth = self.get(t!("auth"));
        if auth.is_undefined() {
            return Err(no_user_for_request());
        }
        Ok(Auth(auth))
    }

    /// The same for methods that name the missing user themselves.
    pub(crate) fn require_user(self) -> Outcome<Auth> {
        let auth = self.get(t!("auth")).some().map(Auth);
        auth.ok_or_else(|| named(t!("UserNotAuthenticatedError")))
    }

    /// The user object itself; [`Sdk::user`] copies it for the app.
    pub(crate) fn own_user(self) -> Value {
        self.get(t!("user"))
    }

    /// A copy of the user, without token.
    pub(crate) fn user(self) -> Value {
        self.own_user().copy()
    }

    /// Forgets the user here and in storage.
    pub(crate) fn logout(self) {
        // First, since withdrawing a flow is the user's last call.
        crate::connect::end(self, false);
        self.signed_out();
        crate::store::remove(self);
        self.get(t!("wire")).tell(t!("clear"), UNDEFINED, UNDEFINED);
        self.state_changed();
    }

    /// Tells the portal that something it shows has changed.
    pub(crate) fn state_changed(self) {
        crate::connect::portal::update(self);
    }

    /// Changes services and persistence; the user has to sign in again.
    ///
    /// A kept session is taken up again if it `restores`. The same services again leave a sign-in that is under way
    /// alone: React runs effects twice.
    pub(crate) fn configure(
        self,
        services: Value,
        is_gateway: bool,
        persistence: Value,
        restores: bool,
    ) {
        let persistence = persistence.or(self.get(t!("persistence")));
        let is_same = services.json().same(self.get(t!("services")).json())
            && persistence.same(self.get(t!("persistence")));
        if is_same && self.get(t!("signingIn")).is_true() {
            return;
        }
        crate::connect::end(self, false);
        self.set(t!("services"), services);
        self.set(t!("isGateway"), from_bool(is_gateway));
        self.next_epoch();
        self.set(t!("auth"), UNDEFINED);
        self.set(
            t!("user"),
            self.own_user()
                .merged(new_object().set(t!("authenticated"), from_bool(false))),
        );
        self.set(t!("persistence"), persistence);
        if restores {
            crate::sign_in::restore(self);
        }
    }
}
