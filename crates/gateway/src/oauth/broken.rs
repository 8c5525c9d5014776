//! Integrations whose own settings Entra ID refuses.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use super::EntraError;

/// Integrations whose own settings Entra ID refuses: no refresh is tried until a sign-in works or the process restarts
/// with other settings. Users' credentials stay as they are.
#[derive(Debug, Default)]
pub struct BrokenIntegrations(RwLock<HashMap<String, String>>);

impl BrokenIntegrations {
    /// Why the project's settings were refused, if they were.
    pub fn reason(&self, project: &str) -> Option<String> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(project)
            .cloned()
    }

    /// Notes that Entra ID refused the integration's settings, and tells the operator.
    pub fn mark(&self, project: &str, error: &EntraError) {
        tracing::error!(project.id = project, error = %error, "Entra ID refuses the integration's settings; check client id, secret, scopes and redirect URI");
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(project.to_owned(), error.to_string());
    }

    /// Notes that the settings work.
    pub fn clear(&self, project: &str) {
        if self.reason(project).is_some() {
            self.0
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(project);
        }
    }
}
