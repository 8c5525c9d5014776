//! Asks Entra ID whether it knows client id and secret, and says in words what it answered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::editing::entry;
use super::settings::{InForce, SecretInUse};
use crate::audit::store::NewAuditEntry;
use crate::error::{ApiError, ApiResult};
use crate::oauth::{EntraError, TokenFailure};
use crate::operators::{Operator, Right};
use crate::projects::{AzureDevopsSettings, Project};
use crate::state::App;

/// Addresses of Entra ID that several directories share: an app cannot sign in there for itself.
const SHARED: [&str; 3] = ["organizations", "common", "consumers"];

/// What to test.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct TestRequest {
    /// Directory to test in, as id or domain; absent: the integration's own.
    pub directory: Option<String>,
}

/// What Entra ID's answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Finding {
    Works,
    WrongClientId,
    WrongSecret,
    ExpiredSecret,
    DirectoryNeeded,
    UnknownDirectory,
    NotInDirectory,
    Refused,
    Unreachable,
}

impl Finding {
    fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::WrongClientId => "wrong_client_id",
            Self::WrongSecret => "wrong_secret",
            Self::ExpiredSecret => "expired_secret",
            Self::DirectoryNeeded => "directory_needed",
            Self::UnknownDirectory => "unknown_directory",
            Self::NotInDirectory => "not_in_directory",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Works => "Entra ID knows this client ID and accepts the secret.",
            Self::WrongClientId => {
                "This directory has no app with this client ID. Compare it with the Application (client) ID on the app's Overview page, and check the directory."
            }
            Self::WrongSecret => {
                "The client ID is right, but Entra ID does not accept the secret. Copy the Value of the secret, not its Secret ID; if it is no longer shown, create a new one."
            }
            Self::ExpiredSecret => {
                "The secret has expired. Create a new one under Certificates & secrets and add it here."
            }
            Self::DirectoryNeeded => {
                "The integration is for accounts of several directories, and Entra ID tests an app in one only. Enter the directory in which you registered the app."
            }
            Self::UnknownDirectory => {
                "Entra ID does not know this directory. Enter its Directory (tenant) ID or one of its domains."
            }
            Self::NotInDirectory => {
                "Entra ID knows the app, but not in this directory, or Azure DevOps is not available in the directory."
            }
            Self::Refused => "Entra ID refused for another reason. Its response is below.",
            Self::Unreachable => {
                "Entra ID is unreachable or failing. Check that the gateway can reach it, then try again."
            }
        }
    }
}

/// What Entra ID answered, for each client secret in use.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConnectionTest {
    results: Vec<SecretTest>,
}

/// What Entra ID answered for one client secret.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SecretTest {
    /// Id of the secret; null for one that was not saved in the dashboard.
    secret_id: Option<Uuid>,
    /// `works`, or what is wrong.
    outcome: &'static str,
    /// The outcome in words.
    message: &'static str,
    /// What Entra ID said where it refused.
    entra: Option<EntraRefusal>,
}

/// A refusal of Entra ID.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct EntraRefusal {
    error: String,
    numbers: Vec<u32>,
    trace_id: Option<String>,
    correlation_id: Option<String>,
}

/// Tests every client secret in use.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest` where there is nothing to test.
pub async fn run(
    app: &App,
    operator: &Operator,
    project: &Project,
    request: TestRequest,
) -> ApiResult<ConnectionTest> {
    operator.require(Right::EditSettings)?;
    let in_force = InForce::read(app, project).await?;
    if !in_force.is_set_up() {
        return Err(ApiError::invalid(
            "nothing to test yet: save a client ID and add a client secret",
        ));
    }
    let secrets = in_force.open_secrets(app, project)?;
    let mut settings = in_force.settings(project, Vec::new());
    if let Some(directory) = directory(request.directory.as_deref())? {
        settings.tenant = directory;
    }
    let mut results = Vec::new();
    for secret in &secrets {
        results.push(test(app, &settings, secret).await);
    }
    let findings: Vec<_> = results
        .iter()
        .map(|(finding, _)| finding.as_str())
        .collect();
    let entry = NewAuditEntry {
        after: Some(json!({ "outcome": findings })),
        ..entry(app, operator, project, "integration.tested")
    };
    app.store.insert_audit_entry(&entry).await?;
    let results = results.into_iter().map(|(_, result)| result).collect();
    Ok(ConnectionTest { results })
}

