//! The cloud's connect flow, as the reference client runs it: nonce page, authorization URL, messages, session key.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{JsString, Object};
use paragon_wire::flow::FlowStatus;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::MessageEvent;

use super::attempt::{About, Attempt, Server};
use super::flow::Event;
use super::popup::Popup;
use crate::credentials::external_id;
use crate::error::Result;
use crate::host;
use crate::http::{Flight, Outgoing};
use crate::integrations::is_custom_name;
use crate::js;
use crate::model::{Configuration, Credential, Entity};
use crate::promise;
use crate::services::Service;
use crate::session::segment;

/// How often the session key is asked for. Milliseconds.
const POLL_MS: f64 = 1_000.0;
/// Ticks of half a second for which a popup that looks closed is waited for.
const CLOSED_TICKS: u32 = 360;

/// What an attempt at the cloud needs to know beside the flow.
#[derive(Default)]
pub(crate) struct Cloud {
    /// Where the popup goes once its first page is ready.
    authorization_url: RefCell<Option<String>>,
    is_page_ready: Cell<bool>,
    /// Whether the provider's answer came.
    is_exchanging: Cell<bool>,
    /// Whether the session key is asked for.
    is_polling: Cell<bool>,
    /// Half seconds for which the popup looks closed.
    closed_ticks: Cell<u32>,
    /// The popup's message of a failure, which the portal is told in place of the error.
    failure_message: RefCell<JsValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BuildHeaders<'a> {
    #[serde(rename = "Content-Type")]
    content_type: &'a str,
    #[serde(rename = "Authorization")]
    authorization: &'a str,
}

#[wasm_bindgen]
extern "C" {
    /// The answer with the authorization URL, or with the reason why there is none.
    #[wasm_bindgen(extends = Entity)]
    type BuildAnswer;
    #[wasm_bindgen(method, getter, js_name = redirectUrl)]
    fn redirect_url(this: &BuildAnswer) -> JsValue;

    /// A parameter of the authorization URL.
    #[wasm_bindgen(extends = Entity)]
    type Parameter;
    #[wasm_bindgen(method, getter)]
    fn source(this: &Parameter) -> JsValue;

    /// What the popup's pages say.
    #[wasm_bindgen(extends = Entity)]
    type PageMessage;
    #[wasm_bindgen(method, getter)]
    fn credential(this: &PageMessage) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = errorResponse)]
    fn error_response(this: &PageMessage) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn error(this: &PageMessage) -> JsValue;
}

/// Thirteen characters of base 36 from a random id.
pub(crate) fn session_key(id: &str) -> String {
    id.bytes()
        .take(13)
        .map(|byte| match byte {
            b'-' => '0',
            b'_' => '1',
            _ => char::from(byte.to_ascii_lowercase()),
        })
        .collect()
}

impl Cloud {
    /// A new window has to load its first page.
    pub(crate) fn window_is_new(&self) {
        self.is_page_ready.set(false);
        self.closed_ticks.set(0);
    }
}

impl Attempt {
    fn cloud(&self) -> Option<&Cloud> {
        match &self.server {
            Server::Cloud(cloud) => Some(cloud),
            Server::Gateway(_) => None,
        }
    }

    /// The popup's message of a failure; `undefined` without one.
    pub(crate) fn failure_message(&self) -> JsValue {
        self.cloud().map_or(JsValue::UNDEFINED, |cloud| {
            cloud.failure_message.borrow().clone()
        })
    }

    /// The popup's first page. The cloud wants the token in its query.
    pub(crate) fn nonce_url(&self) -> Result<String> {
        let (sdk, auth) = (self.sdk(), self.sdk().session.require_auth()?);
        Ok([
            &sdk.url(Service::Api),
            &auth.path("/sdk/actions/oauth-nonce?action="),
            &js::shown(&self.target.name),
            "&integrationId=",
            &js::shown(&self.target.integration.id()),
            "&originForPostMessage=",
            &js::shown(&host::page_origin()),
            "&userToken=",
            &String::from(&auth.token),
        ]
        .concat())
    }

    /// Asks for the authorization URL.
    pub(crate) fn build_authorization(self: &Rc<Self>) {
        let attempt = Rc::clone(self);
        promise::spawn(async move {
            match attempt.authorization().await {
                Ok(built) => attempt.take_authorization(&built),
                Err(error) => attempt.refused(&error),
            }
        });
    }

