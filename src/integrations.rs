//! The project's integrations: their names, how they look, and which may be used.

use crate::error::{fail, refuse};
use crate::sdk::Sdk;
use crate::services;
use crate::value::{Outcome, UNDEFINED, Value, fill, made_text, new_list, new_object, t, text};

/// The name apps use for an integration: its type, or a custom integration's slug.
pub(crate) fn name_of(integration: Value) -> Value {
    let kind = integration.get(t!("type"));
    if !kind.is(t!("custom")) {
        return kind;
    }
    let custom = integration.get(t!("customIntegration"));
    custom
        .get(t!("slug"))
        .non_empty()
        .unwrap_or_else(|| made_text(&custom_name(&custom.get(t!("name")).to_bytes())))
}

/// Whether the project made this integration itself.
pub(crate) fn is_custom(integration: Value) -> bool {
    let kind = integration.get(t!("type"));
    kind.is(t!("custom")) || is_custom_name(kind)
}

/// Whether `name` is one that only integrations of a project's own have.
pub(crate) fn is_custom_name(name: Value) -> bool {
    name.tell(t!("startsWith"), text(t!("custom.")), UNDEFINED)
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
    sdk.get(t!("integrations"))
        .iter()
        .filter(|one| !one.items(t!("configs")).is_empty())
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
    configured(sdk).find(t!("id"), id)
}

/// What the user has of integration `name`: `enabled`, `allCredentials` …; `undefined` if nothing.
#[inline(never)]
pub(crate) fn of_user(sdk: Sdk, name: Value) -> Value {
    sdk.own_user().get(t!("integrations")).own(name)
}

/// What the project shows of an integration.
pub(crate) fn shown_values(integration: Value) -> Value {
    integration.items(t!("configs")).at(0).get(t!("values"))
}

/// One line per configured integration: `- "{name}"`.
fn bullet_list(sdk: Sdk) -> Value {
    let lines: Value = configured(sdk)
        .iter()
        .map(|one| fill!(t!("- \"{}\""), name_of(one)))
        .collect();
    lines.tell(t!("join"), text(t!("\n")), UNDEFINED)
}

/// The shared check before an integration is used (`validateAction`); gives the integration.
pub(crate) fn validate(sdk: Sdk, name: Value) -> Outcome {
    if named(sdk.get(t!("integrations")), name).is_none() && !is_custom_name(name) {
        let message = t!(
            "\"{}\" is not a valid integration type. The integrations you have configured for this Paragon project are:\n\n{}\n"
        );
        return fail(
            t!("integration_unknown"),
            fill!(message, name, bullet_list(sdk)),
        );
    }
    let Some(integration) = find(sdk, name).filter(|_| of_user(sdk, name).is_true()) else {
        let message =
            t!("integration \"{}\" has not been set up in your Paragon project yet.\n\n{}");
        return fail(
            t!("integration_not_set_up"),
            fill!(message, name, bullet_list(sdk)),
        );
    };
    if !integration.get(t!("isActive")).is_true() {
        let message = t!("integration \"{}\" is not active in your Paragon project yet.");
        return fail(t!("integration_inactive"), fill!(message, name));
    }
    Ok(integration)
}

/// `getIntegrationId`: the server's id of integration `name`.
pub(crate) fn id(sdk: Sdk, name: Value) -> Outcome {
    match find(sdk, name) {
        Some(integration) => Ok(integration.get(t!("id"))),
        None => fail(
            t!("integration_not_found"),
            fill!(t!("Integration \"{}\" not found"), name),
        ),
    }
}

/// `getAssetUrl`: address of the picture named `name`.
pub(crate) fn asset_url(sdk: Sdk, name: Value) -> Outcome {
    Ok(fill!(
        t!("{}/images/{}.png"),
        sdk.url(services::DASHBOARD),
        name
    ))
}

