//! Step 2: the popup hands in its ticket and learns where to sign in.

use std::time::Duration;

use paragon_wire::ErrorCode;
use paragon_wire::flow::is_flow_id;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::destination::{self, Destination};
use super::outcomes::offers_another;
use super::page::Problem;
use super::store::{FlowRow, NewSignIn};
use crate::credentials::store::CredentialRow;
use crate::display_text::for_display;
use crate::error::{ApiError, ApiResult};
use crate::integration::settings;
use crate::oauth::AuthorizationHints;
use crate::projects::Project;
use crate::random;
use crate::state::App;

/// How long a popup waits for a flow that its app has not registered yet.
const WAIT: Duration = Duration::from_secs(10);
/// How often another node's registration is looked for.
const LOOK: Duration = Duration::from_millis(500);

/// Longest name of a user that is shown, in characters.
const LONGEST_LABEL: usize = 64;

/// What the start page needs to go on.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Redeemed {
    /// Flow id.
    pub flow: String,
    /// The app's origin.
    pub origin: String,
    /// The app's name.
    pub app_name: String,
    /// The integration's name.
    pub integration_name: &'static str,
    /// The user, as the app's token names them.
    pub user_label: String,
    /// Where to sign in; absent where the organization that was named leads nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_url: Option<Url>,
    /// Why it leads nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// Page of the app to go back to, for a flow in the app's own window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
    /// Value of the cookie that binds flow and browser.
    #[serde(skip)]
    pub binding: String,
}

/// Uses a ticket up. `named` is the organization that the link of the window names; `address` asked for it.
pub async fn redeem(
    app: &App,
    ticket: &str,
    named: Option<&str>,
    address: &str,
) -> ApiResult<Redeemed> {
    if !is_flow_id(ticket) {
        return Err(unknown_ticket());
    }
    let binding = random::token();
    let flow = take(app, &random::hash(ticket), &random::hash(&binding)).await?;
    app.flows.notify(&flow.id);
    let project = app
        .projects
        .get(&flow.project_id)
        .ok_or_else(|| ApiError::internal("a flow of a project that is gone"))?;
    let (authorization_url, problem) = match first_way(app, project, &flow, named, address).await {
        Ok(way) => (
            Some(authorize(app, project, &flow, None, &way).await?),
            None,
        ),
        Err(error) if offers_another(&error) => {
            let note = (error.code.as_str(), error.message.as_str());
            app.store.note_problem(&flow.id, note).await?;
            (None, Some(Problem::of(&error)))
        }
        Err(error) => return Err(error),
    };
    Ok(Redeemed {
        // SECURITY: what the app signed. Metadata comes from whoever registered the flow, who may be a stranger.
        user_label: for_display(flow.user_id.as_str(), LONGEST_LABEL),
        flow: flow.id,
        origin: flow.origin,
        return_to: flow.return_to,
        app_name: project.name.clone(),
        integration_name: "Azure DevOps",
        authorization_url,
        problem,
        binding,
    })
}

/// Where a flow goes first: to the organization that the app or the link names, or to the account that it renews.
async fn first_way(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    named: Option<&str>,
    address: &str,
) -> ApiResult<Destination> {
    let named = named.filter(|named| !named.trim().is_empty());
    let target = target(app, flow).await?;
    let own = match &target {
        Some(row) => destination::of_credential(app, project, row).await?,
        None => Destination::default(),
    };
    // What the app asks for wins over the link, which anybody can have written.
    match flow.organization.as_deref().or(named) {
        Some(text) => Ok(Destination {
            login_hint: own.login_hint,
            ..destination::named(app, project, flow, text, address).await?
        }),
        None => Ok(own),
    }
}

/// The credential that a flow connects again.
pub(super) async fn target(app: &App, flow: &FlowRow) -> ApiResult<Option<CredentialRow>> {
    let Some(id) = flow.target_credential_id else {
        return Ok(None);
    };
    let (project, user) = (&flow.project_id, &flow.user_id);
    Ok(app.store.credential(project, user, id).await?)
}

async fn take(app: &App, ticket_hash: &str, binding_hash: &str) -> ApiResult<FlowRow> {
    let deadline = Instant::now() + WAIT;
    loop {
        let changed = app.flows.changed(ticket_hash);
        // Nothing is written for tickets that nobody registered: anybody can bring any number of them.
        if app.store.knows_ticket(ticket_hash).await? {
            let taken = app
                .store
                .take_ticket(ticket_hash, binding_hash, app.clock.now());
            return taken.await?.ok_or_else(unknown_ticket);
        }
        if Instant::now() >= deadline {
            return Err(unknown_ticket());
        }
        // Either outcome leads to another look.
        let _ = timeout_at(deadline.min(Instant::now() + LOOK), changed).await;
    }
}

/// Makes the authorization request of a flow, with a fresh state and code verifier.
pub(super) async fn authorize(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    prompt: Option<&str>,
    way: &Destination,
) -> ApiResult<Url> {
    let credentials = app
        .store
        .credentials(&flow.project_id, &flow.user_id)
        .await?;
    let target = credentials
        .iter()
        .find(|row| Some(row.id) == flow.target_credential_id);
    // Who has an account and connects another must be able to choose it; a first account needs no question.
    let another = target.is_none() && !credentials.is_empty() && way.login_hint.is_none();
    let prompt = prompt.or(another.then_some("select_account"));
    let claims = target.and_then(|row| row.claims_challenge.as_deref());
    let redirect_uri = flow.redirect_uri.as_deref().map(Url::parse).transpose();
    let redirect_uri = redirect_uri.map_err(ApiError::internal)?;
    let hints = AuthorizationHints {
        prompt,
        claims,
        redirect_uri: redirect_uri.as_ref(),
        login_hint: way.login_hint.as_deref(),
    };
    let settings = settings::usable(app, project).await?;
    let settings = settings.in_directory(way.tenant.as_deref());
    let request = app
        .entra
        .authorize(&settings, hints)
        .map_err(ApiError::internal)?;
    let verifier = app
        .vault
        .seal(
            request.code_verifier.as_bytes(),
            &FlowRow::seal_row(&flow.id),
        )
        .map_err(ApiError::internal)?;
    let kept = NewSignIn {
        state_hash: random::hash(&request.state),
        verifier,
        asks_for_consent: prompt == Some("consent"),
        organization: way.organization.as_deref(),
        tenant: way.tenant.as_deref(),
    };
    let live = app.store.set_state(&flow.id, &kept).await?;
    if !live {
        return Err(flow_ended());
    }
    Ok(request.url)
}

/// The error of a flow that is over.
pub fn flow_ended() -> ApiError {
    ApiError::new(
        ErrorCode::FlowNotFound,
        "This sign-in is already finished, canceled or expired. Close this window and connect again.",
    )
}

fn unknown_ticket() -> ApiError {
    ApiError::new(
        ErrorCode::FlowNotFound,
        "This window was opened with a link that was already used or has expired. Close it and connect again from the app.",
    )
}
