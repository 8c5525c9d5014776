//! `request()`: the provider's API through the proxy.

mod body;
pub(crate) mod path;
mod refusal;
mod retry;

use std::rc::Rc;

use js_sys::{JsString, Object};
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
    /// The app's options. Most are left out: what is left out costs one question.
    #[derive(Default)]
    pub(crate) type Options;
    #[wasm_bindgen(method, getter, catch)]
    fn method(this: &Options) -> Result<Option<Object>, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn body(this: &Options) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn headers(this: &Options) -> Result<Option<Object>, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn signal(this: &Options) -> Result<Option<AbortSignal>, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn timeout(this: &Options) -> Result<Option<Object>, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn retry(this: &Options) -> Result<Option<Object>, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = responseType)]
    fn response_type(this: &Options) -> Result<Option<Object>, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = selectedCredentialId)]
    fn selected_credential_id(this: &Options) -> Result<Option<Object>, JsValue>;
}

/// The options, read once: the app may reuse what it gave.
#[derive(Default)]
struct RequestOptions {
    method: String,
    body: Option<JsValue>,
    content_type: Option<&'static str>,
    headers: Option<Object>,
    signal: Option<AbortSignal>,
    timeout_ms: Option<f64>,
    retry: Option<Retry>,
    response_type: ResponseType,
    credential: Option<JsString>,
}

impl RequestOptions {
    /// # Errors
    /// For options that make no sense, and what a getter of the app throws.
    fn read(options: &JsValue) -> Result<Self> {
        if !options.is_object() {
            return Ok(Self {
                method: "GET".to_owned(),
                content_type: body::AUTO,
                ..Self::default()
            });
        }
        let options: &Options = options.unchecked_ref();
        let response_type = ResponseType::of(options.response_type()?)?;
        let timeout_ms = match options.timeout()? {
            Some(given) => duration_ms(&given, "timeout")?,
            None => None,
        };
        let method = match options.method()? {
            Some(given) if given.is_truthy() => js::shown(&given).to_ascii_uppercase(),
            _ => "GET".to_owned(),
        };
        let given = options.body()?;
        let retry = match options.retry()? {
            // A stream that was read once cannot be sent again.
            Some(retry) if !http::is_stream(&given) => Retry::of(&retry, &method)?,
            _ => None,
        };
        let (body, content_type) = body::of(given)?;
        let credential = match options.selected_credential_id()? {
            Some(given) => js::optional_text(given.into(), "selectedCredentialId")?,
            None => None,
        };
        let headers = options.headers()?;
        Ok(Self {
            method,
            body,
            content_type,
            headers: headers.filter(|headers| headers.is_object()),
            signal: options.signal()?,
            timeout_ms,
            retry,
            response_type,
            credential,
        })
    }
}

/// What `request()` resolves with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum ResponseType {
    /// JSON where the answer says so, else text; the proxy's envelope is taken off.
    #[default]
    Json,
    Text,
    Blob,
    ArrayBuffer,
    Stream,
    Response,
}

impl ResponseType {
    fn of(given: Option<Object>) -> Result<Self> {
        let Some(given) = given else {
            return Ok(Self::Json);
        };
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
        let prefix = self.proxy_prefix(&auth, integration)?;
        let path = path::given(path)?;
        let url = prefix.concat(&path);
        let given = RequestOptions::read(&options)?;
        let (response_type, retry) = (given.response_type, given.retry);
        let head = Head {
            given: given.headers,
            content_type: given.content_type,
            credential: given.credential,
            configuration: None,
            is_raw: response_type != ResponseType::Json,
        };
        let mut outgoing = Outgoing::new(&auth, url, &given.method, &head, given.body.as_ref())?;
        let mut limit = Limit::new(given.signal, given.timeout_ms)?;
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
    fn proxy_prefix(&self, auth: &Auth, integration: JsValue) -> Result<JsString> {
        let known = |(name, _): &&(JsString, JsString)| js::is_same(name, &integration);
        if let Some((_, prefix)) = auth.prefixes.borrow().iter().find(known) {
            return Ok(prefix.clone());
        }
        let Some(integration) = js::text(integration) else {
            return Err(Error::new(
                "integration_missing",
                "Integration is required.",
            ));
        };
        let path = ["/sdk/proxy/", &segment(&integration)].concat();
        let prefix: JsString = [self.url(Service::Proxy), auth.path(&path)].concat().into();
        auth.prefixes
            .borrow_mut()
            .push((integration, prefix.clone()));
        Ok(prefix)
    }
}
