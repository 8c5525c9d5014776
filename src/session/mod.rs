//! Who is signed in, and what the server said about them. No network.

pub(crate) mod metadata;
mod sign_in;
mod storage;
mod token;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;
use web_sys::RequestInit;

use crate::error::{Error, Result};
use crate::js;
use crate::model::{Integration, Project, User};

pub(crate) use self::sign_in::SigningIn;

/// What a call needs to know about the user. The same user again is another one.
pub(crate) struct Auth {
    /// Project id, as given by the app.
    pub(crate) project: JsString,
    /// The user token.
    pub(crate) token: JsString,
    /// `Authorization` of every call.
    pub(crate) authorization: String,
    /// What stands before the path of `request()`, by integration.
    pub(crate) prefixes: RefCell<Vec<(JsString, JsString)>>,
    /// The plain GET that most calls of `request()` are, made once.
    pub(crate) plain_get: OnceCell<RequestInit>,
}

impl Auth {
    fn new(project: JsString, token: JsString) -> Rc<Self> {
        Rc::new(Self {
            authorization: ["Bearer ", &String::from(&token)].concat(),
            project,
            token,
            prefixes: RefCell::default(),
            plain_get: OnceCell::new(),
        })
    }

    /// `/projects/{id}` with the id as one URL segment, and `rest`.
    pub(crate) fn path(&self, rest: &str) -> String {
        ["/projects/", &segment(&self.project), rest].concat()
    }
}

/// `value` as one component of a URL.
pub(crate) fn segment(value: &JsValue) -> String {
    js_sys::encode_uri_component(&js::shown(value)).into()
}

/// The state of an instance that depends on the user.
pub(crate) struct Session {
    auth: RefCell<Option<Rc<Auth>>>,
    user: RefCell<User>,
    project: RefCell<Project>,
    integrations: RefCell<Array>,
    /// Another one after each sign-in, sign-out and reconfiguration: an answer for an older one is dropped.
    epoch: Cell<u32>,
}

impl Session {
    /// Nobody.
    pub(crate) fn new() -> Self {
        Self {
            auth: RefCell::default(),
            user: RefCell::new(User::signed_out()),
            project: RefCell::new(js::view(JsValue::UNDEFINED)),
            integrations: RefCell::default(),
            epoch: Cell::new(0),
        }
    }

    /// Forgets the user.
    pub(crate) fn clear(&self) {
        self.next_epoch();
        self.auth.take();
        self.set_user(User::signed_out());
        self.project.replace(js::view(JsValue::UNDEFINED));
        self.integrations.take();
    }

    /// Ends the user's calls, and leaves what is shown of them as it is.
    pub(crate) fn suspend(&self) {
        self.next_epoch();
        self.auth.take();
        let suspended: User = js::merged(&self.user(), &User::signed_out());
        self.set_user(suspended);
    }

    /// Makes what is under way out of date.
    pub(crate) fn next_epoch(&self) -> u32 {
        self.epoch.set(self.epoch.get().wrapping_add(1));
        self.epoch.get()
    }

    /// Rises whenever what is under way becomes out of date.
    pub(crate) fn epoch(&self) -> u32 {
        self.epoch.get()
    }

    /// Who is signed in.
    pub(crate) fn auth(&self) -> Option<Rc<Auth>> {
        self.auth.borrow().clone()
    }

    /// The signed-in user, or the error of an API call without one.
    pub(crate) fn require_auth(&self) -> Result<Rc<Auth>> {
        self.auth().ok_or_else(Error::no_user_for_request)
    }

    /// The same for methods that name the missing user themselves.
    pub(crate) fn require_user(&self) -> Result<Rc<Auth>> {
        self.auth().ok_or_else(Error::user_not_authenticated)
    }

    /// The user as the server described them, without token; the app gets copies.
    pub(crate) fn user(&self) -> User {
        self.user.borrow().clone()
    }

    /// The project as the server described it.
    pub(crate) fn project(&self) -> Project {
        self.project.borrow().clone()
    }

    /// The project's integrations as the server described them.
    pub(crate) fn integrations(&self) -> impl Iterator<Item = Integration> {
        js::items(self.integrations.borrow().clone().into())
    }

    /// Takes the place of what is known of the user.
    pub(crate) fn set_user(&self, user: User) {
        self.user.replace(user);
    }
}
