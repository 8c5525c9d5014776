//! What servers say, as typed views of JavaScript objects: a field that the SDK does not know survives.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use crate::js;

#[wasm_bindgen]
extern "C" {
    /// `GET /sdk/me`.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type Me;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn integrations(this: &Me) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn meta(this: &Me) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn resources(this: &Me) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn project(this: &Me) -> JsValue;

    /// The signed-in user, as `getUser` shows them. A copy of `Me` with a few fields of its own.
    #[wasm_bindgen(extends = Me, extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type User;
    #[wasm_bindgen(method, setter)]
    fn set_authenticated(this: &User, value: bool);
    #[wasm_bindgen(method, getter, js_name = userId)]
    pub(crate) fn user_id(this: &User) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = userId)]
    fn set_user_id(this: &User, value: &JsValue);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_integrations(this: &User, value: &JsValue);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_meta(this: &User, value: &JsValue);
    #[wasm_bindgen(method, setter)]
    fn set_resources(this: &User, value: &JsValue);

    /// The project of the signed-in user.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type Project;
    #[wasm_bindgen(method, getter, js_name = accessibleFeatures)]
    pub(crate) fn accessible_features(this: &Project) -> JsValue;

    /// What many objects have: those of the server, errors, messages, inputs.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type Entity;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn id(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = integrationId)]
    pub(crate) fn integration_id(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn name(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = type)]
    pub(crate) fn kind(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn slug(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = externalId)]
    pub(crate) fn external_id(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = credentialId)]
    pub(crate) fn credential_id(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = isActive)]
    pub(crate) fn is_active(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn enabled(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn code(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn message(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = requestId)]
    pub(crate) fn request_id(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn key(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn label(this: &Entity) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn value(this: &Entity) -> JsValue;

    /// An integration of the project.
    #[wasm_bindgen(extends = Entity, extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type Integration;
    #[wasm_bindgen(method, getter, js_name = customIntegration)]
    pub(crate) fn custom(this: &Integration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = brandColor)]
    pub(crate) fn brand_color(this: &Integration) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn icon(this: &Integration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = inputFields)]
    pub(crate) fn input_fields(this: &Integration) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn configs(this: &Integration) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn workflows(this: &Integration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = noPermissionWorkflows)]
    pub(crate) fn hidden_workflows(this: &Integration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = authenticationType)]
    pub(crate) fn authentication_type(this: &Integration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = needPreOauthInputs)]
    pub(crate) fn needs_inputs_first(this: &Integration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = sdkIntegrationConfig)]
    fn raw_sdk_config(this: &Integration) -> JsValue;

    /// What the project shows of an integration: a configuration of it, or its `values`.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type PortalConfig;
    #[wasm_bindgen(method, getter)]
    fn values(this: &PortalConfig) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn description(this: &PortalConfig) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn overview(this: &PortalConfig) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = workflowMeta)]
    pub(crate) fn workflow_meta(this: &PortalConfig) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = sharedMeta)]
    pub(crate) fn shared_meta(this: &PortalConfig) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn inputs(this: &PortalConfig) -> JsValue;

    /// What the server says about an integration for SDKs.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type SdkConfig;
    #[wasm_bindgen(method, getter, js_name = accountTypes)]
    pub(crate) fn account_types(this: &SdkConfig) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = authConfigInputs)]
    pub(crate) fn inputs_before(this: &SdkConfig) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = postOauthInputs)]
    pub(crate) fn inputs_after(this: &SdkConfig) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = dataSources)]
    pub(crate) fn data_sources(this: &SdkConfig) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = authSchemeOptions)]
    pub(crate) fn scheme_options(this: &SdkConfig) -> JsValue;

    /// What the user has of an integration: their credentials, and the fields of the selected one.
    #[wasm_bindgen(extends = Entity, extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type UserIntegration;
    #[wasm_bindgen(method, getter, js_name = allCredentials)]
    fn raw_credentials(this: &UserIntegration) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = allCredentials)]
    pub(crate) fn set_credentials(this: &UserIntegration, all: &Array);
    #[wasm_bindgen(method, getter, js_name = allConfigurations)]
    pub(crate) fn all_configurations(this: &UserIntegration) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = allConfigurations)]
    pub(crate) fn set_configurations(this: &UserIntegration, all: &Array);
    #[wasm_bindgen(method, getter, js_name = credentialStatus)]
    pub(crate) fn credential_status(this: &UserIntegration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = credentialConfigId)]
    pub(crate) fn configuration_id(this: &UserIntegration) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = credentialConfigId)]
    pub(crate) fn set_configuration_id(this: &UserIntegration, id: &JsValue);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_enabled(this: &UserIntegration, value: bool);

    /// A user's connected account.
    #[wasm_bindgen(extends = Entity, extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type Credential;
    #[wasm_bindgen(method, getter, js_name = configurations)]
    fn raw_configurations(this: &Credential) -> JsValue;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_configurations(this: &Credential, all: &Array);
    #[wasm_bindgen(method, getter)]
    pub(crate) fn errors(this: &Credential) -> JsValue;

    /// One of a credential's sets of settings.
    #[wasm_bindgen(extends = Entity, extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type Configuration;
    #[wasm_bindgen(method, getter, js_name = connectCredentialId)]
    pub(crate) fn owner_id(this: &Configuration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = isDefault)]
    pub(crate) fn is_default(this: &Configuration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = dateCreated)]
    pub(crate) fn created_at(this: &Configuration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = sharedSettings)]
    pub(crate) fn shared_settings(this: &Configuration) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = workflowSettings)]
    pub(crate) fn workflow_settings(this: &Configuration) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = workflowSettings)]
    pub(crate) fn set_workflow_settings(this: &Configuration, all: &Object);

    /// A way in which an integration can be connected.
    #[wasm_bindgen(extends = Entity, extends = Object)]
    #[derive(Clone, Debug)]
    pub(crate) type AccountType;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn scheme(this: &AccountType) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = endUserSuppliedValues)]
    pub(crate) fn supplied_values(this: &AccountType) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = oauthParameters)]
    pub(crate) fn oauth_parameters(this: &AccountType) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = skipPostOAuthInputs)]
    pub(crate) fn skips_inputs_after(this: &AccountType) -> JsValue;
}

