//! User metadata: normal form of its keys, and what a merge would change.

use crate::value::{UNDEFINED, Value, new_object, t, text};

/// A copy of `meta` with its keys as they are stored: trimmed, `name` and `email` capitalised.
pub(crate) fn normalised(meta: Value) -> Value {
    let result = new_object();
    for key in meta.keys().iter() {
        let trimmed = key.tell(t!("trim"), UNDEFINED, UNDEFINED);
        let lower = trimmed.tell(t!("toLowerCase"), UNDEFINED, UNDEFINED);
        let normal = if lower.is(t!("name")) {
            text(t!("Name"))
        } else if lower.is(t!("email")) {
            text(t!("Email"))
        } else {
            trimmed
        };
        result.store(normal, meta.own(key));
    }
    result
}

/// Whether merging `patch` deeply into `meta` would change it.
pub(crate) fn would_change(meta: Value, patch: Value) -> bool {
    patch.keys().iter().any(|key| {
        let (old, new) = (meta.own(key), patch.own(key));
        if old.is_record() && new.is_record() {
            would_change(old, new)
        } else {
            !old.json().same(new.json())
        }
    })
}
