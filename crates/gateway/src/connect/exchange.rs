//! Turns an authorization code into tokens, or into what its refusal means.

use url::Url;

use super::code_verifier;
use super::store::FlowRow;
use crate::error::ApiResult;
use crate::integration::settings;
use crate::oauth::{Diagnosis, OauthTokens, Phase, TokenFailure, Verdict, diagnose};
use crate::projects::Project;
use crate::state::App;

/// Redeems the code of a flow, which the provider sent to `redirect_uri` (absent: to the gateway), in the directory that
/// gave it. The outer error is the gateway's own.
pub async fn exchange(
    app: &App,
    project: &Project,
    flow: &FlowRow,
    code: String,
    redirect_uri: Option<&Url>,
) -> ApiResult<Result<OauthTokens, Diagnosis>> {
    let code_verifier = Some(code_verifier(app, flow)?);
    let settings = settings::usable(app, project).await?;
    let settings = settings.in_directory(flow.tenant.as_deref());
    let redeemed = app
        .entra
        .exchange(&settings, code, code_verifier, redirect_uri)
        .await;
    Ok(match redeemed {
        Ok(tokens) => {
            app.broken.clear(&project.id, settings.revision);
            // Tokens of another directory would be refused by the organization that this sign-in is for.
            let is_of_flow = flow.tenant.is_none() || tokens.tenant.is_none();
            if is_of_flow || flow.tenant == tokens.tenant {
                return Ok(Ok(tokens));
            }
            tracing::warn!(project.id = %project.id, "the tokens are of another directory than the sign-in");
            Err(Verdict::AttemptFailed.into())
        }
        Err(TokenFailure::Refused { error }) => {
            let diagnosis = diagnose(Phase::SignIn, &error);
            let verdict = diagnosis.verdict;
            tracing::info!(project.id = %project.id, error = %error, ?verdict, "the code was refused");
            if verdict == Verdict::ClientRefused {
                app.broken.mark(&project.id, settings.revision, &error);
            }
            Err(diagnosis)
        }
        Err(failure) => {
            tracing::error!(project.id = %project.id, detail = %failure, "the code could not be exchanged");
            Err(Verdict::Transient.into())
        }
    })
}
