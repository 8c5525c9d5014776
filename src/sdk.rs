//! One SDK instance: its parts, API calls, signing in and out.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Headers;

use crate::connect::Connect;
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::events::Events;
use crate::services::{Service, Services};
use crate::session::{self, Auth, Session};
use crate::store::Persistence;
use crate::transport::{self, Call, Reply, Transport};
use crate::{js, metadata, timer};

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
    pub(crate) transport: Rc<Transport>,
    /// Where the session is kept.
    pub(crate) persistence: Cell<Persistence>,
    /// Portal and running connect flows.
    pub(crate) connect: Connect,
    signing_in: RefCell<Option<(Auth, String, Promise)>>,
}

/// A call of the API: JSON in, JSON out.
pub(crate) struct ApiCall<'a> {
    /// `GET`, `POST` …
    pub(crate) method: &'a str,
    /// Prefix that wins over the service's; one of the configured URLs.
    pub(crate) base: Option<String>,
    /// The service.
    pub(crate) service: Service,
    /// Path after the service's prefix.
    pub(crate) path: String,
    /// `undefined` for none; else what is sent.
    pub(crate) body: JsValue,
    /// Id for `X-Paragon-Credential`.
    pub(crate) credential: Option<&'a str>,
    /// Id for `X-Paragon-Configuration-Id`.
    pub(crate) configuration: Option<&'a str>,
    /// Whether the open portal's credential is left out where `credential` is none.
    pub(crate) skips_default: bool,
    /// The caller's own headers, in any form `fetch` accepts.
    pub(crate) headers: JsValue,
}

impl<'a> ApiCall<'a> {
    /// A call of the main API without body and credential.
    pub(crate) fn new(method: &'a str, path: String) -> Self {
        Self {
            method,
            base: None,
            service: Service::Api,
            path,
            body: JsValue::UNDEFINED,
            credential: None,
            skips_default: false,
            configuration: None,
            headers: JsValue::UNDEFINED,
        }
    }

    /// The same with `body` as JSON.
    pub(crate) fn json(mut self, body: &JsValue) -> Self {
        self.body = js::stringify(body);
        self
    }
}

/// The caller's headers (object, pairs or `Headers`) under the SDK's own.
pub(crate) fn headers_of(caller: &JsValue) -> Outcome<Headers> {
    if caller.is_object() {
        Ok(Headers::new_with_record_from_str_to_str(
            caller.unchecked_ref(),
        )?)
    } else {
        Ok(Headers::new()?)
    }
}

/// Sets `name` unless the caller did.
pub(crate) fn set_default(headers: &Headers, name: &str, value: &str) -> Outcome<()> {
    if !headers.has(name)? {
        headers.set(name, value)?;
    }
    Ok(())
}

impl Sdk {
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

    /// Sends an API call as the signed-in user; `undefined` where the answer has no JSON.
    pub(crate) async fn api(&self, call: ApiCall<'_>) -> Outcome<JsValue> {
        let auth = self.auth()?;
        self.api_as(&auth, call).await
    }

    async fn api_as(&self, auth: &Auth, call: ApiCall<'_>) -> Outcome<JsValue> {
        let epoch = self.session.borrow().epoch;
        let (request, key) = self.prepare(auth, &call)?;
        let reply = self.transport.exchange(request, key).await?;
        if reply.response.ok() {
            return Ok(reply.json());
        }
        let body = reply.json();
        if self.ends_session(&reply, &body) && self.session.borrow().epoch == epoch {
            self.logout();
        }
        Err(api_error(&reply, &body))
    }

    /// The request of an API call, and the key under which identical ones share it.
    fn prepare(&self, auth: &Auth, call: &ApiCall<'_>) -> Outcome<(Call, Option<String>)> {
        let services = self.services.borrow();
        let base = call
            .base
            .as_deref()
            .unwrap_or_else(|| services.url(call.service));
        let url = [base, &call.path].concat();
        let headers = headers_of(&call.headers)?;
        headers.set("Authorization", &["Bearer ", &auth.token].concat())?;
        set_default(&headers, "Accept", "application/json")?;
        set_default(&headers, "Content-Type", "application/json")?;
        set_default(&headers, "X-Paragon-SDK-Version", VERSION)?;
        let takes_default =
            call.credential.is_none() && call.service == Service::Api && !call.skips_default;
        let default = if takes_default {
            self.connect.default_credential(self)
        } else {
            None
        };
        let credential = call.credential.or(default.as_deref());
        let ids = [
            ("X-Paragon-Credential", credential),
            ("X-Paragon-Configuration-Id", call.configuration),
        ];
        for (name, id) in ids {
            if let Some(id) = id {
                set_default(&headers, name, id)?;
            }
        }
        let is_shared =
            call.method == "GET" && !call.path.ends_with("/sdk/me") && call.headers.is_undefined();
        let key = is_shared.then(|| {
            [
                &url,
                "\n",
                &auth.token,
                "\n",
                credential.unwrap_or_default(),
            ]
            .concat()
        });
        let request = Call {
            method: call.method.to_owned(),
            url,
            headers,
            body: call.body.clone(),
        };
        Ok((request, key))
    }

