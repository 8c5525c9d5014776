//! What an error of Entra ID means for a connect flow or a credential.
//!
//! The AADSTS number decides where it is known: Entra ID uses one `error` for the app's wrong secret and for a directory
//! without Azure DevOps (`invalid_client`). Only unknown numbers and answers without one are read by `error`.
//!
//! Source: Microsoft, "Microsoft Entra authentication and authorization error codes" and "OAuth 2.0 authorization code
//! flow".

use paragon_wire::ErrorCode;
use url::Url;

use super::EntraError;
use super::known_errors::KNOWN;
use crate::error::ApiError;

/// When the error came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// On the way back from the sign-in page, or at the code exchange.
    SignIn,
    /// When a refresh token was redeemed.
    Refresh,
}

/// What it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The grant is dead: the user must connect again.
    GrantDead,
    /// This attempt failed; a new one may work.
    AttemptFailed,
    /// Entra ID needs the user: multi-factor, device, conditional access.
    InteractionRequired,
    /// The permissions must be consented to.
    ConsentRequired,
    /// The user pressed cancel.
    Cancelled,
    /// The directory does not let this account, or this sign-in, through.
    SignInBlocked,
    /// An administrator must approve the app.
    AdminApprovalRequired,
    /// The app's own secret, certificate or assertion is refused: true for all users of the integration.
    ClientRefused,
    /// The operator's settings do not suit this sign-in; users' connections are not to blame.
    IntegrationMisconfigured,
    /// The directory has no Azure DevOps.
    NotInDirectory,
    /// It may work later.
    Transient,
}

/// What an error means, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Diagnosis {
    /// What it means.
    pub verdict: Verdict,
    /// What it is and who can do something about it, for the person who is connecting.
    pub message: &'static str,
    /// AADSTS number, if it came with one.
    pub number: Option<u32>,
}

/// Reads `error`, which came in `phase`: on the redirect URI or from the token endpoint.
pub fn diagnose(phase: Phase, error: &EntraError) -> Diagnosis {
    let numbers = error.numbers();
    let find = |number: &u32| {
        let known = KNOWN.iter().find(|known| known.numbers.contains(number));
        known.map(|known| (*number, known))
    };
    let found = numbers.iter().find_map(find);
    let verdict = match found {
        Some((_, known)) => known.verdict,
        None if error.suberror.as_deref() == Some("cancel") => Verdict::Cancelled,
        None => by_name(&error.error, !numbers.is_empty()),
    };
    let verdict = match verdict {
        // A code that is too old or was used before is a matter of this attempt.
        Verdict::GrantDead if phase == Phase::SignIn => Verdict::AttemptFailed,
        verdict => verdict,
    };
    let words = found.and_then(|(_, known)| known.words);
    Diagnosis {
        verdict,
        message: words.unwrap_or(verdict.for_user().1),
        number: found.map(|(number, _)| number).or(numbers.first().copied()),
    }
}

impl Diagnosis {
    /// Microsoft's page about the error, where somebody else than the person has to act.
    pub fn help_url(&self) -> Option<Url> {
        let number = self.number.filter(|_| {
            matches!(
                self.verdict,
                Verdict::SignInBlocked
                    | Verdict::InteractionRequired
                    | Verdict::AdminApprovalRequired
                    | Verdict::ClientRefused
                    | Verdict::IntegrationMisconfigured
                    | Verdict::NotInDirectory
            )
        })?;
        Url::parse(&format!(
            "https://login.microsoftonline.com/error?code={number}"
        ))
        .ok()
    }
}

impl From<Verdict> for Diagnosis {
    fn from(verdict: Verdict) -> Self {
        Self {
            verdict,
            message: verdict.for_user().1,
            number: None,
        }
    }
}

impl From<Diagnosis> for ApiError {
    fn from(diagnosis: Diagnosis) -> Self {
        Self::new(diagnosis.verdict.for_user().0, diagnosis.message)
    }
}

/// What the OAuth error code means (RFC 6749, 4.1.2.1 and 5.2; OpenID Connect Core, 3.1.2.6).
fn by_name(error: &str, has_unknown_number: bool) -> Verdict {
    match error {
        "invalid_grant" => Verdict::GrantDead,
        "interaction_required" | "login_required" => Verdict::InteractionRequired,
        "consent_required" => Verdict::ConsentRequired,
        // Entra ID's refusals have this name as well; the user's own has no number, or 65004.
        "access_denied" if has_unknown_number => Verdict::SignInBlocked,
        "access_denied" => Verdict::Cancelled,
        // Entra ID gives this name to much else; a number that is not known is no proof against the secret.
        "invalid_client" if !has_unknown_number => Verdict::ClientRefused,
        "invalid_client" | "unauthorized_client" | "invalid_scope" | "invalid_request" => {
            Verdict::IntegrationMisconfigured
        }
        "invalid_resource" => Verdict::NotInDirectory,
        "temporarily_unavailable" | "server_error" => Verdict::Transient,
        _ => Verdict::AttemptFailed,
    }
}

impl Verdict {
    /// Code and words for the person who is connecting.
    pub fn for_user(self) -> (ErrorCode, &'static str) {
        match self {
            Self::GrantDead => (
                ErrorCode::CredentialNeedsReconnect,
                "Microsoft no longer accepts this connection. Connect the account again.",
            ),
            Self::AttemptFailed => (
                ErrorCode::AttemptFailed,
                "This sign-in could not be completed. Close this window and connect again.",
            ),
            Self::InteractionRequired => (
                ErrorCode::InteractionRequired,
                "Your directory requires additional verification. Connect again and follow Microsoft's steps.",
            ),
            Self::ConsentRequired => (
                ErrorCode::ConsentRequired,
                "The permissions were not granted. Connect again and accept them.",
            ),
            Self::Cancelled => (
                ErrorCode::AccessDenied,
                "You canceled the sign-in. Nothing was connected.",
            ),
            Self::SignInBlocked => (
                ErrorCode::SignInBlocked,
                "Your directory blocked this sign-in. Ask its administrator which rules apply to this app, then connect again.",
            ),
            Self::AdminApprovalRequired => (
                ErrorCode::AdminApprovalRequired,
                "Your directory requires an administrator to approve this app. Ask an administrator, then connect again.",
            ),
            Self::ClientRefused | Self::IntegrationMisconfigured => (
                ErrorCode::IntegrationMisconfigured,
                "This app's connection to Microsoft is not set up correctly. The app's operator must fix it. Your account is fine.",
            ),
            Self::NotInDirectory => (
                ErrorCode::ProviderNotInDirectory,
                "Azure DevOps is not available in your directory. Connect again with an account of a directory that has it, or ask your administrator to set it up.",
            ),
            Self::Transient => (
                ErrorCode::ProviderUnavailable,
                "Microsoft's sign-in is unavailable. Wait a moment and connect again.",
            ),
        }
    }
}

#[cfg(test)]
mod tests;
