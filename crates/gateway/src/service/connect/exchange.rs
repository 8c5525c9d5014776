//! Turns an authorization code into tokens, or into what its refusal means.

use url::Url;

use crate::app::App;
use crate::error::ApiResult;
use crate::oauth::{EntraError, OauthTokens, Phase, TokenFailure, Verdict, classify};
use crate::project::Project;
use crate::service::integration_settings as settings;

/// Redeems a code that the provider sent to `redirect_uri` (absent: to the gateway). The outer error is the gateway's own.
pub async fn exchange(
    app: &App,
    project: &Project,
    code: String,
    code_verifier: Option<String>,
    redirect_uri: Option<&Url>,
) -> ApiResult<Result<OauthTokens, Verdict>> {
    let settings = settings::usable(app, project).await?;
    let redeemed = app
        .entra
        .exchange(&settings, code, code_verifier, redirect_uri)
        .await;
    Ok(match redeemed {
        Ok(tokens) => {
            app.broken.clear(&project.id);
            Ok(tokens)
        }
        Err(TokenFailure::Refused { error }) => {
            Err(refused(app, project, settings.revision, &error))
        }
        Err(failure) => {
            tracing::error!(project.id = %project.id, detail = %failure, "the code could not be exchanged");
            Err(Verdict::Transient)
        }
    })
}

/// What an error of the sign-in means; wrong settings of the operator are remembered.
pub fn refused(app: &App, project: &Project, revision: i64, error: &EntraError) -> Verdict {
    let verdict = classify(Phase::SignIn, error);
    if verdict == Verdict::IntegrationMisconfigured {
        app.broken.mark(&project.id, revision, error);
    } else {
        tracing::info!(project.id = %project.id, error = %error, ?verdict, "sign-in refused");
    }
    verdict
}
