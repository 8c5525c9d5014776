//! The gateway's connect flow: register, follow by event stream or long poll, answer the popup's start page.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use js_sys::{JsString, Promise, Uint8Array};
use paragon_wire::flow::{DONE_MESSAGE, GO_MESSAGE, HELLO_MESSAGE, START_PATH};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, MessageEvent, ReadableStreamDefaultReader, Response};

use super::attempt::{About, Attempt, Server};
use super::event_stream::EventStream;
use super::flow::Event;
use crate::api::Call;
use crate::credentials::external_id;
use crate::error::{Error, Result};
use crate::host::{self, Listener};
use crate::http::{Flight, Head, Outgoing};
use crate::js::{self, Raw};
use crate::model::Entity;
use crate::promise;
use crate::sdk::Sdk;
use crate::services::Service;

/// A long poll answers within 25 s. Milliseconds, as all below.
const POLL_MS: f64 = 40_000.0;
/// First and longest wait before the next try after a failure.
const RETRY_MS: (f64, f64) = (500.0, 8_000.0);
/// The present state comes at once; a proxy that holds events back gives nothing.
const FIRST_EVENT_MS: f64 = 5_000.0;
/// The gateway sends a comment every 15 s; two missing mean a dead connection.
const SILENCE_MS: f64 = 40_000.0;

/// What an attempt at a gateway needs to know beside the flow.
pub(crate) struct Gateway {
    /// One-time ticket of the popup.
    ticket: RefCell<String>,
    /// Ends the requests about the present flow.
    following: RefCell<Option<AbortController>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewFlow {
    id: String,
    ticket: String,
    integration: Raw,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    several: bool,
}

#[derive(Serialize)]
struct Go {
    #[serde(rename = "type")]
    kind: &'static str,
    flow: String,
}

#[derive(Serialize)]
struct StreamHeaders<'a> {
    #[serde(rename = "Accept")]
    accept: &'a str,
    #[serde(rename = "Last-Event-ID", skip_serializing_if = "Option::is_none")]
    last_event_id: Option<String>,
}

#[wasm_bindgen]
extern "C" {
    /// What the gateway's pages say.
    #[wasm_bindgen(extends = Entity)]
    type PageMessage;
    #[wasm_bindgen(method, getter)]
    fn flow(this: &PageMessage) -> JsValue;

    /// What a reader of a stream gives.
    type Chunk;
    #[wasm_bindgen(method, getter)]
    fn value(this: &Chunk) -> Option<Uint8Array>;
}

impl Gateway {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            ticket: RefCell::new(host::random_id()?),
            following: RefCell::default(),
        })
    }

    /// The popup's first page, with a new one-time ticket where no server log sees it.
    pub(crate) fn start_url(&self, sdk: &Sdk) -> Result<String> {
        let ticket = host::random_id()?;
        self.ticket.replace(ticket.clone());
        Ok([&sdk.url(Service::Connect), START_PATH, "#", &ticket].concat())
    }

    /// Ends the requests about the present flow.
    pub(crate) fn unfollow(&self) {
        if let Some(following) = self.following.take() {
            following.abort();
        }
    }
}

impl Attempt {
    fn flow_path(&self) -> String {
        ["/sdk/flows/", &self.id()].concat()
    }

    /// The call that registers the present flow; it comes back to `return_to`, if that is given.
    pub(crate) fn registration(
        &self,
        gateway: &Gateway,
        return_to: Option<String>,
    ) -> Result<Call> {
        let options = &self.target.options;
        // One account type, alone or in a list.
        let given = options.account_type();
        let account_type = js::text(given.clone()).or_else(|| js::text(js::list(given).get(0)));
        let text = |value: JsValue| js::text(value).map(String::from);
        let label = options.external_id().as_string();
        let flow = NewFlow {
            id: self.id(),
            ticket: gateway.ticket.borrow().clone(),
            integration: Raw(self.target.name.clone()),
            account_type: account_type.map(String::from),
            external_id: label
                .map(|label| external_id::label(&label).to_owned())
                .filter(|label| !label.is_empty()),
            credential_id: text(options.selected_credential_id()),
            return_to,
            organization: text(options.organization()),
            several: options.allows_several().is_truthy(),
        };
        Ok(self.sdk().project_call("POST", "/sdk/flows")?.body(&flow))
    }

