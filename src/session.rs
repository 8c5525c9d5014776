//! Who is signed in, and what the server said about them. No network.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::error::{Outcome, SdkError};
use crate::{host, js, jwt};

/// What an API call needs to know about the user.
#[derive(Clone, PartialEq)]
pub(crate) struct Auth {
    /// Project id, as given by the app.
    pub(crate) project: String,
    /// The user token.
    pub(crate) token: String,
}

impl Auth {
    /// The value of `Authorization`.
    pub(crate) fn bearer(&self) -> String {
        ["Bearer ", &self.token].concat()
    }

    /// `/projects/{id}` with the id as one URL segment.
    pub(crate) fn project_path(&self) -> String {
        ["/projects/", &js::encode(&self.project)].concat()
    }
}

/// The signed-in user and the project's integrations.
pub(crate) struct Session {
    /// Set while a user is signed in.
    pub(crate) auth: Option<Auth>,
    /// Rises with each sign-in, sign-out and reconfiguration: an answer for an older epoch is dropped.
    pub(crate) epoch: u32,
    /// `{authenticated, userId, integrations, meta, resources}`, never with the token.
    pub(crate) user: JsValue,
    /// The project, as the server gave it.
    pub(crate) project: JsValue,
    /// The project's integrations, as the server gave them.
    pub(crate) integrations: Array,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            auth: None,
            epoch: 0,
            user: signed_out(),
            project: JsValue::UNDEFINED,
            integrations: Array::new(),
        }
    }
}

fn signed_out() -> JsValue {
    js::object(&[("authenticated", false.into())])
}

impl Session {
    /// Forgets the user.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            epoch: self.epoch + 1,
            ..Self::default()
        };
    }

    /// Takes over what `GET /sdk/me` said.
    pub(crate) fn take_user(&mut self, user_id: JsValue, me: &JsValue) {
        let integrations = js::get(me, "integrations");
        for name in js::keys(&integrations) {
            let integration = js::get(&integrations, &name);
            js::set(
                &integration,
                "allConfigurations",
                &all_configurations(&integration),
            );
        }
        self.user = js::object(&[
            ("authenticated", true.into()),
            ("userId", user_id),
            ("integrations", integrations),
            ("meta", js::get(me, "meta")),
            ("resources", js::get(me, "resources")),
        ]);
        self.project = js::get(me, "project");
    }
}

/// The configurations of all credentials of a user's integration, in order.
pub(crate) fn all_configurations(integration: &JsValue) -> Array {
    let all = Array::new();
    for credential in js::items(integration, "allCredentials").iter() {
        for configuration in js::items(&credential, "configurations").iter() {
            all.push(&configuration);
        }
    }
    all
}

/// What the SDK reads from the user token's payload.
pub(crate) struct Claims {
    /// `sub`, else `id`.
    pub(crate) user_id: JsValue,
    /// Whether `exp` has passed or is missing.
    pub(crate) is_expired: bool,
}

/// Reads the payload of `token`.
///
/// # Errors
/// When it is no JWT. Its signature is the server's business.
pub(crate) fn read_token(token: &str) -> Outcome<Claims> {
    let malformed = || {
        SdkError::usage(
            "token_malformed",
            "A well-formed JWT was not provided to paragon.authenticate()",
        )
    };
    let text = jwt::payload(token).ok_or_else(malformed)?;
    let payload = js::parse(&text.into())
        .filter(JsValue::is_object)
        .ok_or_else(malformed)?;
    let subject = js::get(&payload, "sub");
    let user_id = if subject.is_truthy() {
        subject
    } else {
        js::get(&payload, "id")
    };
    let expires_at_ms = js::get(&payload, "exp").as_f64().unwrap_or_default() * 1000.0;
    Ok(Claims {
        user_id,
        is_expired: expires_at_ms <= host::now_ms(),
    })
}
