//! A sign-in that is under way: what binds the issuer's answer to the browser that began it, sealed in a cookie.

use std::time::Duration;

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use url::Url;
use zeroize::Zeroizing;

use super::{Step, ended, failed};
use crate::clock::Millis;
use crate::oauth::AuthenticationRequest;
use crate::operators::attempts;
use crate::random;
use crate::state::App;
use crate::vault::{Sealed, Vault, VaultError};

/// Where a sign-in leads that does not say.
pub(super) const HOME: &str = "/dashboard";
/// How long somebody may stay on the issuer's pages; states that were used are known for longer.
const LIFE: Duration = Duration::from_mins(10);
/// Row name that the cookie is sealed for.
const SEALED_FOR: &str = "cookie/operator-sign-in";
const MAX_PATH_BYTES: usize = 1024;

#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Attempt {
    state_hash: String,
    pub(super) nonce: String,
    pub(super) code_verifier: String,
    /// Page of the dashboard.
    pub(super) to: String,
    /// Id of the browser's session before: its cookie does not come along from the issuer's site.
    pub(super) previous: Option<String>,
    until: Millis,
}

impl Attempt {
    /// What is to be remembered of a request, and where the browser goes with it.
    pub(super) fn new(
        app: &App,
        request: AuthenticationRequest,
        to: &str,
        previous: Option<String>,
    ) -> (Url, Self) {
        let attempt = Self {
            state_hash: random::hash(&request.state),
            nonce: request.nonce,
            code_verifier: request.code_verifier,
            to: own_page(&app.public_url, to).unwrap_or_else(|| HOME.to_owned()),
            previous,
            until: app.clock.in_future(LIFE),
        };
        (request.url, attempt)
    }

    /// The value of the cookie.
    pub(super) fn seal(&self, vault: &Vault) -> Result<SecretString, VaultError> {
        let json = Zeroizing::new(serde_json::to_vec(self).map_err(|_| VaultError::CannotSeal)?);
        Ok(vault.seal(&json, SEALED_FOR)?.to_text().into())
    }

    /// The attempt of a cookie, if `state` is its own; it is used up then.
    pub(super) async fn take(app: &App, cookie: &str, state: Option<&str>) -> Step<Self> {
        let attempt =
            Self::open(&app.vault, cookie).ok_or_else(|| ended("the cookie cannot be opened"))?;
        let given = random::hash(state.unwrap_or_default());
        if !bool::from(given.as_bytes().ct_eq(attempt.state_hash.as_bytes())) {
            return Err(ended("the state is not that of this browser's sign-in"));
        }
        if app.clock.now() >= attempt.until {
            return Err(ended("the sign-in took too long"));
        }
        match attempts::note_once(app, &attempt.state_hash).await {
            Ok(true) => Ok(attempt),
            Ok(false) => Err(ended("the state was used before")),
            Err(error) => Err(failed(&error)),
        }
    }

    fn open(vault: &Vault, cookie: &str) -> Option<Self> {
        let json = vault.open(&Sealed::from_text(cookie)?, SEALED_FOR).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// Path and query of a page of the dashboard; nothing that leads elsewhere.
fn own_page(public_url: &Url, to: &str) -> Option<String> {
    let url = public_url.join(to).ok()?;
    let path = url.path();
    let is_page =
        path == HOME || (path.starts_with("/dashboard/") && !path.starts_with("/dashboard/api/"));
    let page = match url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let is_own = to.starts_with('/') && url.origin() == public_url.origin() && is_page;
    (is_own && page.len() <= MAX_PATH_BYTES).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_dashboard_are_gone_on_with() {
        let own = Url::parse("https://connect.example.com").expect("a URL");
        for good in [
            "/dashboard",
            "/dashboard/projects/app/runs?status=failed",
            "/dashboard/operators",
        ] {
            assert_eq!(own_page(&own, good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "https://evil.example/dashboard",
            "//evil.example/dashboard",
            "/\\evil.example/dashboard",
            "/\t/evil.example/dashboard",
            "javascript:alert(1)",
            "/dashboard/../oauth",
            "/dashboard/%2e%2e/oauth",
            "/dashboard/api/session",
            "/dashboards",
            "/ui",
            &format!("/dashboard/{}", "a".repeat(MAX_PATH_BYTES)),
        ] {
            assert_eq!(own_page(&own, bad), None, "{bad:?}");
        }
    }
}
