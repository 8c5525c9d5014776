//! Keeping the session over a reload, only where the app asked for it.

use crate::sdk::{Auth, Sdk};
use crate::services;
use crate::value::{GLOBAL, UNDEFINED, Value, new_object, text};

/// Name of the entry; not the reference's, whose content has another form.
const KEY: &str = "paragon-connect-wasm-session";

/// The storage object; `undefined` in memory mode, outside browsers and where the browser forbids it.
fn storage(sdk: Sdk) -> Value {
    let persistence = sdk.get("persistence");
    if persistence.is("local") {
        GLOBAL.get("localStorage")
    } else if persistence.is("session") {
        GLOBAL.get("sessionStorage")
    } else {
        UNDEFINED
    }
}

/// Stores who is signed in to the present API.
pub(crate) fn save(sdk: Sdk, auth: Auth) {
    let entry = new_object()
        .set("projectId", auth.project())
        .set("token", auth.token())
        .set("api", sdk.url(services::API));
    storage(sdk).tell("setItem", text(KEY), entry.json());
}

/// Who was signed in to the present API.
///
/// SECURITY: an entry of another API is ignored, so a changed configuration never sends a token elsewhere.
pub(crate) fn load(sdk: Sdk) -> Option<Auth> {
    let entry = storage(sdk).tell("getItem", text(KEY), UNDEFINED).parse();
    let is_ours = entry.get("api").same(sdk.url(services::API));
    let project = entry.get("projectId").non_empty().filter(|_| is_ours)?;
    let token = entry.get("token").non_empty()?;
    Some(Auth(
        new_object().set("project", project).set("token", token),
    ))
}

/// Removes the entry.
pub(crate) fn remove(sdk: Sdk) {
    storage(sdk).tell("removeItem", text(KEY), UNDEFINED);
}
