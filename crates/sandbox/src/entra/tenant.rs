//! The `{tenant}` of an address: which directories and accounts it lets in.

use uuid::Uuid;

use super::errors::EntraError;
use crate::config::{App, Tenancy};
use crate::directory::{PERSONAL_TENANT, Person};
use crate::state::State;

/// A parsed `{tenant}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tenant {
    /// `organizations`: any work or school account.
    Organizations,
    /// `common`: these and personal accounts.
    Common,
    /// `consumers`: personal accounts only.
    Consumers,
    /// One directory, by id or verified domain.
    Directory(Uuid),
}

impl Tenant {
    /// # Errors
    /// 90002 when no directory has that id or domain.
    pub(crate) fn parse(text: &str, state: &State) -> Result<Self, EntraError> {
        match text.to_ascii_lowercase().as_str() {
            "organizations" => return Ok(Self::Organizations),
            "common" => return Ok(Self::Common),
            "consumers" => return Ok(Self::Consumers),
            _ => {}
        }
        let id = Uuid::try_parse(text).ok();
        let found = state
            .directories
            .iter()
            .find(|one| Some(one.id) == id || one.domain.eq_ignore_ascii_case(text));
        found
            .map(|directory| Self::Directory(directory.id))
            .ok_or_else(|| {
                EntraError::number(90002).because(format!(
                    "Tenant '{text}' not found. Check the directory id or domain name."
                ))
            })
    }

    /// # Errors
    /// 50194 for a single-tenant app at a shared address, 700016 at another directory's.
    pub(crate) fn check_app(self, app: &App) -> Result<(), EntraError> {
        match (app.tenancy, self) {
            (Tenancy::Multiple, _) => Ok(()),
            (Tenancy::Single(own), Self::Directory(asked)) if own == asked => Ok(()),
            (Tenancy::Single(_), Self::Directory(_)) => Err(EntraError::number(700_016)),
            (Tenancy::Single(_), _) => Err(EntraError::number(50194)),
        }
    }

    /// The directory a person signs in to here.
    ///
    /// # Errors
    /// 50020 when the account is not one of the directory, or personal where only work accounts may enter;
    /// 500207 when a personal account gets in but cannot use Azure DevOps.
    pub(crate) fn sign_in(self, person: &Person) -> Result<Uuid, EntraError> {
        let personal = person.is_personal();
        match self {
            Self::Organizations if personal => Err(refused(person)),
            Self::Consumers if !personal => Err(refused(person)),
            Self::Common | Self::Consumers if personal => Err(EntraError::number(500_207)),
            Self::Directory(id) if person.belongs_to(id) => Ok(id),
            Self::Directory(_) => Err(refused(person)),
            Self::Organizations | Self::Common | Self::Consumers => Ok(person.home),
        }
    }

    /// Whether a grant of `directory` may be redeemed here.
    pub(crate) fn accepts_grant_of(self, directory: Uuid) -> bool {
        match self {
            Self::Organizations | Self::Common => true,
            Self::Consumers => directory == PERSONAL_TENANT,
            Self::Directory(id) => id == directory,
        }
    }
}

fn refused(person: &Person) -> EntraError {
    let kind = if person.is_personal() {
        "Personal Microsoft accounts are"
    } else {
        "This account is"
    };
    EntraError::number(50020).because(format!("{kind} not accepted by this sign-in address. Use a work or school account of the directory."))
}
