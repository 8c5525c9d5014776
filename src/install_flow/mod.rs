//! `installFlow`: connecting an account step by step, with pages of the app's own.
//!
//! [`stage`] decides what comes next; this is the shell around it that asks the app, opens the popup and stores what
//! the user entered ([`steps`]). The instance has what the flow knows under `install`:
//!
//! | property | |
//! |---|---|
//! | `run` | another object after each start and cancel: what an earlier run still brings is dropped |
//! | `name` | the integration's name; `undefined` while no flow runs |
//! | `options` | the app's, with its callbacks |
//! | `accountType`, `preOptions`, `postOptions` | what the user has given; null before |
//! | `refused` | the step whose values the server refused: they have to be given again |
//! | `credentialId` | of the credential that this flow made |
//! | `hasFinishedInstruction` | whether the user says that what the instruction asks for is done |
//! | `isAuthorizing` | whether the popup of this flow is open |

mod instruction;
mod stage;
pub(crate) mod steps;

use self::instruction::Package;
use self::stage::{Stage, Steps};
use crate::error::named;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    FALSE, GLOBAL, NULL, Outcome, TRUE, Text, UNDEFINED, Value, from_bool, function, list,
    new_object, promise, t, text,
};
use crate::{connect, inputs};

pub(crate) use self::steps::{set_account_type, set_post_options, set_pre_options};

/// What the flow knows now.
#[inline(never)]
fn progress(sdk: Sdk) -> Value {
    sdk.get(t!("install"))
        .record()
        .unwrap_or_else(|| forget(sdk))
}

/// Makes the flow know nothing; gives its state.
fn forget(sdk: Sdk) -> Value {
    let flow = new_object()
        .set(t!("accountType"), NULL)
        .set(t!("preOptions"), NULL)
        .set(t!("postOptions"), NULL);
    sdk.set(t!("install"), flow);
    next_run(flow);
    flow
}

/// Makes what is under way out of date.
fn next_run(flow: Value) {
    flow.set(t!("run"), new_object());
}

/// Whether nothing has made `run` out of date.
fn is_run(sdk: Sdk, run: Value) -> bool {
    progress(sdk).get(t!("run")).same(run)
}

/// `getAccountTypeValue`.
pub(crate) fn account_type_value(sdk: Sdk) -> Outcome {
    Ok(progress(sdk).get(t!("accountType")))
}

/// `getPreOptionsValue`.
pub(crate) fn pre_options_value(sdk: Sdk) -> Outcome {
    Ok(progress(sdk).get(t!("preOptions")))
}

/// `getPostOptionsValue`.
pub(crate) fn post_options_value(sdk: Sdk) -> Outcome {
    Ok(progress(sdk).get(t!("postOptions")))
}

/// `start`: everything is forgotten but that the instruction was followed; failures reach `onError` afterwards.
pub(crate) fn start(sdk: Sdk, name: Value, options: Value) -> Outcome {
    stop_authorizing(sdk);
    let has_finished = progress(sdk).get(t!("hasFinishedInstruction"));
    forget(sdk)
        .set(t!("name"), name.non_empty().unwrap_or(UNDEFINED))
        .set(t!("options"), options)
        .set(t!("hasFinishedInstruction"), has_finished);
    promise(begin(sdk)).then_or(Step::Done, Step::InstallNotStarted, sdk.0);
    Ok(UNDEFINED)
}

fn begin(sdk: Sdk) -> Outcome {
    if !connect::is_headless(sdk) {
        return Err(named(t!("HeadlessModeNotEnabledError")));
    }
    flow_name(sdk)?;
    sdk.require_user()?;
    if report_stage(sdk)? == Stage::OAuth {
        steps::authorize(sdk);
    }
    Ok(UNDEFINED)
}

/// The flow of the instance `context` could not be started.
pub(crate) fn not_started(context: Value, error: Value) -> Outcome {
    step_failed(Sdk(context), error, NULL);
    Ok(UNDEFINED)
}

/// Name of the integration that is connected.
fn flow_name(sdk: Sdk) -> Outcome {
    progress(sdk)
        .get(t!("name"))
        .some()
        .ok_or_else(|| named(t!("NoActiveInstallFlowError")))
}

/// `next`: the present stage, as the app sees it.
pub(crate) fn next(sdk: Sdk) -> Outcome {
    stage(sdk).map(|(_, described)| described)
}

