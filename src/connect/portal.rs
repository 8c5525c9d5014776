//! The Connect Portal's frame: made with the first `connect`, told the state, asked for nothing but a fixed list.

use super::methods;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    GLOBAL, Outcome, TRUE, Text, UNDEFINED, Value, fill, from_bool, function, list, new_object,
    promise, t, text,
};
use crate::{host, services};

/// Above everything the app shows, or inside the app's own container. `color-scheme` is not the app's: a frame whose
/// scheme differs from its document's is painted opaque, and the app would vanish behind the portal.
const STYLE: Text = t!(
    "position:{};top:0;left:0;width:100{};height:100{};border:0;z-index:2147483647;color-scheme:normal;display:none"
);

/// Adds the frame to the page, if there is none.
pub(crate) fn attach(sdk: Sdk) {
    let portal = sdk.get(t!("portal"));
    let Some(window) = host::window().filter(|_| !portal.get(t!("frame")).is_true()) else {
        return;
    };
    let document = window.get(t!("document"));
    let frame = document.tell(t!("createElement"), text(t!("iframe")), UNDEFINED);
    let container = text(t!("paragon-connect-frame-container"));
    let container = document.tell(t!("getElementById"), container, UNDEFINED);
    let is_contained = container.is_object();
    let (position, width, height) = if is_contained {
        (t!("absolute"), t!("%"), t!("%"))
    } else {
        (t!("fixed"), t!("vw"), t!("vh"))
    };
    let style = fill!(STYLE, text(position), text(width), text(height));
    let project = sdk.get(t!("auth")).get(t!("project"));
    let address = if project.is_true() {
        t!("{}/ui?projectId={%}")
    } else {
        t!("{}/ui")
    };
    frame
        .set(t!("id"), text(t!("paragon-connect-frame")))
        .set(t!("title"), text(t!("Connect Portal")))
        .set(t!("allow"), text(t!("clipboard-write")))
        .set(
            t!("src"),
            fill!(address, sdk.url(services::CONNECT), project),
        )
        .get(t!("style"))
        .set(t!("cssText"), style);
    frame.tell(
        t!("addEventListener"),
        text(t!("load")),
        function(Step::PortalLoaded, sdk.0),
    );
    portal
        .set(t!("frame"), frame)
        .set(t!("isContained"), from_bool(is_contained));
    super::watch(sdk);
    container
        .or(document.get(t!("body")))
        .tell(t!("appendChild"), frame, UNDEFINED);
}

/// Removes the frame and forgets what it showed.
pub(crate) fn detach(sdk: Sdk) {
    closed(sdk);
    let portal = sdk.get(t!("portal"));
    let frame = portal.get(t!("frame"));
    // Taken out first: removing the element may run the app's code.
    portal.remove(t!("frame"));
    super::watch(sdk);
    sdk.set(
        t!("portal"),
        new_object().add(t!("listener"), portal.get(t!("listener"))),
    );
    frame.tell(t!("remove"), UNDEFINED, UNDEFINED);
}

/// The frame of the instance `context` is loaded.
pub(crate) fn loaded(context: Value, _: Value) -> Outcome {
    let sdk = Sdk(context);
    sdk.get(t!("portal")).set(t!("isLoaded"), TRUE);
    update(sdk);
    Ok(UNDEFINED)
}

/// Origin of the portal; one that nothing has, if its URL is unusable.
fn origin(sdk: Sdk) -> Value {
    let origin = host::origin_of(sdk.url(services::CONNECT));
    origin.unwrap_or_else(|| text(t!("https://invalid.invalid")))
}

fn frame_window(sdk: Sdk) -> Value {
    sdk.get(t!("portal"))
        .get(t!("frame"))
        .get(t!("contentWindow"))
}

fn post(sdk: Sdk, message: Value) {
    frame_window(sdk).tell(t!("postMessage"), message, origin(sdk));
}

/// Sends the whole state to the frame, once it is loaded, unless the app shows its own pages.
pub(crate) fn update(sdk: Sdk) {
    let portal = sdk.get(t!("portal"));
    if super::is_headless(sdk) || !portal.get(t!("isLoaded")).is_true() {
        return;
    }
    let flow = new_object().set(t!("flow"), super::flow_status(sdk));
    let message = new_object()
        .set(t!("messageType"), text(t!("UI_UPDATE")))
        .set(t!("nextContext"), context(sdk, portal))
        .set(t!("nextModalState"), portal.get(t!("modal")).merged(flow));
    // The copy leaves out functions, which cannot be sent.
    post(sdk, message.copy());
}

/// SECURITY: the token goes to the cloud's portal alone, which cannot work without it.
fn context(sdk: Sdk, portal: Value) -> Value {
    let auth = sdk.get(t!("auth"));
    let user = sdk.own_user().merged(UNDEFINED);
    if !sdk.is_gateway() {
        user.set(t!("token"), auth.get(t!("token")));
    }
    let environments = new_object()
        .set(t!("NODE_ENV"), text(t!("production")))
        .set(t!("PLATFORM_ENV"), text(t!("production")))
        .set(t!("VERSION"), text(t!("latest")));
    new_object()
        .set(t!("user"), user)
        .set(t!("projectId"), auth.get(t!("project")))
        .set(
            t!("environments"),
            environments.merged(sdk.get(t!("services"))),
        )
        .set(t!("project"), sdk.get(t!("project")))
        .set(t!("endUserIntegrationConfig"), portal.get(t!("config")))
}

