//! Turns an authorization code into tokens, or into what its refusal means.

use url::Url;

use crate::error::ApiResult;
use crate::integration::settings;
use crate::oauth::{Diagnosis, OauthTokens, Phase, TokenFailure, Verdict, diagnose};
use crate::projects::Project;
use crate::state::App;

/// Redeems a code that the provider sent to `redirect_uri` (absent: to the gateway). The outer error is the gateway's own.
pub async fn exchange(
    app: &App,
    project: &Project,
    code: String,
    code_verifier: Option<String>,
    redirect_uri: Option<&Url>,
) -> ApiResult<Result<OauthTokens, Diagnosis>> {
    let settings = settings::usable(app, project).await?;
    let redeemed = app
        .entra
        .exchange(&settings, code, code_verifier, redirect_uri)
        .await;
    Ok(match redeemed {
        Ok(tokens) => {
            app.broken.clear(&project.id, settings.revision);
            Ok(tokens)
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
