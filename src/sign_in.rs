//! Signing in: reads the token, loads user and integrations, merges metadata; the same again from storage.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::api::ApiCall;
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::sdk::Sdk;
use crate::services::Service;
use crate::session::{self, Auth};
use crate::{js, metadata, timer, transport};

impl Sdk {
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
        if self.epoch() == epoch {
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
        if self.epoch() != epoch {
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
        self.persistence.get().save(auth, &self.url(Service::Api));
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
        let user = self.own_user();
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
    pub(crate) fn set_user_metadata(self: &Rc<Self>, meta: JsValue) -> Promise {
        let sdk = Rc::clone(self);
        transport::promise(async move {
            let auth = sdk.auth()?;
            let user_id = js::get(&sdk.own_user(), "userId");
            let epoch = sdk.epoch();
            sdk.patch_metadata(&meta).await?;
            sdk.load(&auth, user_id, epoch, &JsValue::UNDEFINED).await?;
            Ok(sdk.user())
        })
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

    /// Signs in again from storage, if the app asked for persistence and an entry is there.
    pub(crate) fn restore(self: &Rc<Self>) {
        let persistence = self.persistence.get();
        let Some(auth) = persistence.load(&self.url(Service::Api)) else {
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