    async fn authorization(self: &Rc<Self>) -> Result<BuildAnswer> {
        let sdk = self.sdk();
        let auth = sdk.session.require_auth()?;
        let path = auth.path("/sdk/actions/build-oauth?");
        let url = [
            &sdk.url(Service::Api),
            "/v2",
            &path,
            &self.build_query(&auth.token),
        ]
        .concat();
        let init = web_sys::RequestInit::new();
        init.set_headers(&js::to_object(&BuildHeaders {
            content_type: "application/json",
            authorization: &auth.authorization,
        }));
        let request = Outgoing {
            auth,
            url: url.into(),
            init,
            is_get: true,
        };
        Ok(js::view(
            Flight::start(request, None)?.answer().await?.json(),
        ))
    }

    fn build_query(&self, token: &JsString) -> String {
        let (options, integration) = (&self.target.options, &self.target.integration);
        let name = &self.target.name;
        let action = if is_custom_name(name) {
            "custom".into()
        } else {
            name.clone()
        };
        let parameters = Object::new();
        let account = options.account_type_of(integration);
        let given = account.map_or(JsValue::UNDEFINED, |account| account.oauth_parameters());
        for parameter in js::items::<Parameter>(given) {
            let source: Entity = js::view(parameter.source());
            if source.kind() == "VALUE" {
                js::set(&parameters, &parameter.key(), &source.value());
            }
        }
        let supplied = options.supplied_values();
        let supplied = if supplied.is_undefined() {
            Object::new().into()
        } else {
            supplied
        };
        let provided: super::options::ConnectOptions = js::view(options.provided_config());
        let redirect =
            js::text(provided.redirect_url()).or_else(|| js::text(options.redirect_url()));
        let query: [(&str, JsValue); 10] = [
            ("action", action),
            ("endUserSuppliedValues", js::json(&supplied)),
            ("parameters", js::json(&parameters)),
            ("userToken", token.clone().into()),
            ("integrationId", integration.id()),
            (
                "redirectUrl",
                redirect.map_or(JsValue::UNDEFINED, JsValue::from),
            ),
            ("originForPostMessage", host::page_origin()),
            ("isPreviewMode", "false".into()),
            ("installOptions", js::json(&self.target.install_options)),
            ("oauthMetaKeyId", self.id().into()),
        ];
        let is_given =
            |(name, value): &&(&str, JsValue)| *name != "redirectUrl" || !value.is_undefined();
        let parts = query.iter().filter(is_given);
        let parts = parts.map(|(name, value)| [name, "=", &segment(value)].concat());
        parts.collect::<Vec<_>>().join("&")
    }

    fn take_authorization(self: &Rc<Self>, built: &BuildAnswer) {
        let (Some(cloud), url) = (self.cloud(), js::text(built.redirect_url())) else {
            return;
        };
        if let Some(url) = url {
            cloud.authorization_url.replace(Some(url.into()));
            return self.go_on();
        }
        let code = js::text(built.code()).map_or_else(|| "network".into(), JsValue::from);
        let said = js::text(built.message()).map(JsValue::from);
        self.failed(
            code,
            &said.unwrap_or_else(|| "Build Oauth URL fetch failure".into()),
        );
    }

    /// Sends the popup to the provider once its page is ready and the URL is known.
    fn go_on(&self) {
        if let Some(cloud) = self.cloud()
            && let Some(url) = &*cloud.authorization_url.borrow()
            && cloud.is_page_ready.get()
            && !self.is_over()
        {
            self.with_popup(|popup| popup.go_to(url));
        }
    }

    /// A window message while the flow runs.
    ///
    /// SECURITY: it counts only from the popup that this attempt opened, or from the origin of a configured service.
    pub(crate) fn heard_cloud(self: &Rc<Self>, message: &MessageEvent, is_from_popup: bool) {
        let Some(cloud) = self.cloud() else {
            return;
        };
        if !is_from_popup && !self.is_from_service(&message.origin()) {
            return;
        }
        let data = message.data();
        let said: PageMessage = js::view(data.clone());
        match said.kind().as_string().as_deref() {
            Some("oauth-nonce-loaded") => {
                cloud.is_page_ready.set(true);
                self.go_on();
            }
            Some("oauth_success_callback") => self.exchange(&said.credential()),
            Some("oauth_error_callback") => {
                cloud.failure_message.replace(data);
                let answer = said.error_response();
                let message = text_of(&answer).or_else(|| text_of(&said.error()));
                let code = js::text(js::view::<BuildAnswer>(answer).code());
                let code = code.map_or_else(|| "oauth_failed".into(), JsValue::from);
                self.failed(code, &message.unwrap_or_default());
            }
            _ => {}
        }
    }

