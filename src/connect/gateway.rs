//! The gateway's connect flow: register, follow by event stream or long poll, answer the popup's start page.

use std::rc::Rc;

use paragon_wire::flow::{DONE_MESSAGE, GO_MESSAGE, HELLO_MESSAGE, START_PATH, StartFlow};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::attempt::Attempt;
use super::flow::Event;
use super::sse::SseParser;
use crate::api::ApiCall;
use crate::error::{ErrorKind, Outcome, SdkError};
use crate::services::Service;
use crate::transport;
use crate::{host, js, timer};

/// The present state must come at once; a proxy that holds events back gives nothing.
const FIRST_EVENT_MS: f64 = 5_000.0;
/// The gateway sends a comment every 15 s; two missing mean a dead connection.
const SILENCE_MS: f64 = 40_000.0;
/// A long poll answers within 25 s.
const POLL_MS: f64 = 40_000.0;
/// First and longest wait before the next try after a failure.
const RETRY_MS: (f64, f64) = (500.0, 8_000.0);

/// How following the event stream ended.
enum StreamEnd {
    /// It worked for a while: connect again.
    Closed,
    /// It gave nothing: use the long poll.
    Useless,
}

impl Attempt {
    /// The popup's first page, with the one-time ticket where no server log sees it.
    pub(crate) fn start_url(&self, ticket: &str) -> String {
        [&self.sdk.url(Service::Connect), START_PATH, "#", ticket].concat()
    }

    fn flow_path(&self, flow: &str) -> Outcome<String> {
        Ok([&self.sdk.auth()?.project_path(), "/sdk/flows", flow].concat())
    }

    /// Registers the present flow, then follows it.
    pub(crate) fn register(self: &Rc<Self>, ticket: String) {
        let attempt = Rc::clone(self);
        let signal = self.following();
        timer::spawn(async move {
            let flow = attempt.flow_id();
            let work = attempt.register_and_follow(&flow, ticket);
            if let Err(error) = timer::bounded(work, Some(signal.clone()), None).await
                && !signal.aborted()
            {
                attempt.refused(flow, error);
            }
        });
    }

    async fn register_and_follow(self: &Rc<Self>, flow: &str, ticket: String) -> Outcome<()> {
        let options = &self.wish.options;
        let start = Start(StartFlow {
            id: flow.to_owned(),
            ticket,
            integration: self.wish.name.clone(),
            account_type: account_type(options),
            external_id: js::non_empty(options, "externalId"),
            credential_id: js::non_empty(options, "selectedCredentialId"),
        });
        let body = start
            .serialize(&Serializer::json_compatible())
            .map_err(JsValue::from)?;
        let call = ApiCall::new("POST", self.flow_path("")?).json(&body);
        let update = self.sdk.api(call).await?;
        self.updated(&update);
        self.follow(flow).await
    }

    /// Follows the flow until the attempt is over; only a refusal of the server ends it early.
    async fn follow(self: &Rc<Self>, flow: &str) -> Outcome<()> {
        let (mut wait_ms, mut use_stream) = (RETRY_MS.0, true);
        while !self.is_over() {
            let before = self.version();
            let result = if use_stream {
                self.stream(flow).await
            } else {
                self.poll(flow).await
            };
            match result {
                Ok(StreamEnd::Useless) => use_stream = false,
                Ok(StreamEnd::Closed) => {}
                Err(error) if is_refusal(&error) => return Err(error),
                Err(_) => use_stream = !use_stream,
            }
            if self.version() == before {
                timer::sleep(wait_ms).await;
                wait_ms = (wait_ms * 2.0).min(RETRY_MS.1);
            } else {
                wait_ms = RETRY_MS.0;
            }
        }
        Ok(())
    }