async fn test(
    app: &App,
    settings: &AzureDevopsSettings,
    secret: &SecretInUse,
) -> (Finding, SecretTest) {
    let is_shared = SHARED.contains(&settings.tenant.to_ascii_lowercase().as_str());
    let answer = if is_shared {
        None
    } else {
        Some(app.entra.authenticate(settings, &secret.value).await)
    };
    let (finding, error) = match answer {
        None => (Finding::DirectoryNeeded, None),
        Some(Ok(())) => (Finding::Works, None),
        Some(Err(TokenFailure::Refused { error })) => (meaning(&error), Some(error)),
        Some(Err(failure)) => {
            tracing::warn!(detail = %failure, "the settings could not be tested");
            (Finding::Unreachable, None)
        }
    };
    let said = error.map(|error| EntraRefusal {
        numbers: error.numbers().clone(),
        error: error.error,
        trace_id: error.trace_id,
        correlation_id: error.correlation_id,
    });
    let result = SecretTest {
        secret_id: secret.id,
        outcome: finding.as_str(),
        message: finding.words(),
        entra: said,
    };
    (finding, result)
}

/// Microsoft asks programs not to branch on numbers; here they choose words for a person only.
fn meaning(error: &EntraError) -> Finding {
    let numbers = error.numbers();
    let has = |wanted: &[u32]| numbers.iter().any(|number| wanted.contains(number));
    match error.error.as_str() {
        _ if has(&[7_000_222]) => Finding::ExpiredSecret,
        _ if has(&[50059]) => Finding::DirectoryNeeded,
        _ if has(&[90002, 900_023]) => Finding::UnknownDirectory,
        _ if has(&[7_000_229, 500_011, 650_052]) => Finding::NotInDirectory,
        "unauthorized_client" => Finding::WrongClientId,
        "invalid_client" => Finding::WrongSecret,
        _ => Finding::Refused,
    }
}

/// A directory is an id or a domain: nothing else may get into the address.
fn directory(given: Option<&str>) -> ApiResult<Option<String>> {
    let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) else {
        return Ok(None);
    };
    let is_name = given.len() <= 253
        && given
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        && !given.starts_with('.');
    if is_name {
        return Ok(Some(given.to_owned()));
    }
    Err(ApiError::invalid(
        "`directory` must be a Directory (tenant) ID or a domain such as contoso.onmicrosoft.com",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_its_words() {
        let error = |name: &str, number: u32| EntraError {
            error: name.into(),
            error_codes: vec![number],
            ..EntraError::default()
        };
        for (name, number, finding) in [
            ("invalid_client", 7_000_215, Finding::WrongSecret),
            ("invalid_client", 7_000_222, Finding::ExpiredSecret),
            ("unauthorized_client", 700_016, Finding::WrongClientId),
            ("invalid_request", 90002, Finding::UnknownDirectory),
            ("invalid_request", 50059, Finding::DirectoryNeeded),
            ("invalid_resource", 500_011, Finding::NotInDirectory),
            ("invalid_scope", 70011, Finding::Refused),
        ] {
            assert_eq!(meaning(&error(name, number)), finding, "{name} {number}");
        }
    }

    #[test]
    fn a_directory_cannot_lead_elsewhere() {
        for wrong in ["a/b", "..", "a?b", "a#b", "a b", "a@b", "%2e"] {
            assert!(directory(Some(wrong)).is_err(), "{wrong}");
        }
        let id = "11111111-2222-4333-8444-555555555555";
        assert_eq!(directory(Some(id)).ok().flatten().as_deref(), Some(id));
        assert_eq!(directory(Some(" ")).ok(), Some(None));
    }
}
