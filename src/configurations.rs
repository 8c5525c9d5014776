//! Configurations of a credential: making, changing and removing them.

use crate::credential_state::{drop_configuration, take_credential};
use crate::credentials::{self, Selection};
use crate::error::{fail, refuse};
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{GLOBAL, Outcome, Text, UNDEFINED, Value, fill, list, new_object, t, text};
use crate::{api, connect};

/// `createConfiguration`; gives the promise of the new configuration.
pub(crate) fn create(sdk: Sdk, options: Value) -> Outcome {
    sdk.require_user()?;
    let Some(wanted) = options.get(t!("credentialId")).non_empty() else {
        return refuse(
            t!("argument_missing"),
            t!("Required options not provided: \"credentialId\""),
        );
    };
    let external = options.get(t!("externalId"));
    if external.is_text() && external.tell(t!("trim"), UNDEFINED, UNDEFINED).is_empty() {
        return refuse(
            t!("external_id_invalid"),
            t!("`externalId` must not be an empty or whitespace-only string."),
        );
    }
    let (_, selection) = owned(sdk, wanted, UNDEFINED)?;
    if !credentials::is_valid(selection.credential) {
        return refuse(
            t!("credential_not_found"),
            t!("Valid credential not found for provided options."),
        );
    }
    let call = call(
        sdk,
        t!("POST"),
        selection,
        new_object().add(t!("externalId"), external),
    )?;
    Ok(api::send(sdk, call)?.then(Step::ConfigurationCreated, sdk.0))
}

/// The server has made a configuration and gave its credential.
pub(crate) fn created(context: Value, answer: Value) -> Outcome {
    let credential = api::require_object(
        answer,
        text(t!("Unable to create a configuration for credential.")),
    )?;
    take_credential(Sdk(context), credential);
    Ok(newest(credential).copy())
}

/// `updateConfiguration`; gives the promise of the changed configuration.
pub(crate) fn update(sdk: Sdk, options: Value) -> Outcome {
    let (_, selection) = existing(sdk, options)?;
    let meta = options.get(t!("meta"));
    let body = new_object().set(
        t!("meta"),
        if meta.is_undefined() {
            new_object()
        } else {
            meta
        },
    );
    let call = selection.headers(call(sdk, t!("PATCH"), selection, body)?);
    Ok(api::send(sdk, call)?.then(
        Step::ConfigurationUpdated,
        list![sdk.0, selection.configuration_id()],
    ))
}

/// The server has changed a configuration and gave its credential.
pub(crate) fn updated(context: Value, answer: Value) -> Outcome {
    let credential = api::require_object(answer, text(t!("Unable to update configuration.")))?;
    take_credential(Sdk(context.at(0)), credential);
    let id = context.at(1);
    let Some(configuration) = credential.items(t!("configurations")).find(t!("id"), id) else {
        let message = t!("Cannot find credential configuration with given id: \"{}\"");
        return fail(t!("configuration_not_found"), fill!(message, id));
    };
    Ok(configuration.copy())
}

/// `destroyConfiguration`; the portal closes if the configuration was the selected one.
pub(crate) fn destroy(sdk: Sdk, options: Value) -> Outcome {
    let (name, selection) = existing(sdk, options)?;
    if selection.configuration.get(t!("isDefault")).is_true() {
        return refuse(
            t!("default_configuration"),
            t!("Cannot delete default configuration."),
        );
    }
    let call = selection.headers(call(sdk, t!("DELETE"), selection, UNDEFINED)?);
    let context = list![sdk.0, name, selection.credential, selection.configuration];
    Ok(api::send(sdk, call)?.then(Step::ConfigurationDestroyed, context))
}

/// The server has removed a configuration.
pub(crate) fn destroyed(context: Value, _: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    let removed = Selection {
        credential: context.at(2),
        configuration: context.at(3),
    };
    if drop_configuration(sdk, context.at(1), removed) {
        connect::portal::close(sdk);
    }
    Ok(UNDEFINED)
}

/// The configuration that `{id, credentialId}` names, and the name of its integration.
fn existing(sdk: Sdk, options: Value) -> Outcome<(Value, Selection)> {
    sdk.require_user()?;
    match (
        options.get(t!("credentialId")).non_empty(),
        options.get(t!("id")).non_empty(),
    ) {
        (Some(credential), Some(id)) => owned(sdk, credential, id),
        _ => refuse(
            t!("argument_missing"),
            t!("One or more required options not provided."),
        ),
    }
}

/// Looks for the ids in all integrations of the user.
fn owned(sdk: Sdk, credential: Value, configuration: Value) -> Outcome<(Value, Selection)> {
    let integrations = sdk.own_user().get(t!("integrations"));
    let has = |name: &Value| {
        credentials::find(
            integrations.own(*name).items(t!("allCredentials")),
            credential,
        )
        .is_some()
    };
    let name = integrations.keys().iter().find(has).unwrap_or(UNDEFINED);
    let own = integrations.own(name);
    credentials::resolve(own, credential, configuration, false).map(|found| (name, found))
}

/// A call about configurations of the selected credential.
fn call(sdk: Sdk, method: Text, selection: Selection, body: Value) -> Outcome {
    let path = fill!(
        t!("/sdk/credentials/{}/configurations"),
        selection.credential_id()
    );
    api::project_call(sdk, method, path, body)
}

/// The configuration of `credential` that was made last.
fn newest(credential: Value) -> Value {
    let (mut newest, mut made_last) = (UNDEFINED, f64::NEG_INFINITY);
    for configuration in credential.items(t!("configurations")).iter() {
        let made = GLOBAL
            .get(t!("Date"))
            .tell(t!("parse"), configuration.get(t!("dateCreated")), UNDEFINED)
            .to_number();
        if newest.is_undefined() || made > made_last {
            (newest, made_last) = (configuration, made);
        }
    }
    newest
}