/// `getIntegrationMetadata`: a card of every active integration, or of the one named.
pub(crate) fn metadata(sdk: Sdk, name: Value) -> Outcome {
    let active: Value = configured(sdk)
        .iter()
        .filter(|one| one.get(t!("isActive")).is_true())
        .collect();
    if !name.is_true() {
        return Ok(active.iter().map(|one| card(sdk, one)).collect());
    }
    match named(active, name) {
        Some(integration) => Ok(card(sdk, integration)),
        None => fail(
            t!("integration_unknown"),
            fill!(t!("{} is not a valid integration name"), name),
        ),
    }
}

/// `{type, name, brandColor, icon}` of an integration.
fn card(sdk: Sdk, integration: Value) -> Value {
    let custom = integration.get(t!("customIntegration"));
    new_object()
        .set(t!("type"), name_of(integration))
        .add(
            t!("name"),
            integration.get(t!("name")).or(custom.get(t!("name"))),
        )
        .add(
            t!("brandColor"),
            integration
                .get(t!("brandColor"))
                .or(custom.get(t!("brandColor"))),
        )
        .set(t!("icon"), icon(sdk, integration, custom))
}

fn icon(sdk: Sdk, integration: Value, custom: Value) -> Value {
    let (cdn, kind) = (sdk.url(services::CDN), integration.get(t!("type")));
    let icon = if is_custom(integration) {
        custom
            .get(t!("icon"))
            .non_empty()
            .unwrap_or_else(|| fill!(t!("{}/images/icons/byo-placeholder.svg"), cdn))
    } else {
        let file = if kind.is(t!("monday.com")) {
            text(t!("monday"))
        } else if kind.is(t!("wordpress.com")) {
            text(t!("wordpress"))
        } else {
            kind
        };
        fill!(t!("{}/integrations/{}.svg"), cdn, file)
    };
    // Anything after `.svg` is cut.
    let parts = icon.tell(t!("split"), text(t!(".svg")), UNDEFINED);
    if parts.len() > 1 {
        fill!(t!("{}.svg"), parts.at(0))
    } else {
        icon
    }
}

/// `getIntegrationConfig`: texts, user settings and workflows that the project shows for integration `name`.
pub(crate) fn config(sdk: Sdk, name: Value) -> Outcome {
    if !name.is_true() {
        return refuse(t!("integration_missing"), t!("Integration is required."));
    }
    let Some(integration) = find(sdk, name) else {
        return fail(
            t!("integration_unknown"),
            fill!(t!("Integration \"{}\" not found."), name),
        );
    };
    let values = shown_values(integration);
    let (available, hidden) = (new_list(), new_list());
    sort_workflows(
        integration,
        values.get(t!("workflowMeta")),
        available,
        hidden,
    );
    let config = new_object()
        .add(t!("shortDescription"), values.get(t!("description")))
        .add(t!("longDescription"), values.get(t!("overview")))
        .add(
            t!("availableUserSettings"),
            values.get(t!("sharedMeta")).get(t!("inputs")),
        )
        .set(t!("availableWorkflows"), available)
        .set(t!("hiddenWorkflows"), hidden);
    Ok(config.copy())
}

/// Workflows the user may see, and those hidden from them. The server names those without permission by id or entity.
fn sort_workflows(integration: Value, meta: Value, available: Value, hidden: Value) {
    let (permitted, unpermitted) = (
        integration.items(t!("workflows")),
        integration.items(t!("noPermissionWorkflows")),
    );
    for id in meta.keys().iter() {
        let entity = unpermitted.find(t!("id"), id);
        let is_unpermitted =
            entity.is_some() || unpermitted.tell(t!("includes"), id, UNDEFINED).is_true();
        let entity = permitted.find(t!("id"), id).or(entity);
        if entity.is_none() && !is_unpermitted {
            continue;
        }
        let own = meta.own(id);
        let description = entity.unwrap_or(UNDEFINED).get(t!("description"));
        let workflow = own.merged(UNDEFINED).set(t!("description"), description);
        let is_hidden = own.get(t!("hidden")).is_true()
            || (own.get(t!("permissions")).is_true() && is_unpermitted);
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
