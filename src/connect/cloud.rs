//! The cloud's connect flow, as the reference client runs it: nonce page, authorization URL, messages, session key.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use paragon_wire::flow::{FlowStatus, FlowUpdate};
use wasm_bindgen::prelude::*;

use super::attempt::Attempt;
use super::flow::Event;
use super::popup::Popup;
use crate::api::ApiCall;
use crate::error::{ErrorKind, Outcome};
use crate::services::Service;
use crate::transport::Call;
use crate::{credentials, host, js, timer};

/// How often the session key is asked for.
const POLL_MS: f64 = 1_000.0;
/// Ticks of half a second for which a popup that looks closed is waited for.
const CLOSED_TICKS: u32 = 360;

/// What the cloud's flow has to remember.
#[derive(Default)]
pub(crate) struct CloudState {
    authorization_url: RefCell<Option<String>>,
    is_nonce_loaded: Cell<bool>,
    is_polling: Cell<bool>,
    is_exchanging: Cell<bool>,
    closed_ticks: Cell<u32>,
    /// The credential that the provider's answer became.
    credential: RefCell<Option<JsValue>>,
    /// Why the server made none.
    refusal: RefCell<Option<JsValue>>,
    /// What the portal is told of a failure in place of the error: the popup's own message.
    told: RefCell<Option<JsValue>>,
}

impl CloudState {
    /// A new window has to load the nonce page first.
    pub(crate) fn window_is_new(&self) {
        self.is_nonce_loaded.set(false);
        self.closed_ticks.set(0);
    }

    /// The credential that the provider's answer became.
    pub(crate) fn credential(&self) -> Option<JsValue> {
        self.credential.borrow().clone()
    }

    /// The error with which the server refused the provider's answer.
    pub(crate) fn refusal(&self) -> Option<JsValue> {
        self.refusal.borrow().clone()
    }

    /// The popup's message of a failure.
    pub(crate) fn told(&self) -> Option<JsValue> {
        self.told.borrow().clone()
    }
}

/// Thirteen random characters of base 36.
pub(crate) fn session_key() -> Result<String, JsValue> {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let seed = host::random_id()?;
    let key = seed
        .bytes()
        .take(13)
        .map(|byte| char::from(DIGITS[usize::from(byte) % 36]));
    Ok(key.collect())
}

impl Attempt {
    /// The popup's first page. The cloud wants the token in its query.
    pub(crate) fn nonce_url(&self) -> Outcome<String> {
        let auth = self.sdk.auth()?;
        let id = js::text(&self.wish.integration, "id").unwrap_or_default();
        Ok([
            &self.sdk.url(Service::Api),
            &auth.project_path(),
            "/sdk/actions/oauth-nonce?action=",
            &self.wish.name,
            "&integrationId=",
            &id,
            "&originForPostMessage=",
            &host::page_origin(),
            "&userToken=",
            &auth.token,
        ]
        .concat())
    }

    /// Asks for the authorization URL.
    pub(crate) fn build(self: &Rc<Self>) {
        let attempt = Rc::clone(self);
        self.run_until_over(async move {
            let key = attempt.flow_id();
            match attempt.authorization_url(&key).await {
                Ok(url) => {
                    if let super::attempt::Backend::Cloud(state) = &attempt.backend {
                        *state.authorization_url.borrow_mut() = Some(url);
                        attempt.go_on(state);
                    }
                }
                Err(error) => attempt.refused(key, error),
            }
        });
    }