    /// Registers the present flow, then follows it.
    pub(crate) fn register(self: &Rc<Self>) {
        let Server::Gateway(gateway) = &self.server else {
            return;
        };
        gateway.unfollow();
        let registration = self.registration(gateway, None);
        let attempt = Rc::clone(self);
        promise::spawn(async move {
            let followed = attempt.follow(registration).await;
            if let Err(error) = followed {
                attempt.refused(&error);
            }
        });
    }

    /// Follows the flow until it is over or another one takes its place; only a refusal of the server ends it early.
    async fn follow(self: &Rc<Self>, registration: Result<Call>) -> Result<()> {
        let Server::Gateway(gateway) = &self.server else {
            return Ok(());
        };
        let controller = AbortController::new()?;
        let signal = controller.signal();
        gateway.following.replace(Some(controller));
        let registered = self.send(registration).await;
        if signal.aborted() {
            return Ok(());
        }
        self.take_report(registered?);
        let (mut polls, mut wait_ms) = (false, RETRY_MS.0);
        while !signal.aborted() {
            let before = self.version();
            let news = if polls {
                self.poll(&signal).await
            } else {
                self.read_stream(&signal).await
            };
            if signal.aborted() {
                break;
            }
            match news {
                Ok(true) => {}
                Err(error) if is_refusal(&error) => return Err(error),
                // By poll instead of stream, or the reverse.
                Ok(false) | Err(_) => polls = !polls,
            }
            if self.version() > before {
                wait_ms = RETRY_MS.0;
            } else {
                // An aborted wait is of a flow that is followed no more.
                let _ = host::pause(wait_ms, Some(&signal)).await;
                wait_ms = (wait_ms * 2.0).min(RETRY_MS.1);
            }
        }
        Ok(())
    }

