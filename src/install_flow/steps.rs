//! What the app hands to the install flow, and what each of it sets off.
//!
//! What waits for the server or the popup goes on with [`ended`] or [`failed`]; their context is the instance, the run
//! and the name of the stage.

use super::stage::Stage;
use super::{is_run, progress, report, report_stage, stage, step_failed, stop_authorizing};
use crate::connect::{self, checks, install, installed};
use crate::error::refuse;
use crate::integrations::find;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{
    FALSE, Outcome, Text, UNDEFINED, Value, from_bool, function, list, new_object, promise, t, text,
};

/// Wrong use of the flow, found before anything is sent.
fn not_set(message: Text) -> Outcome {
    refuse(t!("install_flow_incomplete"), message)
}

/// What came of a step; an error is told to the app at once, and nothing is left to wait for.
fn told(sdk: Sdk, stage: Stage, outcome: Outcome) -> Outcome {
    outcome.or_else(|thrown| {
        step_failed(sdk, thrown.caught(), text(stage.name()));
        Ok(UNDEFINED)
    })
}

/// Reports the present stage and opens the popup if that is it; what fails belongs to step `after`.
pub(super) fn go_on(sdk: Sdk, after: Stage) -> Outcome {
    let reported = report_stage(sdk).map(|stage| {
        if stage == Stage::OAuth {
            authorize(sdk)
        } else {
            UNDEFINED
        }
    });
    told(sdk, after, reported)
}

/// `setAccountType`: resolves after the step it leads to.
pub(crate) fn set_account_type(sdk: Sdk, value: Value) -> Outcome {
    progress(sdk).set(t!("accountType"), value);
    go_on(sdk, Stage::AccountType)
}

/// `setPreOptions`: they go into the popup's flow, or become a credential at once.
pub(crate) fn set_pre_options(sdk: Sdk, values: Value) -> Outcome {
    let is_given = values.is_true();
    if is_given {
        progress(sdk)
            .set(t!("preOptions"), values)
            .set(t!("refused"), UNDEFINED);
    }
    let stored = match stage(sdk) {
        Err(thrown) => Err(thrown),
        Ok(_) if !is_given => not_set(t!("Pre options are not set")),
        Ok((Stage::OAuth, _)) => return go_on(sdk, Stage::PreOptions),
        Ok(_) => Ok(store(sdk, Stage::PreOptions, values, UNDEFINED)),
    };
    told(sdk, Stage::PreOptions, stored)
}

/// `setPostOptions`: completes the credential that this flow made.
pub(crate) fn set_post_options(sdk: Sdk, values: Value) -> Outcome {
    let flow = progress(sdk);
    let id = flow.get(t!("credentialId"));
    let stored = if !values.is_true() {
        not_set(t!("Post options are not set"))
    } else if id.is_undefined() {
        not_set(t!("Credential ID is not set"))
    } else {
        flow.set(t!("postOptions"), values)
            .set(t!("refused"), UNDEFINED);
        Ok(store(sdk, Stage::PostOptions, values, id))
    };
    told(sdk, Stage::PostOptions, stored)
}

/// Sends what was entered at `stage` to the server, for a new credential or to complete the one with this id.
fn store(sdk: Sdk, stage: Stage, entered: Value, credential_id: Value) -> Value {
    let flow = progress(sdk);
    let name = flow.get(t!("name"));
    let integration = find(sdk, name).unwrap_or(UNDEFINED);
    let chosen = new_object().set(t!("accountType"), flow.get(t!("accountType")));
    let skips = connect::account_type_config(integration, chosen)
        .get(t!("skipPostOAuthInputs"))
        .is_true();
    let answer = new_object()
        .set(t!("integrationId"), integration.get(t!("id")))
        .set(
            t!("payload"),
            entered
                .merged(UNDEFINED)
                .set(t!("skipPostOAuthInputs"), from_bool(skips)),
        );
    let created = installed::create_credential(sdk, answer, credential_id, install_options(flow));
    let stored =
        created.map(|created| created.then(Step::InstallCredentialStored, list![sdk.0, name]));
    wait(sdk, stage, stored)
}

/// The server has the credential: it is announced, whatever became of the flow; gives the event.
pub(crate) fn credential_stored(context: Value, credential: Value) -> Outcome {
    Ok(installed::installed(
        Sdk(context.at(0)),
        context.at(1),
        credential,
    ))
}

/// Opens the popup, in the caller's own task; the promise resolves when it is over.
pub(super) fn authorize(sdk: Sdk) -> Value {
    stop_authorizing(sdk);
    let flow = progress(sdk);
    let started = wish(sdk, flow).and_then(|wish| install::start_flow(sdk, wish));
    flow.set(t!("isAuthorizing"), from_bool(started.is_ok()));
    wait(
        sdk,
        Stage::OAuth,
        started.map(|attempt| attempt.get(t!("promise"))),
    )
}

