//! The Connect Portal's frame: made with the first `connect`, told the state, asked for nothing but a fixed list.

use super::methods;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    GLOBAL, Outcome, TRUE, UNDEFINED, Value, fill, from_bool, function, list, new_object, promise,
    text,
};
use crate::{host, services};

/// Above everything the app shows, or inside the app's own container. `color-scheme` is not the app's: a frame whose
/// scheme differs from its document's is painted opaque, and the app would vanish behind the portal.
const STYLE: &str = "position:{};top:0;left:0;width:100{};height:100{};border:0;z-index:2147483647;color-scheme:normal;display:none";

/// Adds the frame to the page, if there is none.
pub(crate) fn attach(sdk: Sdk) {
    let portal = sdk.get("portal");
    let Some(window) = host::window().filter(|_| !portal.get("frame").is_true()) else {
        return;
    };
    let document = window.get("document");
    let frame = document.tell("createElement", text("iframe"), UNDEFINED);
    let container = text("paragon-connect-frame-container");
    let container = document.tell("getElementById", container, UNDEFINED);
    let is_contained = container.is_object();
    let (position, width, height) = if is_contained {
        ("absolute", "%", "%")
    } else {
        ("fixed", "vw", "vh")
    };
    let style = fill!(STYLE, text(position), text(width), text(height));
    let project = sdk.get("auth").get("project");
    let address = if project.is_true() {
        "{}/ui?projectId={%}"
    } else {
        "{}/ui"
    };
    frame
        .set("id", text("paragon-connect-frame"))
        .set("title", text("Connect Portal"))
        .set("allow", text("clipboard-write"))
        .set("src", fill!(address, sdk.url(services::CONNECT), project))
        .get("style")
        .set("cssText", style);
    frame.tell(
        "addEventListener",
        text("load"),
        function(Step::PortalLoaded, sdk.0),
    );
    portal
        .set("frame", frame)
        .set("isContained", from_bool(is_contained));
    super::watch(sdk);
    container
        .or(document.get("body"))
        .tell("appendChild", frame, UNDEFINED);
}

/// Removes the frame and forgets what it showed.
pub(crate) fn detach(sdk: Sdk) {
    closed(sdk);
    let portal = sdk.get("portal");
    let frame = portal.get("frame");
    // Taken out first: removing the element may run the app's code.
    portal.remove("frame");
    super::watch(sdk);
    sdk.set(
        "portal",
        new_object().add("listener", portal.get("listener")),
    );
    frame.tell("remove", UNDEFINED, UNDEFINED);
}

/// The frame of the instance `context` is loaded.
pub(crate) fn loaded(context: Value, _: Value) -> Outcome {
    let sdk = Sdk(context);
    sdk.get("portal").set("isLoaded", TRUE);
    update(sdk);
    Ok(UNDEFINED)
}

/// Origin of the portal; one that nothing has, if its URL is unusable.
fn origin(sdk: Sdk) -> Value {
    let origin = host::origin_of(sdk.url(services::CONNECT));
    origin.unwrap_or_else(|| text("https://invalid.invalid"))
}

fn frame_window(sdk: Sdk) -> Value {
    sdk.get("portal").get("frame").get("contentWindow")
}

fn post(sdk: Sdk, message: Value) {
    frame_window(sdk).tell("postMessage", message, origin(sdk));
}

/// Sends the whole state to the frame, once it is loaded, unless the app shows its own pages.
pub(crate) fn update(sdk: Sdk) {
    let portal = sdk.get("portal");
    if super::is_headless(sdk) || !portal.get("isLoaded").is_true() {
        return;
    }
    let flow = new_object().set("flow", super::flow_status(sdk));
    let message = new_object()
        .set("messageType", text("UI_UPDATE"))
        .set("nextContext", context(sdk, portal))
        .set("nextModalState", portal.get("modal").merged(flow));
    // The copy leaves out functions, which cannot be sent.
    post(sdk, message.copy());
}

/// SECURITY: the token goes to the cloud's portal alone, which cannot work without it.
fn context(sdk: Sdk, portal: Value) -> Value {
    let auth = sdk.get("auth");
    let user = sdk.own_user().merged(UNDEFINED);
    if !sdk.is_gateway() {
        user.set("token", auth.get("token"));
    }
    let environments = new_object()
        .set("NODE_ENV", text("production"))
        .set("PLATFORM_ENV", text("production"))
        .set("VERSION", text("latest"));
    new_object()
        .set("user", user)
        .set("projectId", auth.get("project"))
        .set("environments", environments.merged(sdk.get("services")))
        .set("project", sdk.get("project"))
        .set("endUserIntegrationConfig", portal.get("config"))
}

