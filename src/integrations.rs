//! The project's integrations: their names, how they look, and which may be used.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::error::{Outcome, SdkError, fail};
use crate::js;
use crate::sdk::Sdk;
use crate::services::Service;

/// The name apps use for an integration: its type, or a custom integration's slug.
pub(crate) fn name_of(integration: &JsValue) -> String {
    let kind = js::text(integration, "type").unwrap_or_default();
    if kind != "custom" {
        return kind;
    }
    let custom = js::get(integration, "customIntegration");
    js::non_empty(&custom, "slug").unwrap_or_else(|| {
        let name = js::text(&custom, "name").unwrap_or_default();
        custom_name(&name)
    })
}

/// Whether the project made this integration itself.
pub(crate) fn is_custom(integration: &JsValue) -> bool {
    let kind = js::text(integration, "type").unwrap_or_default();
    kind == "custom" || kind.starts_with("custom.")
}

/// `custom.` and the name's letters and digits in lower case.
fn custom_name(name: &str) -> String {
    let plain = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|char| char.to_ascii_lowercase());
    "custom.".chars().chain(plain).collect()
}

fn has_config(integration: &JsValue) -> bool {
    js::items(integration, "configs").length() > 0
}

/// One line per name: `- "{name}"`.
fn bullet_list(names: &[String]) -> String {
    names
        .iter()
        .map(|name| ["- \"", name, "\""].concat())
        .collect::<Vec<_>>()
        .join("\n")
}

impl Sdk {
    /// The integrations that have a configuration, in the server's order.
    pub(crate) fn configured_integrations(&self) -> Array {
        self.session
            .borrow()
            .integrations
            .iter()
            .filter(has_config)
            .collect()
    }

    /// The project's integration named `name`.
    pub(crate) fn find_integration(&self, name: &str) -> Option<JsValue> {
        self.configured_integrations()
            .into_iter()
            .find(|integration| name_of(integration) == name)
    }

    /// The project's integration with the server's id `id`.
    pub(crate) fn find_integration_by_id(&self, id: &str) -> Option<JsValue> {
        js::find(&self.configured_integrations(), "id", id)
    }

    /// What the user has of integration `name`: `enabled`, `allCredentials` …; `undefined` if nothing.
    pub(crate) fn user_integration(&self, name: &str) -> JsValue {
        js::own(&js::get(&self.own_user(), "integrations"), name)
    }

    /// The shared check before an integration is used.
    pub(crate) fn validate_action(&self, name: &str) -> Outcome<JsValue> {
        let names: Vec<String> = self
            .configured_integrations()
            .iter()
            .map(|one| name_of(&one))
            .collect();
        let all = self.session.borrow().integrations.clone();
        let is_known = all.iter().any(|integration| name_of(&integration) == name);
        if !is_known && !name.starts_with("custom.") {
            let text = [
                "\"",
                name,
                "\" is not a valid integration type. The integrations you have configured for this Paragon project are:\n\n",
                &bullet_list(&names),
                "\n",
            ];
            return Err(SdkError::usage("integration_unknown", text.concat()));
        }
        let found = self
            .find_integration(name)
            .filter(|_| self.user_integration(name).is_truthy());
        let Some(integration) = found else {
            let text = [
                "integration \"",
                name,
                "\" has not been set up in your Paragon project yet.\n\n",
                &bullet_list(&names),
            ];
            return Err(SdkError::usage("integration_not_set_up", text.concat()));
        };
        if !js::flag(&integration, "isActive") {
            let text = [
                "integration \"",
                name,
                "\" is not active in your Paragon project yet.",
            ];
            return Err(SdkError::usage("integration_inactive", text.concat()));
        }
        Ok(integration)
    }

    /// `getIntegrationId`: the server's id of integration `name`.
    pub(crate) fn integration_id(&self, name: &str) -> Outcome<JsValue> {
        match self.find_integration(name) {
            Some(integration) => Ok(js::get(&integration, "id")),
            None => fail(
                "integration_not_found",
                &["Integration \"", name, "\" not found"],
            ),
        }
    }

    /// `getAssetUrl`: address of the picture named `name`.
    pub(crate) fn asset_url(&self, name: &str) -> JsValue {
        [&self.url(Service::Dashboard), "/images/", name, ".png"]
            .concat()
            .into()
    }

