//! Subscriptions of the app: who hears what.

use crate::error::{fail, refuse};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    FALSE, Outcome, TRUE, Text, Value, fill, from_bool, function, list, new_list, new_object, t,
};

/// An account was connected.
pub(crate) const INSTALL: Text = t!("onIntegrationInstall");
/// An account was disconnected.
pub(crate) const UNINSTALL: Text = t!("onIntegrationUninstall");
/// A workflow was switched on or off in the portal.
pub(crate) const WORKFLOW_CHANGE: Text = t!("onWorkflowChange");
/// The portal was opened.
pub(crate) const PORTAL_OPEN: Text = t!("onPortalOpen");
/// The portal was closed.
pub(crate) const PORTAL_CLOSE: Text = t!("onPortalClose");

const NAMES: [Text; 5] = [
    INSTALL,
    UNINSTALL,
    WORKFLOW_CHANGE,
    PORTAL_OPEN,
    PORTAL_CLOSE,
];

/// `subscribe`: adds `listener` for `name`; gives the function that removes it.
pub(crate) fn subscribe(sdk: Sdk, name: Value, listener: Value) -> Outcome {
    check_name(name)?;
    if !listener.is_function() {
        return fail(
            t!("listener_missing"),
            fill!(t!("no listener is provided for {}"), name),
        );
    }
    let entry = new_object()
        .set(t!("name"), name)
        .set(t!("listener"), listener);
    sdk.get(t!("listeners")).push(entry);
    Ok(function(Step::Unsubscribed, list![sdk.0, name, listener]))
}

/// What the function of [`subscribe`] does.
pub(crate) fn unsubscribed(context: Value, _: Value) -> Outcome {
    unsubscribe(Sdk(context.at(0)), context.at(1), context.at(2))
}

/// `unsubscribe`: removes every copy of `listener`; gives whether there was one.
pub(crate) fn unsubscribe(sdk: Sdk, name: Value, listener: Value) -> Outcome {
    check_name(name)?;
    if !listener.is_function() {
        return refuse(
            t!("listener_missing"),
            t!("listener is required for unsubscription"),
        );
    }
    let (all, rest) = (sdk.get(t!("listeners")), new_list());
    for entry in all.iter() {
        if !(entry.get(t!("name")).same(name) && entry.get(t!("listener")).same(listener)) {
            rest.push(entry);
        }
    }
    sdk.set(t!("listeners"), rest);
    Ok(if rest.len() < all.len() { TRUE } else { FALSE })
}

/// Calls the listeners of `name` with `(event, user)`; what they throw is swallowed.
pub(crate) fn emit(sdk: Sdk, name: Value, event: Value) {
    let user = sdk.user();
    // A listener may change the list: the one that is there now is replaced, not changed, by `unsubscribe`.
    for entry in sdk.get(t!("listeners")).iter() {
        if entry.get(t!("name")).same(name) {
            entry.get(t!("listener")).notify(event, user);
        }
    }
}

fn check_name(name: Value) -> Outcome {
    if NAMES.iter().any(|known| name.is(*known)) {
        return Ok(from_bool(true));
    }
    fail(
        t!("unknown_event"),
        fill!(t!("{} is not valid paragon event"), name),
    )
}
