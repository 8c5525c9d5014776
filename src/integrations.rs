//! The project's integrations: their names, how they look, and which may be used.

use crate::error::{fail, refuse};
use crate::sdk::Sdk;
use crate::services;
use crate::value::{Outcome, UNDEFINED, Value, fill, made_text, new_list, new_object, text};

/// The name apps use for an integration: its type, or a custom integration's slug.
pub(crate) fn name_of(integration: Value) -> Value {
    let kind = integration.get("type");
    if !kind.is("custom") {
        return kind;
    }
    let custom = integration.get("customIntegration");
    custom
        .get("slug")
        .non_empty()
        .unwrap_or_else(|| made_text(&custom_name(&custom.get("name").to_bytes())))
}

/// Whether the project made this integration itself.
pub(crate) fn is_custom(integration: Value) -> bool {
    let kind = integration.get("type");
    kind.is("custom") || is_custom_name(kind)
}

/// Whether `name` is one that only integrations of a project's own have.
pub(crate) fn is_custom_name(name: Value) -> bool {
    name.tell("startsWith", text("custom."), UNDEFINED)
        .is_true()
}

/// `custom.` and the name's letters and digits in lower case.
fn custom_name(name: &[u8]) -> Vec<u8> {
    let plain = name.iter().filter(|byte| byte.is_ascii_alphanumeric());
    b"custom."
        .iter()
        .chain(plain)
        .map(u8::to_ascii_lowercase)
        .collect()
}

/// The integrations that have a configuration, in the server's order.
pub(crate) fn configured(sdk: Sdk) -> Value {
    sdk.get("integrations")
        .iter()
        .filter(|one| !one.items("configs").is_empty())
        .collect()
}

/// The project's integration named `name`.
#[inline(never)]
pub(crate) fn find(sdk: Sdk, name: Value) -> Option<Value> {
    named(configured(sdk), name)
}

#[inline(never)]
fn named(integrations: Value, name: Value) -> Option<Value> {
    integrations.iter().find(|one| name_of(*one).same(name))
}

/// The project's integration with the server's id `id`.
pub(crate) fn find_by_id(sdk: Sdk, id: Value) -> Option<Value> {
    configured(sdk).find("id", id)
}

/// What the user has of integration `name`: `enabled`, `allCredentials` …; `undefined` if nothing.
#[inline(never)]
pub(crate) fn of_user(sdk: Sdk, name: Value) -> Value {
    sdk.own_user().get("integrations").own(name)
}

/// What the project shows of an integration.
pub(crate) fn shown_values(integration: Value) -> Value {
    integration.items("configs").at(0).get("values")
}

/// One line per configured integration: `- "{name}"`.
fn bullet_list(sdk: Sdk) -> Value {
    let lines: Value = configured(sdk)
        .iter()
        .map(|one| fill!("- \"{}\"", name_of(one)))
        .collect();
    lines.tell("join", text("\n"), UNDEFINED)
}

/// The shared check before an integration is used (`validateAction`); gives the integration.
pub(crate) fn validate(sdk: Sdk, name: Value) -> Outcome {
    if named(sdk.get("integrations"), name).is_none() && !is_custom_name(name) {
        let message = "\"{}\" is not a valid integration type. The integrations you have configured for this Paragon project are:\n\n{}\n";
        return fail(
            "integration_unknown",
            fill!(message, name, bullet_list(sdk)),
        );
    }
    let Some(integration) = find(sdk, name).filter(|_| of_user(sdk, name).is_true()) else {
        let message = "integration \"{}\" has not been set up in your Paragon project yet.\n\n{}";
        return fail(
            "integration_not_set_up",
            fill!(message, name, bullet_list(sdk)),
        );
    };
    if !integration.get("isActive").is_true() {
        let message = "integration \"{}\" is not active in your Paragon project yet.";
        return fail("integration_inactive", fill!(message, name));
    }
    Ok(integration)
}

/// `getIntegrationId`: the server's id of integration `name`.
pub(crate) fn id(sdk: Sdk, name: Value) -> Outcome {
    match find(sdk, name) {
        Some(integration) => Ok(integration.get("id")),
        None => fail(
            "integration_not_found",
            fill!("Integration \"{}\" not found", name),
        ),
    }
}

