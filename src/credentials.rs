//! x
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    pub(crate) type Account;
    #[wasm_bindgen(method, setter, js_name = allConfigurations)]
    pub(crate) fn set_configurations(this: &Account, all: &Array);
}
impl Account {
    pub(crate) fn configurations_of_credentials(&self) -> Array {
        Array::new()
    }
}
