//! Integrations whose own settings Entra ID refuses.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use super::EntraError;

/// Integrations whose own settings Entra ID refuses: no refresh is tried until a sign-in works or the settings change.
/// Users' credentials stay as they are.
#[derive(Debug, Default)]
pub struct BrokenIntegrations(RwLock<HashMap<String, Broken>>);

#[derive(Debug, Clone)]
struct Broken {
    /// Of the settings that were refused.
    revision: i64,
    reason: String,
}

impl BrokenIntegrations {
    /// Why the project's settings of this revision were refused, if they were.
    pub fn reason(&self, project: &str, revision: i64) -> Option<String> {
        let broken = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let broken = broken.get(project)?;
        (broken.revision == revision).then(|| broken.reason.clone())
    }

    /// Notes that Entra ID refused the integration's settings, and tells the operator.
    pub fn mark(&self, project: &str, revision: i64, error: &EntraError) {
        tracing::error!(project.id = project, error = %error, "Entra ID refuses the integration's settings; check client id, secret, scopes and redirect URI");
        let reason = error.to_string();
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(project.to_owned(), Broken { revision, reason });
    }

    /// Notes that the settings work.
    pub fn clear(&self, project: &str) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(project);
    }
}