/// The present stage, and how the app sees it.
fn stage(sdk: Sdk) -> Outcome<(Stage, Value)> {
    let name = flow_name(sdk)?;
    let flow = progress(sdk);
    let integration = inputs::integration(sdk, name)?;
    let types = inputs::account_types(sdk, name)?;
    let chosen = flow.get(t!("accountType")).non_empty();
    let account = chosen
        .and_then(|id| types.find(t!("id"), id))
        .unwrap_or(UNDEFINED);
    let package = Package::of(integration, chosen.unwrap_or(UNDEFINED));
    let before = inputs::pre_options(sdk, name, chosen.unwrap_or_else(|| text(t!("default"))))?;
    let after = inputs::post_options(sdk, name)?;
    let scheme = if types.is_empty() {
        integration.get(t!("authenticationType"))
    } else {
        account.get(t!("scheme"))
    };
    let asked = Steps {
        account_type: !types.is_empty(),
        instruction: package.is_some(),
        pre_options: !before.is_empty(),
        oauth: scheme.is(t!("oauth")),
        post_options: !after.is_empty() && !account.get(t!("skipPostOAuthInputs")).is_true(),
    };
    let has = |key: Text| flow.get(key).is_true();
    let counts = |key: Text| has(key) && !flow.get(t!("refused")).is(key);
    let given = Steps {
        account_type: chosen.is_some(),
        instruction: has(t!("hasFinishedInstruction")),
        pre_options: counts(t!("preOptions")),
        oauth: has(t!("credentialId")),
        post_options: counts(t!("postOptions")),
    };
    let stage = stage::next(asked, given);
    let options = match stage {
        Stage::AccountType => types,
        Stage::PreOptions => before,
        Stage::PostOptions => after,
        _ => UNDEFINED,
    };
    let described = match package.filter(|_| stage == Stage::Instruction) {
        Some(package) => {
            let finished = function(Step::InstructionFollowed, list![sdk.0, flow.get(t!("run"))]);
            package.describe(sdk, finished)
        }
        None => new_object()
            .set(t!("stage"), text(stage.name()))
            .add(t!("options"), options)
            .set(t!("done"), from_bool(stage == Stage::Done)),
    };
    Ok((stage, described))
}

/// Tells the app the present stage.
///
/// # Errors
/// Also what its `onNext` throws.
fn report_stage(sdk: Sdk) -> Outcome<Stage> {
    let (stage, described) = stage(sdk)?;
    report(sdk, t!("onNext"), described)?;
    Ok(stage)
}

/// Calls a callback of the app.
fn report(sdk: Sdk, callback: Text, event: Value) -> Outcome {
    let callback = progress(sdk).get(t!("options")).get(callback);
    if callback.is_function() {
        callback.apply(event, UNDEFINED)
    } else {
        Ok(UNDEFINED)
    }
}

/// The button of the instruction was pressed: this is its click, so that the popup may open.
pub(crate) fn instruction_followed(context: Value, _: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    if is_run(sdk, context.at(1)) {
        progress(sdk).set(t!("hasFinishedInstruction"), TRUE);
        steps::go_on(sdk, Stage::Instruction)?;
    }
    Ok(UNDEFINED)
}

/// Tells the app that the step named `stage` (null: the start) did not work.
fn step_failed(sdk: Sdk, error: Value, stage: Value) {
    let context = if stage.is_true() {
        new_object().set(t!("stage"), stage)
    } else {
        NULL
    };
    progress(sdk)
        .get(t!("options"))
        .get(t!("onError"))
        .notify(error, context);
}

/// Makes the ending of this flow's popup find another run; says whether it is open.
fn leave_popup(sdk: Sdk) -> bool {
    let flow = progress(sdk);
    let was_open = flow.get(t!("isAuthorizing")).is_true();
    if was_open {
        next_run(flow.set(t!("isAuthorizing"), FALSE));
    }
    was_open
}

/// Closes the popup of this flow; nobody is told.
fn stop_authorizing(sdk: Sdk) {
    // First, so that the ending finds another run.
    if leave_popup(sdk) {
        connect::cancel_flow(sdk);
    }
}

/// `cancel`: forgets everything and disconnects what this flow connected; gives a promise that does not reject.
pub(crate) fn cancel(sdk: Sdk) -> Outcome {
    stop_authorizing(sdk);
    let flow = progress(sdk);
    let (name, id) = (flow.get(t!("name")), flow.get(t!("credentialId")));
    forget(sdk);
    if name.is_undefined() {
        warn(t!(
            "installFlow.cancel(): there is no install flow to cancel"
        ));
    }
    if id.is_undefined() {
        return Ok(UNDEFINED);
    }
    let removed =
        connect::uninstall::uninstall(sdk, name, new_object().set(t!("selectedCredentialId"), id));
    Ok(promise(removed).then_or(Step::Done, Step::InstallNotRemoved, UNDEFINED))
}

/// What a cancelled flow connected could not be disconnected.
pub(crate) fn not_removed(_: Value, _: Value) -> Outcome {
    warn(t!(
        "installFlow.cancel(): the account could not be disconnected"
    ));
    Ok(UNDEFINED)
}

fn warn(message: Text) {
    GLOBAL
        .get(t!("console"))
        .tell(t!("warn"), text(message), UNDEFINED);
}