    fn is_from_service(&self, origin: &str) -> bool {
        let services = [
            Service::Api,
            Service::Connect,
            Service::Passport,
            Service::PassportProduction,
        ];
        services
            .iter()
            .any(|service| host::origin_of(&self.sdk().url(*service)).as_deref() == Some(origin))
    }

    /// Turns the provider's answer into a credential, once.
    fn exchange(self: &Rc<Self>, answer: &JsValue) {
        let Some(cloud) = self.cloud() else { return };
        let integration_id = js::view::<Entity>(answer.clone()).integration_id();
        if cloud.is_exchanging.get() || integration_id != self.target.integration.id() {
            return;
        }
        cloud.is_exchanging.set(true);
        let (attempt, options) = (Rc::clone(self), self.target.options.install_options());
        let created = self
            .sdk()
            .create_credential(answer, &JsValue::UNDEFINED, &options);
        promise::spawn(async move {
            match created.unwrap_or_else(promise::failed).await {
                Ok(credential) => {
                    let credential: Credential = js::view(credential);
                    attempt.has_credential(&credential.id(), About::Created(credential));
                }
                // The app gets the server's error as it is.
                Err(error) => attempt.dispatch(Event::Refused, About::Refused(error)),
            }
        });
    }

    fn has_credential(self: &Rc<Self>, id: &JsValue, about: About) {
        if !self.is_over() {
            self.forget_session_key();
            let event = Event::Update {
                status: FlowStatus::Connected,
                has_credential: id.is_truthy(),
            };
            self.dispatch(event, about);
        }
    }

    fn session_path(&self) -> String {
        ["/sdk/actions/session-id/", &self.id()].concat()
    }

    /// Removes the session key from the server, if it was asked for.
    pub(crate) fn forget_session_key(self: &Rc<Self>) {
        if self.cloud().is_some_and(|cloud| cloud.is_polling.get()) {
            self.tell("DELETE", &self.session_path());
        }
    }

    /// Every half second: starts asking for the result where messages cannot be relied on; gives up long after the
    /// popup looks closed.
    pub(crate) fn tick(self: &Rc<Self>, looks_closed: bool) {
        let Some(cloud) = self.cloud() else { return };
        let ticks = if looks_closed {
            cloud.closed_ticks.get() + 1
        } else {
            0
        };
        cloud.closed_ticks.set(ticks);
        if ticks > CLOSED_TICKS {
            return self.dispatch(Event::TimeLimit, About::Nothing);
        }
        // A window without opener cannot report either: the provider's pages cut it off.
        let is_silent = looks_closed || self.with_popup(Popup::has_opener) != Some(true);
        let must_ask = is_silent || self.sdk().is_headless.get();
        if must_ask && !cloud.is_polling.replace(true) {
            let attempt = Rc::clone(self);
            promise::spawn(async move { attempt.ask_for_session().await });
        }
    }

    /// Asks for the session key's credential until there is one, or the attempt is over.
    async fn ask_for_session(self: &Rc<Self>) {
        while !self.is_over() {
            let call = self.sdk().project_call("GET", &self.session_path());
            // A failure is no answer either: asking goes on.
            let answer: Configuration = js::view(self.send(call).await.unwrap_or_default());
            let id = answer.owner_id();
            if id.as_string().is_some_and(|id| external_id::is_uuid(&id)) {
                return self.has_credential(&id.clone(), About::Connected(id));
            }
            let _ = host::pause(POLL_MS, None).await;
        }
    }
}

/// What an error says, in one of the forms that providers' errors come in.
fn text_of(error: &JsValue) -> Option<JsValue> {
    let text = js::text(error.clone());
    let text = text.or_else(|| js::text(js::view::<BuildAnswer>(error.clone()).message()));
    text.map(JsValue::from)
}
