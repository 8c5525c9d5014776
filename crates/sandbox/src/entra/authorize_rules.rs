//! Rules for the parameters of an authorize request.

use super::client;
use super::errors::EntraError;
use super::params::Params;
use super::reply::ReturnTo;
use super::scopes::Scopes;
use super::tenant::Tenant;
use crate::Inner;

/// How the code goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    /// In the query string of a redirect.
    Query,
    /// In a form that posts itself.
    FormPost,
}

/// The `prompt` parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// Not given.
    Auto,
    /// Answer without showing a page.
    Silent,
    /// Show the account choice.
    SelectAccount,
    /// Ask for credentials; here the same as the account choice.
    Login,
    /// Show the consent page even when nothing new is asked for.
    Consent,
}

/// An authorize request that passed the rules.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizeRequest {
    pub(crate) tenant: Tenant,
    pub(crate) client_id: String,
    pub(crate) return_to: ReturnTo,
    pub(crate) scopes: Scopes,
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) prompt: Prompt,
    pub(crate) login_hint: Option<String>,
    pub(crate) domain_hint: Option<String>,
}

/// How a bad authorize request is told.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// On Entra's own page: the redirect URI is not to be trusted.
    Page(EntraError),
    /// On the redirect URI.
    Redirect(ReturnTo, EntraError),
}

/// Checks an authorize request.
///
/// Client, tenant and redirect URI come first: until these are right nothing is redirected, else the endpoint would
/// be an open redirector.
pub(crate) fn check(
    inner: &Inner,
    tenant: &str,
    params: &Params,
) -> Result<AuthorizeRequest, Refusal> {
    let (tenant, client_id, return_to) =
        trusted_part(inner, tenant, params).map_err(Refusal::Page)?;
    let rest = || -> Result<AuthorizeRequest, EntraError> {
        if let Some(name) = params.repeated() {
            return Err(EntraError::number(9_002_313)
                .because(format!("The parameter '{name}' is given more than once.")));
        }
        check_response_type(params)?;
        check_response_mode(params)?;
        let scope = params
            .get("scope")
            .ok_or_else(|| EntraError::missing("scope"))?;
        Ok(AuthorizeRequest {
            tenant,
            client_id: client_id.clone(),
            return_to: return_to.clone(),
            scopes: Scopes::parse(scope)?,
            challenge: challenge(params)?,
            nonce: params.get("nonce").map(str::to_owned),
            prompt: prompt(params)?,
            login_hint: params.get("login_hint").map(str::to_owned),
            domain_hint: params.get("domain_hint").map(str::to_owned),
        })
    };
    rest().map_err(|error| Refusal::Redirect(return_to.clone(), error))
}

fn trusted_part(
    inner: &Inner,
    tenant: &str,
    params: &Params,
) -> Result<(Tenant, String, ReturnTo), EntraError> {
    let tenant = Tenant::parse(tenant, &inner.read())?;
    let client_id = params
        .get("client_id")
        .ok_or_else(|| EntraError::missing("client_id"))?;
    let app = client::find(inner, client_id)?;
    tenant.check_app(app)?;
    let redirect_uri = params
        .get("redirect_uri")
        .ok_or_else(|| EntraError::number(900_971))?;
    if !app
        .redirect_uris
        .iter()
        .any(|registered| registered == redirect_uri)
    {
        let text = format!(
            "The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured for the application '{client_id}'."
        );
        return Err(EntraError::number(50011).because(text));
    }
    let response_mode = match params.get("response_mode") {
        Some("form_post") => ResponseMode::FormPost,
        _ => ResponseMode::Query,
    };
    let state = params.get("state").map(str::to_owned);
    Ok((
        tenant,
        app.client_id.clone(),
        ReturnTo {
            redirect_uri: redirect_uri.to_owned(),
            response_mode,
            state,
        },
    ))
}

fn check_response_type(params: &Params) -> Result<(), EntraError> {
    match params.get("response_type") {
        Some("code") => Ok(()),
        Some(other) => Err(EntraError::number(700_054).because(format!(
            "response_type '{other}' is not enabled for the application."
        ))),
        None => Err(EntraError::missing("response_type")),
    }
}

fn check_response_mode(params: &Params) -> Result<(), EntraError> {
    match params.get("response_mode") {
        None | Some("query" | "form_post") => Ok(()),
        Some(other) => Err(EntraError::number(9_002_313)
            .because(format!("response_mode '{other}' is not supported here."))),
    }
}

fn challenge(params: &Params) -> Result<Option<String>, EntraError> {
    let Some(challenge) = params.get("code_challenge") else {
        return Ok(None);
    };
    if params.get("code_challenge_method") != Some("S256") {
        return Err(EntraError::number(9_002_313)
            .because("Only the code_challenge_method 'S256' is accepted here."));
    }
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if challenge.len() == 43 && challenge.bytes().all(is_base64url) {
        Ok(Some(challenge.to_owned()))
    } else {
        Err(EntraError::number(501_491))
    }
}

fn prompt(params: &Params) -> Result<Prompt, EntraError> {
    match params.get("prompt") {
        None => Ok(Prompt::Auto),
        Some("none") => Ok(Prompt::Silent),
        Some("select_account") => Ok(Prompt::SelectAccount),
        Some("login") => Ok(Prompt::Login),
        Some("consent") => Ok(Prompt::Consent),
        Some(other) => Err(EntraError::number(90014)
            .because(format!("The prompt value '{other}' is not supported."))),
    }
}
