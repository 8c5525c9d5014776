//! The user's credentials in the state: taking in what the server returned, selecting one, removing one.

use crate::credentials::{Selection, is_valid};
use crate::integrations::{find_by_id, name_of, of_user};
use crate::sdk::Sdk;
use crate::session::all_configurations;
use crate::value::{
    FALSE, Text, UNDEFINED, Value, from_bool, from_number, new_list, new_object, t,
};

/// Takes a credential that the server returned into the state; gives the name of its integration, `undefined` if the
/// project does not have it.
///
/// It becomes the selected one if it is new, was selected, or holds the selected configuration.
pub(crate) fn take_credential(sdk: Sdk, credential: Value) -> Value {
    let Some(integration) = find_by_id(sdk, credential.get(t!("integrationId"))) else {
        return UNDEFINED;
    };
    let (name, id) = (name_of(integration), credential.get(t!("id")));
    let Some(own) = of_user(sdk, name)
        .record()
        .or_else(|| add_integration(sdk, name, new_object()))
    else {
        return UNDEFINED;
    };
    if !id.is_text() {
        return UNDEFINED;
    }
    let credentials = own.items(t!("allCredentials"));
    let position = credentials.position(t!("id"), id);
    match position {
        Some(index) => credentials.store(from_number(index.into()), credential),
        None => _ = credentials.push(credential),
    }
    let configurations = credential.items(t!("configurations"));
    let others = own
        .items(t!("allConfigurations"))
        .without(t!("connectCredentialId"), id);
    own.set(t!("allCredentials"), credentials).set(
        t!("allConfigurations"),
        others.tell(t!("concat"), configurations, UNDEFINED),
    );
    let selected = own.get(t!("credentialConfigId")).some();
    let holds_selected =
        selected.is_some_and(|selected| configurations.position(t!("id"), selected).is_some());
    if position.is_none() || own.get(t!("credentialId")).same(id) || holds_selected {
        select(own, credential);
    }
    sdk.state_changed();
    name
}

/// Makes `own` what the user has of integration `name`; none if nobody is signed in, or for a name such as `__proto__`.
fn add_integration(sdk: Sdk, name: Value, own: Value) -> Option<Value> {
    let integrations = sdk.own_user().get(t!("integrations")).record()?;
    integrations.store(name, own);
    integrations.own(name).record()
}

/// Takes credential `id` of integration `name` out of the state; another one is selected, or none is left.
pub(crate) fn drop_credential(sdk: Sdk, name: Value, id: Value) {
    let own = of_user(sdk, name);
    let rest = own.items(t!("allCredentials")).without(t!("id"), id);
    if rest.is_empty() {
        let empty = new_object()
            .set(t!("enabled"), FALSE)
            .set(t!("workflowSettings"), new_object())
            .set(t!("allCredentials"), rest)
            .set(t!("allConfigurations"), new_list());
        add_integration(sdk, name, empty);
    } else {
        own.set(t!("allCredentials"), rest)
            .set(t!("allConfigurations"), all_configurations(own))
            .set(t!("credentialConfigId"), UNDEFINED);
        select(own, rest.at(0));
    }
    sdk.state_changed();
}

/// Takes a configuration of integration `name` out of the state; says whether it was the selected one.
pub(crate) fn drop_configuration(sdk: Sdk, name: Value, removed: Selection) -> bool {
    let (own, id) = (of_user(sdk, name), removed.configuration_id());
    let Some(credential) = known_credential(sdk, name, removed.credential_id()) else {
        return false;
    };
    for (owner, key) in [
        (credential, t!("configurations")),
        (own, t!("allConfigurations")),
    ] {
        owner.set(key, owner.items(key).without(t!("id"), id));
    }
    let was_selected = own.get(t!("credentialConfigId")).same(id);
    if was_selected {
        select(own.set(t!("credentialConfigId"), UNDEFINED), credential);
    }
    sdk.state_changed();
    was_selected
}

/// Makes `selection` the user's current credential of integration `name`.
pub(crate) fn select_credential(sdk: Sdk, name: Value, selection: Selection) {
    if let Some(own) = of_user(sdk, name).record() {
        select(
            own.set(t!("credentialConfigId"), selection.configuration_id()),
            selection.credential,
        );
    }
}

/// The credential with id `id` among those of integration `name`.
pub(crate) fn known_credential(sdk: Sdk, name: Value, id: Value) -> Option<Value> {
    of_user(sdk, name)
        .items(t!("allCredentials"))
        .find(t!("id"), id)
}

/// Fields of the user's integration, and where the selected credential has them.
const OF_CREDENTIAL: [(Text, Text); 4] = [
    (t!("credentialId"), t!("id")),
    (t!("credentialStatus"), t!("status")),
    (t!("providerId"), t!("providerId")),
    (t!("providerData"), t!("providerData")),
];
/// The same for its configuration.
const OF_CONFIGURATION: [(Text, Text); 6] = [
    (t!("credentialConfigId"), t!("id")),
    (t!("externalId"), t!("externalId")),
    (t!("sharedSettings"), t!("sharedSettings")),
    (t!("workflowSettings"), t!("workflowSettings")),
    (t!("configuredWorkflows"), t!("workflowSettings")),
    (t!("configMeta"), t!("configMeta")),
];

/// Makes `credential` the selected one of the user's integration `own`, with its configuration that is selected
/// already or, where none is selected, its first.
#[inline(never)]
fn select(own: Value, credential: Value) {
    let configurations = credential.items(t!("configurations"));
    let selected = own.get(t!("credentialConfigId"));
    let configuration = if selected.is_text() {
        configurations.find(t!("id"), selected).unwrap_or(UNDEFINED)
    } else {
        configurations.at(0)
    };
    copy_fields(own, credential, &OF_CREDENTIAL);
    copy_fields(own, configuration, &OF_CONFIGURATION);
    own.set(t!("enabled"), from_bool(is_valid(credential)));
}

#[inline(never)]
fn copy_fields(target: Value, source: Value, fields: &[(Text, Text)]) {
    for (to, from) in fields {
        target.set(*to, source.get(*from));
    }
}
