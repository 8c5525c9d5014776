//! The Connect Portal's frame: made with the first `connect`, told the state, asked for nothing but a fixed list.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::methods;
use crate::sdk::Sdk;
use crate::services::Service;
use crate::timer::{self, Listener};
use crate::{host, js};

const FRAME_ID: &str = "paragon-connect-frame";
const CONTAINER_ID: &str = "paragon-connect-frame-container";
/// Above everything the app shows. `color-scheme` is not the app's: a frame whose scheme differs from its document's is
/// painted opaque, and the app would vanish behind the portal.
const STYLE: &str = "position:fixed;top:0;left:0;width:100vw;height:100vh;border:0;z-index:2147483647;color-scheme:normal;display:none";
/// The same inside the app's own container.
const CONTAINED_STYLE: &str = "position:absolute;top:0;left:0;width:100%;height:100%;border:0;z-index:2147483647;color-scheme:normal;display:none";

/// The frame and what belongs to it.
#[derive(Default)]
pub(crate) struct Portal {
    frame: RefCell<Option<Frame>>,
    /// What the portal shows: `nextModalState`.
    pub(crate) modal: RefCell<JsValue>,
    /// Options of the open integration: `nextContext.endUserIntegrationConfig`.
    pub(crate) integration_config: RefCell<JsValue>,
    /// Whether portal-open was fired and portal-close was not.
    is_open: Cell<bool>,
    saved_overflow: RefCell<Option<String>>,
    /// What had the keyboard before the portal was shown.
    focused_before: RefCell<Option<JsValue>>,
}

/// The frame's element and its listeners, which end with it.
struct Frame {
    element: JsValue,
    is_contained: bool,
    is_loaded: Rc<Cell<bool>>,
    _listeners: [Listener; 3],
}

/// Calls `method` of a DOM object.
fn invoke(target: &JsValue, method: &str, argument: &JsValue) -> JsValue {
    js::function(target, method)
        .and_then(|method| method.call1(target, argument).ok())
        .unwrap_or_default()
}

impl Frame {
    /// Adds the frame to the page.
    fn attach(sdk: &Rc<Sdk>) -> Option<Self> {
        let window = host::window()?;
        let document = js::get(&window, "document");
        let element = invoke(&document, "createElement", &"iframe".into());
        let container = invoke(&document, "getElementById", &CONTAINER_ID.into());
        let is_contained = container.is_object();
        let style = if is_contained { CONTAINED_STYLE } else { STYLE };
        js::set(&element, "id", &FRAME_ID.into());
        js::set(&element, "title", &"Connect Portal".into());
        js::set(&element, "allow", &"clipboard-write".into());
        js::set(&js::get(&element, "style"), "cssText", &style.into());
        js::set(&element, "src", &address(sdk).into());
        let is_loaded = Rc::new(Cell::new(false));
        let listeners = [
            on_load(sdk, &element, &is_loaded),
            on_message(sdk, &window),
            on_hide(sdk, &window),
        ];
        let parent = if is_contained {
            container
        } else {
            js::get(&document, "body")
        };
        invoke(&parent, "appendChild", &element);
        Some(Self {
            element,
            is_contained,
            is_loaded,
            _listeners: listeners,
        })
    }

    fn window(&self) -> JsValue {
        js::get(&self.element, "contentWindow")
    }

    fn show(&self, is_shown: bool) {
        let display = if is_shown { "block" } else { "none" };
        js::set(&js::get(&self.element, "style"), "display", &display.into());
    }

    fn post(&self, message: &JsValue, origin: &str) {
        let window = self.window();
        if let Some(post) = js::function(&window, "postMessage") {
            let _ = post.call2(&window, message, &origin.into());
        }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        if let Some(remove) = js::function(&self.element, "remove") {
            let _ = remove.call0(&self.element);
        }
    }
}

fn address(sdk: &Sdk) -> String {
    let base = [&sdk.url(Service::Connect), "/ui"].concat();
    match sdk.auth() {
        Ok(auth) => [&base, "?projectId=", &js::encode(&auth.project)].concat(),
        Err(_) => base,
    }
}

