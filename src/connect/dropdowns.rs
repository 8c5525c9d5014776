//! The app's own options for the dropdowns of the portal.

use crate::value::{FALSE, Value, new_list};

/// What the portal shows: `values` of an integration's configuration, its dropdowns filled from `dropdowns`.
///
/// An array replaces the options of the input with that key; for an object with `loadOptions` the portal asks the SDK.
pub(crate) fn filled(values: Value, dropdowns: Value) -> Value {
    if !dropdowns.is_object() {
        return values;
    }
    let values = values.copy();
    for input in values.get("sharedMeta").items("inputs").iter() {
        let given = dropdowns.own(input.get("key"));
        let is_list = given.is_list();
        if !input.get("type").is("CUSTOM_DROPDOWN")
            || !(is_list || given.get("loadOptions").is_function())
        {
            continue;
        }
        input.set("customDropdownOptions", distinct(given.list()));
        if !is_list {
            input.set("refreshOnOpen", FALSE);
        }
    }
    values
}

/// The options of a list without those whose `value` came before.
fn distinct(options: Value) -> Value {
    let rest = new_list();
    for option in options.iter() {
        if rest.position("value", option.get("value")).is_none() {
            rest.push(option);
        }
    }
    rest
}
