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
use crate::value::{FALSE, Outcome, UNDEFINED, Value, from_bool, list, new_object, promise, text};

/// Wrong use of the flow, found before anything is sent.
fn not_set(message: &'static str) -> Outcome {
    refuse("install_flow_incomplete", message)
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
    progress(sdk).set("accountType", value);
    go_on(sdk, Stage::AccountType)
}

/// `setPreOptions`: they go into the popup's flow, or become a credential at once.
pub(crate) fn set_pre_options(sdk: Sdk, values: Value) -> Outcome {
    let is_given = values.is_true();
    if is_given {
        progress(sdk)
            .set("preOptions", values)
            .set("isRefused", FALSE);
    }
    let stored = match stage(sdk) {
        Err(thrown) => Err(thrown),
        Ok(_) if !is_given => not_set("Pre options are not set"),
        Ok((Stage::OAuth, _)) => return go_on(sdk, Stage::PreOptions),
        Ok(_) => Ok(store(sdk, Stage::PreOptions, values, UNDEFINED)),
    };
    told(sdk, Stage::PreOptions, stored)
}

/// `setPostOptions`: completes the credential that this flow made.
pub(crate) fn set_post_options(sdk: Sdk, values: Value) -> Outcome {
    let flow = progress(sdk);
    let id = flow.get("credentialId");
    let stored = if !values.is_true() {
        not_set("Post options are not set")
    } else if id.is_undefined() {
        not_set("Credential ID is not set")
    } else {
        flow.set("postOptions", values);
        Ok(store(sdk, Stage::PostOptions, values, id))
    };
    told(sdk, Stage::PostOptions, stored)
}

/// Sends what was entered at `stage` to the server, for a new credential or to complete the one with this id.
fn store(sdk: Sdk, stage: Stage, entered: Value, credential_id: Value) -> Value {
    let flow = progress(sdk);
    let name = flow.get("name");
    let integration = find(sdk, name).unwrap_or(UNDEFINED);
    let chosen = new_object().set("accountType", flow.get("accountType"));
    let skips = connect::account_type_config(integration, chosen)
        .get("skipPostOAuthInputs")
        .is_true();
    let answer = new_object()
        .set("integrationId", integration.get("id"))
        .set(
            "payload",
            entered
                .merged(UNDEFINED)
                .set("skipPostOAuthInputs", from_bool(skips)),
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
    flow.set("isAuthorizing", from_bool(started.is_ok()));
    wait(
        sdk,
        Stage::OAuth,
        started.map(|attempt| attempt.get("promise")),
    )
}

/// The promise that resolves when the step at `stage`, which `begun` is the promise of, is over and told to the app.
fn wait(sdk: Sdk, stage: Stage, begun: Outcome) -> Value {
    let begun = promise(begun);
    let context = list![sdk.0, progress(sdk).get("run"), text(stage.name())];
    begun.then_or(Step::InstallStepEnded, Step::InstallStepFailed, context)
}

/// What the popup's flow is to do.
fn wish(sdk: Sdk, flow: Value) -> Outcome {
    let (name, limit) = (flow.get("name"), flow.get("options").get("oauthTimeout"));
    let installing = oauth_options(flow)?;
    let options = installing.merged(UNDEFINED).add("oauthTimeout", limit);
    // With the provider's answer only what the app asked for is sent, as by the reference.
    if !options.get("allowMultipleCredentials").is_true() {
        options.remove("allowMultipleCredentials");
    }
    let wish = new_object()
        .set("integration", checks::connectable(sdk, name)?)
        .set("name", name)
        .set("options", options)
        .set("installOptions", installing);
    Ok(wish)
}

/// `installOptions` of the server.
fn install_options(flow: Value) -> Value {
    let given = flow.get("options");
    let several = from_bool(given.get("allowMultipleCredentials").is_true());
    let options = new_object().set("allowMultipleCredentials", several);
    for key in ["overrideRedirectUrl", "selectedCredentialId", "externalId"] {
        add_given(options, key, given.get(key));
    }
    options
}

/// Adds `value` to `options`, if it is truthy.
fn add_given(options: Value, key: &'static str, value: Value) {
    options.add(key, value.or(UNDEFINED));
}

/// Options of the popup's flow. They are part of a URL: their order is the reference's.
fn oauth_options(flow: Value) -> Outcome {
    let entered = new_object();
    add_given(entered, "accountType", flow.get("accountType"));
    add_given(entered, "endUserSuppliedValues", flow.get("preOptions"));
    let options = entered.merged(install_options(flow));
    let url = checks::redirect_url(options, "overrideRedirectUrl", ".")?;
    options.remove("overrideRedirectUrl");
    let provided = new_object().add("overrideRedirectUrl", url);
    Ok(options.set("userProvidedIntegrationConfig", provided))
}

/// The instance and the stage of a step that is over; none if the flow goes on without it.
fn step_over(context: Value, is_refused: bool) -> Option<(Sdk, Value)> {
    let (sdk, stage) = (Sdk(context.at(0)), context.at(2));
    if !is_run(sdk, context.at(1)) {
        return None;
    }
    if stage.is("oauth") {
        progress(sdk).set("isAuthorizing", FALSE);
    } else if stage.is("preOptions") {
        progress(sdk).set("isRefused", from_bool(is_refused));
    }
    Some((sdk, stage))
}

/// A step has made or completed the credential of `event`: the next stage, or the end.
pub(crate) fn ended(context: Value, event: Value) -> Outcome {
    if let Some((sdk, stage)) = step_over(context, false)
        && let Err(thrown) = advance(sdk, event, stage.is("preOptions"))
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

/// Takes the credential of `event` in; `is_made` says that it needed no popup.
fn advance(sdk: Sdk, event: Value, is_made: bool) -> Outcome {
    let Some(id) = event.get("credentialId").non_empty() else {
        return not_set("Could not find a credential ID");
    };
    // A credential that needs nothing more is the user's: `cancel` leaves it alone.
    if !is_made || stage(sdk)?.0 != Stage::Done {
        progress(sdk).set("credentialId", id);
    }
    let (next, described) = stage(sdk)?;
    if next == Stage::Done {
        report(sdk, "onComplete", event)
    } else {
        report(sdk, "onNext", described)
    }
}
