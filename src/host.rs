//! What the host gives: the page's window, storage, random ids, time, events. Each is asked for when it is needed, since
//! Node and workers lack some, and test runners add them late.

use std::cell::RefCell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Crypto, Document, Event, EventTarget, Location, Storage, Url, Window};

use crate::error::{Error, Result};
use crate::js;

#[wasm_bindgen]
extern "C" {
    /// `globalThis`: not always a `Window`, even where a test runner gives it one's properties.
    type Global;
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: Global;
    #[wasm_bindgen(method, getter)]
    fn window(this: &Global) -> Option<Page>;
    #[wasm_bindgen(method, getter)]
    fn location(this: &Global) -> Option<Location>;
    #[wasm_bindgen(method, getter)]
    fn crypto(this: &Global) -> Option<Crypto>;
    #[wasm_bindgen(method, getter, catch, js_name = localStorage)]
    fn local_storage(this: &Global) -> Result<Option<Storage>, JsValue>;
    #[wasm_bindgen(method, getter, catch, js_name = sessionStorage)]
    fn session_storage(this: &Global) -> Result<Option<Storage>, JsValue>;

    #[wasm_bindgen(extends = Window)]
    type Page;
    #[wasm_bindgen(method, getter)]
    fn document(this: &Page) -> Option<Document>;

    #[wasm_bindgen(catch)]
    fn btoa(binary: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(catch)]
    fn atob(base64: &str) -> Result<String, JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(run: &Function, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = setInterval)]
    fn set_interval(run: &Function, ms: f64) -> JsValue;
    /// Ends a timeout or an interval.
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timer(timer: &JsValue);
}

/// The page's window and document; none in Node, workers and server rendering.
pub(crate) fn page() -> Option<(Window, Document)> {
    let window = GLOBAL.with(Global::window)?;
    let document = window.document()?;
    Some((window.into(), document))
}

/// Where the page is.
pub(crate) fn location() -> Option<Location> {
    GLOBAL.with(Global::location)
}

/// Origin of the page, such as `https://app.example.com`; `undefined` without one.
pub(crate) fn page_origin() -> JsValue {
    let origin = location().and_then(|location| location.origin().ok());
    origin.map_or(JsValue::UNDEFINED, JsValue::from)
}

/// The storage that outlives the tab (`is_local`) or the page; none where the host has none or forbids it.
pub(crate) fn storage(is_local: bool) -> Option<Storage> {
    GLOBAL
        .with(|global| {
            if is_local {
                global.local_storage()
            } else {
                global.session_storage()
            }
        })
        .ok()
        .flatten()
}

/// Origin of an absolute URL, as the engine's URL parser sees it.
pub(crate) fn origin_of(url: &str) -> Option<String> {
    Some(Url::new(url).ok()?.origin())
}

/// Host name of a URL: no scheme, user, port or path. Empty where there is none; a text without scheme is one itself.
pub(crate) fn name_in(url: &str) -> String {
    match Url::new(url) {
        Ok(url) => url.hostname(),
        Err(_) if url.as_bytes().contains(&b':') => String::new(),
        Err(_) => url.to_owned(),
    }
}

/// # Errors
/// For the first of these global functions that the host lacks.
pub(crate) fn require(functions: &[&str]) -> Result<()> {
    let is_missing = |name: &&&str| GLOBAL.with(|global| !js::field(global, name).is_function());
    match functions.iter().find(is_missing) {
        Some(name) => Err(unsupported(name)),
        None => Ok(()),
    }
}

fn unsupported(missing: &str) -> Error {
    let end = ", which the SDK needs; in a test environment, add it to its globals";
    let message = ["this host has no ", missing, end].concat();
    Error::new("host_unsupported", &message)
}

/// 32 bytes of the engine's cryptographic generator, as base64url.
///
/// # Errors
/// Where the engine has none.
pub(crate) fn random_id() -> Result<String> {
    let missing = || unsupported("crypto.getRandomValues");
    let crypto = GLOBAL.with(Global::crypto).ok_or_else(missing)?;
    let mut bytes = [0; 32];
    crypto.get_random_values_with_u8_array(&mut bytes)?;
    let binary: String = bytes.into_iter().map(char::from).collect();
    let id = btoa(&binary)?.into_bytes().into_iter();
    Ok(id
        .filter(|byte| *byte != b'=')
        .map(|byte| match byte {
            b'+' => '-',
            b'/' => '_',
            _ => char::from(byte),
        })
        .collect())
}

