//! Keeping the session over a reload, only where the app asked for it.

use js_sys::JsString;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

use super::{Auth, token};
use crate::environment::Persistence;
use crate::host;
use crate::js::{self, Raw};
use crate::sdk::Sdk;
use crate::services::Service;

/// Name of the entry; not the reference's, whose content has another form.
const KEY: &str = "paragon-connect-wasm-session";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewEntry<'a> {
    project_id: Raw,
    token: Raw,
    api: &'a str,
}

#[wasm_bindgen]
extern "C" {
    type Entry;
    #[wasm_bindgen(method, getter)]
    fn api(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = projectId)]
    fn project_id(this: &Entry) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn token(this: &Entry) -> JsValue;
}

impl Sdk {
    /// None in memory mode, outside of browsers, and where the browser forbids it.
    fn storage(&self) -> Option<Storage> {
        match self.persistence.get() {
            Persistence::Memory => None,
            kept => host::storage(kept == Persistence::Local),
        }
    }

    /// Stores who is signed in to the present API.
    pub(super) fn keep_session(&self, auth: &Auth) {
        if let Some(storage) = self.storage() {
            let entry: JsValue = js::to_object(&NewEntry {
                project_id: Raw::from(&auth.project),
                token: Raw::from(&auth.token),
                api: &self.url(Service::Api),
            });
            let text = js::json(&entry).as_string().unwrap_or_default();
            // A storage that is full or forbidden keeps nothing.
            let _ = storage.set_item(KEY, &text);
        }
    }

    /// Who was signed in to the present API: project and token. An entry that nobody can use is removed.
    ///
    /// SECURITY: a good entry of another API is left to the instance that uses it, so that a changed configuration never sends a token
    /// elsewhere.
    pub(super) fn kept_session(&self) -> Option<(JsString, JsString)> {
        let text = self.storage()?.get_item(KEY).ok().flatten()?;
        let entry: Entry = js::view(js::parsed(&text.into()));
        let session = js::text(entry.project_id()).zip(js::text(entry.token()));
        let usable = session.filter(|(_, token)| {
            token::read(&String::from(token)).is_ok_and(|claims| !claims.is_expired)
        });
        if usable.is_none() {
            self.forget_session();
        }
        usable.filter(|_| entry.api() == self.url(Service::Api))
    }

    /// Removes the entry.
    pub(crate) fn forget_session(&self) {
        if let Some(storage) = self.storage() {
            let _ = storage.remove_item(KEY);
        }
    }
}
