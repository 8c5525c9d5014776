//! `request()`: the provider's API through the proxy.

mod body;
pub(crate) mod path;
mod refusal;
mod retry;

use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use self::retry::Retry;
use crate::error::{Error, Result};
use crate::http::{Flight, Head, Outgoing};
use crate::sdk::Sdk;
use crate::services::Service;
use crate::session::{Auth, segment};
use crate::{host, http, js};

#[wasm_bindgen]
extern "C" {
    /// The app's options.
    pub(crate) type Options;
    #[wasm_bindgen(method, getter)]
    fn method(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn timeout(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn retry(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = responseType)]
    fn response_type(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = selectedCredentialId)]
    fn selected_credential_id(this: &Options) -> JsValue;
}

/// What `request()` resolves with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResponseType {
    /// JSON where the answer says so, else text; the proxy's envelope is taken off.
    Json,
    Text,
    Blob,
    ArrayBuffer,
    Stream,
    Response,
}

impl ResponseType {
    fn of(given: &JsValue) -> Result<Self> {
        if given.is_undefined() {
            return Ok(Self::Json);
        }
        match given.as_string().as_deref() {
            Some("json") => Ok(Self::Json),
            Some("text") => Ok(Self::Text),
            Some("blob") => Ok(Self::Blob),
            Some("arrayBuffer") => Ok(Self::ArrayBuffer),
            Some("stream") => Ok(Self::Stream),
            Some("response") => Ok(Self::Response),
            _ => Err(Error::new(
                "invalid_option",
                "responseType must be json, text, blob, arrayBuffer, stream or response",
            )),
        }
    }

    /// Whether the SDK reads the body; else the app does, and may want to end that.
    fn is_read(self) -> bool {
        !matches!(self, Self::Stream | Self::Response)
    }
}

/// A duration of an option bag in milliseconds; none where it is left out.
///
/// # Errors
/// When it is there but no positive number.
pub(crate) fn duration_ms(given: &JsValue, name: &str) -> Result<Option<f64>> {
    if given.is_undefined() || given.is_null() {
        return Ok(None);
    }
    if let Some(ms) = given.as_f64().filter(|ms| *ms > 0.0) {
        Ok(Some(ms))
    } else {
        let message = [name, " must be a positive number of milliseconds"].concat();
        Err(Error::new("invalid_option", &message))
    }
}

/// Ends a request with the app's signal, and after a time.
struct Limit {
    signal: Option<AbortSignal>,
    following: Option<host::Listener>,
    _timer: Option<host::Timer>,
}

impl Limit {
    fn new(signal: Option<AbortSignal>, timeout_ms: Option<f64>) -> Result<Self> {
        let Some(ms) = timeout_ms else {
            return Ok(Self {
                signal,
                following: None,
                _timer: None,
            });
        };
        let controller = AbortController::new()?;
        let limited = controller.signal();
        let following = signal.map(|signal| {
            let (own, controller) = (signal.clone(), controller.clone());
            let abort = move || controller.abort_with_reason(&own.reason());
            if signal.aborted() {
                abort();
            }
            host::Listener::new(&signal, "abort", move |_| abort())
        });
        let timer = host::Timer::once(ms, move || {
            controller.abort_with_reason(&Error::timed_out().into());
        });
        Ok(Self {
            signal: Some(limited),
            following,
            _timer: Some(timer),
        })
    }

    /// The answer is there; the app reads its body, and may want to end that.
    fn leave(&mut self) {
        if let Some(following) = self.following.take() {
            following.leave();
        }
    }
}

impl Sdk {
    /// Calls the provider of `integration` at `path`.
    pub(crate) async fn request(
        self: Rc<Self>,
        integration: JsValue,
        path: JsValue,
        options: JsValue,
    ) -> Result<JsValue> {
        let auth = self.session.require_auth()?;
        let Some(integration) = js::text(integration) else {
            return Err(Error::new(
                "integration_missing",
                "Integration is required.",
            ));
        };
        let path = path::given(&path)?;
        let url = self.proxy_prefix(&auth, &integration).concat(&path.into());
        let options: Options = js::options(&options)?;
        let response_type = ResponseType::of(&options.response_type())?;
        let timeout_ms = duration_ms(&options.timeout(), "timeout")?;
        let method = method(&options.method());
        let retry = Retry::of(&options, &method)?;
        let (body, content_type) = body::of(options.body())?;
        let credential = options.selected_credential_id();
        let credential = js::optional_text(credential, "selectedCredentialId")?;
        let head = Head {
            given: options.headers(),
            content_type,
            credential: credential.map_or(JsValue::UNDEFINED, JsValue::from),
            configuration: JsValue::UNDEFINED,
            is_raw: response_type != ResponseType::Json,
        };
        let mut outgoing = Outgoing::new(&auth, url, &method, &head, &body)?;
        let mut limit = Limit::new(js::object(options.signal()), timeout_ms)?;
        let mut repeat = 0;
        loop {
            let again = retry.map(|retry| (retry, outgoing.again()));
            let outcome = self
                .request_once(outgoing, response_type, limit.signal.clone())
                .await;
            let pause = match (&outcome, again) {
                (Err(error), Some((retry, again))) => {
                    retry.wait_ms(error, repeat).map(|ms| (ms, again))
                }
                _ => None,
            };
            let Some((ms, again)) = pause else {
                if !response_type.is_read() {
                    limit.leave();
                }
                return outcome;
            };
            host::pause(ms, limit.signal.as_ref()).await?;
            outgoing = again;
            repeat += 1;
        }
    }

    async fn request_once(
        self: &Rc<Self>,
        outgoing: Outgoing,
        response_type: ResponseType,
        signal: Option<AbortSignal>,
    ) -> Result<JsValue> {
        if matches!(response_type, ResponseType::Json | ResponseType::Text) {
            let is_shared = outgoing.is_get;
            let answer = self.flights.exchange(outgoing, is_shared, signal).await?;
            return if !answer.is_ok() {
                Err(self.refused(&answer).await)
            } else if response_type == ResponseType::Json {
                Ok(answer.value())
            } else {
                Ok(answer.text.into())
            };
        }
        let flight = Flight::start(outgoing, signal.as_ref())?;
        let response = flight.response().await?;
        if !response.ok() {
            return Err(self.refused(&flight.answer().await?).await);
        }
        match response_type {
            ResponseType::Blob => http::read(response.blob()).await,
            ResponseType::ArrayBuffer => http::read(response.array_buffer()).await,
            ResponseType::Stream => Ok(response.body().map_or(JsValue::NULL, JsValue::from)),
            _ => Ok(response.into()),
        }
    }

    /// What stands before the path in URLs of `integration`: made once for a signed-in user.
    fn proxy_prefix(&self, auth: &Auth, integration: &JsString) -> JsString {
        let known = |(name, _): &&(JsString, JsString)| name == integration;
        if let Some((_, prefix)) = auth.prefixes.borrow().iter().find(known) {
            return prefix.clone();
        }
        let path = ["/sdk/proxy/", &segment(integration)].concat();
        let prefix: JsString = [self.url(Service::Proxy), auth.path(&path)].concat().into();
        auth.prefixes
            .borrow_mut()
            .push((integration.clone(), prefix.clone()));
        prefix
    }
}

fn method(given: &JsValue) -> String {
    let given = js::truthy(given.clone()).map(|given| js::shown(&given));
    given.map_or_else(|| "GET".to_owned(), |given| given.to_ascii_uppercase())
}
