//! Directories (tenants) and the people in them.

use uuid::Uuid;

/// Directory id that all personal Microsoft accounts share (a public constant of Microsoft's).
pub(crate) const PERSONAL_TENANT: Uuid = Uuid::from_u128(0x9188_040d_6c67_4c5b_b112_36a3_04b6_6dad);

/// A Microsoft Entra directory.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) domain: String,
    /// Users may not consent themselves: an administrator must approve an app first.
    pub(crate) requires_admin_consent: bool,
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Object id, also the id of the Azure DevOps profile.
    pub(crate) id: Uuid,
    /// Short name for tests and the control API.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) mail: String,
    pub(crate) home: Uuid,
    pub(crate) guest_in: Vec<Uuid>,
    pub(crate) is_admin: bool,
    /// One line for the account page: what this account is good for.
    pub(crate) note: String,
}

impl Person {
    /// Whether this is a personal Microsoft account, which Azure DevOps refuses through Entra.
    pub(crate) fn is_personal(&self) -> bool {
        self.home == PERSONAL_TENANT
    }

    /// Whether the person can sign in to `directory`.
    pub(crate) fn belongs_to(&self, directory: Uuid) -> bool {
        self.home == directory || self.guest_in.contains(&directory)
    }

    /// `Name <mail>`, as older answers write identities.
    pub(crate) fn display(&self) -> String {
        format!("{} <{}>", self.name, self.mail)
    }

    /// Whether `text` names this person: key, id, mail, display name or `Name <mail>`.
    pub(crate) fn is_called(&self, text: &str) -> bool {
        let text = text.trim();
        [self.key.as_str(), self.name.as_str(), self.mail.as_str()]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(text))
            || self.display().eq_ignore_ascii_case(text)
            || Uuid::try_parse(text).is_ok_and(|id| id == self.id)
    }
}