/// The bytes of base64 text, one character each; none where it is no base64.
pub(crate) fn decode_base64(text: &str) -> Option<String> {
    atob(text).ok()
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Writes a warning to the console.
pub(crate) fn warn(message: &str) {
    web_sys::console::warn_1(&message.into());
}

/// What the host calls: a timer with nothing, a listener with the event.
type Run = dyn Fn(JsValue);

/// A timeout or an interval, which ends when this is dropped.
pub(crate) struct Timer {
    id: JsValue,
    _run: Closure<Run>,
}

impl Timer {
    /// Runs `run` once, after `ms`.
    pub(crate) fn once(ms: f64, run: impl Fn() + 'static) -> Self {
        Self::with(set_timeout, ms, Closure::new(move |_| run()))
    }

    /// Runs `run` every `ms`.
    pub(crate) fn every(ms: f64, run: impl Fn() + 'static) -> Self {
        Self::with(set_interval, ms, Closure::new(move |_| run()))
    }

    fn with(start: fn(&Function, f64) -> JsValue, ms: f64, run: Closure<Run>) -> Self {
        Self {
            id: start(run.as_ref().unchecked_ref(), ms),
            _run: run,
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timer(&self.id);
    }
}

/// Something that happens once. Unlike a promise that never settles, it leaves nothing behind when nobody waits.
#[derive(Clone, Default)]
struct Notifier(Rc<RefCell<(bool, Option<Waker>)>>);

impl Notifier {
    fn notify(&self) {
        let waker = {
            let mut state = self.0.borrow_mut();
            state.0 = true;
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Future for Notifier {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.borrow_mut();
        if state.0 {
            return Poll::Ready(());
        }
        state.1 = Some(context.waker().clone());
        Poll::Pending
    }
}

/// Waits for `ms`.
async fn sleep(ms: f64) {
    let waited = Notifier::default();
    let same = waited.clone();
    let _timer = Timer::once(ms, move || same.notify());
    waited.await;
}

/// Waits for `ms`, unless `signal` aborts first: then its reason is the error.
pub(crate) async fn pause(ms: f64, signal: Option<&AbortSignal>) -> Result<()> {
    let waited = async {
        sleep(ms).await;
        Ok(())
    };
    unless_aborted(signal, waited).await
}

/// A listener for events, which is removed when this is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    event: &'static str,
    run: Option<Closure<Run>>,
}

impl Listener {
    /// Runs `run` for each `event` of `target`.
    pub(crate) fn new(
        target: &EventTarget,
        event: &'static str,
        run: impl Fn(Event) + 'static,
    ) -> Self {
        let run = move |event: JsValue| run(event.unchecked_into());
        Self::boxed(target, event, Closure::new(run))
    }

    fn boxed(target: &EventTarget, event: &'static str, run: Closure<Run>) -> Self {
        // What is no event target hears nothing: the app's `signal` may be anything.
        let _ = target.add_event_listener_with_callback(event, run.as_ref().unchecked_ref());
        Self {
            target: target.clone(),
            event,
            run: Some(run),
        }
    }

    /// Leaves the listener to the engine, which frees it together with its target.
    pub(crate) fn leave(mut self) {
        drop(self.run.take().map(Closure::into_js_value));
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(run) = &self.run {
            let run = run.as_ref().unchecked_ref();
            let _ = self
                .target
                .remove_event_listener_with_callback(self.event, run);
        }
    }
}

/// What comes first of both; the other one is dropped.
pub(crate) async fn race<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
    let (mut one, mut other) = (pin!(one), pin!(other));
    std::future::poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Pending => other.as_mut().poll(context),
        ready @ Poll::Ready(_) => ready,
    })
    .await
}

/// `work`, unless `signal` aborts first: then its reason is the error.
pub(crate) async fn unless_aborted<T>(
    signal: Option<&AbortSignal>,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    match signal {
        None => work.await,
        Some(signal) => race(async { Err(abortion(signal).await) }, work).await,
    }
}

/// Waits until `signal` aborts; gives its reason.
async fn abortion(signal: &AbortSignal) -> Error {
    if !signal.aborted() {
        let aborted = Notifier::default();
        let same = aborted.clone();
        let _listener = Listener::new(signal, "abort", move |_| same.notify());
        aborted.await;
    }
    signal.reason().into()
}