/// A message to the page.
///
/// SECURITY: it counts only from the frame itself, showing a page of the portal's origin.
pub(crate) fn heard(sdk: Sdk, message: Value) {
    let window = frame_window(sdk);
    let is_frame = window.is_object() && message.get("source").same(window);
    if !is_frame || !message.get("origin").same(origin(sdk)) {
        return;
    }
    let data = message.get("data");
    if !data.get("messageType").is("SDK_FUNCTION_INVOCATION") {
        return;
    }
    let (name, given) = (data.get("type"), data.items("parameters"));
    // Called before anything is waited for: a popup must open in the task of the portal's click.
    let values = [given.at(0), given.at(1), given.at(2), given.at(3)];
    let answer = promise(crate::methods::call_for_portal(sdk, name, values));
    let context = list![sdk.0, data.get("id"), name];
    answer.then_or(Step::PortalAnswered, Step::PortalRefused, context);
}

/// What the portal asked for is there. Context: instance, the message's id, the method's name.
pub(crate) fn answered(context: Value, result: Value) -> Outcome {
    let answer = new_object()
        .set("messageType", text("SDK_FUNCTION_RESPONSE"))
        .set("id", context.at(1))
        .set("type", context.at(2))
        .add("result", result.copy());
    post(Sdk(context.at(0)), answer);
    Ok(UNDEFINED)
}

/// It failed.
pub(crate) fn refused(context: Value, error: Value) -> Outcome {
    let answer = new_object()
        .set("messageType", text("SDK_FUNCTION_ERROR"))
        .set("error", TRUE)
        .add("message", error.get("message"))
        .add("code", error.get("code"))
        .set("id", context.at(1));
    post(Sdk(context.at(0)), answer);
    Ok(UNDEFINED)
}

/// Shows or hides the frame.
pub(crate) fn show(sdk: Sdk, is_shown: bool) {
    let portal = sdk.get("portal");
    let focused = portal.get("focused");
    if let Some(style) = portal.get("frame").get("style").record() {
        if is_shown && focused.is_undefined() {
            portal.set("focused", active_element());
        }
        style.set("display", text(if is_shown { "block" } else { "none" }));
    }
    if !is_shown {
        portal.remove("focused");
        focused.tell("focus", new_object().set("preventScroll", TRUE), UNDEFINED);
    }
}

/// Whether the app was told that the portal is open.
pub(crate) fn is_open(sdk: Sdk) -> bool {
    sdk.get("portal").get("isOpen").is_true()
}

/// `closePortal`: closes the portal for the app.
pub(crate) fn close(sdk: Sdk) {
    methods::announce_closed(sdk);
    methods::clear_modal(sdk);
}

/// The portal is open: a frame over the whole page keeps the page from scrolling.
pub(crate) fn opened(sdk: Sdk) {
    let portal = sdk.get("portal").set("isOpen", TRUE);
    let covers = portal.get("frame").is_true() && !portal.get("isContained").is_true();
    if covers
        && portal.get("overflow").is_undefined()
        && let Some(style) = body_style()
    {
        portal.set("overflow", style.get("overflow").or(text("")));
        style.set("overflow", text("hidden"));
    }
}

/// The portal is closed; whether it was open.
pub(crate) fn closed(sdk: Sdk) -> bool {
    let portal = sdk.get("portal");
    let overflow = portal.get("overflow");
    if let Some(style) = body_style().filter(|_| overflow.is_text()) {
        style.set("overflow", overflow);
        portal.remove("overflow");
    }
    show(sdk, false);
    let was_open = is_open(sdk);
    portal.remove("isOpen");
    was_open
}

/// The element that has the keyboard, also inside of shadow trees.
fn active_element() -> Value {
    let mut element = GLOBAL.get("document").get("activeElement");
    while let Some(inner) = element.get("shadowRoot").get("activeElement").record() {
        element = inner;
    }
    element
}

fn body_style() -> Option<Value> {
    GLOBAL.get("document").get("body").get("style").record()
}
