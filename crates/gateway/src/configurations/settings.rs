//! What a user sets in a configuration: settings of the integration and of each workflow, checked against its inputs.

use std::collections::BTreeMap;

use paragon_wire::ErrorCode;
use paragon_wire::integration::AZURE_DEVOPS;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::service;
use super::service::Selected;
use super::store::ConfigurationRow;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::{EndUser, Selection};
use crate::state::App;
use crate::users::state::Credential;
use crate::{users, workflows};
use paragon_workflow::Input;

/// Longest settings of one workflow, or of the integration, as JSON text.
const MAX_SETTINGS_BYTES: usize = 64 * 1024;
/// Most settings in one object.
const MAX_SETTINGS: usize = 500;

/// Settings to be written; each object given replaces the one that is stored.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SettingsPatch {
    /// Settings of the integration.
    #[serde(default)]
    pub shared_settings: Option<Map<String, Value>>,
    /// `{"settings"}` by workflow id.
    ///
    /// Clients send all of a user's workflow states along, also old ones, so `enabled` is not looked at: a setting that
    /// is saved on one page must not switch a workflow that was switched on another.
    #[serde(default)]
    pub workflow_settings: Option<BTreeMap<String, Map<String, Value>>>,
}

/// The account after settings were stored.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SavedSettings {
    #[serde(flatten)]
    credential: Credential,
    /// What is wrong with the fields that were left as they were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<String>,
}

/// Stores settings and gives the whole credential, with `errors` for the fields that were left as they were.
pub async fn update(
    app: &App,
    caller: &EndUser,
    selection: &Selection,
    patch: SettingsPatch,
) -> ApiResult<SavedSettings> {
    if patch.shared_settings.is_none() && patch.workflow_settings.is_none() {
        return Err(ApiError::invalid(
            "`config` has neither `sharedSettings` nor `workflowSettings`",
        ));
    }
    let Selected {
        credential,
        configuration,
    } = service::select(app, caller, selection).await?;
    let mut errors = Vec::new();
    let shared = match patch.shared_settings {
        Some(given) => Some(shared(app, caller, &configuration, given, &mut errors).await?),
        None => None,
    };
    let given = patch.workflow_settings.unwrap_or_default();
    let by_workflow = of_workflows(app, caller, &configuration, given, &mut errors).await?;
    let (project, user) = (&caller.project.id, &caller.user);
    let bytes = serde_json::to_string(&(&shared, &by_workflow))?.len();
    app.limits.stored(project, user, bytes)?;
    let now = app.clock.now();
    let id = configuration.id;
    let saved = app
        .store
        .save_settings(project, user, id, shared.as_ref(), &by_workflow, now)
        .await?;
    if !saved {
        return Err(ApiError::new(
            ErrorCode::ConfigurationNotFound,
            "the configuration was deleted",
        ));
    }
    Ok(SavedSettings {
        credential: users::state::credential(app, caller, credential.id).await?,
        errors,
    })
}

async fn shared(
    app: &App,
    caller: &EndUser,
    configuration: &ConfigurationRow,
    given: Map<String, Value>,
    errors: &mut Vec<String>,
) -> ApiResult<Map<String, Value>> {
    let inputs = app
        .store
        .settings_inputs(&caller.project.id, AZURE_DEVOPS)
        .await?;
    let stored = &configuration.shared_settings;
    accept("sharedSettings", &inputs, given, stored, errors)
}

async fn of_workflows(
    app: &App,
    caller: &EndUser,
    configuration: &ConfigurationRow,
    given: BTreeMap<String, Map<String, Value>>,
    errors: &mut Vec<String>,
) -> ApiResult<BTreeMap<String, Map<String, Value>>> {
    let rows = app
        .store
        .workflows(&caller.project.id, AZURE_DEVOPS)
        .await?;
    let nothing = Map::new();
    let mut accepted = BTreeMap::new();
    for (id, mut patch) in given {
        let state = configuration.workflows.get(&id);
        let Some(row) = rows.iter().find(|row| row.workflow.id == id) else {
            // A page that was open when the operator removed the workflow still sends it along.
            if state.is_some() {
                continue;
            }
            return Err(workflows::service::not_found(&id));
        };
        let given = match patch.remove("settings") {
            None => continue,
            Some(Value::Object(given)) => given,
            Some(_) => {
                return Err(ApiError::invalid(format!(
                    "`workflowSettings.{id}.settings` must be an object"
                )));
            }
        };
        let stored = state.map_or(&nothing, |state| &state.settings);
        let place = format!("workflowSettings.{id}.settings");
        let settings = accept(&place, &row.workflow.inputs, given, stored, errors)?;
        if settings != *stored {
            accepted.insert(id, settings);
        }
    }
    Ok(accepted)
}

/// The part of `given` that can be stored. A field that is wrong keeps what is stored and adds to `errors`.
fn accept(
    place: &str,
    inputs: &[Input],
    given: Map<String, Value>,
    stored: &Map<String, Value>,
    errors: &mut Vec<String>,
) -> ApiResult<Map<String, Value>> {
    if given.len() > MAX_SETTINGS {
        return Err(ApiError::invalid(format!(
            "`{place}` has {} settings; at most {MAX_SETTINGS} are taken",
            given.len()
        )));
    }
    let mut accepted = Map::new();
    for (key, value) in given {
        match check(inputs, &key, &value) {
            Ok(true) => {
                accepted.insert(key, value);
            }
            Ok(false) => {}
            // Clients send what is stored along: a setting that the operator removed is no mistake of theirs.
            Err(Problem::Unknown(_)) if stored.get(&key) == Some(&value) => {}
            Err(problem) => {
                let shown: String = key.chars().take(100).collect();
                errors.push(format!("{place}.{}: {problem}", shown.escape_debug()));
                let is_known = matches!(problem, Problem::Value(_));
                if let Some(old) = stored.get(&key).filter(|_| is_known) {
                    accepted.insert(key, old.clone());
                }
            }
        }
    }
    let bytes = serde_json::to_string(&accepted)?.len();
    if bytes > MAX_SETTINGS_BYTES {
        return Err(ApiError::invalid(format!(
            "`{place}` would be {bytes} bytes of JSON; at most {MAX_SETTINGS_BYTES} are kept"
        )));
    }
    Ok(accepted)
}

#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("there is no such setting; valid settings are {0}")]
    Unknown(String),
    #[error("{0}")]
    Value(String),
}

/// Whether there is something to store: an empty value takes a setting away.
fn check(inputs: &[Input], key: &str, value: &Value) -> Result<bool, Problem> {
    let input = inputs.iter().find(|input| input.id == key);
    let input = input.ok_or_else(|| {
        let known: Vec<_> = inputs
            .iter()
            .map(|input| format!("`{}`", input.id))
            .collect();
        Problem::Unknown(if known.is_empty() {
            "none".into()
        } else {
            known.join(", ")
        })
    })?;
    if value.is_null() || *value == "" {
        return if input.required {
            Err(Problem::Value("must be filled in".into()))
        } else {
            Ok(false)
        };
    }
    input.check(value).map_err(Problem::Value).map(|()| true)
}
