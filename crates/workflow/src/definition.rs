//! The definition of a workflow: the one JSON format in which it is written, stored, exported and run.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::condition::Condition;
use super::input::Input;
use super::trigger::Trigger;

/// Name of the integration whose account a workflow uses, while it names none.
pub const DEFAULT_INTEGRATION: &str = paragon_wire::integration::AZURE_DEVOPS;

/// A workflow: its texts for users, its trigger, and its steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workflow {
    /// Id in the API, unique in the project: 1 to 64 letters, digits, `-` or `_`.
    pub id: String,
    /// Name shown to users.
    #[schemars(length(min = 1, max = 200))]
    pub description: String,
    /// Description for users, in one or two sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub info_text: Option<String>,
    /// Number of this version. Set by the gateway; a value given here is ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub version: Option<u32>,
    /// Integration whose account the workflow uses.
    #[serde(default = "default_integration")]
    pub integration: String,
    /// Not shown in the Connect Portal.
    #[serde(default)]
    pub hidden: bool,
    /// Enabled by default for newly connected accounts.
    #[serde(default)]
    pub default_enabled: bool,
    /// Workflow inputs, which users fill in: `{{settings.id}}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
    /// Who can use it: a condition on `{{user.id}}` and `{{user.meta.…}}`. All users if omitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Condition>,
    /// Trigger. Without one the workflow can be shown, set and switched on, but never runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// Steps, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub steps: Vec<Step>,
}

fn default_integration() -> String {
    DEFAULT_INTEGRATION.to_owned()
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// Step ID, used in references, unique in the workflow: 1 to 64 letters, digits, `-` or `_`.
    pub id: String,
    /// Name shown to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub title: Option<String>,
    /// What it does.
    #[serde(rename = "do")]
    pub work: Work,
    /// Retries when the provider fails or limits the request rate.
    #[serde(default = "yes")]
    pub retry: bool,
    /// Continues with the next step when this one fails; the output is then `{"error": {"code", "message"}}`.
    #[serde(default)]
    pub continue_on_error: bool,
}

fn yes() -> bool {
    true
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Work {
    /// An action of the integration.
    Action {
        /// Name of the action, such as `AZURE_DEVOPS_CREATE_WORKITEM`.
        action: String,
        /// Parameters; strings can contain references.
        #[serde(default)]
        parameters: Map<String, Value>,
    },
    /// A request to the integration's API with the user's account. The output is `{"status", "headers", "body"}`.
    IntegrationRequest {
        /// Method.
        #[serde(default)]
        method: Method,
        /// Path relative to the organization, with query; values of references are percent-encoded.
        #[schemars(length(min = 1, max = 4000))]
        path: String,
        /// Content type of the body; JSON if omitted.
        #[serde(default)]
        content_type: ContentType,
        /// JSON; strings can contain references.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        body: Value,
    },
    /// A request to any public HTTPS URL. The output is `{"status", "headers", "body"}`.
    Request {
        /// Method.
        #[serde(default)]
        method: Method,
        /// URL; values of references are percent-encoded, except one at the beginning.
        #[schemars(length(min = 1, max = 4000))]
        url: String,
        /// Headers: strings, which can contain references.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        headers: Map<String, Value>,
        /// JSON, or text that is sent unchanged.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        body: Value,
    },
    /// Runs the first branch whose condition is true.
    Conditional {
        /// Branches, checked in order.
        #[schemars(length(min = 1, max = 20))]
        branches: Vec<Branch>,
        /// Steps when no condition is true.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        otherwise: Vec<Step>,
    },
    /// Runs its steps for each item of a list; the output is the list of the last step's outputs.
    FanOut {
        /// The list: a single reference. Inside, `{{id.item}}` is the item and `{{id.index}}` its index.
        over: String,
        /// Items processed at the same time.
        #[serde(default = "default_at_once")]
        #[schemars(range(min = 1, max = 20))]
        at_once: usize,
        /// Steps for each item.
        #[schemars(length(min = 1, max = 200))]
        steps: Vec<Step>,
    },
    /// Waits.
    Delay {
        /// How long: a number, or a reference to one.
        amount: Value,
        /// Unit.
        unit: DelayUnit,
    },
    /// Answers the request that started the run.
    Response {
        /// Status of the response.
        #[serde(default = "default_status")]
        #[schemars(range(min = 200, max = 599))]
        status: u16,
        /// Body; strings can contain references.
        #[serde(default)]
        body: Value,
    },
}

const fn default_at_once() -> usize {
    5
}

const fn default_status() -> u16 {
    200
}

/// Method of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    #[default]
    Get,
    /// Makes, or does.
    Post,
    /// Puts in place.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether doing it twice is the same as doing it once (RFC 9110, 9.2.2).
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Put | Self::Delete)
    }
}

/// Content type of a body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ContentType {
    /// JSON.
    #[default]
    #[serde(rename = "application/json")]
    Json,
    /// JSON Patch (RFC 6902), which the API wants for work items.
    #[serde(rename = "application/json-patch+json")]
    JsonPatch,
}

/// A branch of a conditional step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Branch {
    /// Name shown to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub title: Option<String>,
    /// Condition of the branch.
    pub when: Condition,
    /// Steps of the branch.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub steps: Vec<Step>,
}

/// Unit of a delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DelayUnit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days of 24 hours.
    Days,
}

impl DelayUnit {
    /// Its length.
    pub const fn seconds(self) -> u64 {
        match self {
            Self::Seconds => 1,
            Self::Minutes => 60,
            Self::Hours => 60 * 60,
            Self::Days => 24 * 60 * 60,
        }
    }
}

impl Work {
    /// The name of its kind in definitions.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Action { .. } => "action",
            Self::IntegrationRequest { .. } => "integrationRequest",
            Self::Request { .. } => "request",
            Self::Conditional { .. } => "conditional",
            Self::FanOut { .. } => "fanOut",
            Self::Delay { .. } => "delay",
            Self::Response { .. } => "response",
        }
    }

    /// The lists of steps inside it, each with its place below the step.
    pub fn inner(&self) -> Vec<(String, &[Step])> {
        match self {
            Self::Conditional {
                branches,
                otherwise,
            } => {
                let branches = branches.iter().enumerate();
                let mut lists: Vec<_> = branches
                    .map(|(at, branch)| {
                        (format!("/do/branches/{at}/steps"), branch.steps.as_slice())
                    })
                    .collect();
                lists.push(("/do/otherwise".to_owned(), otherwise));
                lists
            }
            Self::FanOut { steps, .. } => vec![("/do/steps".to_owned(), steps)],
            Self::Action { .. }
            | Self::IntegrationRequest { .. }
            | Self::Request { .. }
            | Self::Delay { .. }
            | Self::Response { .. } => Vec::new(),
        }
    }
}

impl Workflow {
    /// Whether one of its steps answers the request that started it.
    pub fn responds(&self) -> bool {
        fn any(steps: &[Step]) -> bool {
            steps.iter().any(|step| {
                matches!(step.work, Work::Response { .. })
                    || step.work.inner().iter().any(|(_, steps)| any(steps))
            })
        }
        any(&self.steps)
    }

    /// JSON Schema (2020-12) of definitions.
    pub fn schema() -> &'static Value {
        static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
            let settings = SchemaSettings::draft2020_12().for_deserialize();
            settings
                .into_generator()
                .into_root_schema_for::<Workflow>()
                .to_value()
        });
        &SCHEMA
    }
}
