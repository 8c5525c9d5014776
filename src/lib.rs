//! The SDK's core: what runs in the host app's page, compiled to WebAssembly.

mod api;
mod credentials;
mod environment;
mod error;
mod events;
mod host;
mod http;
mod js;
mod model;
mod promise;
mod request;
mod sdk;
mod services;
mod session;

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use crate::sdk::Sdk;

/// Half the size of the allocator that the standard library brings.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// One SDK instance, as the package's JavaScript holds it.
#[wasm_bindgen]
pub struct Paragon(Rc<Sdk>);

#[wasm_bindgen]
impl Paragon {
    /// An instance for `environment`.
    #[wasm_bindgen(constructor)]
    pub fn new(environment: &JsValue, restores: bool) -> Result<Paragon, JsValue> {
        Ok(Self(Sdk::new(environment, restores)?))
    }
    /// Signs the user in.
    pub fn authenticate(&self, project: &JsValue, token: &JsValue, options: &JsValue) -> Promise {
        self.0.authenticate(project, token, options)
    }
    /// A copy of the user.
    #[wasm_bindgen(js_name = getUser)]
    pub fn user(&self) -> JsValue {
        self.0.user()
    }
    /// Calls the provider.
    pub fn request(&self, integration: JsValue, path: JsValue, options: JsValue) -> Promise {
        promise::of(Rc::clone(&self.0).request(integration, path, options))
    }
    /// Services.
    #[wasm_bindgen(js_name = configureGlobal)]
    pub fn configure_global(&self, options: &JsValue, overrides: &JsValue) -> Result<(), JsValue> {
        Ok(self.0.configure(options, overrides)?)
    }
    /// Listens.
    pub fn subscribe(&self, name: &JsValue, listener: &JsValue) -> Result<Function, JsValue> {
        Ok(self.0.subscribe(name, listener)?)
    }
    /// Stops listening.
    pub fn unsubscribe(&self, name: &JsValue, listener: &JsValue) -> Result<bool, JsValue> {
        Ok(self.0.unsubscribe(name, listener)?)
    }
    /// Sets the user's metadata.
    #[wasm_bindgen(js_name = setUserMetadata)]
    pub fn set_user_metadata(&self, metadata: JsValue) -> Promise {
        promise::of(Rc::clone(&self.0).set_user_metadata(metadata))
    }
    /// Signs out.
    pub fn logout(&self) {
        self.0.logout();
    }
}
