//! Integrations whose client secret Entra ID refuses.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use super::EntraError;
use crate::clock::{Clock, Millis};

/// How long nobody asks Entra ID again; then one may, since a new secret takes a while to reach all of its servers.
const PAUSE: Duration = Duration::from_mins(5);

/// Integrations whose client secret Entra ID refuses: refreshes pause until a secret works or the settings change.
/// Users' credentials stay as they are.
///
/// SECURITY: it speaks for all users of a project, so only the token endpoint's own answer about the app itself
/// ([`super::Verdict::ClientRefused`]) may be noted here; never what a browser brings.
#[derive(Debug)]
pub struct BrokenIntegrations {
    clock: Clock,
    projects: RwLock<HashMap<String, Broken>>,
}

#[derive(Debug, Clone)]
struct Broken {
    /// Of the settings that were refused.
    revision: i64,
    reason: String,
    paused_until: Millis,
}

impl BrokenIntegrations {
    /// None is broken yet.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            projects: RwLock::default(),
        }
    }

    /// Why the project's settings of this revision were refused, if they were.
    pub fn reason(&self, project: &str, revision: i64) -> Option<String> {
        self.find(project, revision).map(|broken| broken.reason)
    }

    /// The same, while no refresh is to be tried.
    pub fn pause(&self, project: &str, revision: i64) -> Option<String> {
        let broken = self.find(project, revision)?;
        (self.clock.now() < broken.paused_until).then_some(broken.reason)
    }

    fn find(&self, project: &str, revision: i64) -> Option<Broken> {
        let projects = self.projects.read().unwrap_or_else(PoisonError::into_inner);
        let broken = projects.get(project)?;
        (broken.revision == revision).then(|| broken.clone())
    }

    /// Notes that the token endpoint refused the client secret, and tells the operator.
    pub fn mark(&self, project: &str, revision: i64, error: &EntraError) {
        tracing::error!(project.id = project, error = %error, "Entra ID refuses the integration's client secret; check client id and secret");
        let broken = Broken {
            revision,
            reason: error.to_string(),
            paused_until: self.clock.in_future(PAUSE),
        };
        let mut projects = self
            .projects
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        projects.insert(project.to_owned(), broken);
    }

    /// Notes that the token endpoint accepted a client secret of this revision.
    pub fn clear(&self, project: &str, revision: i64) {
        // Most of the time there is nothing to clear: a look disturbs nobody.
        if self.find(project, revision).is_none() {
            return;
        }
        let mut projects = self
            .projects
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        projects.retain(|id, broken| id != project || broken.revision != revision);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[test]
    fn refreshes_pause_for_the_refused_settings_and_not_for_ever() {
        let now = Arc::new(AtomicI64::new(1_000));
        let clock = {
            let now = Arc::clone(&now);
            Clock::from_fn(move || now.load(Ordering::SeqCst))
        };
        let broken = BrokenIntegrations::new(clock);
        broken.mark("app", 3, &EntraError::default());
        assert!(broken.pause("app", 3).is_some());
        assert!(broken.pause("app", 4).is_none() && broken.pause("other", 3).is_none());
        now.fetch_add(300_000, Ordering::SeqCst);
        assert!(broken.pause("app", 3).is_none(), "one may try again");
        assert!(broken.reason("app", 3).is_some(), "it is still refused");
        broken.clear("app", 2);
        assert!(
            broken.reason("app", 3).is_some(),
            "an answer about older settings"
        );
        broken.clear("app", 3);
        assert!(broken.reason("app", 3).is_none());
    }
}
