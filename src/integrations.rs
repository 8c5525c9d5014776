//! The project's integrations: their names, how they look, and which may be used.

use js_sys::Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};
use crate::js::{self, Raw};
use crate::model::{Entity, Integration, UserIntegration};
use crate::sdk::Sdk;
use crate::services::Service;

/// A card of an integration, for a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    #[serde(rename = "type")]
    kind: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    name: Raw,
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    brand_color: Raw,
    icon: String,
}

/// What `getIntegrationConfig` gives.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    short_description: Raw,
    long_description: Raw,
    available_user_settings: Raw,
    available_workflows: Raw,
    hidden_workflows: Raw,
}

#[wasm_bindgen]
extern "C" {
    /// What the project shows of a workflow.
    #[wasm_bindgen(extends = js_sys::Object)]
    type WorkflowMeta;
    #[wasm_bindgen(method, getter)]
    fn hidden(this: &WorkflowMeta) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn permissions(this: &WorkflowMeta) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn description(this: &WorkflowMeta) -> JsValue;
    #[wasm_bindgen(method, setter)]
    fn set_description(this: &WorkflowMeta, value: &JsValue);
}

impl Integration {
    /// The name apps use for it: its type, or a custom integration's slug.
    pub(crate) fn app_name(&self) -> JsValue {
        let kind = self.kind();
        if kind != "custom" {
            return kind;
        }
        let custom = self.custom_view();
        let slug = js::text(custom.slug());
        slug.map_or_else(
            || custom_name(&custom.name().as_string().unwrap_or_default()).into(),
            JsValue::from,
        )
    }

    fn custom_view(&self) -> Integration {
        js::view(self.custom())
    }

    /// Whether the project made it itself.
    pub(crate) fn is_custom(&self) -> bool {
        let kind = self.kind();
        kind == "custom" || is_custom_name(&kind)
    }

    /// Inputs that a custom integration asks for.
    pub(crate) fn custom_inputs(&self) -> JsValue {
        self.custom_view().input_fields()
    }
}

/// Whether `name` is one that only integrations of a project's own have.
pub(crate) fn is_custom_name(name: &JsValue) -> bool {
    name.as_string()
        .is_some_and(|name| name.starts_with("custom."))
}

/// `custom.` and the name's letters and digits in lower case.
fn custom_name(name: &str) -> String {
    let plain = name.chars().filter(char::is_ascii_alphanumeric);
    "custom."
        .chars()
        .chain(plain.map(|char| char.to_ascii_lowercase()))
        .collect()
}

impl Sdk {
    /// The integrations that have a configuration, in the server's order.
    pub(crate) fn configured(&self) -> impl Iterator<Item = Integration> {
        self.session
            .integrations()
            .filter(|one| js::list(one.configs()).length() > 0)
    }

    /// The project's integration named `name`.
    pub(crate) fn find_integration(&self, name: &JsValue) -> Option<Integration> {
        self.configured().find(|one| one.app_name() == *name)
    }

    /// The project's integration with the server's id `id`.
    pub(crate) fn find_integration_by_id(&self, id: &JsValue) -> Option<Integration> {
        self.configured().find(|one| one.id() == *id)
    }

    /// [`Sdk::find_integration`], or `IntegrationNotFoundError`.
    pub(crate) fn require_integration(&self, name: &JsValue) -> Result<Integration> {
        self.find_integration(name)
            .ok_or_else(|| Error::integration_not_found(name))
    }

    /// [`Sdk::find_integration`], or an error with the reference's other text.
    pub(crate) fn named_integration(
        &self,
        name: &JsValue,
        code: &str,
        end: &str,
    ) -> Result<Integration> {
        self.find_integration(name).ok_or_else(|| {
            let message = ["Integration \"", &js::shown(name), "\" not found", end].concat();
            Error::new(code, &message)
        })
    }

    /// What the user has of integration `name`, if anything.
    pub(crate) fn user_integration(&self, name: &JsValue) -> Option<UserIntegration> {
        js::object(js::own(&self.session.user().integrations(), name))
    }

    /// [`Sdk::user_integration`], empty where the user has nothing.
    pub(crate) fn user_integration_or_empty(&self, name: &JsValue) -> UserIntegration {
        self.user_integration(name)
            .unwrap_or_else(|| js::view(JsValue::UNDEFINED))
    }

    /// The shared check before an integration is used (`validateAction`).
    ///
    /// # Errors
    /// Unless it is known, set up and active.
    pub(crate) fn validate_integration(&self, name: &JsValue) -> Result<Integration> {
        let shown = js::shown(name);
        let is_known = self
            .session
            .integrations()
            .any(|one| one.app_name() == *name);
        if !is_known && !is_custom_name(name) {
            let message = [
                "\"",
                &shown,
                "\" is not a valid integration type. The integrations you have configured for this Paragon project are:\n\n",
                &self.bullet_list(),
                "\n",
            ];
            return Err(Error::new("integration_unknown", &message.concat()));
        }
        let is_set_up = self.user_integration(name).is_some();
        let Some(integration) = self.find_integration(name).filter(|_| is_set_up) else {
            let message = [
                "integration \"",
                &shown,
                "\" has not been set up in your Paragon project yet.\n\n",
                &self.bullet_list(),
            ];
            return Err(Error::new("integration_not_set_up", &message.concat()));
        };
        if !integration.is_active().is_truthy() {
            let message = [
                "integration \"",
                &shown,
                "\" is not active in your Paragon project yet.",
            ];
            return Err(Error::new("integration_inactive", &message.concat()));
        }
        Ok(integration)
    }

