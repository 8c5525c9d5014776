//! The methods that apps and the portal call, by name.
//!
//! One table behind one exported function: an export of its own for each method would cost bindings on both sides.

use crate::connect::{self, complete, install, portal, uninstall};
use crate::error::fail;
use crate::sdk::Sdk;
use crate::sources::{self, field_options, input_sources};
use crate::value::{Outcome, UNDEFINED, Value, fill, promise, text};
use crate::{
    account, configurations, connect::methods as from_portal, events, inputs, install_flow,
    integrations, options, request, settings, sign_in, workflow, workflow_state,
};

/// A method; arguments that it does not have are left out.
type Method = fn(Sdk, Value, Value, Value, Value) -> Outcome;

/// What fails in the method rejects the promise that it gives.
const PROMISE: u8 = 1;
/// The portal's frame may call it.
const PORTAL: u8 = 2;

/// What a method gives that only does something.
const DONE: Outcome = Ok(UNDEFINED);

/// Name, flags and function.
const METHODS: &[(&str, u8, Method)] = &[
    ("authenticate", PROMISE, |sdk, a, b, c, _| {
        sign_in::authenticate(sdk, a, b, c)
    }),
    ("cancelOAuthFlow", PORTAL, |sdk, _, _, _, _| {
        connect::cancel_flow(sdk);
        DONE
    }),
    ("closePortal", 0, |sdk, _, _, _, _| {
        portal::close(sdk);
        DONE
    }),
    ("completeInstall", PROMISE, |sdk, a, b, _, _| {
        complete::complete_install(sdk, a, b)
    }),
    ("configureGlobal", 0, |sdk, a, b, _, _| {
        options::configure(sdk, a, b)
    }),
    ("connect", PROMISE, |sdk, a, b, _, _| {
        install::connect(sdk, a, b)
    }),
    ("connectAction", PROMISE, |sdk, a, b, _, _| {
        account::connect_resource(sdk, a, b)
    }),
    ("createConfiguration", PROMISE, |sdk, a, _, _, _| {
        configurations::create(sdk, a)
    }),
    ("destroyConfiguration", PROMISE, |sdk, a, _, _, _| {
        configurations::destroy(sdk, a)
    }),
    ("disableWorkflow", PROMISE | PORTAL, |sdk, a, b, _, _| {
        workflow_state::disable(sdk, a, b)
    }),
    ("enableWorkflow", PROMISE | PORTAL, |sdk, a, b, _, _| {
        workflow_state::enable(sdk, a, b)
    }),
    ("event", PROMISE, |sdk, a, b, c, _| {
        workflow::event(sdk, a, b, c)
    }),
    ("getAccountTypeOptions", 0, |sdk, a, _, _, _| {
        inputs::account_types(sdk, a)
    }),
    ("getAssetUrl", 0, |sdk, a, _, _, _| {
        integrations::asset_url(sdk, a)
    }),
    (
        "getCustomWebhookUserManualUrl",
        PROMISE,
        |sdk, a, b, _, _| account::webhook_url(sdk, a, b),
    ),
    ("getDataSourceOptions", PROMISE, |sdk, a, b, _, _| {
        sources::data_source(sdk, a, b)
    }),
    ("getFieldOptions", PROMISE | PORTAL, |sdk, a, _, _, _| {
        field_options::field_options(sdk, a)
    }),
    ("getIntegrationAccount", PROMISE, |sdk, a, b, _, _| {
        account::account(sdk, a, b)
    }),
    ("getIntegrationConfig", 0, |sdk, a, _, _, _| {
        integrations::config(sdk, a)
    }),
    ("getIntegrationId", 0, |sdk, a, _, _, _| {
        integrations::id(sdk, a)
    }),
    ("getIntegrationMetadata", 0, |sdk, a, _, _, _| {
        integrations::metadata(sdk, a)
    }),
    ("getPostOptions", 0, |sdk, a, _, _, _| {
        inputs::post_options(sdk, a)
    }),
    ("getPreOptions", 0, |sdk, a, b, _, _| {
        inputs::pre_options(sdk, a, if b.is_text() { b } else { text("default") })
    }),
    ("getSourcesForActionInput", 0, |_, a, _, _, _| {
        input_sources::for_action_input(a)
    }),
    ("getSourcesForInput", 0, |sdk, a, b, _, _| {
        input_sources::for_input(sdk, a, b)
    }),
    ("getTriggers", PROMISE, |sdk, a, b, _, _| {
        account::triggers(sdk, a, b)
    }),
    ("getUser", 0, |sdk, _, _, _, _| Ok(sdk.user())),
    ("getVersion", 0, |sdk, _, _, _, _| {
        sdk.get("wire")
            .invoke("version", UNDEFINED, UNDEFINED, UNDEFINED)
    }),
    ("installIntegration", 0, |sdk, a, b, _, _| {
        install::install(sdk, a, b)
    }),
    ("installFlow.cancel", PROMISE, |sdk, _, _, _, _| {
        install_flow::cancel(sdk)
    }),
    ("installFlow.getAccountTypeValue", 0, |sdk, _, _, _, _| {
        install_flow::account_type_value(sdk)
    }),
    ("installFlow.getPostOptionsValue", 0, |sdk, _, _, _, _| {
        install_flow::post_options_value(sdk)
    }),
    ("installFlow.getPreOptionsValue", 0, |sdk, _, _, _, _| {
        install_flow::pre_options_value(sdk)
    }),
    ("installFlow.next", 0, |sdk, _, _, _, _| {
        install_flow::next(sdk)
    }),
    ("installFlow.setAccountType", PROMISE, |sdk, a, _, _, _| {
        install_flow::set_account_type(sdk, a)
    }),
    ("installFlow.setPostOptions", PROMISE, |sdk, a, _, _, _| {
        install_flow::set_post_options(sdk, a)
    }),
    ("installFlow.setPreOptions", PROMISE, |sdk, a, _, _, _| {
        install_flow::set_pre_options(sdk, a)
    }),
    ("installFlow.start", 0, |sdk, a, b, _, _| {
        install_flow::start(sdk, a, b)
    }),
    ("logout", 0, |sdk, _, _, _, _| {
        sdk.logout();
        DONE
    }),
    ("onClose", PORTAL, |sdk, a, _, _, _| {
        from_portal::on_close(sdk, a)
    }),
    ("onOpen", PORTAL, |sdk, _, _, _, _| {
        from_portal::on_open(sdk)
    }),
    ("reopenOAuthFlow", PORTAL, |sdk, _, _, _, _| {
        connect::reopen_flow(sdk)
    }),
    ("request", PROMISE, |sdk, a, b, c, _| {
        request::request(sdk, a, b, c)
    }),
    ("sendConnectRequest", PROMISE | PORTAL, |sdk, a, b, c, _| {
        from_portal::send_connect_request(sdk, a, b, c)
    }),
    ("setDataSources", 0, |sdk, a, _, _, _| sources::set(sdk, a)),
    ("setHeadless", 0, |sdk, a, _, _, _| {
        connect::set_headless(sdk, a.is_true());
        DONE
    }),
    ("setModalState", PORTAL, |sdk, a, _, _, _| {
        from_portal::set_modal_state(sdk, a)
    }),
    ("setUserMetadata", PROMISE, |sdk, a, _, _, _| {
        sign_in::set_metadata(sdk, a)
    }),
    ("startOAuthFlow", PORTAL, |sdk, a, b, c, _| {
        install::start_oauth_flow(sdk, a, b, c)
    }),
    ("subscribe", 0, |sdk, a, b, _, _| {
        events::subscribe(sdk, a, b)
    }),
    ("triggerSDKEvent", PORTAL, |sdk, a, _, _, _| {
        from_portal::trigger_event(sdk, a)
    }),
    (
        "uninstallIntegration",
        PROMISE | PORTAL,
        |sdk, a, b, _, _| uninstall::uninstall(sdk, a, b),
    ),
    ("unsubscribe", 0, |sdk, a, b, _, _| {
        events::unsubscribe(sdk, a, b)
    }),
    ("updateAuthenticatedUser", PORTAL, |sdk, a, _, _, _| {
        from_portal::update_user(sdk, a)
    }),
    ("updateConfiguration", PROMISE, |sdk, a, _, _, _| {
        configurations::update(sdk, a)
    }),
    ("updateContainerStyle", PORTAL, |sdk, a, _, _, _| {
        portal::show(sdk, a.get("isModalShown").is_true());
        DONE
    }),
    (
        "updateIntegrationUserSettings",
        PROMISE | PORTAL,
        |sdk, a, b, c, _| settings::update(sdk, a, b, c),
    ),
    ("updateWorkflowState", PROMISE, |sdk, a, b, _, _| {
        workflow_state::switch_all(sdk, a, b)
    }),
    (
        "updateWorkflowUserSettings",
        PROMISE | PORTAL,
        |sdk, a, b, c, d| settings::update_workflow(sdk, a, b, c, d),
    ),
    ("validateAction", 0, |sdk, a, _, _, _| {
        integrations::validate(sdk, a).map(|_| UNDEFINED)
    }),
    ("workflow", 0, |sdk, a, b, _, _| workflow::run(sdk, a, b)),
    (
        "_fetchBYOFieldMappingOptions",
        PROMISE | PORTAL,
        |sdk, a, b, c, d| sources::load_mapping(sdk, a, b, c, d),
    ),
    (
        "_loadCustomDropdownOptions",
        PROMISE | PORTAL,
        |sdk, a, b, c, _| sources::load_dropdown(sdk, a, b, c),
    ),
    ("_oauthCallback", PROMISE | PORTAL, |sdk, a, b, c, _| {
        from_portal::oauth_callback(sdk, a, b, c)
    }),
    (
        "_oauthErrorCallback",
        PROMISE | PORTAL,
        |sdk, a, b, _, _| from_portal::oauth_error(sdk, a, b),
    ),
];

