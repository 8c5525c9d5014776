//! Projects: who may use the gateway, from which origins, with which integration settings.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use secrecy::SecretString;
use uuid::Uuid;

use crate::identity::KeySource;
use paragon_workflow::{Input, Workflow};

/// Namespace of the integration ids, which are derived and so the same on every node.
const INTEGRATION_NAMESPACE: Uuid = Uuid::from_u128(0x6f2d_4c1a_8f0b_4a57_9f6e_1d3c_5b7a_9e21);

/// One host application.
#[derive(Debug)]
pub struct Project {
    /// Id that the app passes to `authenticate`.
    pub id: String,
    /// Name shown to the app's users.
    pub name: String,
    /// Web origins that may call the gateway and embed the portal.
    pub allowed_origins: Vec<String>,
    /// Development: every origin on this machine is allowed as well.
    pub allow_localhost: bool,
    /// Audience that user tokens must name; absent means the project id, if they name one at all.
    pub audience: Option<String>,
    /// Whether accounts may be connected with the reference client's popup.
    pub reference_client: bool,
    /// Where the keys come from that user tokens are signed with.
    pub keys: KeySource,
    /// The Azure DevOps integration as the configuration file has it; `integration::settings` knows those in force.
    pub azure_devops: ConfiguredAzureDevops,
    /// Settings that users fill in once for all workflows, as configured; the store has those in force.
    pub settings: Vec<Input>,
    /// Workflows as configured; the store has those in force.
    pub workflows: Vec<Workflow>,
    /// What workflows refer to as `{{secrets.NAME}}`.
    pub secrets: BTreeMap<String, SecretString>,
}

/// The company's app registration in Microsoft Entra ID, as the configuration file has it.
#[derive(Debug)]
pub struct ConfiguredAzureDevops {
    /// Application (client) id and client secret; absent when the file leaves them blank.
    pub client: Option<(String, SecretString)>,
    /// App registration to use where nothing else is set.
    pub development_keys: Option<DevelopmentKeys>,
    /// `organizations`, a tenant id or a verified domain.
    pub tenant: String,
    /// Names of the permissions; absent when the file leaves them out.
    pub scopes: Option<Vec<String>>,
    /// Pages of the app that may take the authorization code themselves.
    pub redirect_urls: Vec<String>,
    /// Whether pages may read access tokens.
    pub share_access_tokens: bool,
}

/// An app registration for development; whoever has the program has it.
#[derive(Debug, Clone)]
pub struct DevelopmentKeys {
    /// Application (client) ID.
    pub client_id: String,
    /// Client secret.
    pub client_secret: SecretString,
}

/// The app registration as it is used now.
#[derive(Debug, Clone)]
pub struct AzureDevopsSettings {
    /// Application (client) id; empty when there is none yet.
    pub client_id: String,
    /// Client secrets, in the order in which they are tried.
    pub client_secrets: Vec<SecretString>,
    /// `organizations`, a tenant id or a verified domain.
    pub tenant: String,
    /// Scopes asked for, beside `openid profile offline_access`.
    pub scopes: Vec<String>,
    /// Rises with every change.
    pub revision: i64,
}

impl AzureDevopsSettings {
    /// The same for a sign-in or a grant of one directory; `None` changes nothing.
    #[must_use]
    pub fn in_directory(mut self, directory: Option<&str>) -> Self {
        if let Some(directory) = directory {
            directory.clone_into(&mut self.tenant);
        }
        self
    }

    /// Whether accounts of any directory may sign in.
    pub fn takes_any_directory(&self) -> bool {
        ["organizations", "common"]
            .iter()
            .any(|shared| self.tenant.eq_ignore_ascii_case(shared))
    }
}

impl Project {
    /// Whether a page of `origin` may use this project.
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.allowed_origins.iter().any(|allowed| allowed == origin)
            || (self.allow_localhost && is_localhost(origin))
    }

    /// Id of the Azure DevOps integration in this project.
    pub fn integration_id(&self) -> Uuid {
        Uuid::new_v5(
            &INTEGRATION_NAMESPACE,
            format!("{}/azuredevops", self.id).as_bytes(),
        )
    }
}

/// Whether `origin` is an http origin on this machine (a real URL parse, so `localhost.evil.example` is not).
fn is_localhost(origin: &str) -> bool {
    url::Url::parse(origin).is_ok_and(|url| {
        url.origin().ascii_serialization() == origin
            && match url.host() {
                Some(url::Host::Domain(domain)) => {
                    domain == "localhost" || domain.ends_with(".localhost")
                }
                Some(url::Host::Ipv4(address)) => address.is_loopback(),
                Some(url::Host::Ipv6(address)) => address.is_loopback(),
                None => false,
            }
    })
}

/// Every project of this gateway, by id.
#[derive(Debug, Clone, Default)]
pub struct Projects(Arc<HashMap<String, Arc<Project>>>);

impl Projects {
    /// The projects, by their ids.
    pub fn new(projects: impl IntoIterator<Item = Project>) -> Self {
        Self(Arc::new(
            projects
                .into_iter()
                .map(|project| (project.id.clone(), Arc::new(project)))
                .collect(),
        ))
    }

    /// The project with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Project>> {
        self.0.get(id)
    }

    /// All projects.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Project>> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::is_localhost;

    #[test]
    fn only_this_machine_is_localhost() {
        for origin in [
            "http://localhost:3000",
            "http://127.0.0.1",
            "https://app.localhost:8443",
            "http://[::1]:5173",
        ] {
            assert!(is_localhost(origin), "{origin}");
        }
        for origin in [
            "http://localhost.evil.example",
            "http://evil.example/#localhost",
            "null",
            "http://127.0.0.1.evil.example",
            "http://user@localhost",
        ] {
            assert!(!is_localhost(origin), "{origin}");
        }
    }
}
