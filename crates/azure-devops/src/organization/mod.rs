//! Name of an Azure DevOps organization.

mod pasted;

use std::fmt;

pub use pasted::PastedError;

/// Longest organization name.
pub const MAX_CHARS: usize = 50;

/// Organization name: 1 to 50 letters, digits and hyphens; the first and last are no hyphen.
///
/// Azure DevOps compares these names without regard to case, and so does equality here. The spelling is kept.
#[derive(Debug, Clone)]
pub struct Organization(String);

/// The text cannot be the name of an organization.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "an organization name has 1 to 50 letters, digits or hyphens and neither begins nor ends with a hyphen"
)]
pub struct OrganizationError;

impl Organization {
    /// Checks `name` and keeps its spelling.
    ///
    /// # Errors
    /// [`OrganizationError`] when the text has another form.
    pub fn new(name: impl Into<String>) -> Result<Self, OrganizationError> {
        let name = name.into();
        let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = name.as_bytes();
        let allowed = bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
        if bytes.len() <= MAX_CHARS && allowed && edge(bytes.first()) && edge(bytes.last()) {
            Ok(Self(name))
        } else {
            Err(OrganizationError)
        }
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `text` names this organization.
    pub fn is(&self, text: &str) -> bool {
        self.0.eq_ignore_ascii_case(text)
    }
}

impl PartialEq for Organization {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl Eq for Organization {}

impl fmt::Display for Organization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_names_of_the_documented_form() {
        for name in ["a", "7", "contoso-demo", "A--b", &"x".repeat(50)] {
            assert!(Organization::new(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        let long = "x".repeat(51);
        for name in [
            "", "-a", "a-", "-", "a.b", "a/b", "a b", "a%2fb", "a\n", "é", "a@b", "..", &long,
        ] {
            assert!(Organization::new(name).is_err(), "{name}");
        }
    }

    #[test]
    fn is_compared_without_regard_to_case() {
        assert_eq!(Organization::new("Contoso"), Organization::new("contoso"));
        assert_ne!(Organization::new("contoso"), Organization::new("contoso2"));
    }
}
