//! The methods that apps call, by name: each converts its arguments and delegates.
//!
//! One table behind one exported function: an export of its own for each method would cost bindings on both sides.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::error::Outcome;
use crate::sdk::{self, Sdk};
use crate::{connect, install_flow, js, options, sources, transport};

/// What a method returns that only does something.
const NOTHING: JsValue = JsValue::UNDEFINED;

/// Calls method `name` with the app's arguments.
///
/// # Errors
/// What the method throws at once; what fails later rejects the promise it returns.
pub(crate) fn call(sdk: &Rc<Sdk>, name: &str, values: &Array) -> Outcome<JsValue> {
    // Read once for all methods: an argument read in each arm is code in each arm.
    let (a, b, c) = (values.get(0), values.get(1), values.get(2));
    let (text, second) = (js::shown(&a), js::string(&b));
    Ok(match name {
        "authenticate" => sdk.authenticate(&a, &b, &c).into(),
        "closePortal" => {
            sdk.close_portal();
            NOTHING
        }
        "configureGlobal" => {
            configure(sdk, &a, &b)?;
            NOTHING
        }
        "completeInstall" => sdk.complete_install(&a, &b).into(),
        "connect" => sdk.connect(&a, &b).into(),
        "connectAction" => sdk.connect_resource(&text, &b).into(),
        "createConfiguration" => sdk.create_configuration(&a).into(),
        "destroyConfiguration" => sdk.destroy_configuration(&a).into(),
        "event" => sdk.event(a.clone(), b.clone(), &c).into(),
        "getAccountTypeOptions" => sdk.sdk_options(&text, "accountTypes")?,
        "getAssetUrl" => sdk.asset_url(&text),
        "getCustomWebhookUserManualUrl" => {
            transport::settled(sdk.webhook_url(&text, &second)).into()
        }
        "getDataSourceOptions" => transport::settled(sdk.data_source(&text, &second)).into(),
        "getIntegrationAccount" => sdk.integration_account(&text, &b).into(),
        "getIntegrationConfig" => sdk.integration_config(&js::string(&a))?,
        "getIntegrationId" => sdk.integration_id(&text)?,
        "getIntegrationMetadata" => sdk.integration_metadata(&a)?,
        "getPostOptions" => sdk.sdk_options(&text, "postOauthInputs")?,
        "getPreOptions" => {
            sdk.pre_options(&text, if b.is_string() { &second } else { "default" })?
        }
        "getSourcesForActionInput" => sources::for_action_input(&a),
        "getSourcesForInput" => sdk.sources_for_input(&text, &b),
        "getTriggers" => sdk.triggers(&text, &b).into(),
        "getUser" => sdk.user(),
        "getVersion" => sdk::VERSION.into(),
        "installIntegration" => sdk.install(&a, &b)?.into(),
        "logout" => {
            sdk.sign_out();
            NOTHING
        }
        "request" => sdk.request(&a, &b, &c).into(),
        "setDataSources" => {
            sdk.sources.set(&a);
            NOTHING
        }
        "setHeadless" => {
            sdk.connect.set_headless(a.is_truthy());
            NOTHING
        }
        "setUserMetadata" => sdk.set_user_metadata(a.clone()).into(),
        "subscribe" => subscribe(sdk, a.clone(), b.clone())?,
        "unsubscribe" => sdk.events.unsubscribe(&a, &b)?.into(),
        "updateConfiguration" => sdk.update_configuration(&a).into(),
        "updateWorkflowState" => sdk.switch_workflows(a.clone(), b.clone()).into(),
        "validateAction" => {
            sdk.validate_action(&text)?;
            NOTHING
        }
        "workflow" => sdk.workflow(&a, &b)?.into(),
        _ if name.starts_with("installFlow.") => install_flow::call(sdk, &name[12..], values)?,
        _ => connect::call_from_portal(sdk, name, values)?,
    })
}

/// Sets services and persistence.
pub(crate) fn configure(sdk: &Rc<Sdk>, bag: &JsValue, overrides: &JsValue) -> Outcome<()> {
    let services = options::configured_services(bag, overrides)?;
    sdk.configure(services, options::persistence(bag)?, true);
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
