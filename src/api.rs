//! API calls as the signed-in user: JSON in, JSON out.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::JsString;
use paragon_wire::ErrorCode;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::error::{Error, Result};
use crate::http::{Answer, ErrorBody, Head, Outgoing};
use crate::promise::{self, Reply};
use crate::sdk::Sdk;
use crate::services::Service;
use crate::session::Auth;
use crate::{host, js};

/// For how long an answer is kept for the portal's calls that accept one. Milliseconds.
const CACHE_MS: f64 = 5_000.0;

/// A call of an API. It is kept in one place, since it passes through many hands.
pub(crate) struct Call(Box<Parts>);

struct Parts {
    method: String,
    path: String,
    service: Service,
    base: Option<String>,
    body: Option<JsValue>,
    head: Head,
    /// Whether the open portal's credential is left out.
    skips_default: bool,
    /// Whether it is sent though an equal read is on the way.
    is_fresh: bool,
    /// Whether a good answer of the last seconds will do.
    accepts_cached: bool,
    /// Ends it.
    signal: Option<AbortSignal>,
}

impl Call {
    /// A call of the main API.
    pub(crate) fn new(method: &str, path: String) -> Self {
        Self(Box::new(Parts {
            method: method.to_owned(),
            path,
            service: Service::Api,
            base: None,
            body: None,
            head: Head {
                content_type: Some("application/json"),
                ..Head::default()
            },
            skips_default: false,
            is_fresh: false,
            accepts_cached: false,
            signal: None,
        }))
    }

    /// A read of the main API.
    pub(crate) fn get(path: String) -> Self {
        Self::new("GET", path)
    }

    /// Sends `body` as JSON.
    pub(crate) fn body(self, body: &impl Serialize) -> Self {
        self.json(&js::to_object(body))
    }

    /// Sends `body`, which the app gave, as JSON; nothing for `undefined`.
    pub(crate) fn json(self, body: &JsValue) -> Self {
        self.raw_body(js::json(body))
    }

    /// Sends `body` as it is.
    pub(crate) fn raw_body(mut self, body: JsValue) -> Self {
        self.0.body = (!body.is_undefined()).then_some(body);
        self
    }

    /// Names the credential that the call is for, if there is one.
    pub(crate) fn credential(mut self, id: Option<JsString>) -> Self {
        self.0.head.credential = id;
        self
    }

    /// Names the configuration that the call is for, if there is one.
    pub(crate) fn configuration(mut self, id: Option<JsString>) -> Self {
        self.0.head.configuration = id;
        self
    }

    /// Adds headers of the app, in any form that `fetch` takes.
    pub(crate) fn headers(mut self, given: JsValue) -> Self {
        self.0.head.given = js::object(given);
        self
    }

    /// Sends it to another service than the main API; the open portal's credential is no concern of that.
    pub(crate) fn service(mut self, service: Service) -> Self {
        self.0.service = service;
        self.0.skips_default = true;
        self
    }

    /// Sends it to this base URL, if one is given.
    pub(crate) fn base(mut self, base: Option<String>) -> Self {
        self.0.base = base;
        self
    }

    /// Leaves the open portal's credential out.
    pub(crate) fn skips_default(mut self, skips: bool) -> Self {
        self.0.skips_default |= skips;
        self
    }

    /// Sends it though an equal read is on the way.
    pub(crate) fn fresh(mut self) -> Self {
        self.0.is_fresh = true;
        self
    }

    /// Lets `signal` end it.
    pub(crate) fn until(mut self, signal: &AbortSignal) -> Self {
        self.0.signal = Some(signal.clone());
        self
    }

    /// Takes a good answer of the last seconds, too.
    pub(crate) fn accepts_cached(mut self, accepts: bool) -> Self {
        self.0.accepts_cached = accepts;
        self
    }
}

/// Answers that are kept for a while, and until when.
#[derive(Default)]
pub(crate) struct AnswerCache(RefCell<Vec<(String, Answer, f64)>>);

impl AnswerCache {
    /// A kept answer, which is kept on.
    fn find(&self, key: &str) -> Option<Answer> {
        let (mut all, now) = (self.0.borrow_mut(), host::now_ms());
        all.retain(|(_, _, until)| *until > now);
        let known = all.iter_mut().find(|(known, ..)| known == key)?;
        known.2 = now + CACHE_MS;
        Some(known.1.clone())
    }

    fn keep(&self, key: String, answer: Answer) {
        let until = host::now_ms() + CACHE_MS;
        self.0.borrow_mut().push((key, answer, until));
    }

    /// Another user: what was answered is not for them.
    pub(crate) fn clear(&self) {
        self.0.take();
    }
}

/// What follows from an answer.
type Take = Box<dyn FnOnce(&Rc<Sdk>, JsValue) -> Result<JsValue>>;

