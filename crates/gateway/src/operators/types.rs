//! Operators of the dashboard: who they are, and what their role lets them do.

use paragon_wire::ErrorCode;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};

/// What an operator may do. Each role may do all that the one before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Role {
    /// Reads everything but secrets.
    Viewer,
    /// Changes settings.
    Editor,
    /// Manages secrets and operators.
    Admin,
}

impl Role {
    /// As it stands in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// Reads a role; one that is not known may do least.
    pub fn parse(text: &str) -> Self {
        match text {
            "admin" => Self::Admin,
            "editor" => Self::Editor,
            _ => Self::Viewer,
        }
    }

    /// Whether the role includes `right`: the one place where that is decided.
    pub fn may(self, right: Right) -> bool {
        self >= match right {
            Right::Read => Self::Viewer,
            Right::EditSettings | Right::EditWorkflows | Right::ManageUsers | Right::ManageRuns => {
                Self::Editor
            }
            Right::ManageSecrets | Right::ManageOperators => Self::Admin,
        }
    }
}

/// One kind of thing to do in the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// See settings, their history and who did what.
    Read,
    /// Change settings that are no secrets, and have them tested.
    EditSettings,
    /// Make and deploy workflows, and try their steps.
    EditWorkflows,
    /// Disconnect users' accounts.
    ManageUsers,
    /// Repeat and end runs of workflows.
    ManageRuns,
    /// Add and remove client secrets.
    ManageSecrets,
    /// Add, change and remove operators.
    ManageOperators,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::EditSettings,
        Self::EditWorkflows,
        Self::ManageUsers,
        Self::ManageRuns,
        Self::ManageSecrets,
        Self::ManageOperators,
    ];

    /// As it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::EditSettings => "edit_settings",
            Self::EditWorkflows => "edit_workflows",
            Self::ManageUsers => "manage_users",
            Self::ManageRuns => "manage_runs",
            Self::ManageSecrets => "manage_secrets",
            Self::ManageOperators => "manage_operators",
        }
    }
}

/// Somebody who is signed in to the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Id, UUID version 4.
    pub id: Uuid,
    /// E-mail address, in lower case.
    pub email: String,
    /// Role.
    pub role: Role,
}

impl Operator {
    /// Lets the operator through who may do this.
    ///
    /// # Errors
    /// `RoleNotSufficient`.
    pub fn require(&self, right: Right) -> ApiResult<()> {
        if self.role.may(right) {
            return Ok(());
        }
        let needed = [Role::Viewer, Role::Editor, Role::Admin]
            .into_iter()
            .find(|role| role.may(right))
            .unwrap_or(Role::Admin);
        let message = format!(
            "this requires the role `{}`, and your role is `{}`; ask an admin of this gateway",
            needed.as_str(),
            self.role.as_str()
        );
        Err(ApiError::new(ErrorCode::RoleNotSufficient, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_has_its_rights() {
        let rights = |role: Role| Right::ALL.map(|right| role.may(right));
        assert_eq!(
            rights(Role::Viewer),
            [true, false, false, false, false, false, false]
        );
        assert_eq!(
            rights(Role::Editor),
            [true, true, true, true, true, false, false]
        );
        assert_eq!(rights(Role::Admin), [true; 7]);
        assert_eq!(Role::parse("root"), Role::Viewer);
    }
}