fn on_load(sdk: &Rc<Sdk>, element: &JsValue, is_loaded: &Rc<Cell<bool>>) -> Listener {
    let (weak, is_loaded) = (Rc::downgrade(sdk), Rc::clone(is_loaded));
    Listener::new(element, "load", move |_| {
        is_loaded.set(true);
        if let Some(sdk) = weak.upgrade() {
            sdk.connect.portal.update(&sdk);
        }
    })
}

fn on_message(sdk: &Rc<Sdk>, window: &JsValue) -> Listener {
    let weak = Rc::downgrade(sdk);
    Listener::new(window, "message", move |message| {
        if let Some(sdk) = weak.upgrade() {
            sdk.connect.portal.heard(&sdk, &message);
        }
    })
}

/// Frees what the SDK holds of a page that goes away: what is left open keeps the page from being kept for going back.
pub(crate) fn on_hide(sdk: &Rc<Sdk>, window: &JsValue) -> Listener {
    let weak = Rc::downgrade(sdk);
    Listener::new(window, "pagehide", move |_| {
        if let Some(sdk) = weak.upgrade() {
            sdk.page_hidden();
        }
    })
}

impl Portal {
    /// Makes the frame, if there is none.
    pub(crate) fn attach(&self, sdk: &Rc<Sdk>) {
        if self.frame.borrow().is_none() {
            let frame = Frame::attach(sdk);
            *self.frame.borrow_mut() = frame;
        }
    }

    /// What it shows is closed.
    pub(crate) fn show_nothing(&self) {
        let closed = js::object(&[
            ("integration", JsValue::NULL),
            ("overlayStyle", methods::overlay_style()),
        ]);
        *self.modal.borrow_mut() = closed;
    }

    /// Removes the frame.
    pub(crate) fn detach(&self) {
        self.restore_overflow();
        self.is_open.set(false);
        // Taken out first: removing the element may run the app's code.
        let frame = self.frame.borrow_mut().take();
        drop(frame);
    }

    /// Sends the whole state to the frame, once it is loaded.
    pub(crate) fn update(&self, sdk: &Sdk) {
        let frame = self.frame.borrow();
        let Some(frame) = frame.as_ref().filter(|frame| frame.is_loaded.get()) else {
            return;
        };
        let modal = js::merged(
            &self.modal.borrow(),
            &js::object(&[("flow", sdk.connect.flow_status())]),
        );
        let message = js::object(&[
            ("messageType", "UI_UPDATE".into()),
            ("nextContext", self.context(sdk)),
            ("nextModalState", modal),
        ]);
        // The copy leaves out functions, which cannot be sent.
        frame.post(&js::copy(&message), &origin(sdk));
    }

    /// SECURITY: the token goes to the cloud's portal alone, which cannot work without it.
    fn context(&self, sdk: &Sdk) -> JsValue {
        let session = sdk.session.borrow();
        let services = sdk.services.borrow();
        let user = js::merged(&session.user, &js::object(&[]));
        if let Some(auth) = session.auth.as_ref().filter(|_| !services.is_gateway()) {
            js::set(&user, "token", &auth.token.as_str().into());
        }
        let environments = js::object(&[
            ("NODE_ENV", "production".into()),
            ("PLATFORM_ENV", "production".into()),
            ("VERSION", "latest".into()),
        ]);
        for (name, url) in services.entries() {
            js::set(&environments, name, &url.into());
        }
        js::object(&[
            ("user", user),
            (
                "projectId",
                js::optional(session.auth.as_ref().map(|auth| auth.project.as_str())),
            ),
            ("environments", environments),
            ("project", session.project.clone()),
            (
                "endUserIntegrationConfig",
                self.integration_config.borrow().clone(),
            ),
        ])
    }