impl Sdk {
    /// A call whose path goes on after the project's.
    ///
    /// # Errors
    /// Without a user.
    pub(crate) fn project_call(&self, method: &str, path: &str) -> Result<Call> {
        Ok(Call::new(method, self.session.require_auth()?.path(path)))
    }

    /// Sends a call as the signed-in user; gives the answer's JSON, `undefined` where it has none.
    ///
    /// # Errors
    /// Without a user, for headers that the engine refuses, without an answer and for a bad one.
    pub(crate) fn send(self: &Rc<Self>, call: Call) -> Reply {
        match self.session.require_auth() {
            Ok(auth) => self.send_as(&auth, call),
            Err(error) => promise::failed(error),
        }
    }

    /// [`Sdk::send`] for a user who may not be signed in yet.
    pub(crate) fn send_as(self: &Rc<Self>, auth: &Rc<Auth>, call: Call) -> Reply {
        let (sdk, auth) = (Rc::clone(self), Rc::clone(auth));
        Box::pin(async move { sdk.exchange(&auth, *call.0).await })
    }

    /// Sends a call as the signed-in user; gives what `take` makes of the answer's JSON.
    ///
    /// # Errors
    /// As [`Sdk::send`], and those of `take`.
    pub(crate) fn send_then(
        self: &Rc<Self>,
        call: Call,
        take: impl FnOnce(&Rc<Self>, JsValue) -> Result<JsValue> + 'static,
    ) -> Reply {
        self.send_then_boxed(call, Box::new(take))
    }

    /// One future for all methods that are checks, a call, and what follows from its answer.
    fn send_then_boxed(self: &Rc<Self>, call: Call, take: Take) -> Reply {
        let (sdk, answer) = (Rc::clone(self), self.send(call));
        Box::pin(async move { take(&sdk, answer.await?) })
    }

    async fn exchange(self: &Rc<Self>, auth: &Rc<Auth>, mut call: Parts) -> Result<JsValue> {
        if call.head.credential.is_none() && !call.skips_default {
            call.head.credential = self.credential_of_open_portal();
        }
        let epoch = self.session.epoch();
        let base = call.base.unwrap_or_else(|| self.url(call.service));
        let url = [base, call.path].concat().into();
        let outgoing = Outgoing::new(auth, url, &call.method, &call.head, call.body.as_ref())?;
        let key = call
            .accepts_cached
            .then(|| [String::from(&outgoing.url), outgoing.key()].join("\n"));
        let answer = if let Some(kept) = key.as_deref().and_then(|key| self.cache.find(key)) {
            kept
        } else {
            let is_shared = key.is_some() || (outgoing.is_get && !call.is_fresh);
            self.flights
                .exchange(outgoing, is_shared, call.signal)
                .await?
        };
        if let Some(key) = key.filter(|_| answer.is_ok()) {
            self.cache.keep(key, answer.clone());
        }
        self.answered(&answer, epoch)
    }

    fn answered(self: &Rc<Self>, answer: &Answer, epoch: u32) -> Result<JsValue> {
        let body = answer.json();
        if answer.is_ok() {
            return Ok(body);
        }
        if self.ends_session(answer, &body) && self.session.epoch() == epoch {
            self.logout();
        }
        // The reference's message is the JSON text of the body, `{}` for what is no JSON.
        let message = if body.is_undefined() {
            "{}".into()
        } else {
            js::json(&body)
        };
        Err(Error::request(&message, &answer.fields(&body)))
    }

    /// Whether an error answer says that the user token is no longer good.
    ///
    /// The gateway names it by code. The cloud does not: there every 401 and 403 counts, except the reference's exempt
    /// codes and errors of the integration.
    pub(crate) fn ends_session(&self, answer: &Answer, body: &JsValue) -> bool {
        let body: ErrorBody = js::view(body.clone());
        if !matches!(answer.status(), 401 | 403) || body.integration_error().is_some() {
            return false;
        }
        match body.code().as_string().as_deref() {
            Some("token_invalid" | "token_expired") => true,
            Some("7210" | "7003" | "0704") => false,
            Some(code) if is_gateway_code(code) => false,
            _ => !self.is_gateway(),
        }
    }
}

/// Whether only a gateway gives this code.
fn is_gateway_code(code: &str) -> bool {
    ErrorCode::OF_APPS
        .iter()
        .any(|known| known.as_str() == code)
}

/// `answer`, which must be an object; else an error that says `missing`.
///
/// # Errors
/// See above.
pub(crate) fn require_object<T: JsCast>(answer: JsValue, missing: &str) -> Result<T> {
    js::object(answer).ok_or_else(|| Error::new("empty_answer", missing))
}