    async fn authorization_url(&self, key: &str) -> Outcome<String> {
        let auth = self.sdk.auth()?;
        let query = self.build_query(key, &auth.token);
        let url = [
            &self.sdk.url(Service::Api),
            "/v2",
            &auth.project_path(),
            "/sdk/actions/build-oauth?",
            &query,
        ]
        .concat();
        let headers = js::object(&[
            ("Content-Type", "application/json".into()),
            ("Authorization", auth.bearer().into()),
        ]);
        let call = Call {
            url,
            init: js::object(&[("headers", headers)]),
            is_shared: false,
            is_kept: false,
        };
        let reply = self.sdk.wire.send(&call, &JsValue::UNDEFINED).await?;
        let body = reply.json();
        match js::non_empty(&body, "redirectUrl") {
            Some(url) => Ok(url),
            None => Err(ErrorKind::Request {
                message: js::non_empty(&body, "message")
                    .unwrap_or_else(|| "Build Oauth URL fetch failure".to_owned()),
                fields: reply.fields(&body),
            }
            .into()),
        }
    }

    fn build_query(&self, key: &str, token: &str) -> String {
        let options = &self.wish.options;
        let action = if self.wish.name.starts_with("custom.") {
            "custom"
        } else {
            &self.wish.name
        };
        let account = super::account_type_config(&self.wish.integration, options);
        let parameters = js::object(&[]);
        for one in js::items(&account, "oauthParameters") {
            let source = js::get(&one, "source");
            if js::is(&source, "type", "VALUE") {
                let key = js::text(&one, "key").unwrap_or_default();
                js::set(&parameters, &key, &js::get(&source, "value"));
            }
        }
        let supplied = js::get(options, "endUserSuppliedValues");
        let supplied = if supplied.is_undefined() {
            js::object(&[])
        } else {
            supplied
        };
        let mut pairs = vec![
            ("action", action.to_owned()),
            ("endUserSuppliedValues", js::json_text(&supplied)),
            ("parameters", js::json_text(&parameters)),
            ("userToken", token.to_owned()),
            (
                "integrationId",
                js::text(&self.wish.integration, "id").unwrap_or_default(),
            ),
        ];
        let provided = js::get(options, "userProvidedIntegrationConfig");
        if let Some(url) = js::non_empty(&provided, "overrideRedirectUrl")
            .or_else(|| js::non_empty(options, "overrideRedirectUrl"))
        {
            pairs.push(("redirectUrl", url));
        }
        pairs.extend([
            ("originForPostMessage", host::page_origin()),
            ("isPreviewMode", "false".to_owned()),
            ("installOptions", js::json_text(&self.wish.install_options)),
            ("oauthMetaKeyId", key.to_owned()),
        ]);
        let encode = |(name, value): (&str, String)| [name, "=", &js::encode(&value)].concat();
        pairs.into_iter().map(encode).collect::<Vec<_>>().join("&")
    }

    /// Sends the popup to the provider once its page is ready and the URL is known.
    fn go_on(&self, state: &CloudState) {
        if !state.is_nonce_loaded.get() {
            return;
        }
        if let (Some(url), Some(popup)) = (
            state.authorization_url.borrow().as_ref(),
            self.popup.borrow().as_ref(),
        ) {
            popup.go_to(url);
        }
    }

    /// A window message while the flow runs.
    ///
    /// SECURITY: it counts only from the popup this attempt opened or from the origin of a configured service.
    pub(crate) fn heard_from_cloud(
        self: &Rc<Self>,
        state: &CloudState,
        message: &JsValue,
        from_popup: bool,
    ) {
        if !from_popup && !self.is_from_service(message) {
            return;
        }
        let data = js::get(message, "data");
        match js::text(&data, "type").as_deref() {
            Some("oauth-nonce-loaded") => {
                state.is_nonce_loaded.set(true);
                self.go_on(state);
            }
            Some("oauth_success_callback") if !state.is_exchanging.replace(true) => {
                self.exchange(js::get(&data, "credential"));
            }
            Some("oauth_error_callback") => {
                let answer = js::get(&data, "errorResponse");
                let text = |value: &JsValue| {
                    value
                        .as_string()
                        .or_else(|| js::non_empty(value, "message"))
                };
                let message = text(&answer)
                    .or_else(|| text(&js::get(&data, "error")))
                    .unwrap_or_default();
                let code =
                    js::non_empty(&answer, "code").unwrap_or_else(|| "oauth_failed".to_owned());
                *state.told.borrow_mut() = Some(data);
                let flow = self.flow_id();
                self.dispatch(Event::Refused {
                    flow,
                    code,
                    message,
                });
            }
            _ => {}
        }
    }

