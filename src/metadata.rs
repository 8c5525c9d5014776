//! User metadata: normal form of its keys, and what a merge would change.

use wasm_bindgen::prelude::*;

use crate::js;

/// The key as it is stored: trimmed, `name` and `email` capitalised.
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

/// A copy of `meta` with normal keys.
pub(crate) fn normalised(meta: &JsValue) -> JsValue {
    let result = js::object(&[]);
    for key in js::keys(meta) {
        js::set(&result, normal_key(&key), &js::get(meta, &key));
    }
    result
}

/// Whether merging `patch` deeply into `meta` would change it.
pub(crate) fn would_change(meta: &JsValue, patch: &JsValue) -> bool {
    js::keys(patch).iter().any(|key| {
        let (old, new) = (js::own(meta, key), js::get(patch, key));
        if js::is_record(&old) && js::is_record(&new) {
            would_change(&old, &new)
        } else {
            js::json_text(&old) != js::json_text(&new)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::normal_key;

    #[test]
    fn name_and_email_have_one_spelling() {
        assert_eq!(normal_key(" NAME "), "Name");
        assert_eq!(normal_key("eMail"), "Email");
        assert_eq!(normal_key(" Plan "), "Plan");
    }
}
