//! The requests on the way: those that are equal are one, which ends when its last caller has left.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, Response};

use super::{Answer, Outgoing, no_answer, send};
use crate::error::{Error, Result};
use crate::host;
use crate::promise::Work;

/// A request on the way.
pub(crate) struct Flight {
    outgoing: Outgoing,
    response: Promise,
    text: OnceCell<Promise>,
    /// How many callers wait for it.
    waiting: Cell<u32>,
    /// Ends a request that several may wait for. Without it the first caller never leaves.
    controller: Option<AbortController>,
}

/// The requests of an instance that others can share.
#[derive(Default)]
pub(crate) struct Flights(RefCell<Vec<Rc<Flight>>>);

impl Flight {
    /// Sends a request of a single caller, which `signal` ends.
    ///
    /// # Errors
    /// When it is aborted already, or where the host has no `fetch`.
    pub(crate) fn start(outgoing: Outgoing, signal: Option<&AbortSignal>) -> Result<Self> {
        Self::start_with(outgoing, signal, None)
    }

    fn start_with(
        outgoing: Outgoing,
        signal: Option<&AbortSignal>,
        controller: Option<AbortController>,
    ) -> Result<Self> {
        if let Some(signal) = signal {
            if signal.aborted() {
                return Err(signal.reason().into());
            }
            outgoing.init.set_signal(Some(signal));
        }
        let response = send(&outgoing.url, &outgoing.init)?;
        Ok(Self {
            outgoing,
            response,
            text: OnceCell::new(),
            waiting: Cell::new(1),
            controller,
        })
    }

    /// The answer, its body not read.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) async fn response(&self) -> Result<Response> {
        let response = self.response.clone().await;
        response
            .map(JsCast::unchecked_into)
            .map_err(|thrown| self.no_answer(thrown))
    }

    /// The answer, its body read as text, once for all callers.
    ///
    /// # Errors
    /// When there is none, or it breaks off.
    pub(crate) async fn answer(&self) -> Result<Answer> {
        let response = self.response().await?;
        let text = if let Some(text) = self.text.get() {
            text.clone()
        } else {
            let text = response.text()?.unchecked_into();
            self.text.get_or_init(|| text).clone()
        };
        let text = text.await.map_err(no_answer)?.unchecked_into();
        Ok(Answer { response, text })
    }

    fn no_answer(&self, thrown: JsValue) -> Error {
        let error = no_answer(thrown.clone());
        if error.code() == "network_error" && self.outgoing.sends_stream() {
            return super::stream_not_sent(thrown);
        }
        error
    }
}

impl Flights {
    /// Sends a request, or joins an equal one that is on the way.
    fn join(&self, outgoing: Outgoing, signal: Option<&AbortSignal>) -> Result<Rc<Flight>> {
        if let Some(signal) = signal.filter(|signal| signal.aborted()) {
            return Err(signal.reason().into());
        }
        if let Some(known) = self.find(&outgoing) {
            known.waiting.set(known.waiting.get() + 1);
            return Ok(known);
        }
        let controller = match signal {
            Some(_) => Some(AbortController::new()?),
            None => None,
        };
        let own = controller.as_ref().map(AbortController::signal);
        let flight = Rc::new(Flight::start_with(outgoing, own.as_ref(), controller)?);
        self.0.borrow_mut().push(Rc::clone(&flight));
        Ok(flight)
    }

    fn find(&self, outgoing: &Outgoing) -> Option<Rc<Flight>> {
        let all = self.0.borrow();
        let mut same = all
            .iter()
            .filter(|flight| flight.outgoing.url == outgoing.url);
        same.find(|flight| flight.outgoing.key() == outgoing.key())
            .cloned()
    }

    /// Sends a request and reads its answer as text. One that `is_shared` may be another caller's, and ends when the
    /// last has left.
    ///
    /// # Errors
    /// Without an answer; the reason of `signal`.
    pub(crate) fn exchange(
        self: &Rc<Self>,
        outgoing: Outgoing,
        is_shared: bool,
        signal: Option<AbortSignal>,
    ) -> Work<Result<Answer>> {
        let flights = Rc::clone(self);
        Box::pin(async move {
            if !is_shared {
                return Flight::start(outgoing, signal.as_ref())?.answer().await;
            }
            let flight = flights.join(outgoing, signal.as_ref())?;
            let answer = host::unless_aborted(signal.as_ref(), flight.answer()).await;
            flight.waiting.set(flight.waiting.get() - 1);
            let is_left = flight.waiting.get() == 0;
            if let Some(controller) = &flight.controller
                && is_left
                && answer.is_err()
            {
                controller.abort();
            }
            if answer.is_ok() || is_left {
                flights
                    .0
                    .borrow_mut()
                    .retain(|one| !Rc::ptr_eq(one, &flight));
            }
            answer
        })
    }
}
