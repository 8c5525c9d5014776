//! Signing keys of a project in the dashboard: made, added and removed by admins, tried by everybody.

use std::borrow::Cow;

use paragon_wire::ErrorCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::in_force::verify;
use super::store::SigningKeyRow;
use crate::audit::store::NewAuditEntry;
use crate::clock::rfc3339;
use crate::error::{ApiError, ApiResult};
use crate::identity::{KeyAlgorithm, KeyPair, KeySource, VerifyingKey};
use crate::integration::editing::entry;
use crate::operators::{Operator, Right};
use crate::projects::Project;
use crate::state::App;

/// Keys that can be added to a project.
const MAX_KEYS: i64 = 10;
const MAX_URL_CHARS: usize = 2048;
const MAX_PEM_CHARS: usize = 8192;

/// A key to be added. Exactly one member is given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewKey {
    /// A public key in PEM.
    #[serde(default)]
    pub public_key: Option<String>,
    /// Address of a JWK set, by https.
    #[serde(default)]
    pub jwks_url: Option<String>,
    /// Algorithm of a key pair to be made: `RS256`, `ES256` or `EdDSA`.
    #[serde(default)]
    pub generate: Option<String>,
}

/// A token to be tried.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Trial {
    /// The user token.
    pub token: String,
}

/// The project's keys.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SigningKeys {
    project_id: String,
    /// Audience that user tokens must name; null: the project's ID, if they name one at all.
    audience: Option<String>,
    /// Those of the configuration file first.
    keys: Vec<SigningKey>,
}

/// The keys after one was added.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddedKey {
    #[serde(flatten)]
    keys: SigningKeys,
    /// Private half of a pair that was made here, given this once and not kept.
    private_key: Option<String>,
}

/// A key, or an address of keys. What it does not have is absent.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SigningKey {
    #[serde(skip_serializing_if = "Option::is_none")]
    algorithm: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    added_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    added_by: Option<String>,
    /// `file` or `dashboard`.
    source: &'static str,
}

/// Whether a token would be accepted.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialResult {
    accepted: bool,
    /// Whose token it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    /// Why it would be refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// The project's keys, those of the file first.
///
/// # Errors
/// `RoleNotSufficient`.
pub async fn list(app: &App, operator: &Operator, project: &Project) -> ApiResult<SigningKeys> {
    operator.require(Right::Read)?;
    let rows = app.store.signing_keys(&project.id).await?;
    let in_file: Vec<_> = match &project.keys {
        KeySource::Fixed(keys) => keys
            .iter()
            .map(|key| SigningKey {
                algorithm: Some(format!("{:?}", key.algorithm).into()),
                kid: key.kid.clone(),
                source: "file",
                ..SigningKey::default()
            })
            .collect(),
        KeySource::Jwks(url) => vec![SigningKey {
            jwks_url: Some(url.to_string()),
            source: "file",
            ..SigningKey::default()
        }],
    };
    let keys = in_file.into_iter().chain(rows.iter().map(shown)).collect();
    Ok(SigningKeys {
        project_id: project.id.clone(),
        audience: project.audience.clone(),
        keys,
    })
}

/// Adds a key. One that is made here gives its private half once, as `privateKey`; it is not kept.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`, `SigningKeyLimit`.
pub async fn add(
    app: &App,
    operator: &Operator,
    project: &Project,
    new: &NewKey,
) -> ApiResult<AddedKey> {
    operator.require(Right::ManageSecrets)?;
    let mut private_key = None;
    let (public_key, jwks_url) = match (&new.public_key, &new.jwks_url, &new.generate) {
        (Some(pem), None, None) => (Some(checked_pem(pem)?), None),
        (None, Some(url), None) => (None, Some(checked_url(app, url)?)),
        (None, None, Some(algorithm)) => {
            let pair = generate(algorithm)?;
            private_key = Some(pair.private_pem);
            (Some(pair.public_pem), None)
        }
        _ => {
            return Err(ApiError::invalid(
                "give one of `publicKey`, `jwksUrl` and `generate`",
            ));
        }
    };
    let row = SigningKeyRow {
        id: Uuid::new_v4().to_string(),
        public_key,
        jwks_url,
        created_at: app.clock.now(),
        created_by: operator.email.clone(),
    };
    let entry = NewAuditEntry {
        after: Some(described(&row)),
        ..entry(app, operator, project, "signing_key.added")
    };
    if !app
        .store
        .insert_signing_key(&project.id, &row, MAX_KEYS, &entry)
        .await?
    {
        let message = format!("the limit of {MAX_KEYS} keys is reached; remove an unused key");
        return Err(ApiError::new(ErrorCode::SigningKeyLimit, message));
    }
    tracing::info!(project.id = %project.id, operator.id = %operator.id, "signing key added");
    Ok(AddedKey {
        keys: list(app, operator, project).await?,
        private_key,
    })
}