    /// One line per configured integration: `- "{name}"`.
    fn bullet_list(&self) -> String {
        let lines = self.configured();
        let lines = lines.map(|one| ["- \"", &js::shown(&one.app_name()), "\""].concat());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// `getIntegrationId`: the server's id of integration `name`.
    pub(crate) fn integration_id(&self, name: &JsValue) -> Result<JsValue> {
        Ok(self
            .named_integration(name, "integration_not_found", "")?
            .id())
    }

    /// `getAssetUrl`: address of the picture named `name`.
    pub(crate) fn asset_url(&self, name: &JsValue) -> String {
        [
            &self.url(Service::Dashboard),
            "/images/",
            &js::shown(name),
            ".png",
        ]
        .concat()
    }

    /// `getIntegrationMetadata`: a card of every active integration, or of the one named.
    pub(crate) fn integration_metadata(&self, name: &JsValue) -> Result<JsValue> {
        let mut active = self.configured().filter(|one| one.is_active().is_truthy());
        if !name.is_truthy() {
            return Ok(active.map(|one| self.card(&one)).collect::<Array>().into());
        }
        if let Some(integration) = active.find(|one| one.app_name() == *name) {
            Ok(self.card(&integration))
        } else {
            let message = [&js::shown(name), " is not a valid integration name"].concat();
            Err(Error::new("integration_unknown", &message))
        }
    }

    fn card(&self, integration: &Integration) -> JsValue {
        let custom = integration.custom_view();
        let either =
            |own: JsValue, custom: JsValue| Raw(if own.is_truthy() { own } else { custom });
        js::to_object(&Card {
            kind: Raw(integration.app_name()),
            name: either(integration.name(), custom.name()),
            brand_color: either(integration.brand_color(), custom.brand_color()),
            icon: self.icon(integration, &custom),
        })
    }

    fn icon(&self, integration: &Integration, custom: &Integration) -> String {
        let (cdn, kind) = (self.url(Service::Cdn), js::shown(&integration.kind()));
        let icon = if integration.is_custom() {
            js::text(custom.icon()).map_or_else(
                || [&cdn, "/images/icons/byo-placeholder.svg"].concat(),
                String::from,
            )
        } else {
            let file = match kind.as_str() {
                "monday.com" => "monday",
                "wordpress.com" => "wordpress",
                other => other,
            };
            [&cdn, "/integrations/", file, ".svg"].concat()
        };
        // Anything after `.svg` is cut.
        let end = icon.as_bytes().windows(4).position(|part| part == b".svg");
        match end.and_then(|at| icon.get(..at + 4)) {
            Some(cut) => cut.to_owned(),
            None => icon,
        }
    }

    /// `getIntegrationConfig`: texts, user settings and workflows that the project shows for integration `name`.
    pub(crate) fn integration_config(&self, name: &JsValue) -> Result<JsValue> {
        if !name.is_truthy() {
            return Err(Error::new(
                "integration_missing",
                "Integration is required.",
            ));
        }
        let integration = self.named_integration(name, "integration_unknown", ".")?;
        let shown = integration.shown();
        let (available, hidden) = workflows(&integration, &shown.workflow_meta());
        let shared: crate::model::PortalConfig = js::view(shown.shared_meta());
        let config: JsValue = js::to_object(&Config {
            short_description: Raw(shown.description()),
            long_description: Raw(shown.overview()),
            available_user_settings: Raw(shared.inputs()),
            available_workflows: Raw(available.into()),
            hidden_workflows: Raw(hidden.into()),
        });
        Ok(js::copied(&config))
    }
}

/// Workflows the user may see, and those hidden from them. The server names those without permission by id or entity.
fn workflows(integration: &Integration, meta: &JsValue) -> (Array, Array) {
    let (available, hidden) = (Array::new(), Array::new());
    let unpermitted = js::list(integration.hidden_workflows());
    for id in js::keys(meta) {
        let with_id =
            |list: JsValue| js::items::<Entity>(list).find(|one| js::is_same(&one.id(), &id));
        let entity = with_id(unpermitted.clone().into());
        let is_unpermitted = entity.is_some() || unpermitted.includes(&id, 0);
        let entity = with_id(integration.workflows()).or(entity);
        if entity.is_none() && !is_unpermitted {
            continue;
        }
        let workflow: WorkflowMeta = js::merged(&js::own(meta, &id), &JsValue::UNDEFINED);
        let described: WorkflowMeta = js::view(entity.map_or(JsValue::UNDEFINED, JsValue::from));
        workflow.set_description(&described.description());
        let is_hidden =
            workflow.hidden().is_truthy() || (workflow.permissions().is_truthy() && is_unpermitted);
        if is_hidden { &hidden } else { &available }.push(&workflow);
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
}
