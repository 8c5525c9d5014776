//! The app's own options for the dropdowns and field mappings of the portal.

use crate::value::{FALSE, TRUE, UNDEFINED, Value, new_list, new_object, t};

/// What the portal shows: `values` of an integration's configuration, its dropdowns filled from `dropdowns`.
///
/// An array replaces the options of the input with that key; for an object with `loadOptions` the portal asks the SDK.
pub(crate) fn filled(values: Value, dropdowns: Value) -> Value {
    if !dropdowns.is_object() {
        return values;
    }
    let values = values.copy();
    for input in values.get(t!("sharedMeta")).items(t!("inputs")).iter() {
        let given = dropdowns.own(input.get(t!("key")));
        let is_list = given.is_list();
        if !input.get(t!("type")).is(t!("CUSTOM_DROPDOWN"))
            || !(is_list || given.get(t!("loadOptions")).is_function())
        {
            continue;
        }
        input.set(t!("customDropdownOptions"), distinct(given.list()));
        if !is_list {
            input.set(t!("refreshOnOpen"), FALSE);
        }
    }
    values
}

/// `mapObjectFields` as the portal gets it: of an entry with loaders, which stay here, what its `applicationFields` say.
pub(crate) fn mapped(fields: Value) -> Value {
    if !fields.is_object() {
        return fields;
    }
    let shown = fields.merged(UNDEFINED);
    for key in fields.keys().iter() {
        let entry = fields.own(key);
        if entry.get(t!("objectTypes")).is_object()
            && entry.get(t!("integrationFields")).is_object()
        {
            let told = new_object().set(t!("useBYOFieldMappingOption"), TRUE);
            shown.store(key, entry.get(t!("applicationFields")).merged(told));
        }
    }
    shown
}

/// The options of a list without those whose `value` came before.
fn distinct(options: Value) -> Value {
    let rest = new_list();
    for option in options.iter() {
        if rest
            .position(t!("value"), option.get(t!("value")))
            .is_none()
        {
            rest.push(option);
        }
    }
    rest
}
