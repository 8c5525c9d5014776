//! Who calls: a project and one of its users, known from a verified token.

use std::sync::Arc;

use crate::identity::UserId;
use crate::project::Project;

/// A project and the user that the token speaks for.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Project named by the path.
    pub project: Arc<Project>,
    /// User named by the token.
    pub user: UserId,
}