/// `getAssetUrl`: address of the picture named `name`.
pub(crate) fn asset_url(sdk: Sdk, name: Value) -> Outcome {
    Ok(fill!(
        "{}/images/{}.png",
        sdk.url(services::DASHBOARD),
        name
    ))
}

/// `getIntegrationMetadata`: a card of every active integration, or of the one named.
pub(crate) fn metadata(sdk: Sdk, name: Value) -> Outcome {
    let active: Value = configured(sdk)
        .iter()
        .filter(|one| one.get("isActive").is_true())
        .collect();
    if !name.is_true() {
        return Ok(active.iter().map(|one| card(sdk, one)).collect());
    }
    match named(active, name) {
        Some(integration) => Ok(card(sdk, integration)),
        None => fail(
            "integration_unknown",
            fill!("{} is not a valid integration name", name),
        ),
    }
}

/// `{type, name, brandColor, icon}` of an integration.
fn card(sdk: Sdk, integration: Value) -> Value {
    let custom = integration.get("customIntegration");
    new_object()
        .set("type", name_of(integration))
        .add("name", integration.get("name").or(custom.get("name")))
        .add(
            "brandColor",
            integration.get("brandColor").or(custom.get("brandColor")),
        )
        .set("icon", icon(sdk, integration, custom))
}

fn icon(sdk: Sdk, integration: Value, custom: Value) -> Value {
    let (cdn, kind) = (sdk.url(services::CDN), integration.get("type"));
    let icon = if is_custom(integration) {
        custom
            .get("icon")
            .non_empty()
            .unwrap_or_else(|| fill!("{}/images/icons/byo-placeholder.svg", cdn))
    } else {
        let file = if kind.is("monday.com") {
            text("monday")
        } else if kind.is("wordpress.com") {
            text("wordpress")
        } else {
            kind
        };
        fill!("{}/integrations/{}.svg", cdn, file)
    };
    // Anything after `.svg` is cut.
    let parts = icon.tell("split", text(".svg"), UNDEFINED);
    if parts.len() > 1 {
        fill!("{}.svg", parts.at(0))
    } else {
        icon
    }
}

/// `getIntegrationConfig`: texts, user settings and workflows that the project shows for integration `name`.
pub(crate) fn config(sdk: Sdk, name: Value) -> Outcome {
    if !name.is_true() {
        return refuse("integration_missing", "Integration is required.");
    }
    let Some(integration) = find(sdk, name) else {
        return fail(
            "integration_unknown",
            fill!("Integration \"{}\" not found.", name),
        );
    };
    let values = shown_values(integration);
    let (available, hidden) = (new_list(), new_list());
    sort_workflows(integration, values.get("workflowMeta"), available, hidden);
    let config = new_object()
        .add("shortDescription", values.get("description"))
        .add("longDescription", values.get("overview"))
        .add(
            "availableUserSettings",
            values.get("sharedMeta").get("inputs"),
        )
        .set("availableWorkflows", available)
        .set("hiddenWorkflows", hidden);
    Ok(config.copy())
}

/// Workflows the user may see, and those hidden from them. The server names those without permission by id or entity.
fn sort_workflows(integration: Value, meta: Value, available: Value, hidden: Value) {
    let (permitted, unpermitted) = (
        integration.items("workflows"),
        integration.items("noPermissionWorkflows"),
    );
    for id in meta.keys().iter() {
        let entity = unpermitted.find("id", id);
        let is_unpermitted =
            entity.is_some() || unpermitted.tell("includes", id, UNDEFINED).is_true();
        let entity = permitted.find("id", id).or(entity);
        if entity.is_none() && !is_unpermitted {
            continue;
        }
        let own = meta.own(id);
        let description = entity.unwrap_or(UNDEFINED).get("description");
        let workflow = own.merged(UNDEFINED).set("description", description);
        let is_hidden =
            own.get("hidden").is_true() || (own.get("permissions").is_true() && is_unpermitted);
        if is_hidden {
            hidden.push(workflow)
        } else {
            available.push(workflow)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_names_keep_letters_and_digits() {
        assert_eq!(custom_name(b"My App 2!"), b"custom.myapp2");
    }
}
