//! The exported class: an instance, and its methods by name.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::sdk::Sdk;
use crate::{methods, options};

/// One SDK instance, as the package's JavaScript face holds it.
#[wasm_bindgen]
pub struct Client {
    sdk: Rc<Sdk>,
}

#[wasm_bindgen]
impl Client {
    /// An instance for `environment`: nothing, a host, an environments object or our options. Signs in from storage
    /// if it `restores`.
    #[wasm_bindgen(constructor)]
    pub fn new(environment: &JsValue, restores: bool) -> Result<Client, JsValue> {
        let services = options::constructed_services(environment)?;
        let persistence = options::persistence(environment)?;
        let sdk = Rc::new(Sdk::default());
        sdk.configure(services, persistence, restores);
        Ok(Self { sdk })
    }

    /// Calls a method of the instance.
    pub fn call(&self, name: &str, values: &Array) -> Result<JsValue, JsValue> {
        Ok(methods::call(&self.sdk, name, values)?)
    }
}
