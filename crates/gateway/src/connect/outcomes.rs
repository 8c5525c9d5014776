//! What a person is told where a sign-in leads to no account: one sentence that says who can do what, and the page for
//! it. `docs/connections.md` has all of them in one table.

use paragon_azure_devops::organization::PastedError;
use paragon_azure_devops::{Alias, Organization};
use paragon_wire::ErrorCode;
use url::Url;

use crate::error::ApiError;
use crate::state::App;

/// A page of the organization's settings.
fn settings_page(app: &App, organization: &Organization, page: &str) -> Option<Url> {
    let base = app.hosts.base(Alias::Dev)?;
    let uri = base.uri(&format!("/{organization}/_settings/{page}"))?;
    Url::parse(&uri.to_string()).ok()
}

/// Whether the person may name another organization after `error`, instead of beginning again.
pub(super) fn offers_another(error: &ApiError) -> bool {
    matches!(
        error.code,
        ErrorCode::InvalidRequest
            | ErrorCode::OrganizationNotFound
            | ErrorCode::OrganizationWithoutDirectory
            | ErrorCode::NotAMember
            | ErrorCode::NoOrganization
            | ErrorCode::ProviderForbidden
            | ErrorCode::SignInBlocked
            | ErrorCode::ProviderUnavailable
            | ErrorCode::RateLimited
    )
}

pub(super) fn unreadable(error: PastedError) -> ApiError {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let text: String = first.into_iter().chain(letters).collect();
    ApiError::invalid(format!("{text}."))
}

pub(super) fn not_found(organization: &Organization) -> ApiError {
    ApiError::new(
        ErrorCode::OrganizationNotFound,
        format!(
            "Azure DevOps has no organization `{organization}`. Check its name in the address of your browser, then enter it again."
        ),
    )
}

/// Personal accounts alone can sign in there, and Entra ID gives apps no tokens of theirs for Azure DevOps.
pub(super) fn without_directory(app: &App, organization: &Organization) -> ApiError {
    ApiError::new(
        ErrorCode::OrganizationWithoutDirectory,
        format!(
            "The organization `{organization}` is not connected to a Microsoft Entra directory, so no app can sign in to it. Its owner can connect it to a directory, or you can use a personal access token in the app."
        ),
    )
    .with_link(settings_page(app, organization, "organizationAad"))
}

pub(super) fn other_directory(organization: &Organization) -> ApiError {
    ApiError::new(
        ErrorCode::SignInBlocked,
        format!(
            "The organization `{organization}` belongs to another directory than the one that this app signs in to. The app's operator can allow accounts of any directory."
        ),
    )
}

pub(super) fn too_many_lookups() -> ApiError {
    ApiError::new(
        ErrorCode::RateLimited,
        "Too many organizations were entered in this window. Close it and connect again.",
    )
}

/// Begins a sentence: a name alone would be written with a capital letter by the page.
fn who(account: Option<&str>) -> String {
    account.map_or_else(
        || "This account".to_owned(),
        |name| format!("The account {name}"),
    )
}

/// `account` is the name that the person signed in with.
pub(super) fn not_a_member(
    app: &App,
    organization: &Organization,
    account: Option<&str>,
) -> ApiError {
    let account = who(account);
    ApiError::new(
        ErrorCode::NotAMember,
        format!(
            "{account} is not a member of the organization `{organization}`. An administrator of the organization can add this account under Users."
        ),
    )
    .with_link(settings_page(app, organization, "users"))
}

/// The service answers a member of an organization without apps as it answers a stranger.
pub(crate) fn apps_not_allowed(app: &App, organization: &Organization) -> ApiError {
    ApiError::new(
        ErrorCode::ProviderForbidden,
        format!(
            "The organization `{organization}` does not allow this app. An administrator of the organization can allow third-party application access via OAuth under Policies."
        ),
    )
    .with_link(settings_page(app, organization, "organizationPolicy"))
}

/// The directory's rules, which the organization enforces for each call.
pub(crate) fn conditional_access(app: &App, organization: &Organization) -> ApiError {
    ApiError::new(
        ErrorCode::SignInBlocked,
        format!(
            "The Conditional Access rules of the organization `{organization}` block this app. An administrator of its directory can allow it, or the organization's administrator can change the policy."
        ),
    )
    .with_link(settings_page(app, organization, "organizationPolicy"))
}

/// Nothing was found: what is likely.
pub(super) fn no_organization(account: Option<&str>) -> ApiError {
    let account = who(account);
    ApiError::new(
        ErrorCode::NoOrganization,
        format!(
            "{account} is not a member of any Azure DevOps organization in its own directory. If you are a guest of another company, enter the URL of its organization; otherwise ask an organization's administrator to invite you, or sign in with another account."
        ),
    )
}

pub(crate) fn another_account(signed_in: Option<&str>, expected: Option<&str>) -> ApiError {
    let signed_in = signed_in.unwrap_or("another account");
    let expected = expected.unwrap_or("another account");
    ApiError::new(
        ErrorCode::AnotherAccount,
        format!(
            "You signed in as {signed_in}, but this connection belongs to {expected}. Reconnect it as {expected}, or add {signed_in} as a new account in the app."
        ),
    )
}