    fn is_from_service(&self, message: &JsValue) -> bool {
        let origin = js::text(message, "origin");
        let services = self.sdk.services.borrow();
        [
            Service::Api,
            Service::Connect,
            Service::Passport,
            Service::PassportProduction,
        ]
        .into_iter()
        .any(|service| origin.is_some() && host::origin_of(services.url(service)) == origin)
    }

    /// Turns the provider's answer into a credential.
    fn exchange(self: &Rc<Self>, answer: JsValue) {
        let attempt = Rc::clone(self);
        self.run_until_over(async move {
            if js::text(&answer, "integrationId") != js::text(&attempt.wish.integration, "id") {
                return;
            }
            let options = super::install_options(&attempt.wish.options);
            let created = attempt.sdk.create_credential(&answer, None, &options).await;
            let super::attempt::Backend::Cloud(state) = &attempt.backend else {
                return;
            };
            match created {
                Ok(credential) => {
                    let id = js::text(&credential, "id").unwrap_or_default();
                    *state.credential.borrow_mut() = Some(credential);
                    attempt.has_credential(&id);
                }
                Err(error) => {
                    let error = JsValue::from(error);
                    *state.refusal.borrow_mut() = Some(error.clone());
                    attempt.refused(attempt.flow_id(), error.into());
                }
            }
        });
    }

    fn has_credential(self: &Rc<Self>, credential_id: &str) {
        let update = {
            let flow = self.flow.borrow();
            FlowUpdate {
                id: flow.id().to_owned(),
                version: flow.version().unwrap_or_default() + 1,
                status: FlowStatus::Connected,
                credential_id: Some(credential_id.to_owned()),
                error: None,
            }
        };
        if let super::attempt::Backend::Cloud(state) = &self.backend {
            self.forget_session_key(state, &self.flow_id());
        }
        self.dispatch(Event::Update(update));
    }

    /// Removes the session key from the server, if it was asked for.
    pub(crate) fn forget_session_key(&self, state: &CloudState, key: &str) {
        if state.is_polling.get() {
            self.remove(self.session_path(key));
        }
    }

    fn session_path(&self, key: &str) -> Outcome<String> {
        Ok([
            &self.sdk.auth()?.project_path(),
            "/sdk/actions/session-id/",
            key,
        ]
        .concat())
    }

    /// Every half second: starts asking for the result where messages cannot be relied on; gives up long after the
    /// popup looks closed.
    pub(crate) fn cloud_tick(self: &Rc<Self>, state: &CloudState, looks_closed: bool) {
        // A window without opener cannot report either: the provider's pages cut it off.
        let is_silent = looks_closed || self.popup.borrow().as_ref().is_some_and(Popup::is_cut_off);
        state.closed_ticks.set(if looks_closed {
            state.closed_ticks.get() + 1
        } else {
            0
        });
        if state.closed_ticks.get() > CLOSED_TICKS {
            self.dispatch(Event::TimeLimit);
        } else if (is_silent || self.sdk.connect.is_headless()) && !state.is_polling.replace(true) {
            let attempt = Rc::clone(self);
            self.run_until_over(async move { attempt.poll_session().await });
        }
    }

    async fn poll_session(self: &Rc<Self>) {
        let key = self.flow_id();
        let Ok(path) = self.session_path(&key) else {
            return;
        };
        while !self.is_over() {
            if let Ok(answer) = self.sdk.api(ApiCall::new("GET", path.clone())).await
                && let Some(id) = js::non_empty(&answer, "connectCredentialId")
                    .filter(|id| credentials::is_uuid(id))
            {
                self.has_credential(&id);
                return;
            }
            timer::sleep(POLL_MS).await;
        }
    }
}
