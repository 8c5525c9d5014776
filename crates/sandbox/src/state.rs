//! Everything that changes while the simulator runs.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::azure_devops::Organization;
use super::azure_devops::hooks::Waiting;
use super::config::SandboxConfig;
use super::directory::{Directory, Person};
use super::entra::EntraState;
use super::recorder::RecordedRequest;

/// The simulator's memory.
pub(crate) struct State {
    pub(crate) directories: Vec<Directory>,
    pub(crate) people: Vec<Person>,
    /// Organizations by lower-case name.
    pub(crate) organizations: BTreeMap<String, Organization>,
    pub(crate) entra: EntraState,
    pub(crate) knobs: Knobs,
    pub(crate) requests: VecDeque<RecordedRequest>,
    /// What is to be delivered to subscriptions.
    pub(crate) deliveries: Vec<Waiting>,
}

impl State {
    /// The state a fresh or reset simulator has.
    pub(crate) fn seeded(config: &SandboxConfig) -> Self {
        super::seed::state(config)
    }

    pub(crate) fn person(&self, id: Uuid) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub(crate) fn person_called(&self, text: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.is_called(text))
    }

    pub(crate) fn directory(&self, id: Uuid) -> Option<&Directory> {
        self.directories.iter().find(|directory| directory.id == id)
    }

    pub(crate) fn organization(&self, name: &str) -> Option<&Organization> {
        self.organizations.get(&name.to_ascii_lowercase())
    }

    pub(crate) fn organization_mut(&mut self, name: &str) -> Option<&mut Organization> {
        self.organizations.get_mut(&name.to_ascii_lowercase())
    }
}

/// What tests and the curious may turn while the simulator runs.
#[derive(Debug, Clone)]
pub(crate) struct Knobs {
    pub(crate) opener_policy: bool,
    pub(crate) access_token_lifetime_seconds: i64,
    /// How long every simulated answer is held back.
    pub(crate) delay_ms: u64,
    /// Added to the injected clock.
    pub(crate) clock_advance_seconds: i64,
    /// Answers that take the place of the next Azure DevOps answers.
    pub(crate) next_answers: VecDeque<ForcedAnswer>,
    /// Answers that are held back now.
    pub(crate) held_answers: usize,
    /// How often held answers were let go: those that wait then are lost.
    pub(crate) releases: u64,
    /// Errors that take the place of the next token answers.
    pub(crate) next_token_errors: VecDeque<ForcedTokenError>,
    /// AADSTS numbers that the next authorize requests fail with.
    pub(crate) next_authorize_errors: VecDeque<u32>,
}

impl Knobs {
    pub(crate) fn new(config: &SandboxConfig) -> Self {
        Self {
            opener_policy: config.opener_policy,
            access_token_lifetime_seconds: i64::try_from(config.access_token_lifetime.as_secs())
                .unwrap_or(3600),
            delay_ms: 0,
            clock_advance_seconds: 0,
            next_answers: VecDeque::new(),
            held_answers: 0,
            releases: 0,
            next_token_errors: VecDeque::new(),
            next_authorize_errors: VecDeque::new(),
        }
    }
}

/// How a forced Azure DevOps answer looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Face {
    /// 203 with the sign-in page as HTML.
    SignInPage,
    /// 401 with an empty body and a `Basic` challenge.
    Unauthorized,
    /// 401 with `Bearer`, `Basic` and `TFS-Federated` challenges.
    Challenges,
    /// 302 to the sign-in page.
    Redirect,
    /// 401 with TF400813: signed in, but not allowed here.
    NotPermitted,
    /// 401 of an organization that enforces Conditional Access itself.
    ConditionalAccess,
    /// 401 that asks for claims: continuous access evaluation revoked the token.
    InsufficientClaims,
    /// 429 with a JSON body.
    Throttled,
    /// 429 with a plain text body.
    ThrottledText,
    /// 200, but with the headers of a delayed request.
    Delayed,
    /// 503 of a stopped organization, body begins with a byte-order mark.
    Stopped,
    /// 500 of a query that took too long.
    ServerError,
    /// 400 in the shape of a model-binding failure.
    BindingError,
    /// 502 of a gateway on the way back: the request was served, its answer lost.
    AnswerLost,
    /// The request was served, and its answer is held back until the forced answers are forgotten; it is lost then.
    AnswerHeld,
}

/// One forced answer of Azure DevOps.
#[derive(Debug, Clone)]
pub(crate) struct ForcedAnswer {
    pub(crate) face: Face,
    pub(crate) retry_after_seconds: u64,
    /// Whether `Retry-After` is a time in place of seconds.
    pub(crate) retry_after_date: bool,
    /// Only requests with this method meet it.
    pub(crate) method: Option<String>,
    /// Only requests whose path has this part meet it.
    pub(crate) path: Option<String>,
}

impl ForcedAnswer {
    /// Whether a request meets this answer.
    pub(crate) fn is_for(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self.path.as_deref().is_none_or(|part| path.contains(part))
    }
}

/// One forced error of the token endpoint.
#[derive(Debug, Clone)]
pub(crate) struct ForcedTokenError {
    pub(crate) number: u32,
    /// Only requests with this `grant_type` meet the error.
    pub(crate) grant_type: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) retry_after_seconds: Option<u64>,
    pub(crate) claims: Option<String>,
}
