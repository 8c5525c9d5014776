//! The exported class: each method converts its arguments, delegates, and converts the result back.

use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

use crate::error::SdkError;
use crate::sdk::{self, Sdk};
use crate::{connect, js, options, transport};

/// One SDK instance, as the package's JavaScript face holds it.
#[wasm_bindgen]
pub struct Client {
    sdk: Rc<Sdk>,
}

type Thrown<T> = Result<T, JsValue>;

fn thrown<T>(outcome: Result<T, SdkError>) -> Thrown<T> {
    outcome.map_err(JsValue::from)
}

#[wasm_bindgen]
impl Client {
    /// An instance for `environment`: nothing, a host, an environments object or our options.
    #[wasm_bindgen(constructor)]
    pub fn new(environment: &JsValue) -> Thrown<Client> {
        let services = options::constructed_services(environment)?;
        let persistence = options::persistence(environment)?;
        let sdk = Rc::new(Sdk::default());
        sdk.configure(services, persistence);
        Ok(Self { sdk })
    }

    /// Version of the protocol.
    #[wasm_bindgen(js_name = getVersion)]
    pub fn version(&self) -> String {
        sdk::VERSION.to_owned()
    }

    /// Sets the services.
    #[wasm_bindgen(js_name = configureGlobal)]
    pub fn configure_global(&self, options: &JsValue, overrides: &JsValue) -> Thrown<()> {
        let services = options::configured_services(options, overrides)?;
        let persistence = options::persistence(options)?;
        self.sdk.configure(services, persistence);
        Ok(())
    }

    /// Signs the user in.
    pub fn authenticate(&self, project: &JsValue, token: &JsValue, options: &JsValue) -> Promise {
        self.sdk.authenticate(project, token, options)
    }

    /// A copy of the user.
    #[wasm_bindgen(js_name = getUser)]
    pub fn user(&self) -> JsValue {
        self.sdk.user()
    }

    /// Stores metadata of the user.
    #[wasm_bindgen(js_name = setUserMetadata)]
    pub fn set_user_metadata(&self, meta: JsValue) -> Promise {
        let sdk = Rc::clone(&self.sdk);
        transport::promise(async move { sdk.set_user_metadata(&meta).await })
    }

    /// Forgets the user.
    pub fn logout(&self) {
        self.sdk.logout();
    }

    /// Calls the provider's API.
    pub fn request(&self, integration: &JsValue, path: &JsValue, options: &JsValue) -> Promise {
        self.sdk.request(integration, path, options)
    }

    /// Sends an app event.
    pub fn event(&self, name: JsValue, payload: JsValue, options: JsValue) -> Promise {
        let sdk = Rc::clone(&self.sdk);
        transport::promise(async move { sdk.event(name, payload, options).await })
    }

    /// Triggers a workflow.
    pub fn workflow(&self, id: &JsValue, options: &JsValue) -> Thrown<Promise> {
        thrown(self.sdk.workflow(id, options))
    }

    /// How integrations look.
    #[wasm_bindgen(js_name = getIntegrationMetadata)]
    pub fn integration_metadata(&self, name: &JsValue) -> Thrown<JsValue> {
        thrown(self.sdk.integration_metadata(name))
    }

    /// Texts, settings and workflows of an integration.
    #[wasm_bindgen(js_name = getIntegrationConfig)]
    pub fn integration_config(&self, name: &JsValue) -> Thrown<JsValue> {
        thrown(
            self.sdk
                .integration_config(&name.as_string().unwrap_or_default()),
        )
    }

    /// Adds a listener; gives the function that removes it.
    pub fn subscribe(&self, name: JsValue, listener: JsValue) -> Thrown<Function> {
        self.sdk.events.subscribe(&name, &listener)?;
        let sdk = Rc::clone(&self.sdk);
        let remove = js::callback(move |_| {
            sdk.events
                .unsubscribe(&name, &listener)
                .unwrap_or(false)
                .into()
        });
        Ok(remove.into_js_value().unchecked_into())
    }

    /// Removes a listener.
    pub fn unsubscribe(&self, name: &JsValue, listener: &JsValue) -> Thrown<bool> {
        thrown(self.sdk.events.unsubscribe(name, listener))
    }

    /// Opens the portal to connect an account.
    pub fn connect(&self, name: &JsValue, params: &JsValue) -> Promise {
        self.sdk.connect(name, params)
    }

    /// Connects an account without portal; the popup opens before this returns.
    #[wasm_bindgen(js_name = installIntegration)]
    pub fn install_integration(&self, name: &JsValue, params: &JsValue) -> Thrown<Promise> {
        thrown(self.sdk.install(name, params))
    }

    /// Switches headless mode.
    #[wasm_bindgen(js_name = setHeadless)]
    pub fn set_headless(&self, headless: &JsValue) {
        self.sdk.connect.set_headless(headless.is_truthy());
    }

    /// Closes the portal.
    #[wasm_bindgen(js_name = closePortal)]
    pub fn close_portal(&self) {
        self.sdk.close_portal();
    }

    /// A method of the portal's list: what the frame may call, an app's own page may too.
    #[wasm_bindgen(js_name = portalCall)]
    pub fn portal_call(&self, name: &str, parameters: &Array) -> Thrown<Promise> {
        thrown(connect::call_from_portal(&self.sdk, name, parameters))
    }
}
