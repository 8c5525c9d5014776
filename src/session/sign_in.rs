//! Signing in: reads the token, loads user and integrations, merges metadata; the same again from storage.

use std::cell::Cell;
use std::future::IntoFuture;
use std::rc::Rc;

use js_sys::{JsString, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{Auth, metadata, token};
use crate::api::{self, Call};
use crate::error::{Error, Result};
use crate::host;
use crate::js::{self, Raw};
use crate::model::{Me, User};
use crate::promise::{self, Work};
use crate::sdk::Sdk;

#[wasm_bindgen]
extern "C" {
    /// The app's options of `authenticate`.
    type Options;
    #[wasm_bindgen(method, getter)]
    fn metadata(this: &Options) -> JsValue;
}

/// A sign-in that is under way.
pub(crate) struct SigningIn {
    project: JsValue,
    token: JsValue,
    metadata: JsValue,
    promise: Promise,
    /// Whether it has ended.
    is_over: Rc<Cell<bool>>,
}

impl SigningIn {
    fn is_for(&self, project: &JsValue, token: &JsValue, metadata: &JsValue) -> bool {
        self.project == *project && self.token == *token && self.metadata == *metadata
    }
}

#[derive(Serialize)]
struct PatchMe {
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    meta: Raw,
}

impl Sdk {
    /// `authenticate`. The same sign-in that is under way already is not begun again.
    pub(crate) fn authenticate(
        self: &Rc<Self>,
        project: &JsValue,
        token: &JsValue,
        options: &JsValue,
    ) -> Promise {
        let options: Options = match js::options(options) {
            Ok(options) => options,
            Err(thrown) => return Promise::reject(&thrown),
        };
        let metadata = options.metadata();
        let shown = js::json(&metadata);
        if let Some(running) = &*self.signing_in.borrow()
            && running.is_for(project, token, &shown)
        {
            return running.promise.clone();
        }
        let (sdk, is_over) = (Rc::clone(self), Rc::new(Cell::new(false)));
        let (own, work) = (Rc::clone(&is_over), self.sign_in(project, token, metadata));
        let promise = promise::of(async move {
            let outcome = work.await;
            // Before the app hears of it, which may configure the instance then.
            own.set(true);
            let is_own = |running: &mut SigningIn| Rc::ptr_eq(&running.is_over, &own);
            sdk.signing_in.borrow_mut().take_if(is_own);
            outcome
        });
        if !is_over.get() {
            self.signing_in.replace(Some(SigningIn {
                project: project.clone(),
                token: token.clone(),
                metadata: shown,
                promise: promise.clone(),
                is_over,
            }));
        }
        promise
    }

    fn sign_in(
        self: &Rc<Self>,
        project: &JsValue,
        token: &JsValue,
        metadata: JsValue,
    ) -> Work<Result<JsValue>> {
        let (sdk, project, token) = (
            Rc::clone(self),
            js::text(project.clone()),
            js::text(token.clone()),
        );
        Box::pin(async move { sdk.sign_in_as(project, token, metadata).await })
    }

    async fn sign_in_as(
        self: &Rc<Self>,
        project: Option<JsString>,
        token: Option<JsString>,
        metadata: JsValue,
    ) -> Result<JsValue> {
        let (Some(project), Some(token)) = (project, token) else {
            return Err(Error::new(
                "argument_missing",
                "projectId or token not specified to paragon.authenticate()",
            ));
        };
        host::require(&["atob", "fetch", "Headers"])?;
        let claims = token::read(&String::from(&token))?;
        let (auth, epoch) = (Auth::new(project, token), self.session.next_epoch());
        let signed_in = async {
            if claims.is_expired {
                return Err(Error::new(
                    "token_expired",
                    "JWT token provided has expired.",
                ));
            }
            self.load(&auth, &claims.user_id, epoch).await?;
            self.merge_metadata(&metadata).await
        };
        if let Err(cause) = signed_in.await {
            return Err(self.sign_in_failed(epoch, &cause));
        }
        self.keep_session(&auth);
        self.state_changed();
        Ok(JsValue::UNDEFINED)
    }

    /// Loads user and integrations at once; they are taken over, unless the session changed meanwhile.
    async fn load(self: &Rc<Self>, auth: &Rc<Auth>, user_id: &JsValue, epoch: u32) -> Result<()> {
        let (sdk, same) = (Rc::clone(self), Rc::clone(auth));
        let me = Call::get(auth.path("/sdk/me")).fresh();
        let me = promise::of(async move { sdk.send_as(&same, me).await });
        // It is listened to from now on: a rejection that nobody hears ends some hosts.
        let me = me.into_future();
        let integrations = self
            .send_as(auth, Call::get(auth.path("/sdk/integrations")))
            .await;
        let me: Me = api::require_object(me.await?, "Unable to get user Data")?;
        let integrations: JsValue =
            api::require_object(integrations?, "Unable to fetch integrations")?;
        if self.session.epoch() != epoch {
            return Err(Error::new(
                "superseded",
                "another call changed the session meanwhile",
            ));
        }
        self.session.auth.replace(Some(Rc::clone(auth)));
        self.session.integrations.replace(js::list(integrations));
        self.sources.forget_filled();
        self.take_me(user_id, &me);
        Ok(())
    }

    fn take_me(&self, user_id: &JsValue, me: &Me) {
        self.session.set_user(User::signed_in(user_id, me));
        self.session.project.replace(js::view(me.project()));
    }

    /// Stores what `metadata` changes of the user's.
    async fn merge_metadata(self: &Rc<Self>, metadata: &JsValue) -> Result<()> {
        let user = self.session.user();
        let (old, patch) = (user.meta(), metadata::normalized(metadata));
        if metadata::would_change(&old, &patch) {
            self.patch_me(&patch).await?;
            user.set_meta(&js::merged(&old, &patch));
        }
        Ok(())
    }

    async fn patch_me(self: &Rc<Self>, metadata: &JsValue) -> Result<JsValue> {
        let body = PatchMe {
            meta: Raw(metadata.clone()),
        };
        self.send(self.project_call("PATCH", "/sdk/me")?.body(&body))
            .await
    }

    /// The user is signed out; gives the error for the app.
    fn sign_in_failed(self: &Rc<Self>, epoch: u32, cause: &Error) -> Error {
        let message = js::shown(&cause.message());
        let message = ["Failed to authenticate user with Paragon: ", &message].concat();
        host::warn(&message);
        if self.session.epoch() == epoch {
            self.logout();
        }
        Error::request(&message.into(), &cause.inherited())
    }

    /// `setUserMetadata`: stores `metadata` and loads the user again; gives a copy of the user.
    pub(crate) async fn set_user_metadata(self: Rc<Self>, metadata: JsValue) -> Result<JsValue> {
        let auth = self.session.require_auth()?;
        let (user_id, epoch) = (self.session.user().user_id(), self.session.epoch());
        let metadata = metadata::normalized(&metadata);
        self.patch_me(&metadata).await?;
        self.load(&auth, &user_id, epoch).await?;
        self.state_changed();
        Ok(self.user())
    }

    /// Loads the user again after the proxy refused the token or the credential.
    pub(crate) async fn refresh_user(self: &Rc<Self>) -> Result<()> {
        let auth = self.session.require_auth()?;
        let me = self
            .send_as(&auth, Call::get(auth.path("/sdk/me")).fresh())
            .await?;
        let is_same = self
            .session
            .auth()
            .is_some_and(|now| Rc::ptr_eq(&now, &auth));
        if let Some(me) = js::object::<Me>(me).filter(|_| is_same) {
            self.take_me(&self.session.user().user_id(), &me);
        }
        Ok(())
    }

    /// Signs in again from storage, if the app asked for persistence and an entry is there.
    pub(crate) fn restore(self: &Rc<Self>) {
        if let Some((project, token)) = self.kept_session() {
            // A failed sign-in was warned about and leaves a signed-out user: nobody waits for it.
            let restored = self.authenticate(&project, &token, &JsValue::UNDEFINED);
            promise::spawn(async move { drop(restored.await) });
        }
    }
}
