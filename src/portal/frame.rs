//! The portal's frame in the page: made, shown, hidden, removed.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlIFrameElement, Window};

use crate::host::{self, Listener};
use crate::js;
use crate::sdk::Sdk;
use crate::services::Service;
use crate::session::segment;

/// Id of the element of the app's in which the portal is to be.
const CONTAINER: &str = "paragon-connect-frame-container";

#[wasm_bindgen]
extern "C" {
    /// An element's own style.
    #[derive(Clone, Debug)]
    type Style;
    #[wasm_bindgen(method, setter, js_name = cssText)]
    fn set_css_text(this: &Style, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_display(this: &Style, value: &str);
    #[wasm_bindgen(method, getter)]
    fn overflow(this: &Style) -> JsValue;
    #[wasm_bindgen(method, setter)]
    fn set_overflow(this: &Style, value: &str);

    /// An element that has a style, or may have the keyboard.
    #[derive(Clone, Debug)]
    type Styled;
    #[wasm_bindgen(method, getter)]
    fn style(this: &Styled) -> Option<Style>;
    #[wasm_bindgen(method, setter)]
    fn set_allow(this: &Styled, features: &str);
    #[wasm_bindgen(method, catch)]
    fn focus(this: &Styled, options: &JsValue) -> Result<(), JsValue>;
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct FocusOptions {
    prevent_scroll: bool,
}

/// The frame, while it is in the page.
pub(super) struct Frame {
    element: HtmlIFrameElement,
    /// Whether it is in the app's container, else over the whole page.
    is_contained: bool,
    is_loaded: Cell<bool>,
    _on_load: Listener,
}

/// What the portal takes from the page while it is shown.
#[derive(Default)]
pub(super) struct Cover {
    /// The body's own `overflow`.
    overflow: Option<String>,
    /// What had the keyboard.
    focused: Option<Styled>,
}

impl Frame {
    pub(super) fn window(&self) -> Option<Window> {
        self.element.content_window()
    }
}

/// Above everything that the app shows, or inside of its container. `color-scheme` is not the app's: a frame whose
/// scheme differs from its document's is painted opaque, and the app would vanish behind the portal.
fn css_text(is_contained: bool) -> String {
    let (position, width, height) = if is_contained {
        ("absolute", "100%", "100%")
    } else {
        ("fixed", "100vw", "100vh")
    };
    [
        "position:",
        position,
        ";top:0;left:0;width:",
        width,
        ";height:",
        height,
        ";border:0;z-index:2147483647;color-scheme:normal;display:none",
    ]
    .concat()
}

fn style_of(element: &JsValue) -> Option<Style> {
    element.unchecked_ref::<Styled>().style()
}

fn body_style() -> Option<Style> {
    let (_, document) = host::page()?;
    let body = document.body()?;
    style_of(&body)
}

/// The element that has the keyboard, also inside of shadow trees.
fn active_element() -> Option<Styled> {
    let (_, document) = host::page()?;
    let mut element = document.active_element()?;
    while let Some(inner) = element.shadow_root().and_then(|root| root.active_element()) {
        element = inner;
    }
    Some(element.unchecked_into())
}

impl Sdk {
    /// Adds the frame to the page, if there is none.
    pub(crate) fn attach_portal(self: &Rc<Self>) {
        if self.portal.frame.borrow().is_some() {
            return;
        }
        let Some((_, document)) = host::page() else {
            return;
        };
        let Ok(element) = document.create_element("iframe") else {
            return;
        };
        let element: HtmlIFrameElement = element.unchecked_into();
        let container = document.get_element_by_id(CONTAINER);
        let is_contained = container.is_some();
        let mut address = [&self.url(Service::Connect), "/ui"].concat();
        if let Some(auth) = self.session.auth() {
            address += &["?projectId=", &segment(&auth.project)].concat();
        }
        element.set_id("paragon-connect-frame");
        element.set_title("Connect Portal");
        element
            .unchecked_ref::<Styled>()
            .set_allow("clipboard-write");
        element.set_src(&address);
        if let Some(style) = style_of(&element) {
            style.set_css_text(&css_text(is_contained));
        }
        let sdk = Rc::downgrade(self);
        let on_load = Listener::new(&element, "load", move |_| {
            if let Some(sdk) = sdk.upgrade() {
                sdk.portal_loaded();
            }
        });
        self.portal.frame.replace(Some(Frame {
            element: element.clone(),
            is_contained,
            is_loaded: Cell::new(false),
            _on_load: on_load,
        }));
        self.watch_page();
        let parent = container.or_else(|| document.body().map(Element::from));
        let _ = parent.map(|parent| parent.append_child(&element));
    }

    fn portal_loaded(self: &Rc<Self>) {
        if let Some(frame) = &*self.portal.frame.borrow() {
            frame.is_loaded.set(true);
        }
        self.state_changed();
    }

    /// Whether the frame can be told something.
    pub(super) fn is_portal_loaded(&self) -> bool {
        let frame = self.portal.frame.borrow();
        frame.as_ref().is_some_and(|frame| frame.is_loaded.get())
    }

    /// Removes the frame and forgets what it showed.
    pub(crate) fn detach_portal(self: &Rc<Self>) {
        self.hide_portal();
        self.portal.is_open.set(false);
        self.portal.modal.take();
        self.portal.config.take();
        // Taken out first: removing the element may run the app's code.
        let frame = self.portal.frame.take();
        self.watch_page();
        if let Some(frame) = frame {
            frame.element.remove();
        }
    }

    /// Hears the page as long as there is a frame or an attempt.
    pub(crate) fn watch_page(self: &Rc<Self>) {
        let is_needed = self.portal.frame.borrow().is_some() || self.attempt.borrow().is_some();
        let is_watching = !self.portal.listeners.borrow().is_empty();
        if is_needed == is_watching {
            return;
        }
        let mut listeners = Vec::new();
        if let Some((window, _)) = host::page().filter(|_| is_needed) {
            let sdk = Rc::clone(self);
            listeners.push(Listener::new(&window, "message", move |event| {
                sdk.heard_portal(&event.unchecked_into());
            }));
            let sdk = Rc::clone(self);
            listeners.push(Listener::new(&window, "pagehide", move |_| {
                sdk.end_connecting(true);
            }));
        }
        self.portal.listeners.replace(listeners);
    }

    /// Shows or hides the frame (`updateContainerStyle`).
    pub(crate) fn show_portal(&self, is_shown: bool) {
        let frame = self.portal.frame.borrow();
        let mut cover = self.portal.cover.borrow_mut();
        let style = frame.as_ref().and_then(|frame| style_of(&frame.element));
        if let Some(style) = style {
            if is_shown && cover.focused.is_none() {
                cover.focused = active_element();
            }
            style.set_display(if is_shown { "block" } else { "none" });
        }
        let focused = cover.focused.take_if(|_| !is_shown);
        // The page hears of the keyboard at once, and may call the SDK.
        drop((frame, cover));
        if let Some(focused) = focused {
            let options: JsValue = js::to_object(&FocusOptions {
                prevent_scroll: true,
            });
            let _ = focused.focus(&options);
        }
    }

    /// The portal is open: a frame over the whole page keeps the page from scrolling.
    pub(super) fn portal_opened(&self) {
        self.portal.is_open.set(true);
        let frame = self.portal.frame.borrow();
        let covers = frame.as_ref().is_some_and(|frame| !frame.is_contained);
        let mut cover = self.portal.cover.borrow_mut();
        if covers
            && cover.overflow.is_none()
            && let Some(style) = body_style()
        {
            cover.overflow = Some(style.overflow().as_string().unwrap_or_default());
            style.set_overflow("hidden");
        }
    }

    /// Hides the frame and gives back what it took from the page.
    pub(super) fn hide_portal(&self) {
        let overflow = self.portal.cover.borrow_mut().overflow.take();
        if let Some((style, overflow)) = body_style().zip(overflow) {
            style.set_overflow(&overflow);
        }
        self.show_portal(false);
    }
}
