//! The methods that apps call, by name: each converts its arguments and delegates.
//!
//! One table behind one exported function: an export of its own for each method would cost bindings on both sides.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::error::Outcome;
use crate::sdk::{self, Sdk};
use crate::{connect, install_flow, js, options};

/// What a method returns that only does something.
const NOTHING: JsValue = JsValue::UNDEFINED;

/// Calls method `name` with the app's arguments.
///
/// # Errors
/// What the method throws at once; what fails later rejects the promise it returns.
pub(crate) fn call(sdk: &Rc<Sdk>, name: &str, values: &Array) -> Outcome<JsValue> {
    let at = |index: u32| values.get(index);
    let text = |index: u32| at(index).as_string().unwrap_or_default();
    Ok(match name {
        "authenticate" => sdk.authenticate(&at(0), &at(1), &at(2)).into(),
        "closePortal" => {
            sdk.close_portal();
            NOTHING
        }
        "configureGlobal" => {
            configure(sdk, &at(0), &at(1))?;
            NOTHING
        }
        "completeInstall" => sdk.complete_install(&at(0), &at(1)).into(),
        "connect" => sdk.connect(&at(0), &at(1)).into(),
        "startOAuthFlow" => {
            sdk.start_oauth_flow(&at(0), &at(1), &at(2))?;
            NOTHING
        }
        "event" => sdk.event(at(0), at(1), &at(2)).into(),
        "getIntegrationConfig" => sdk.integration_config(&text(0))?,
        "getIntegrationMetadata" => sdk.integration_metadata(&at(0))?,
        "getUser" => sdk.user(),
        "getVersion" => sdk::VERSION.into(),
        "installIntegration" => sdk.install(&at(0), &at(1))?.into(),
        "logout" => {
            sdk.logout();
            NOTHING
        }
        "request" => sdk.request(&at(0), &at(1), &at(2)).into(),
        "setHeadless" => {
            sdk.connect.set_headless(at(0).is_truthy());
            NOTHING
        }
        "setUserMetadata" => sdk.set_user_metadata(at(0)).into(),
        "subscribe" => subscribe(sdk, at(0), at(1))?,
        "unsubscribe" => sdk.events.unsubscribe(&at(0), &at(1))?.into(),
        "validateAction" => {
            sdk.validate_action(&text(0))?;
            NOTHING
        }
        "workflow" => sdk.workflow(&at(0), &at(1))?.into(),
        _ if name.starts_with("installFlow.") => install_flow::call(sdk, &name[12..], values)?,
        _ => connect::call_from_portal(sdk, name, values)?.into(),
    })
}

/// Sets services and persistence.
pub(crate) fn configure(sdk: &Rc<Sdk>, bag: &JsValue, overrides: &JsValue) -> Outcome<()> {
    let services = options::configured_services(bag, overrides)?;
    sdk.configure(services, options::persistence(bag)?);
    Ok(())
}

/// Adds a listener; gives the function that removes it.
fn subscribe(sdk: &Rc<Sdk>, name: JsValue, listener: JsValue) -> Outcome<JsValue> {
    sdk.events.subscribe(&name, &listener)?;
    let sdk = Rc::clone(sdk);
    let remove = js::callback(move |_| {
        let removed = sdk.events.unsubscribe(&name, &listener);
        removed.unwrap_or(false).into()
    });
    Ok(remove.into_js_value())
}