    /// Reads the event stream from the last version seen.
    async fn stream(self: &Rc<Self>, flow: &str) -> Outcome<StreamEnd> {
        let auth = self.sdk.auth()?;
        let version = self.version().map(js::number_text);
        let headers = js::object(&[
            ("Accept", "text/event-stream".into()),
            ("Authorization", auth.bearer().into()),
            ("X-Paragon-SDK-Version", crate::sdk::VERSION.into()),
            ("Last-Event-ID", js::optional(version.as_deref())),
        ]);
        let path = self.flow_path(&["/", flow].concat())?;
        let url = [self.sdk.url(Service::Api), path].concat();
        let init = js::object(&[("headers", headers)]);
        let signal = self.following();
        let response = timer::bounded(
            transport::open(&url, &init, &signal),
            None,
            Some(SILENCE_MS),
        )
        .await?;
        let is_stream = response
            .headers()
            .get("content-type")
            .is_some_and(|kind| kind.starts_with("text/event-stream"));
        if !response.ok() || !is_stream {
            // The long poll reads the same answer as JSON, and its errors.
            return Ok(StreamEnd::Useless);
        }
        self.read_events(&js::get(&transport::raw(response), "body"))
            .await
    }

    async fn read_events(self: &Rc<Self>, body: &JsValue) -> Outcome<StreamEnd> {
        let Some(get_reader) = js::function(body, "getReader") else {
            return Ok(StreamEnd::Useless);
        };
        let reader = get_reader.call0(body)?;
        let mut parser = SseParser::default();
        let mut patience_ms = FIRST_EVENT_MS;
        loop {
            let read = timer::bounded(next_chunk(&reader), None, Some(patience_ms)).await;
            let Ok(Some(bytes)) = read else {
                give_up(&reader);
                let is_useless = read.is_err() && patience_ms < SILENCE_MS;
                return Ok(if is_useless {
                    StreamEnd::Useless
                } else {
                    StreamEnd::Closed
                });
            };
            for data in parser.push(&bytes) {
                patience_ms = SILENCE_MS;
                if let Some(update) = js::parse(&data.into()) {
                    self.updated(&update);
                }
            }
        }
    }

    /// One long poll.
    async fn poll(self: &Rc<Self>, flow: &str) -> Outcome<StreamEnd> {
        let version = js::number_text(self.version().unwrap_or_default());
        let path = self.flow_path(&["/", flow, "?after=", &version, "&wait=25"].concat())?;
        let update =
            timer::bounded(self.sdk.api(ApiCall::new("GET", path)), None, Some(POLL_MS)).await?;
        self.updated(&update);
        Ok(StreamEnd::Closed)
    }

    /// Asks for the present state, beside the following.
    pub(crate) fn ask(self: &Rc<Self>) {
        if !matches!(self.backend, super::attempt::Backend::Gateway(_)) {
            return;
        }
        let attempt = Rc::clone(self);
        self.run_until_over(async move {
            let path = attempt.flow_path(&["/", &attempt.flow_id()].concat());
            let Ok(path) = path else { return };
            // A failure here is not the flow's: following it goes on and reports what is final.
            if let Ok(update) = attempt.sdk.api(ApiCall::new("GET", path)).await {
                attempt.updated(&update);
            }
        });
    }

    /// Tells the server that `flow` is not wanted any more; the outcome does not matter.
    pub(crate) fn withdraw(&self, flow: &str) {
        match &self.backend {
            super::attempt::Backend::Gateway(_) => {
                self.remove(self.flow_path(&["/", flow].concat()));
            }
            super::attempt::Backend::Cloud(state) => self.forget_session_key(state, flow),
        }
    }

    /// Sends a `DELETE` whose outcome does not matter.
    ///
    /// It is made at once: the user may be signed out, or the services others, before anything is awaited.
    pub(crate) fn remove(&self, path: Outcome<String>) {
        let call = path.map(|path| ApiCall::new("DELETE", path));
        let answer = self.sdk.call(call, Box::new(|_, answer| Ok(answer)));
        timer::spawn(async move { drop(JsFuture::from(answer).await) });
    }

    /// The server refused `flow`.
    pub(crate) fn refused(self: &Rc<Self>, flow: String, error: SdkError) {
        let error = JsValue::from(error);
        let body = js::get(&error, "body");
        let code = js::non_empty(&error, "code").unwrap_or_else(|| "network".to_owned());
        let message = js::non_empty(&body, "message")
            .or_else(|| js::non_empty(&error, "message"))
            .unwrap_or_default();
        self.dispatch(Event::Refused {
            flow,
            code,
            message,
        });
    }

