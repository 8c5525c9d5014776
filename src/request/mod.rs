//! `request()`: the provider's API through the proxy.

mod body;
pub(crate) mod path;
mod refusal;
mod retry;

use std::rc::Rc;

use js_sys::{JsString, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, Response};

use self::retry::Retry;
use crate::error::{Error, Result};
use crate::http::{Flight, Head, Outgoing};
use crate::sdk::Sdk;
use crate::services::Service;
use crate::session::{Auth, segment};
use crate::{host, js, promise};

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

    /// Whether the app gets the body as one value that callers can share.
    fn is_text(self) -> bool {
        matches!(self, Self::Json | Self::Text)
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
    match given.as_f64().filter(|ms| *ms > 0.0) {
        Some(ms) => Ok(Some(ms)),
        None => {
            let message = [name, " must be a positive number of milliseconds"].concat();
            Err(Error::new("invalid_option", &message))
        }
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

/// A `request()` whose first try is on the way.
struct Running {
    sdk: Rc<Sdk>,
    response_type: ResponseType,
    /// When it is sent again, and what.
    retry: Option<(Retry, Outgoing)>,
    limit: Limit,
}

impl Sdk {
    /// Calls the provider of `integration` at `path`; gives the promise.
    pub(crate) fn request(
        self: &Rc<Self>,
        integration: &JsValue,
        path: &JsValue,
        options: &JsValue,
    ) -> Promise {
        promise::begun(self.begin_request(integration, path, options))
    }

    /// Sends the first try in the app's own task, since the app may reuse what it gave.
    fn begin_request(
        self: &Rc<Self>,
        integration: &JsValue,
        path: &JsValue,
        options: &JsValue,
    ) -> Result<Promise> {
        let auth = self.session.require_auth()?;
        let Some(integration) = js::text(integration.clone()) else {
            return Err(Error::new(
                "integration_missing",
                "Integration is required.",
            ));
        };
        let path = path::rooted(path.as_string().unwrap_or_default())?;
        let url = self.proxy_prefix(&auth, &integration).concat(&path.into());
        let options: Options = js::options(options)?;
        let response_type = ResponseType::of(&options.response_type())?;
        let timeout_ms = duration_ms(&options.timeout(), "timeout")?;
        let method = method(&options.method());
        let retry = Retry::of(&options, &method)?;
        let (body, content_type) = body::of(options.body())?;
        let head = Head {
            given: options.headers(),
            content_type,
            credential: options.selected_credential_id(),
            configuration: JsValue::UNDEFINED,
            is_raw: response_type != ResponseType::Json,
        };
        let outgoing = Outgoing::new(&auth, url, &method, &head, &body)?;
        let signal = js::object(options.signal());
        let running = Running {
            sdk: Rc::clone(self),
            limit: Limit::new(signal, timeout_ms)?,
            response_type,
            retry: retry.map(|retry| (retry, outgoing.again())),
        };
        let first = running.send(outgoing);
        Ok(promise::of(running.finish(first)))
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
    let given = if given.is_truthy() {
        js::shown(given)
    } else {
        String::new()
    };
    if given.is_empty() {
        return "GET".to_owned();
    }
    given.to_ascii_uppercase()
}

impl Running {
    fn send(&self, outgoing: Outgoing) -> Result<Rc<Flight>> {
        let signal = self.limit.signal.as_ref();
        if self.response_type.is_text() && outgoing.is_get {
            self.sdk.flights.join(outgoing, signal)
        } else {
            Flight::start(outgoing, signal)
        }
    }

    async fn finish(mut self, first: Result<Rc<Flight>>) -> Result<JsValue> {
        let (mut flight, mut repeat) = (first, 0);
        loop {
            let outcome = match flight {
                Ok(flight) => self.receive(&flight).await,
                Err(error) => Err(error),
            };
            let again = match (&outcome, &self.retry) {
                (Err(error), Some((retry, outgoing))) => retry
                    .wait_ms(error, repeat)
                    .map(|ms| (ms, outgoing.again())),
                _ => None,
            };
            let Some((ms, outgoing)) = again else {
                if matches!(
                    self.response_type,
                    ResponseType::Stream | ResponseType::Response
                ) {
                    self.limit.leave();
                }
                return outcome;
            };
            let waited = async {
                host::sleep(ms).await;
                Ok(())
            };
            host::unless_aborted(self.limit.signal.as_ref(), waited).await?;
            flight = self.send(outgoing);
            repeat += 1;
        }
    }

    async fn receive(&self, flight: &Rc<Flight>) -> Result<JsValue> {
        if self.response_type.is_text() {
            let signal = self.limit.signal.as_ref();
            let answer = self.sdk.flights.answer(flight, signal).await?;
            return if !answer.is_ok() {
                Err(self.sdk.refused(&answer).await)
            } else if self.response_type == ResponseType::Json {
                Ok(answer.value())
            } else {
                Ok(answer.text.into())
            };
        }
        let response = flight.response().await?;
        if !response.ok() {
            return Err(self.sdk.refused(&flight.answer().await?).await);
        }
        match self.response_type {
            ResponseType::Blob => flight.read(&response, Response::blob).await,
            ResponseType::ArrayBuffer => flight.read(&response, Response::array_buffer).await,
            ResponseType::Stream => Ok(response.body().map_or(JsValue::NULL, JsValue::from)),
            _ => Ok(response.into()),
        }
    }
}
