//! A run as the engine sees it: what goes into it, what its steps ask for, how it ends. All of it is stored as JSON, and
//! none of it holds a secret.

use crate::{ContentType, Method, Workflow};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// What a run begins with; it keeps it to its end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunInput {
    /// Id of the run.
    pub run: Uuid,
    /// The workflow, in the version that the run began with.
    pub definition: Workflow,
    /// What the trigger brought.
    pub trigger: Value,
    /// What the user set, by input id; null for what they did not.
    pub settings: Map<String, Value>,
    /// The user.
    pub user: String,
    /// What the app said of the user.
    pub meta: Value,
}

/// One try of one step.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepCall {
    /// Id of the run.
    pub run: Uuid,
    /// The step and the entries of fan-outs around it: `each[3]/create`. Unique in the run.
    pub path: String,
    /// What is done.
    pub task: Task,
    /// Number of the try, from 1.
    pub attempt: u32,
    /// Steps that were decided without a try of their own since the last one.
    pub notes: Vec<Note>,
}

/// What a try does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Task {
    /// An action of the integration.
    Action {
        /// Its name.
        action: String,
        /// Its parameters with their references.
        parameters: Value,
        /// What the references stand for, in their order; null for secrets, which are filled in last.
        values: Vec<Value>,
    },
    /// A request to the integration's API: `fields` are `{"path", "body"}`.
    IntegrationRequest {
        /// Method.
        method: Method,
        /// Content type of the body.
        content_type: ContentType,
        /// Its fields with their references.
        fields: Value,
        /// As for an action.
        values: Vec<Value>,
    },
    /// A request to a public address: `fields` are `{"url", "headers", "body"}`.
    Request {
        /// Method.
        method: Method,
        /// Its fields with their references.
        fields: Value,
        /// As for an action.
        values: Vec<Value>,
    },
    /// The answer to the request that started the run.
    Response {
        /// Status.
        status: u16,
        /// Body with its references.
        body: Value,
        /// As for an action.
        values: Vec<Value>,
    },
    /// Nothing but to write down the notes.
    Note,
}

/// A step that needs no try: a decision, a wait, a list that was gone through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// As in [`StepCall`].
    pub path: String,
    /// Whether it is done.
    pub is_done: bool,
    /// What it looked at.
    pub input: Value,
    /// What it gave.
    pub output: Value,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<StepError>,
}

/// A step failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
#[serde(rename_all = "camelCase")]
pub struct StepError {
    /// Code of the API, or one of this module.
    pub code: String,
    /// What was wrong, and what to do.
    pub message: String,
    /// The provider's id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What may help.
    #[serde(default)]
    pub remedy: Remedy,
}

/// What may help after a step failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Remedy {
    /// Nothing.
    #[default]
    None,
    /// To try again a little later.
    Retry {
        /// Milliseconds that the provider asked for.
        after_ms: Option<u64>,
    },
    /// To wait as long as the provider asks for: it wants fewer requests.
    Throttled {
        /// Milliseconds that the provider asked for.
        after_ms: Option<u64>,
    },
    /// The user has to connect the account again.
    Reconnect,
}

impl StepError {
    /// Code: the gateway's database could not be used; nothing was tried and nothing written.
    pub const STORAGE: &str = "storage_unavailable";

    /// A failure that nothing helps.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            request_id: None,
            remedy: Remedy::None,
        }
    }

    /// With what may help.
    #[must_use]
    pub fn with_remedy(self, remedy: Remedy) -> Self {
        Self { remedy, ..self }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ending {
    /// Id of the run.
    pub run: Uuid,
    /// The failure, and the path of the step that failed; none if all went well.
    pub failure: Option<(String, StepError)>,
    /// Notes that are left.
    pub notes: Vec<Note>,
}
