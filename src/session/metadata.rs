//! User metadata: normal form of its keys, and what a merge would change.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::js;

/// A copy of `meta` with its keys as they are stored: trimmed, `name` and `email` capitalized.
pub(crate) fn normalized(meta: &JsValue) -> Object {
    let result = Object::new();
    for key in js::keys(meta) {
        let normal = normal_key(&String::from(&key)).into();
        js::set(&result, &normal, &js::own(meta, &key));
    }
    result
}

fn normal_key(key: &str) -> &str {
    let key = key.trim();
    if key.eq_ignore_ascii_case("name") {
        "Name"
    } else if key.eq_ignore_ascii_case("email") {
        "Email"
    } else {
        key
    }
}

/// Whether merging `patch` deeply into `meta` would change it.
pub(crate) fn would_change(meta: &JsValue, patch: &JsValue) -> bool {
    js::keys(patch).iter().any(|key| {
        let (old, new) = (js::own(meta, key), js::own(patch, key));
        if js::is_record(&old) && js::is_record(&new) {
            would_change(&old, &new)
        } else {
            js::json(&old) != js::json(&new)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::normal_key;

    #[test]
    fn name_and_email_are_capitalized_and_blanks_are_cut() {
        for (given, normal) in [
            (" name ", "Name"),
            ("EMAIL", "Email"),
            ("plan", "plan"),
            (" Name2", "Name2"),
            ("", ""),
        ] {
            assert_eq!(normal_key(given), normal);
        }
    }
}
