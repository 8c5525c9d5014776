//! The methods that apps and the portal call, by name.
//!
//! One table behind one exported function: an export of its own for each method would cost bindings on both sides.

use crate::connect::{self, complete, install, portal, uninstall};
use crate::error::fail;
use crate::sdk::Sdk;
use crate::sources::{self, field_options, input_sources};
use crate::value::{Outcome, Text, UNDEFINED, Value, fill, promise, t, text};
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
const METHODS: &[(Text, u8, Method)] = &[
    (t!("authenticate"), PROMISE, |sdk, a, b, c, _| {
        sign_in::authenticate(sdk, a, b, c)
    }),
    (t!("cancelOAuthFlow"), PORTAL, |sdk, _, _, _, _| {
        connect::cancel_flow(sdk);
        DONE
    }),
    (t!("closePortal"), 0, |sdk, _, _, _, _| {
        portal::close(sdk);
        DONE
    }),
    (t!("completeInstall"), PROMISE, |sdk, a, b, _, _| {
        complete::complete_install(sdk, a, b)
    }),
    (t!("configureGlobal"), 0, |sdk, a, b, _, _| {
        options::configure(sdk, a, b)
    }),
    (t!("connect"), PROMISE, |sdk, a, b, _, _| {
        install::connect(sdk, a, b)
    }),
    (t!("connectAction"), PROMISE, |sdk, a, b, _, _| {
        account::connect_resource(sdk, a, b)
    }),
    (t!("createConfiguration"), PROMISE, |sdk, a, _, _, _| {
        configurations::create(sdk, a)
    }),
    (t!("destroyConfiguration"), PROMISE, |sdk, a, _, _, _| {
        configurations::destroy(sdk, a)
    }),
    (
        t!("disableWorkflow"),
        PROMISE | PORTAL,
        |sdk, a, b, _, _| workflow_state::disable(sdk, a, b),
    ),
    (t!("enableWorkflow"), PROMISE | PORTAL, |sdk, a, b, _, _| {
        workflow_state::enable(sdk, a, b)
    }),
    (t!("event"), PROMISE, |sdk, a, b, c, _| {
        workflow::event(sdk, a, b, c)
    }),
    (t!("getAccountTypeOptions"), 0, |sdk, a, _, _, _| {
        inputs::account_types(sdk, a)
    }),
    (t!("getAssetUrl"), 0, |sdk, a, _, _, _| {
        integrations::asset_url(sdk, a)
    }),
    (
        t!("getCustomWebhookUserManualUrl"),
        PROMISE,
        |sdk, a, b, _, _| account::webhook_url(sdk, a, b),
    ),
    (t!("getDataSourceOptions"), PROMISE, |sdk, a, b, _, _| {
        sources::data_source(sdk, a, b)
    }),
    (
        t!("getFieldOptions"),
        PROMISE | PORTAL,
        |sdk, a, _, _, _| field_options::field_options(sdk, a),
    ),
    (t!("getIntegrationAccount"), PROMISE, |sdk, a, b, _, _| {
        account::account(sdk, a, b)
    }),
    (t!("getIntegrationConfig"), 0, |sdk, a, _, _, _| {
        integrations::config(sdk, a)
    }),
    (t!("getIntegrationId"), 0, |sdk, a, _, _, _| {
        integrations::id(sdk, a)
    }),
    (t!("getIntegrationMetadata"), 0, |sdk, a, _, _, _| {
        integrations::metadata(sdk, a)
    }),
    (t!("getPostOptions"), 0, |sdk, a, _, _, _| {
        inputs::post_options(sdk, a)
    }),
    (t!("getPreOptions"), 0, |sdk, a, b, _, _| {
        inputs::pre_options(sdk, a, if b.is_text() { b } else { text(t!("default")) })
    }),
    (t!("getSourcesForActionInput"), 0, |_, a, _, _, _| {
        input_sources::for_action_input(a)
    }),
    (t!("getSourcesForInput"), 0, |sdk, a, b, _, _| {
        input_sources::for_input(sdk, a, b)
    }),
    (t!("getTriggers"), PROMISE, |sdk, a, b, _, _| {
        account::triggers(sdk, a, b)
    }),
    (t!("getUser"), 0, |sdk, _, _, _, _| Ok(sdk.user())),
    (t!("getVersion"), 0, |sdk, _, _, _, _| {
        sdk.get(t!("wire"))
            .invoke(t!("version"), UNDEFINED, UNDEFINED, UNDEFINED)
    }),
    (t!("installIntegration"), 0, |sdk, a, b, _, _| {
        install::install(sdk, a, b)
    }),
    (t!("installFlow.cancel"), PROMISE, |sdk, _, _, _, _| {
        install_flow::cancel(sdk)
    }),
    (
        t!("installFlow.getAccountTypeValue"),
        0,
        |sdk, _, _, _, _| install_flow::account_type_value(sdk),
    ),
    (
        t!("installFlow.getPostOptionsValue"),
        0,
        |sdk, _, _, _, _| install_flow::post_options_value(sdk),
    ),
    (
        t!("installFlow.getPreOptionsValue"),
        0,
        |sdk, _, _, _, _| install_flow::pre_options_value(sdk),
    ),
    (t!("installFlow.next"), 0, |sdk, _, _, _, _| {
        install_flow::next(sdk)
    }),
    (
        t!("installFlow.setAccountType"),
        PROMISE,
        |sdk, a, _, _, _| install_flow::set_account_type(sdk, a),
    ),
    (
        t!("installFlow.setPostOptions"),
        PROMISE,
        |sdk, a, _, _, _| install_flow::set_post_options(sdk, a),
    ),
    (
        t!("installFlow.setPreOptions"),
        PROMISE,
        |sdk, a, _, _, _| install_flow::set_pre_options(sdk, a),
    ),
    (t!("installFlow.start"), 0, |sdk, a, b, _, _| {
        install_flow::start(sdk, a, b)
    }),
    (t!("logout"), 0, |sdk, _, _, _, _| {
        sdk.logout();
        DONE
    }),
    (t!("onClose"), PORTAL, |sdk, a, _, _, _| {
        from_portal::on_close(sdk, a)
    }),
    (t!("onOpen"), PORTAL, |sdk, _, _, _, _| {
        from_portal::on_open(sdk)
    }),
    (t!("reopenOAuthFlow"), PORTAL, |sdk, _, _, _, _| {
        connect::reopen_flow(sdk)
    }),
    (t!("request"), PROMISE, |sdk, a, b, c, _| {
        request::request(sdk, a, b, c)
    }),
    (
        t!("sendConnectRequest"),
        PROMISE | PORTAL,
        |sdk, a, b, c, _| from_portal::send_connect_request(sdk, a, b, c),
    ),
    (t!("setDataSources"), 0, |sdk, a, _, _, _| {
        sources::set(sdk, a)
    }),
    (t!("setHeadless"), 0, |sdk, a, _, _, _| {
        connect::set_headless(sdk, a.is_true());
        DONE
    }),
    (t!("setModalState"), PORTAL, |sdk, a, _, _, _| {
        from_portal::set_modal_state(sdk, a)
    }),
    (t!("setUserMetadata"), PROMISE, |sdk, a, _, _, _| {
        sign_in::set_metadata(sdk, a)
    }),
    (t!("startOAuthFlow"), PORTAL, |sdk, a, b, c, _| {
        install::start_oauth_flow(sdk, a, b, c)
    }),
    (t!("subscribe"), 0, |sdk, a, b, _, _| {
        events::subscribe(sdk, a, b)
    }),
    (t!("triggerSDKEvent"), PORTAL, |sdk, a, _, _, _| {
        from_portal::trigger_event(sdk, a)
    }),
    (
        t!("uninstallIntegration"),
        PROMISE | PORTAL,
        |sdk, a, b, _, _| uninstall::uninstall(sdk, a, b),
    ),
    (t!("unsubscribe"), 0, |sdk, a, b, _, _| {
        events::unsubscribe(sdk, a, b)
    }),
    (t!("updateAuthenticatedUser"), PORTAL, |sdk, a, _, _, _| {
        from_portal::update_user(sdk, a)
    }),
    (t!("updateConfiguration"), PROMISE, |sdk, a, _, _, _| {
        configurations::update(sdk, a)
    }),
    (t!("updateContainerStyle"), PORTAL, |sdk, a, _, _, _| {
        portal::show(sdk, a.get(t!("isModalShown")).is_true());
        DONE
    }),
    (
        t!("updateIntegrationUserSettings"),
        PROMISE | PORTAL,
        |sdk, a, b, c, _| settings::update(sdk, a, b, c),
    ),
    (t!("updateWorkflowState"), PROMISE, |sdk, a, b, _, _| {
        workflow_state::switch_all(sdk, a, b)
    }),
    (
        t!("updateWorkflowUserSettings"),
        PROMISE | PORTAL,
        |sdk, a, b, c, d| settings::update_workflow(sdk, a, b, c, d),
    ),
    (t!("validateAction"), 0, |sdk, a, _, _, _| {
        integrations::validate(sdk, a).map(|_| UNDEFINED)
    }),
    (t!("workflow"), 0, |sdk, a, b, _, _| {
        workflow::run(sdk, a, b)
    }),
    (
        t!("_fetchBYOFieldMappingOptions"),
        PROMISE | PORTAL,
        |sdk, a, b, c, d| sources::load_mapping(sdk, a, b, c, d),
    ),
    (
        t!("_loadCustomDropdownOptions"),
        PROMISE | PORTAL,
        |sdk, a, b, c, _| sources::load_dropdown(sdk, a, b, c),
    ),
    (t!("_oauthCallback"), PROMISE | PORTAL, |sdk, a, b, c, _| {
        from_portal::oauth_callback(sdk, a, b, c)
    }),
    (
        t!("_oauthErrorCallback"),
        PROMISE | PORTAL,
        |sdk, a, b, _, _| from_portal::oauth_error(sdk, a, b),
    ),
];

fn at(index: i32) -> Option<&'static (Text, u8, Method)> {
    METHODS.get(usize::try_from(index).ok()?)
}

/// Name of the method numbered `index`; `undefined` after the last.
pub(crate) fn name(index: i32) -> Value {
    at(index).map_or(UNDEFINED, |(name, ..)| text(*name))
}

/// Calls the method numbered `index` with the app's arguments.
///
/// # Errors
/// What the method throws at once; what fails later rejects the promise it gives.
pub(crate) fn call(index: i32, sdk: Sdk, values: [Value; 4]) -> Outcome {
    at(index).map_or(Ok(UNDEFINED), |method| run(method, sdk, values))
}

fn run((_, flags, method): &(Text, u8, Method), sdk: Sdk, [a, b, c, d]: [Value; 4]) -> Outcome {
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
    match allowed.find(|(known, ..)| name.is(*known)) {
        Some(method) => run(method, sdk, values),
        None => fail(
            t!("method_refused"),
            fill!(t!("the portal may not call `{}`"), name),
        ),
    }
}