/// Removes a key: tokens that are signed with it are refused from now on.
///
/// # Errors
/// `RoleNotSufficient`, `SigningKeyNotFound`.
pub async fn remove(
    app: &App,
    operator: &Operator,
    project: &Project,
    id: &str,
) -> ApiResult<SigningKeys> {
    operator.require(Right::ManageSecrets)?;
    let missing = || {
        ApiError::new(
            ErrorCode::SigningKeyNotFound,
            "the key does not exist; it may have been removed",
        )
    };
    let id = Uuid::parse_str(id).map_err(|_| missing())?;
    let rows = app.store.signing_keys(&project.id).await?;
    let row = rows.iter().find(|row| row.id == id.to_string());
    let entry = NewAuditEntry {
        before: row.map(described),
        ..entry(app, operator, project, "signing_key.removed")
    };
    if !app
        .store
        .delete_signing_key(&project.id, id, &entry)
        .await?
    {
        return Err(missing());
    }
    list(app, operator, project).await
}

/// Whether a token would be accepted: by whom it is, or why not.
///
/// # Errors
/// `RoleNotSufficient`; `StorageUnavailable` when keys cannot be had now.
pub async fn try_token(
    app: &App,
    operator: &Operator,
    project: &Project,
    trial: &Trial,
) -> ApiResult<TrialResult> {
    operator.require(Right::Read)?;
    match verify(app, project, trial.token.trim()).await {
        Ok(user) => Ok(TrialResult {
            accepted: true,
            user_id: Some(user.as_str().to_owned()),
            ..TrialResult::default()
        }),
        Err(error) if error.code == ErrorCode::StorageUnavailable => Err(error),
        Err(error) => Ok(TrialResult {
            code: Some(error.code.as_str()),
            message: Some(error.message),
            ..TrialResult::default()
        }),
    }
}

fn checked_pem(pem: &str) -> ApiResult<String> {
    let wrong = |message: String| ApiError::invalid(format!("`publicKey`: {message}"));
    if pem.len() > MAX_PEM_CHARS {
        return Err(wrong(format!("is longer than {MAX_PEM_CHARS} characters")));
    }
    VerifyingKey::from_pem(pem).map_err(|error| wrong(error.to_string()))?;
    Ok(pem.trim().to_owned())
}

/// The gateway fetches it, so it must be a public address, as for every address that is not the configuration file's.
fn checked_url(app: &App, text: &str) -> ApiResult<String> {
    let good = Url::parse(text.trim()).ok().filter(|url| {
        let is_secure =
            url.scheme() == "https" || app.upstream.allows_loopback() && url.scheme() == "http";
        is_secure && url.has_host() && url.username().is_empty() && url.password().is_none()
    });
    match good {
        Some(url) if text.len() <= MAX_URL_CHARS => Ok(url.into()),
        _ => Err(ApiError::invalid(
            "`jwksUrl` must be an https address, such as `https://app.example.com/.well-known/jwks.json`",
        )),
    }
}

fn generate(algorithm: &str) -> ApiResult<KeyPair> {
    let algorithm = match algorithm {
        "RS256" => KeyAlgorithm::Rs256,
        "ES256" => KeyAlgorithm::Es256,
        "EdDSA" => KeyAlgorithm::EdDsa,
        _ => {
            return Err(ApiError::invalid(
                "`generate` must be `RS256`, `ES256` or `EdDSA`",
            ));
        }
    };
    KeyPair::generate(algorithm).map_err(ApiError::internal)
}

fn described(row: &SigningKeyRow) -> Value {
    json!({ "algorithm": algorithm(row), "jwksUrl": row.jwks_url })
}

fn algorithm(row: &SigningKeyRow) -> Option<Cow<'static, str>> {
    let key = VerifyingKey::from_pem(row.public_key.as_deref()?).ok()?;
    Some(Cow::Owned(format!("{:?}", key.algorithm)))
}

fn shown(row: &SigningKeyRow) -> SigningKey {
    SigningKey {
        algorithm: algorithm(row),
        kid: None,
        jwks_url: row.jwks_url.clone(),
        id: Some(row.id.clone()),
        public_key: row.public_key.clone(),
        added_at: Some(rfc3339(row.created_at)),
        added_by: Some(row.created_by.clone()),
        source: "dashboard",
    }
}
