//! The app's own options for the dropdowns that the portal shows, as the reference client fills them in.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use crate::host;
use crate::js;
use crate::model::{Entity, Integration, PortalConfig};
use crate::sdk::Sdk;
use crate::sources::registry::loader_of;

#[wasm_bindgen]
extern "C" {
    /// An input of the portal.
    #[wasm_bindgen(extends = Entity, extends = Object)]
    type Input;
    #[wasm_bindgen(method, getter, js_name = customDropdownOptions)]
    fn options(this: &Input) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = customDropdownOptions)]
    fn set_options(this: &Input, options: &Array);
    #[wasm_bindgen(method, getter, js_name = refreshOnOpen)]
    fn refreshes(this: &Input) -> JsValue;
    #[wasm_bindgen(method, setter, js_name = refreshOnOpen)]
    fn set_refreshes(this: &Input, value: bool);
}

impl Sdk {
    /// What the portal shows of `integration`, its inputs filled in from the app's `dropdowns`.
    ///
    /// What was filled in stays until the integrations are loaded again.
    pub(super) fn values_with_dropdowns(
        &self,
        integration: &Integration,
        dropdowns: &JsValue,
    ) -> JsValue {
        let name = integration.app_name();
        let shown = self.sources.filled(&name);
        let values = if shown.is_undefined() {
            integration.raw_shown()
        } else {
            shown
        };
        if !dropdowns.is_object() {
            return values;
        }
        let values: PortalConfig = js::copied(&values);
        fill(
            js::view::<PortalConfig>(values.shared_meta()).inputs(),
            dropdowns,
        );
        let workflows = values.workflow_meta();
        for id in js::keys(&workflows) {
            fill(
                js::view::<PortalConfig>(js::own(&workflows, &id)).inputs(),
                dropdowns,
            );
        }
        self.sources.keep_filled(&name, &values);
        values.into()
    }
}

/// A loader empties the options of its input, since the portal asks for them. A list takes the place of options that are
/// there. Inputs that the app does not name keep theirs.
fn fill(inputs: JsValue, dropdowns: &JsValue) {
    for input in js::items::<Input>(inputs) {
        let given = js::own(dropdowns, &input.key());
        if loader_of(&given).is_some() {
            input.set_options(&Array::new());
            input.set_refreshes(js::view::<Input>(given).refreshes().is_truthy());
        } else if input.options().is_truthy() && given.is_truthy() {
            input.set_options(&distinct(&js::list(given)));
        }
    }
}

/// The options of a list without those whose `value` came before.
fn distinct(options: &Array) -> Array {
    let mut seen: Vec<JsValue> = Vec::new();
    let rest = Array::new();
    for option in options.iter() {
        let choice: Entity = js::view(option.clone());
        let value = choice.value();
        if seen.contains(&value) {
            let (value, label) = (js::shown(&value), js::shown(&choice.label()));
            host::warn(
                &[
                    "Duplicated key: \"",
                    &value,
                    "\", Ignored: \"",
                    &label,
                    "\"",
                ]
                .concat(),
            );
        } else {
            seen.push(value);
            rest.push(&option);
        }
    }
    rest
}