    /// Whether an error answer says that the user token is no longer good.
    ///
    /// The gateway names it by code. The cloud does not: there every 401 and 403 counts, except the reference's
    /// exempt codes and errors of the integration.
    pub(crate) fn ends_session(&self, reply: &Reply, body: &JsValue) -> bool {
        if !matches!(reply.response.status(), 401 | 403)
            || js::flag(&js::get(body, "meta"), "isIntegrationError")
        {
            return false;
        }
        let code = js::text(body, "code").unwrap_or_default();
        match code.as_str() {
            "token_invalid" | "token_expired" => true,
            "7210" | "7003" | "0704" => false,
            _ if self.services.borrow().is_gateway() => false,
            other => paragon_wire::ErrorCode::ALL
                .iter()
                .all(|known| known.as_str() != other),
        }
    }

    /// Signs the user in: reads the token, loads user and integrations, merges metadata.
    pub(crate) fn authenticate(
        self: &Rc<Self>,
        project: &JsValue,
        token: &JsValue,
        options: &JsValue,
    ) -> Promise {
        let (project, token) = (
            project.as_string().unwrap_or_default(),
            token.as_string().unwrap_or_default(),
        );
        let auth = Auth { project, token };
        let meta = js::get(options, "metadata");
        let meta_text = js::json_text(&meta);
        if let Some((running, running_meta, promise)) = self.signing_in.borrow().as_ref()
            && *running == auth
            && *running_meta == meta_text
        {
            return promise.clone();
        }
        let sdk = Rc::clone(self);
        let work_auth = auth.clone();
        let promise = transport::promise(async move {
            let result = sdk.sign_in(work_auth, meta).await;
            sdk.signing_in.take();
            result.map(|()| JsValue::UNDEFINED)
        });
        *self.signing_in.borrow_mut() = Some((auth, meta_text, promise.clone()));
        promise
    }

    async fn sign_in(&self, auth: Auth, meta: JsValue) -> Outcome<()> {
        if auth.project.is_empty() || auth.token.is_empty() {
            let text = "projectId or token not specified to paragon.authenticate()";
            return Err(SdkError::usage("argument_missing", text));
        }
        let claims = session::read_token(&auth.token)?;
        let epoch = {
            let mut session = self.session.borrow_mut();
            session.epoch += 1;
            session.epoch
        };
        let result = if claims.is_expired {
            Err(SdkError::usage(
                "token_expired",
                "JWT token provided has expired.",
            ))
        } else {
            self.load(&auth, claims.user_id, epoch, &meta).await
        };
        result.map_err(|error| self.sign_in_failed(&error.into(), epoch))
    }

    fn sign_in_failed(&self, cause: &JsValue, epoch: u32) -> SdkError {
        let reason = js::text(cause, "message").unwrap_or_default();
        let message = ["Failed to authenticate user with Paragon: ", &reason].concat();
        js::warn(&message);
        if self.session.borrow().epoch == epoch {
            self.logout();
        }
        let fields = js::object(&[("cause", cause.clone())]);
        for key in ["status", "code", "requestId", "retryAfter", "body"] {
            let value = js::get(cause, key);
            if !value.is_undefined() {
                js::set(&fields, key, &value);
            }
        }
        ErrorKind::Request { message, fields }.into()
    }

    /// Loads user and integrations at once and takes them over, unless the session changed meanwhile.
    async fn load(&self, auth: &Auth, user_id: JsValue, epoch: u32, meta: &JsValue) -> Outcome<()> {
        let (me, integrations) = self.fetch_state(auth).await?;
        if self.session.borrow().epoch != epoch {
            return Err(SdkError::usage(
                "superseded",
                "another call changed the session meanwhile",
            ));
        }
        {
            let mut session = self.session.borrow_mut();
            session.auth = Some(auth.clone());
            session.take_user(user_id, &me);
            session.integrations = js::list(&integrations);
        }
        self.merge_metadata(meta).await?;
        self.persistence
            .get()
            .save(auth, self.services.borrow().url(Service::Api));
        self.state_changed();
        Ok(())
    }

    async fn fetch_state(&self, auth: &Auth) -> Outcome<(JsValue, JsValue)> {
        let prefix = auth.project_path();
        let me = self.api_as(auth, ApiCall::new("GET", [&prefix, "/sdk/me"].concat()));
        let integrations = self.api_as(
            auth,
            ApiCall::new("GET", [&prefix, "/sdk/integrations"].concat()),
        );
        let (me, integrations) = both(me, integrations).await;
        let me = me?;
        if !me.is_object() {
            return Err(SdkError::usage("empty_answer", "Unable to get user Data"));
        }
        let integrations = integrations?;
        if !integrations.is_object() {
            return Err(SdkError::usage(
                "empty_answer",
                "Unable to fetch integrations",
            ));
        }
        Ok((me, integrations))
    }