/// The promise that resolves when the step at `stage`, which `begun` is the promise of, is over and told to the app.
fn wait(sdk: Sdk, stage: Stage, begun: Outcome) -> Value {
    let begun = promise(begun);
    let context = list![sdk.0, progress(sdk).get(t!("run")), text(stage.name())];
    begun.then_or(Step::InstallStepEnded, Step::InstallStepFailed, context)
}

/// What the popup's flow is to do.
fn wish(sdk: Sdk, flow: Value) -> Outcome {
    let (name, limit) = (
        flow.get(t!("name")),
        flow.get(t!("options")).get(t!("oauthTimeout")),
    );
    let installing = oauth_options(flow)?;
    let options = installing.merged(UNDEFINED).add(t!("oauthTimeout"), limit);
    // With the provider's answer only what the app asked for is sent, as by the reference.
    if !options.get(t!("allowMultipleCredentials")).is_true() {
        options.remove(t!("allowMultipleCredentials"));
    }
    let wish = new_object()
        .set(t!("integration"), checks::connectable(sdk, name)?)
        .set(t!("name"), name)
        .set(t!("options"), options)
        .set(t!("installOptions"), installing)
        .set(
            t!("retry"),
            function(Step::PopupRetried, list![sdk.0, flow.get(t!("run"))]),
        );
    Ok(wish)
}

/// The next click after a popup was blocked; nothing once the flow is past it, or another one. Context: instance, run.
pub(crate) fn popup_retried(context: Value, _: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    if is_run(sdk, context.at(1)) && stage(sdk)?.0 == Stage::OAuth {
        return Ok(authorize(sdk));
    }
    Ok(UNDEFINED)
}

/// `installOptions` of the server.
fn install_options(flow: Value) -> Value {
    let given = flow.get(t!("options"));
    let several = from_bool(given.get(t!("allowMultipleCredentials")).is_true());
    let options = new_object().set(t!("allowMultipleCredentials"), several);
    for key in [
        t!("overrideRedirectUrl"),
        t!("selectedCredentialId"),
        t!("externalId"),
    ] {
        add_given(options, key, given.get(key));
    }
    options
}

/// Adds `value` to `options`, if it is truthy.
fn add_given(options: Value, key: Text, value: Value) {
    options.add(key, value.or(UNDEFINED));
}

/// Options of the popup's flow. They are part of a URL: their order is the reference's.
fn oauth_options(flow: Value) -> Outcome {
    let entered = new_object();
    add_given(entered, t!("accountType"), flow.get(t!("accountType")));
    add_given(
        entered,
        t!("endUserSuppliedValues"),
        flow.get(t!("preOptions")),
    );
    let options = entered.merged(install_options(flow));
    let url = checks::redirect_url(options, t!("overrideRedirectUrl"), t!("."))?;
    options.remove(t!("overrideRedirectUrl"));
    let provided = new_object().add(t!("overrideRedirectUrl"), url);
    Ok(options.set(t!("userProvidedIntegrationConfig"), provided))
}

/// The instance and the stage of a step that is over; none if the flow goes on without it.
fn step_over(context: Value, is_refused: bool) -> Option<(Sdk, Value)> {
    let (sdk, stage) = (Sdk(context.at(0)), context.at(2));
    if !is_run(sdk, context.at(1)) {
        return None;
    }
    if stage.is(t!("oauth")) {
        progress(sdk).set(t!("isAuthorizing"), FALSE);
    } else {
        progress(sdk).set(t!("refused"), if is_refused { stage } else { UNDEFINED });
    }
    Some((sdk, stage))
}

/// A step has made or completed the credential of `event`: the next stage, or the end.
pub(crate) fn ended(context: Value, event: Value) -> Outcome {
    if let Some((sdk, stage)) = step_over(context, false)
        && let Err(thrown) = advance(sdk, event)
    {
        step_failed(sdk, thrown.caught(), stage);
    }
    Ok(UNDEFINED)
}

/// A step has failed.
pub(crate) fn failed(context: Value, error: Value) -> Outcome {
    if let Some((sdk, stage)) = step_over(context, true) {
        step_failed(sdk, error, stage);
    }
    Ok(UNDEFINED)
}

fn advance(sdk: Sdk, event: Value) -> Outcome {
    let Some(id) = event.get(t!("credentialId")).non_empty() else {
        return not_set(t!("Could not find a credential ID"));
    };
    progress(sdk).set(t!("credentialId"), id);
    let (next, described) = stage(sdk)?;
    if next == Stage::Done {
        report(sdk, t!("onComplete"), event)
    } else {
        report(sdk, t!("onNext"), described)
    }
}
