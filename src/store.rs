//! Keeping the session over a reload, only where the app asked for it.

use crate::sdk::{Auth, Sdk};
use crate::services;
use crate::value::{GLOBAL, Text, UNDEFINED, Value, new_object, t, text};

/// Name of the entry; not the reference's, whose content has another form.
const KEY: Text = t!("paragon-connect-wasm-session");

/// The storage object; `undefined` in memory mode, outside browsers and where the browser forbids it.
fn storage(sdk: Sdk) -> Value {
    let persistence = sdk.get(t!("persistence"));
    if persistence.is(t!("local")) {
        GLOBAL.get(t!("localStorage"))
    } else if persistence.is(t!("session")) {
        GLOBAL.get(t!("sessionStorage"))
    } else {
        UNDEFINED
    }
}

/// Stores who is signed in to the present API.
pub(crate) fn save(sdk: Sdk, auth: Auth) {
    let entry = new_object()
        .set(t!("projectId"), auth.project())
        .set(t!("token"), auth.token())
        .set(t!("api"), sdk.url(services::API));
    storage(sdk).tell(t!("setItem"), text(KEY), entry.json());
}

/// Who was signed in to the present API.
///
/// SECURITY: an entry of another API is ignored, so a changed configuration never sends a token elsewhere.
pub(crate) fn load(sdk: Sdk) -> Option<Auth> {
    let entry = storage(sdk)
        .tell(t!("getItem"), text(KEY), UNDEFINED)
        .parse();
    let is_ours = entry.get(t!("api")).same(sdk.url(services::API));
    let project = entry.get(t!("projectId")).non_empty().filter(|_| is_ours)?;
    let token = entry.get(t!("token")).non_empty()?;
    Some(Auth(
        new_object()
            .set(t!("project"), project)
            .set(t!("token"), token),
    ))
}

/// Removes the entry.
pub(crate) fn remove(sdk: Sdk) {
    storage(sdk).tell(t!("removeItem"), text(KEY), UNDEFINED);
}