/// Sets one of the user's fields.
type SetField = fn(&User, &JsValue);

impl User {
    /// Nobody.
    pub(crate) fn signed_out() -> Self {
        let user: Self = Object::new().unchecked_into();
        user.set_authenticated(false);
        user
    }

    /// Whom `me` describes; nothing that the server left out is there.
    pub(crate) fn signed_in(user_id: &JsValue, me: &Me) -> Self {
        let integrations = me.integrations();
        for name in js::keys(&integrations) {
            if let Some(own) = js::object::<UserIntegration>(js::own(&integrations, &name)) {
                own.set_configurations(&own.configurations_of_credentials());
            }
        }
        let user: Self = Object::new().unchecked_into();
        user.set_authenticated(true);
        let fields: [(&JsValue, SetField); 4] = [
            (user_id, Self::set_user_id),
            (&integrations, Self::set_integrations),
            (&me.meta(), Self::set_meta),
            (&me.resources(), Self::set_resources),
        ];
        for (value, set) in fields {
            if !value.is_undefined() {
                set(&user, value);
            }
        }
        user
    }
}

impl Integration {
    /// What the server says about it for SDKs.
    pub(crate) fn sdk_config(&self) -> SdkConfig {
        js::view(self.raw_sdk_config())
    }

    /// What the project shows of it.
    pub(crate) fn shown(&self) -> PortalConfig {
        js::view(self.raw_shown())
    }

    /// [`Integration::shown`] as the server gave it.
    pub(crate) fn raw_shown(&self) -> JsValue {
        js::view::<PortalConfig>(js::list(self.configs()).get(0)).values()
    }
}

impl UserIntegration {
    /// The user's credentials of it.
    pub(crate) fn credentials(&self) -> impl Iterator<Item = Credential> {
        js::items(self.raw_credentials())
    }

    /// [`UserIntegration::credentials`] as the list itself.
    pub(crate) fn credential_list(&self) -> Array {
        js::list(self.raw_credentials())
    }

    /// The credential with this id.
    pub(crate) fn credential(&self, id: &JsValue) -> Option<Credential> {
        self.credentials().find(|credential| credential.id() == *id)
    }

    /// The configurations of all its credentials, in order.
    pub(crate) fn configurations_of_credentials(&self) -> Array {
        let all = Array::new();
        for credential in self.credentials() {
            for configuration in credential.configurations() {
                all.push(&configuration);
            }
        }
        all
    }
}

impl Credential {
    /// Its configurations.
    pub(crate) fn configurations(&self) -> impl Iterator<Item = Configuration> {
        js::items(self.raw_configurations())
    }

    /// [`Credential::configurations`] as the list itself.
    pub(crate) fn configuration_list(&self) -> Array {
        js::list(self.raw_configurations())
    }

    /// The configuration with this id.
    pub(crate) fn configuration(&self, id: &JsValue) -> Option<Configuration> {
        self.configurations()
            .find(|configuration| configuration.id() == *id)
    }

    /// The configuration that counts where none is named.
    pub(crate) fn default_configuration(&self) -> Option<Configuration> {
        self.configurations()
            .find(|configuration| configuration.is_default().is_truthy())
    }

    /// Whether it can be used.
    pub(crate) fn is_valid(&self) -> bool {
        self.status() == "VALID"
    }
}

/// The items of `list` that are not the entity with this id, as a new list.
pub(crate) fn without(list: &Array, id: &JsValue) -> Array {
    list.iter()
        .filter(|one| js::view::<Entity>(one.clone()).id() != *id)
        .collect()
}
