//! Who calls, and for which of their accounts.

use std::sync::Arc;

use super::UserId;
use crate::projects::Project;

/// A project and the user that the token speaks for.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Project named by the path.
    pub project: Arc<Project>,
    /// User named by the token.
    pub user: UserId,
}

/// Which account and which of its configurations a call is for, in the caller's words.
///
/// Each is a UUID, `ext:{externalId}` or a plain external id; absent means the default one.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Credential.
    pub credential: Option<String>,
    /// Configuration of the credential.
    pub configuration: Option<String>,
}

impl Selection {
    /// The same configuration, of the credential that the path names.
    #[must_use]
    pub fn of_credential(self, credential: String) -> Self {
        Self {
            credential: Some(credential),
            ..self
        }
    }
}