    /// One long poll; says whether it was answered in time.
    async fn poll(self: &Rc<Self>, signal: &AbortSignal) -> Result<bool> {
        let version = js::shown(&self.version().into());
        let path = [&self.flow_path(), "?after=", &version, "&wait=25"].concat();
        let call = self.sdk().project_call("GET", &path)?.until(signal);
        let answer = within(POLL_MS, Some(signal), self.send(Ok(call))).await;
        match answer {
            Some(report) => {
                self.take_report(report?);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Reads the event stream from the last version seen until it ends or is silent for too long; says whether it was
    /// of any use.
    async fn read_stream(self: &Rc<Self>, signal: &AbortSignal) -> Result<bool> {
        let connection = Connection::new(signal)?;
        let until = connection.controller.signal();
        let auth = self.sdk().session.require_auth()?;
        let url = [self.sdk().url(Service::Api), auth.path(&self.flow_path())].concat();
        let version = self.version();
        let headers = StreamHeaders {
            accept: "text/event-stream",
            last_event_id: (version > 0.0).then(|| js::shown(&version.into())),
        };
        let head = Head {
            given: Some(js::to_object(&headers)),
            ..Head::default()
        };
        let url = JsString::from(url);
        let request = Outgoing::new(&auth, url, "GET", &head, None)?;
        let flight = Flight::start(request, Some(&until))?;
        let Some(response) = within(SILENCE_MS, Some(&until), flight.response()).await else {
            return Ok(false);
        };
        let response = response?;
        // The long poll reads the same answer as JSON, and its errors.
        let Some(reader) = stream_reader(&response) else {
            return Ok(false);
        };
        let (mut events, mut patience_ms) = (EventStream::default(), FIRST_EVENT_MS);
        loop {
            let chunk: Promise = reader.read();
            let Some(Ok(chunk)) =
                within(patience_ms, Some(&until), async { Ok(chunk.await?) }).await
            else {
                return Ok(patience_ms > FIRST_EVENT_MS);
            };
            let Some(bytes) = js::view::<Chunk>(chunk).value() else {
                return Ok(true);
            };
            for data in events.push(&bytes.to_vec()) {
                patience_ms = SILENCE_MS;
                self.take_report(js::parsed(&data.into()));
            }
            // What was heard may have been the end.
            if until.aborted() {
                return Ok(true);
            }
        }
    }

    /// Asks for the present state, beside the following. A failure here is not the flow's: following it goes on and
    /// reports what is final.
    pub(crate) fn ask(self: &Rc<Self>) {
        let (attempt, call) = (
            Rc::clone(self),
            self.sdk().project_call("GET", &self.flow_path()),
        );
        promise::spawn(async move {
            if let Ok(report) = attempt.send(call).await {
                attempt.take_report(report);
            }
        });
    }

    /// Tells the server that `flow` (empty: the present one) is not wanted any more.
    pub(crate) fn withdraw(self: &Rc<Self>, flow: &str) {
        let path = if flow.is_empty() {
            self.flow_path()
        } else {
            ["/sdk/flows/", flow].concat()
        };
        self.tell("DELETE", &path);
    }

    /// A window message while the flow runs.
    ///
    /// SECURITY: it counts only from the popup that this attempt opened, from the gateway's origin, for the present flow.
    pub(crate) fn heard_gateway(self: &Rc<Self>, message: &MessageEvent, is_from_popup: bool) {
        if is_from_popup && self.connect_origin() == Some(message.origin()) {
            self.said(message, HELLO_MESSAGE, Event::Hello);
            self.said(message, DONE_MESSAGE, Event::Done);
        }
    }

    /// A broadcast of a gateway page of this origin: asks the server, no more.
    pub(crate) fn heard_broadcast(self: &Rc<Self>, message: &MessageEvent) {
        self.said(message, DONE_MESSAGE, Event::Done);
    }

    /// Feeds `event` to the flow if the message is of this kind and about the present flow.
    fn said(self: &Rc<Self>, message: &MessageEvent, kind: &str, event: Event) {
        let said: PageMessage = js::view(message.data());
        if said.kind() == kind && said.flow() == self.id() {
            self.dispatch(event, About::Nothing);
        }
    }

    fn connect_origin(&self) -> Option<String> {
        host::origin_of(&self.sdk().url(Service::Connect))
    }

    /// Lets the popup's start page go on to the provider.
    pub(crate) fn say_go(self: &Rc<Self>) {
        let message: JsValue = js::to_object(&Go {
            kind: GO_MESSAGE,
            flow: self.id(),
        });
        if let Some(origin) = self.connect_origin() {
            self.with_popup(|popup| popup.post(&message, &origin));
        }
    }
}

/// Whether the server said no for good: 4xx other than "slow down"; or nobody is signed in.
fn is_refusal(error: &Error) -> bool {
    match error.status() {
        Some(408 | 429) => false,
        Some(400..500) => true,
        _ => error.code() == "user_not_authenticated",
    }
}

/// A request that ends with `signal`, and when this is dropped.
struct Connection {
    controller: AbortController,
    _following: Listener,
}

impl Connection {
    fn new(signal: &AbortSignal) -> Result<Self> {
        let controller = AbortController::new()?;
        let own = controller.clone();
        Ok(Self {
            controller,
            _following: Listener::new(signal, "abort", move |_| own.abort()),
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.controller.abort();
    }
}

/// The reader of an answer that is an event stream.
fn stream_reader(response: &Response) -> Option<ReadableStreamDefaultReader> {
    let content_type = response.headers().get("content-type").ok().flatten()?;
    if !response.ok() || !content_type.starts_with("text/event-stream") {
        return None;
    }
    Some(response.body()?.get_reader().unchecked_into())
}

/// What `work` gives within `ms`; none if it takes longer, or if `signal` aborts.
async fn within<T>(
    ms: f64,
    signal: Option<&AbortSignal>,
    work: impl Future<Output = Result<T>>,
) -> Option<Result<T>> {
    let late = async {
        let _ = host::pause(ms, signal).await;
        None
    };
    host::race(async { Some(work.await) }, late).await
}