    /// A message while the frame is there.
    ///
    /// SECURITY: it counts only from the frame itself, showing a page of the portal's origin.
    fn heard(&self, sdk: &Rc<Sdk>, message: &JsValue) {
        let source = self.frame.borrow().as_ref().map(Frame::window);
        let is_frame =
            source.is_some_and(|window| window.is_object() && js::get(message, "source") == window);
        if !is_frame || !js::is(message, "origin", &origin(sdk)) {
            return;
        }
        let data = js::get(message, "data");
        if !js::is(&data, "messageType", "SDK_FUNCTION_INVOCATION") {
            return;
        }
        let (id, name) = (
            js::get(&data, "id"),
            js::text(&data, "type").unwrap_or_default(),
        );
        // Called before the first await: a popup must open in the task of the portal's click.
        let answer = methods::call(sdk, &name, &js::items(&data, "parameters"));
        let sdk = Rc::clone(sdk);
        timer::spawn(async move {
            let result = match answer {
                Ok(value) => JsFuture::from(Promise::resolve(&value)).await,
                Err(error) => Err(error.into()),
            };
            sdk.connect.portal.answer(&sdk, &id, &name, result);
        });
    }

    fn answer(&self, sdk: &Sdk, id: &JsValue, name: &str, result: Result<JsValue, JsValue>) {
        let answer = match result {
            Ok(value) => js::object(&[
                ("messageType", "SDK_FUNCTION_RESPONSE".into()),
                ("id", id.clone()),
                ("type", name.into()),
                ("result", js::copy(&value)),
            ]),
            Err(error) => js::object(&[
                ("messageType", "SDK_FUNCTION_ERROR".into()),
                ("error", true.into()),
                ("message", js::get(&error, "message")),
                ("code", js::get(&error, "code")),
                ("id", id.clone()),
            ]),
        };
        if let Some(frame) = self.frame.borrow().as_ref() {
            frame.post(&answer, &origin(sdk));
        }
    }

    /// Shows or hides the frame.
    pub(crate) fn show(&self, is_shown: bool) {
        if let Some(frame) = self.frame.borrow().as_ref() {
            if is_shown {
                self.focused_before
                    .borrow_mut()
                    .get_or_insert_with(active_element);
            }
            frame.show(is_shown);
        }
        if !is_shown && let Some(element) = self.focused_before.borrow_mut().take() {
            let quietly = js::object(&[("preventScroll", true.into())]);
            invoke(&element, "focus", &quietly);
        }
    }

    /// Whether the app was told that the portal is open.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open.get()
    }

    /// The portal is open: a frame over the whole page keeps the page from scrolling.
    pub(crate) fn opened(&self) {
        self.is_open.set(true);
        let covers = self
            .frame
            .borrow()
            .as_ref()
            .is_some_and(|frame| !frame.is_contained);
        if covers && self.saved_overflow.borrow().is_none() {
            let style = body_style();
            *self.saved_overflow.borrow_mut() =
                Some(js::text(&style, "overflow").unwrap_or_default());
            js::set(&style, "overflow", &"hidden".into());
        }
    }

    /// The portal is closed; whether it was open.
    pub(crate) fn closed(&self) -> bool {
        self.restore_overflow();
        self.show(false);
        self.is_open.replace(false)
    }

    fn restore_overflow(&self) {
        if let Some(overflow) = self.saved_overflow.borrow_mut().take() {
            js::set(&body_style(), "overflow", &overflow.into());
        }
    }
}

/// The element that has the keyboard, also inside of shadow trees.
fn active_element() -> JsValue {
    let mut element = js::get(&js::get(&js_sys::global(), "document"), "activeElement");
    loop {
        let inner = js::get(&js::get(&element, "shadowRoot"), "activeElement");
        if !inner.is_object() {
            return element;
        }
        element = inner;
    }
}

fn body_style() -> JsValue {
    let document = js::get(&js::global(), "document");
    js::get(&js::get(&document, "body"), "style")
}

/// Origin of the portal; one that nothing has, if its URL is unusable.
fn origin(sdk: &Sdk) -> String {
    host::origin_of(&sdk.url(Service::Connect))
        .unwrap_or_else(|| "https://invalid.invalid".to_owned())
}
