//! Who calls, and for which of their accounts.

use std::ops::Deref;
use std::sync::Arc;

use super::UserId;
use crate::projects::Project;

/// A user of a project. That they called themselves is what a [`Caller`] says; runs and operators act for users, too.
#[derive(Debug, Clone)]
pub struct EndUser {
    /// Their project.
    pub project: Arc<Project>,
    /// Who they are in it.
    pub user: UserId,
}

/// The user whose token came with a request. Only [`crate::http::caller::authenticate`] makes one.
#[derive(Debug, Clone)]
pub struct Caller(EndUser);

impl Caller {
    /// The user that a verified token of the project speaks for.
    pub(crate) fn verified(project: Arc<Project>, user: UserId) -> Self {
        Self(EndUser { project, user })
    }
}

impl Deref for Caller {
    type Target = EndUser;

    fn deref(&self) -> &EndUser {
        &self.0
    }
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