    /// A window message while the flow runs.
    ///
    /// SECURITY: it counts only from the popup this attempt opened, from the gateway's origin, for the present flow.
    pub(crate) fn heard_from_gateway(self: &Rc<Self>, message: &JsValue, from_popup: bool) {
        if !from_popup || js::text(message, "origin") != self.gateway_origin() {
            return;
        }
        let data = js::get(message, "data");
        let Some(flow) = js::text(&data, "flow") else {
            return;
        };
        match js::text(&data, "type").as_deref() {
            Some(HELLO_MESSAGE) => self.dispatch(Event::Hello { flow }),
            Some(DONE_MESSAGE) => self.dispatch(Event::Done { flow }),
            _ => {}
        }
    }

    fn gateway_origin(&self) -> Option<String> {
        host::origin_of(&self.sdk.url(Service::Connect))
    }

    /// Lets the popup's start page go on to the provider.
    pub(crate) fn say_go(&self) {
        let flow = self.flow_id().into();
        let message = js::object(&[("type", GO_MESSAGE.into()), ("flow", flow)]);
        if let (Some(popup), Some(origin)) = (self.popup.borrow().as_ref(), self.gateway_origin()) {
            popup.post(&message, &origin);
        }
    }
}

/// Written as a map: for a struct the serialiser keeps a table of field names, a fiftieth of the package.
struct Start(StartFlow);

impl Serialize for Start {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let StartFlow {
            id,
            ticket,
            integration,
            account_type,
            external_id,
            credential_id,
        } = &self.0;
        let entries = [
            ("id", Some(id)),
            ("ticket", Some(ticket)),
            ("integration", Some(integration)),
            ("accountType", account_type.as_ref()),
            ("externalId", external_id.as_ref()),
            ("credentialId", credential_id.as_ref()),
        ];
        let given = entries
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)));
        serializer.collect_map(given)
    }
}

/// Ends a stream whose outcome no longer matters.
fn give_up(reader: &JsValue) {
    let promise = js::function(reader, "cancel").and_then(|cancel| cancel.call0(reader).ok());
    if let Some(promise) = promise {
        timer::spawn(async move { drop(JsFuture::from(js_sys::Promise::resolve(&promise)).await) });
    }
}

/// The next bytes of a stream; none at its end.
async fn next_chunk(reader: &JsValue) -> Outcome<Option<Vec<u8>>> {
    let Some(read) = js::function(reader, "read") else {
        return Ok(None);
    };
    let chunk = JsFuture::from(js_sys::Promise::resolve(&read.call0(reader)?)).await?;
    let value = js::get(&chunk, "value");
    Ok(value
        .is_object()
        .then(|| js_sys::Uint8Array::new(&value).to_vec()))
}

/// Whether the server said no for good: 4xx other than "slow down".
fn is_refusal(error: &SdkError) -> bool {
    let ErrorKind::Request { fields, .. } = error.kind() else {
        return matches!(error.kind(), ErrorKind::NoUserForRequest);
    };
    let status = js::get(fields, "status").as_f64().unwrap_or_default();
    (400.0..500.0).contains(&status) && !(status - 408.0).eq(&0.0) && !(status - 429.0).eq(&0.0)
}

/// The one account type an app chose.
fn account_type(options: &JsValue) -> Option<String> {
    let given = js::get(options, "accountType");
    js::non_empty(options, "accountType").or_else(|| js::list(&given).get(0).as_string())
}

/// The channel on which gateway pages of this origin announce the end of a flow.
pub(crate) fn done_channel() -> Option<JsValue> {
    let class = js_sys::Reflect::get(&js::global(), &"BroadcastChannel".into()).ok()?;
    let class = class.dyn_into::<js_sys::Function>().ok()?;
    let name: js_sys::Array = [JsValue::from("paragon-flow")].into_iter().collect();
    js_sys::Reflect::construct(&class, &name).ok()
}

/// Closes a channel: an open one keeps a process alive.
pub(crate) fn close_channel(channel: &JsValue) {
    if let Some(close) = js::function(channel, "close") {
        let _ = close.call0(channel);
    }
}

/// The flow that a broadcast says is done.
pub(crate) fn done_flow(message: &JsValue) -> Option<String> {
    let data = js::get(message, "data");
    js::text(&data, "flow").filter(|_| js::is(&data, "type", DONE_MESSAGE))
}