/// A message to the page.
///
/// SECURITY: it counts only from the frame itself, showing a page of the portal's origin.
pub(crate) fn heard(sdk: Sdk, message: Value) {
    let window = frame_window(sdk);
    let is_frame = window.is_object() && message.get(t!("source")).same(window);
    if !is_frame || !message.get(t!("origin")).same(origin(sdk)) {
        return;
    }
    let data = message.get(t!("data"));
    if !data
        .get(t!("messageType"))
        .is(t!("SDK_FUNCTION_INVOCATION"))
    {
        return;
    }
    let (name, given) = (data.get(t!("type")), data.items(t!("parameters")));
    // Called before anything is waited for: a popup must open in the task of the portal's click.
    let values = [given.at(0), given.at(1), given.at(2), given.at(3)];
    let answer = promise(crate::methods::call_for_portal(sdk, name, values));
    let context = list![sdk.0, data.get(t!("id")), name];
    answer.then_or(Step::PortalAnswered, Step::PortalRefused, context);
}

/// What the portal asked for is there. Context: instance, the message's id, the method's name.
pub(crate) fn answered(context: Value, result: Value) -> Outcome {
    let answer = new_object()
        .set(t!("messageType"), text(t!("SDK_FUNCTION_RESPONSE")))
        .set(t!("id"), context.at(1))
        .set(t!("type"), context.at(2))
        .add(t!("result"), result.copy());
    post(Sdk(context.at(0)), answer);
    Ok(UNDEFINED)
}

/// It failed.
pub(crate) fn refused(context: Value, error: Value) -> Outcome {
    let answer = new_object()
        .set(t!("messageType"), text(t!("SDK_FUNCTION_ERROR")))
        .set(t!("error"), TRUE)
        .add(t!("message"), error.get(t!("message")))
        .add(t!("code"), error.get(t!("code")))
        .set(t!("id"), context.at(1));
    post(Sdk(context.at(0)), answer);
    Ok(UNDEFINED)
}

/// Shows or hides the frame.
pub(crate) fn show(sdk: Sdk, is_shown: bool) {
    let portal = sdk.get(t!("portal"));
    let focused = portal.get(t!("focused"));
    if let Some(style) = portal.get(t!("frame")).get(t!("style")).record() {
        if is_shown && focused.is_undefined() {
            portal.set(t!("focused"), active_element());
        }
        style.set(
            t!("display"),
            text(if is_shown { t!("block") } else { t!("none") }),
        );
    }
    if !is_shown {
        portal.remove(t!("focused"));
        focused.tell(
            t!("focus"),
            new_object().set(t!("preventScroll"), TRUE),
            UNDEFINED,
        );
    }
}

/// Whether the app was told that the portal is open.
pub(crate) fn is_open(sdk: Sdk) -> bool {
    sdk.get(t!("portal")).get(t!("isOpen")).is_true()
}

/// `closePortal`: closes the portal for the app.
pub(crate) fn close(sdk: Sdk) {
    methods::announce_closed(sdk);
    methods::clear_modal(sdk);
}

/// The portal is open: a frame over the whole page keeps the page from scrolling.
pub(crate) fn opened(sdk: Sdk) {
    let portal = sdk.get(t!("portal")).set(t!("isOpen"), TRUE);
    let covers = portal.get(t!("frame")).is_true() && !portal.get(t!("isContained")).is_true();
    if covers
        && portal.get(t!("overflow")).is_undefined()
        && let Some(style) = body_style()
    {
        portal.set(t!("overflow"), style.get(t!("overflow")).or(text(t!(""))));
        style.set(t!("overflow"), text(t!("hidden")));
    }
}

/// The portal is closed; whether it was open.
pub(crate) fn closed(sdk: Sdk) -> bool {
    let portal = sdk.get(t!("portal"));
    let overflow = portal.get(t!("overflow"));
    if let Some(style) = body_style().filter(|_| overflow.is_text()) {
        style.set(t!("overflow"), overflow);
        portal.remove(t!("overflow"));
    }
    show(sdk, false);
    let was_open = is_open(sdk);
    portal.remove(t!("isOpen"));
    was_open
}

/// The element that has the keyboard, also inside of shadow trees.
fn active_element() -> Value {
    let mut element = GLOBAL.get(t!("document")).get(t!("activeElement"));
    while let Some(inner) = element
        .get(t!("shadowRoot"))
        .get(t!("activeElement"))
        .record()
    {
        element = inner;
    }
    element
}

fn body_style() -> Option<Value> {
    GLOBAL
        .get(t!("document"))
        .get(t!("body"))
        .get(t!("style"))
        .record()
}