    /// `{type, name, brandColor, icon}` of every active integration, or of the one named.
    pub(crate) fn integration_metadata(&self, name: &JsValue) -> Outcome<JsValue> {
        let active = self
            .configured_integrations()
            .into_iter()
            .filter(|one| js::flag(one, "isActive"));
        if name.is_undefined() || name.is_null() || js::is_empty(name) {
            return Ok(active
                .map(|integration| self.card(&integration))
                .collect::<Array>()
                .into());
        }
        let wanted = name.as_string().unwrap_or_default();
        let found = active
            .into_iter()
            .find(|integration| name_of(integration) == wanted);
        found
            .map(|integration| self.card(&integration))
            .ok_or_else(|| {
                SdkError::usage(
                    "integration_unknown",
                    [&wanted, " is not a valid integration name"].concat(),
                )
            })
    }

    fn card(&self, integration: &JsValue) -> JsValue {
        let custom = js::get(integration, "customIntegration");
        let first = |key: &str| {
            let own = js::get(integration, key);
            if own.is_truthy() {
                own
            } else {
                js::get(&custom, key)
            }
        };
        js::object(&[
            ("type", name_of(integration).into()),
            ("name", first("name")),
            ("brandColor", first("brandColor")),
            ("icon", self.icon(integration, &custom).into()),
        ])
    }

    fn icon(&self, integration: &JsValue, custom: &JsValue) -> String {
        let services = self.services.borrow();
        let cdn = services.url(Service::Cdn);
        let kind = js::text(integration, "type").unwrap_or_default();
        let icon = if is_custom(integration) {
            js::non_empty(custom, "icon")
                .unwrap_or_else(|| [cdn, "/images/icons/byo-placeholder.svg"].concat())
        } else {
            let file = match kind.as_str() {
                "monday.com" => "monday",
                "wordpress.com" => "wordpress",
                other => other,
            };
            [cdn, "/integrations/", file, ".svg"].concat()
        };
        match icon.find(".svg") {
            Some(end) => icon[..end + 4].to_owned(),
            None => icon,
        }
    }

    /// Texts, user settings and workflows that the project shows for integration `name`.
    pub(crate) fn integration_config(&self, name: &str) -> Outcome<JsValue> {
        if name.is_empty() {
            return Err(SdkError::usage(
                "integration_missing",
                "Integration is required.",
            ));
        }
        let integration = self.find_integration(name).ok_or_else(|| {
            SdkError::usage(
                "integration_unknown",
                ["Integration \"", name, "\" not found."].concat(),
            )
        })?;
        let values = js::get(&js::items(&integration, "configs").get(0), "values");
        let (available, hidden) = workflows(&integration, &js::get(&values, "workflowMeta"));
        Ok(js::copy(&js::object(&[
            ("shortDescription", js::get(&values, "description")),
            ("longDescription", js::get(&values, "overview")),
            (
                "availableUserSettings",
                js::get(&js::get(&values, "sharedMeta"), "inputs"),
            ),
            ("availableWorkflows", available.into()),
            ("hiddenWorkflows", hidden.into()),
        ])))
    }
}

/// Workflows the user may see, and those hidden from them. The server names those without permission by id or entity.
fn workflows(integration: &JsValue, meta: &JsValue) -> (Array, Array) {
    let (available, hidden) = (Array::new(), Array::new());
    let (permitted, unpermitted) = (
        js::items(integration, "workflows"),
        js::items(integration, "noPermissionWorkflows"),
    );
    for id in js::keys(meta) {
        let entity = js::find(&unpermitted, "id", &id);
        let is_unpermitted = entity.is_some() || unpermitted.includes(&id.as_str().into(), 0);
        let entity = js::find(&permitted, "id", &id).or(entity);
        if entity.is_none() && !is_unpermitted {
            continue;
        }
        let own = js::get(meta, &id);
        let description = js::get(&entity.unwrap_or_default(), "description");
        let workflow = js::with(&own, "description", &description);
        let is_hidden =
            js::flag(&own, "hidden") || (js::flag(&own, "permissions") && is_unpermitted);
        if is_hidden {
            hidden.push(&workflow)
        } else {
            available.push(&workflow)
        };
    }
    (available, hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_names_keep_letters_and_digits() {
        assert_eq!(custom_name("My App 2!"), "custom.myapp2");
    }

    #[test]
    fn lists_have_one_quoted_name_a_line() {
        assert_eq!(bullet_list(&["a".into(), "b".into()]), "- \"a\"\n- \"b\"");
    }
}