fn at(index: i32) -> Option<&'static (&'static str, u8, Method)> {
    METHODS.get(usize::try_from(index).ok()?)
}

/// Name of the method numbered `index`; `undefined` after the last.
pub(crate) fn name(index: i32) -> Value {
    at(index).map_or(UNDEFINED, |(name, ..)| text(name))
}

/// Calls the method numbered `index` with the app's arguments.
///
/// # Errors
/// What the method throws at once; what fails later rejects the promise it gives.
pub(crate) fn call(index: i32, sdk: Sdk, values: [Value; 4]) -> Outcome {
    at(index).map_or(Ok(UNDEFINED), |method| run(method, sdk, values))
}

fn run((_, flags, method): &(&str, u8, Method), sdk: Sdk, [a, b, c, d]: [Value; 4]) -> Outcome {
    let outcome = method(sdk, a, b, c, d);
    if flags & PROMISE == 0 {
        outcome
    } else {
        Ok(promise(outcome))
    }
}

/// Calls the method that the portal's frame names.
///
/// # Errors
/// SECURITY: every name that is not marked for the portal is refused, whatever the instance has under it.
pub(crate) fn call_for_portal(sdk: Sdk, name: Value, values: [Value; 4]) -> Outcome {
    let mut allowed = METHODS.iter().filter(|(_, flags, _)| flags & PORTAL != 0);
    match allowed.find(|(known, ..)| name.is(known)) {
        Some(method) => run(method, sdk, values),
        None => fail(
            "method_refused",
            fill!("the portal may not call `{}`", name),
        ),
    }
}