    async fn merge_metadata(&self, meta: &JsValue) -> Outcome<()> {
        if js::keys(meta).is_empty() {
            return Ok(());
        }
        let patch = metadata::normalised(meta);
        let user = self.session.borrow().user.clone();
        let old = js::get(&user, "meta");
        if metadata::would_change(&old, &patch) {
            self.patch_metadata(&patch).await?;
            js::set(&user, "meta", &js::merged(&old, &patch));
        }
        Ok(())
    }

    async fn patch_metadata(&self, meta: &JsValue) -> Outcome<()> {
        let path = [&self.auth()?.project_path(), "/sdk/me"].concat();
        self.api(ApiCall::new("PATCH", path).json(&js::object(&[("meta", meta.clone())])))
            .await?;
        Ok(())
    }

    /// Stores `meta` and loads the user again; gives a copy of the user without token.
    pub(crate) async fn set_user_metadata(&self, meta: &JsValue) -> Outcome<JsValue> {
        let auth = self.auth()?;
        let user_id = js::get(&self.session.borrow().user, "userId");
        let epoch = self.session.borrow().epoch;
        self.patch_metadata(meta).await?;
        self.load(&auth, user_id, epoch, &JsValue::UNDEFINED)
            .await?;
        Ok(self.user())
    }

    /// Loads the user again after the proxy refused the token or the credential.
    pub(crate) async fn refresh_user(&self) -> Outcome<()> {
        let auth = self.auth()?;
        let path = [&auth.project_path(), "/sdk/me"].concat();
        let me = self.api_as(&auth, ApiCall::new("GET", path)).await?;
        let mut session = self.session.borrow_mut();
        if session.auth.as_ref() == Some(&auth) && me.is_object() {
            let user_id = js::get(&session.user, "userId");
            session.take_user(user_id, &me);
        }
        Ok(())
    }

    /// A copy of the user, without token.
    pub(crate) fn user(&self) -> JsValue {
        js::copy(&self.session.borrow().user)
    }

    /// Forgets the user here and in storage.
    pub(crate) fn logout(&self) {
        self.session.borrow_mut().clear();
        self.persistence.get().remove();
        self.state_changed();
    }

    /// Tells the portal that something it shows has changed.
    pub(crate) fn state_changed(&self) {
        self.connect.portal_update(self);
    }

    /// Changes services and persistence; the user has to sign in again.
    pub(crate) fn configure(self: &Rc<Self>, services: Services, persistence: Option<Persistence>) {
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
        self.connect.reset_portal();
        if let Some(persistence) = persistence {
            self.persistence.set(persistence);
        }
        self.restore();
    }

    /// Signs in again from storage, if the app asked for persistence and an entry is there.
    fn restore(self: &Rc<Self>) {
        let persistence = self.persistence.get();
        let Some(auth) = persistence.load(self.services.borrow().url(Service::Api)) else {
            return;
        };
        if session::read_token(&auth.token).is_ok_and(|claims| !claims.is_expired) {
            let promise = self.authenticate(
                &auth.project.into(),
                &auth.token.into(),
                &JsValue::UNDEFINED,
            );
            // A failed restore was warned about and leaves a signed-out user: nobody waits for it.
            timer::spawn(async move { drop(JsFuture::from(promise).await) });
        } else {
            persistence.remove();
        }
    }
}

/// Both futures at once; both results.
async fn both<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) -> (A, B) {
    let (mut first, mut second) = (std::pin::pin!(first), std::pin::pin!(second));
    let (mut one, mut two) = (None, None);
    std::future::poll_fn(move |context| {
        if one.is_none()
            && let std::task::Poll::Ready(value) = first.as_mut().poll(context)
        {
            one = Some(value);
        }
        if two.is_none()
            && let std::task::Poll::Ready(value) = second.as_mut().poll(context)
        {
            two = Some(value);
        }
        match (one.take(), two.take()) {
            (Some(a), Some(b)) => std::task::Poll::Ready((a, b)),
            (a, b) => {
                (one, two) = (a, b);
                std::task::Poll::Pending
            }
        }
    })
    .await
}

/// The error of an API call: the reference's message is the JSON text of the body, `{}` for what is no JSON.
fn api_error(reply: &Reply, body: &JsValue) -> SdkError {
    let message = if body.is_undefined() {
        "{}".to_owned()
    } else {
        js::json_text(body)
    };
    ErrorKind::Request {
        message,
        fields: reply.error_fields(body),
    }
    .into()
}
