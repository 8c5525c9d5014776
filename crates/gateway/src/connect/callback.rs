//! Step 4: the provider sends the browser back.

use std::sync::Arc;

use paragon_wire::flow::FlowStatus;
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::binding::{BindingCookies, is_bound};
use super::destination::Destination;
use super::exchange::exchange;
use super::finish::{fail, finish_sign_in};
use super::page::PageData;
use super::store::{FlowRow, Transition};
use super::ticket::{authorize, flow_ended};
use crate::error::{ApiError, ApiResult};
use crate::integration::settings;
use crate::oauth::{Diagnosis, EntraError, OauthTokens, Phase, Verdict, diagnose};
use crate::projects::Project;
use crate::random;
use crate::state::App;

/// Parameters on the redirect URI (RFC 6749, 4.1.2; RFC 9207).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CallbackParams {
    /// Authorization code.
    pub code: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Issuer, where the provider names itself.
    pub iss: Option<String>,
    /// OAuth error code.
    pub error: Option<String>,
    /// Refinement of `error`.
    pub error_subcode: Option<String>,
    /// For developers.
    pub error_description: Option<String>,
}

/// What the browser gets.
#[derive(Debug)]
pub enum Outcome {
    /// A view of the popup page.
    Page(PageData),
    /// Once more to the provider, to consent.
    Redirect(Url),
}

/// Handles the provider's answer.
pub async fn callback(
    app: &Arc<App>,
    params: CallbackParams,
    cookies: &impl BindingCookies,
) -> Outcome {
    let flow = match open(app, &params, cookies).await {
        Ok(flow) => flow,
        // Nothing is said to any app: the answer may be forged.
        Err(error) => return Outcome::Page(PageData::error(&error, None)),
    };
    let Some(project) = app.projects.get(&flow.project_id).cloned() else {
        return Outcome::Page(PageData::error(&flow_ended(), None));
    };
    match tokens(app, &project, &flow, params).await {
        Ok(tokens) => Outcome::Page(finish_sign_in(app, &project, &flow, tokens).await),
        Err(Failure::Refused(diagnosis))
            if diagnosis.verdict == Verdict::ConsentRequired && !flow.asked_for_consent =>
        {
            ask_for_consent(app, &project, &flow).await
        }
        Err(Failure::Refused(diagnosis)) => {
            Outcome::Page(end(app, &project, &flow, diagnosis).await)
        }
        Err(Failure::Other(error)) => Outcome::Page(fail(app, &project, &flow, &error).await),
    }
}

/// The flow of this answer: its state is live, belongs to this browser, and is now used up.
async fn open(
    app: &App,
    params: &CallbackParams,
    cookies: &impl BindingCookies,
) -> ApiResult<FlowRow> {
    let state = params
        .state
        .as_deref()
        .filter(|state| !state.is_empty())
        .ok_or_else(flow_ended)?;
    let state_hash = random::hash(state);
    let flow = app
        .store
        .flow_by_state(&state_hash, app.clock.now())
        .await?
        .ok_or_else(flow_ended)?;
    if !is_bound(&flow, cookies) {
        tracing::warn!(project.id = %flow.project_id, "an answer of the provider came from another browser than the flow");
        return Err(flow_ended());
    }
    if params
        .iss
        .as_deref()
        .is_some_and(|issuer| !app.is_issuer(issuer))
    {
        tracing::warn!(project.id = %flow.project_id, "an answer of the provider names another issuer");
        return Err(flow_ended());
    }
    if !app.store.take_state(&state_hash).await? {
        return Err(flow_ended());
    }
    Ok(flow)
}

enum Failure {
    Refused(Diagnosis),
    Other(ApiError),
}

async fn tokens(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    params: CallbackParams,
) -> Result<OauthTokens, Failure> {
    if let Some(error) = params.error {
        let description = params.error_description.unwrap_or_default();
        let error = EntraError {
            error,
            error_description: description,
            suberror: params.error_subcode,
            ..EntraError::default()
        };
        // SECURITY: whoever has the browser can write this answer, so it decides about this flow and nothing else.
        let diagnosis = diagnose(Phase::SignIn, &error);
        tracing::info!(project.id = %project.id, error = %error, verdict = ?diagnosis.verdict, "the sign-in page sent an error");
        return Err(Failure::Refused(diagnosis));
    }
    let code = params
        .code
        .filter(|code| !code.is_empty())
        .ok_or(Failure::Refused(Verdict::AttemptFailed.into()))?;
    exchange(app, project, flow, code, None)
        .await
        .map_err(Failure::Other)?
        .map_err(Failure::Refused)
}

/// The code verifier of a flow's authorization request.
pub fn code_verifier(app: &App, flow: &FlowRow) -> ApiResult<String> {
    let sealed = flow
        .secret
        .as_ref()
        .ok_or_else(|| ApiError::internal("a flow without code verifier"))?;
    let bytes = app
        .vault
        .open(sealed, &FlowRow::seal_row(&flow.id))
        .map_err(ApiError::internal)?;
    String::from_utf8(bytes.to_vec()).map_err(ApiError::internal)
}

async fn ask_for_consent(app: &App, project: &Project, flow: &FlowRow) -> Outcome {
    let same_way = Destination::of(flow);
    match authorize(app, project, flow, Some("consent"), &same_way).await {
        Ok(url) => Outcome::Redirect(url),
        Err(error) => Outcome::Page(fail(app, project, flow, &error).await),
    }
}

/// Ends the flow; one that the user cancelled is cancelled, not failed.
async fn end(app: &App, project: &Project, flow: &FlowRow, diagnosis: Diagnosis) -> PageData {
    let error = ApiError::from(diagnosis);
    if diagnosis.verdict == Verdict::Cancelled {
        return cancel(app, project, flow, &error).await;
    }
    let mut page = fail(app, project, flow, &error).await;
    if let PageData::Error(page) = &mut page {
        page.help_url = diagnosis.help_url();
        if diagnosis.verdict == Verdict::AdminApprovalRequired {
            let settings = settings::usable(app, project).await.ok();
            page.admin_consent_url = settings.and_then(|settings| {
                let settings = settings.in_directory(flow.tenant.as_deref());
                app.entra.admin_consent_url(&settings)
            });
        }
    }
    page
}

async fn cancel(app: &App, project: &Project, flow: &FlowRow, error: &ApiError) -> PageData {
    if let Err(error) = app
        .store
        .transition(&flow.id, FlowStatus::Cancelled, Transition::default(), None)
        .await
    {
        tracing::error!(detail = %error, "a cancelled flow could not be noted");
    }
    app.flows.notify(&flow.id);
    PageData::error(error, Some((flow, &project.name)))
}
