//! What Entra has issued: sessions, consents, codes, refresh and access tokens.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use uuid::Uuid;

use super::authorize_rules::AuthorizeRequest;
use super::scopes::Scopes;

/// Memory of the simulated Entra ID.
#[derive(Default)]
pub(crate) struct EntraState {
    /// Authorize requests that wait for the user, by the id in the page's form.
    pub(crate) pending: HashMap<String, Pending>,
    /// Browser sessions: cookie value to person.
    pub(crate) sessions: HashMap<String, Uuid>,
    pub(crate) codes: HashMap<String, CodeGrant>,
    pub(crate) refresh_tokens: HashMap<String, RefreshGrant>,
    pub(crate) access_tokens: HashMap<String, AccessGrant>,
    /// `(person, client id, permission)`.
    pub(crate) consents: HashSet<(Uuid, String, String)>,
    /// `(directory, client id, permission)`, given by an administrator.
    pub(crate) admin_consents: HashSet<(Uuid, String, String)>,
}

impl EntraState {
    /// Permissions the person, or an administrator for everybody, has consented to.
    pub(crate) fn consented(&self, person: Uuid, directory: Uuid, client_id: &str) -> Vec<String> {
        let own = self
            .consents
            .iter()
            .filter(|row| row.0 == person && row.1 == client_id);
        let admin = self
            .admin_consents
            .iter()
            .filter(|row| row.0 == directory && row.1 == client_id);
        let mut names: Vec<String> = own.chain(admin).map(|row| row.2.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Ends every grant of a person, as an administrator's "revoke sessions" does.
    pub(crate) fn revoke(&mut self, person: Uuid) {
        self.sessions.retain(|_, owner| *owner != person);
        self.refresh_tokens
            .values_mut()
            .filter(|grant| grant.person == person)
            .for_each(|grant| grant.revoked = true);
        self.access_tokens
            .values_mut()
            .filter(|grant| grant.person == person)
            .for_each(|grant| grant.revoked = true);
    }
}

/// An authorize request in progress.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) request: AuthorizeRequest,
    pub(crate) begun_at: Timestamp,
    /// Set once an account was chosen.
    pub(crate) person: Option<Uuid>,
    pub(crate) directory: Option<Uuid>,
}

/// What an authorization code stands for.
#[derive(Debug, Clone)]
pub(crate) struct CodeGrant {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) person: Uuid,
    pub(crate) directory: Uuid,
    pub(crate) scopes: Scopes,
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) issued_at: Timestamp,
    pub(crate) is_used: bool,
}

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub(crate) struct RefreshGrant {
    pub(crate) client_id: String,
    pub(crate) person: Uuid,
    pub(crate) directory: Uuid,
    pub(crate) scopes: Scopes,
    pub(crate) issued_at: Timestamp,
    pub(crate) revoked: bool,
}

/// What an access token stands for.
#[derive(Debug, Clone)]
pub(crate) struct AccessGrant {
    pub(crate) person: Uuid,
    pub(crate) directory: Uuid,
    pub(crate) permissions: Vec<String>,
    pub(crate) expires_at: Timestamp,
    pub(crate) revoked: bool,
}
