//! Keeping the session over a reload, only where the app asked for it.

use wasm_bindgen::prelude::*;

use crate::error::{Outcome, SdkError};
use crate::js;
use crate::session::Auth;

/// Name of the entry; not the reference's, whose content has another form.
const KEY: &str = "paragon-connect-wasm-session";

/// Where the session is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Persistence {
    /// Nowhere: it ends with the page.
    #[default]
    Memory,
    /// In `sessionStorage`: until the tab is closed.
    Session,
    /// In `localStorage`: until sign-out.
    Local,
}

impl Persistence {
    /// Reads the app's `persistence` option.
    pub(crate) fn parse(option: &JsValue) -> Outcome<Option<Self>> {
        if option.is_undefined() {
            return Ok(None);
        }
        match option.as_string().as_deref() {
            Some("memory") => Ok(Some(Self::Memory)),
            Some("session") => Ok(Some(Self::Session)),
            Some("local") => Ok(Some(Self::Local)),
            _ => Err(SdkError::usage(
                "invalid_configuration",
                "persistence must be \"memory\", \"session\" or \"local\"",
            )),
        }
    }

    /// The storage object; none in memory mode, outside browsers and where the browser forbids it.
    fn storage(self) -> Option<JsValue> {
        let name = match self {
            Self::Memory => return None,
            Self::Session => "sessionStorage",
            Self::Local => "localStorage",
        };
        // Reading the property throws in sandboxed frames: `get` turns that into `undefined`.
        Some(js::get(&js::global(), name)).filter(JsValue::is_object)
    }

    fn call(self, method: &str, arguments: &[JsValue]) -> JsValue {
        let Some(storage) = self.storage() else {
            return JsValue::UNDEFINED;
        };
        let list: js_sys::Array = arguments.iter().collect();
        js::function(&storage, method)
            .and_then(|method| js_sys::Reflect::apply(&method, &storage, &list).ok())
            .unwrap_or(JsValue::UNDEFINED)
    }

    /// Stores project and token for the API at `api_url`.
    pub(crate) fn save(self, auth: &Auth, api_url: &str) {
        if self == Self::Memory {
            return;
        }
        let entry = js::object(&[
            ("projectId", auth.project.as_str().into()),
            ("token", auth.token.as_str().into()),
            ("api", api_url.into()),
        ]);
        self.call("setItem", &[KEY.into(), js::stringify(&entry)]);
    }

    /// What was stored for the API at `api_url`.
    ///
    /// SECURITY: an entry of another API is ignored, so a changed configuration never sends a token elsewhere.
    pub(crate) fn load(self, api_url: &str) -> Option<Auth> {
        let entry = js::parse(&self.call("getItem", &[KEY.into()]))?;
        if !js::is(&entry, "api", api_url) {
            return None;
        }
        Some(Auth {
            project: js::non_empty(&entry, "projectId")?,
            token: js::non_empty(&entry, "token")?,
        })
    }

    /// Removes the entry.
    pub(crate) fn remove(self) {
        if self != Self::Memory {
            self.call("removeItem", &[KEY.into()]);
        }
    }
}
