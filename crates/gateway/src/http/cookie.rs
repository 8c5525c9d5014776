//! Cookies: those that bind a connect flow to the browser that began it, and those of operators: of a session, and of
//! a sign-in with the identity provider.

use axum_extra::extract::cookie::{Cookie, SameSite};

/// Makes and names the cookies.
///
/// On https the names carry the `__Host-` prefix (no domain, path `/`, secure), so that no sibling host can set them.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    /// Whether browsers reach the gateway over https.
    pub secure: bool,
}

impl Cookies {
    /// Name of the cookie of one flow.
    pub fn flow_name(self, flow: &str) -> String {
        let short: String = flow.chars().take(16).collect();
        self.name(&format!("paragon-flow-{short}"))
    }

    /// Name of the cookie of an operator's session.
    pub fn operator_name(self) -> String {
        self.name("paragon-operator")
    }

    /// Name of the cookie of an operator's sign-in that is under way with the identity provider.
    pub fn operator_sign_in_name(self) -> String {
        self.name("paragon-operator-sign-in")
    }

    /// Name of the cookie of a browser that an operator signed in with.
    pub fn operator_device_name(self) -> String {
        self.name("paragon-operator-device")
    }

    fn name(self, plain: &str) -> String {
        if self.secure {
            format!("__Host-{plain}")
        } else {
            plain.to_owned()
        }
    }

    /// A cookie for the time of a flow, sent along when the provider redirects back (`SameSite=Lax`).
    pub fn make(self, name: String, value: String) -> Cookie<'static> {
        self.with(name, value, SameSite::Lax)
    }

    /// A cookie that no request from another site carries (`SameSite=Strict`).
    pub fn make_strict(self, name: String, value: String) -> Cookie<'static> {
        self.with(name, value, SameSite::Strict)
    }

    fn with(self, name: String, value: String, same_site: SameSite) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(same_site)
            .build()
    }
}
