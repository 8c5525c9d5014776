//! What an error of Entra ID means for a connect flow or a credential.
//!
//! The AADSTS number decides where it is known: Entra ID uses one `error` for the app's wrong secret and for a directory
//! without Azure DevOps (`invalid_client`). Only unknown numbers and answers without one are read by `error`.
//!
//! Source: Microsoft, "Microsoft Entra authentication and authorization error codes" and "OAuth 2.0 authorization code
//! flow".

use paragon_wire::ErrorCode;

use super::EntraError;

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
    AccessDenied,
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

/// What each known number means, whatever `error` it comes with.
const KNOWN: &[(Verdict, &[u32])] = &[
    (
        Verdict::GrantDead,
        &[
            70000, 70008, 70043, 50089, 50132, 50133, 50173, 700_082, 700_084,
        ],
    ),
    (Verdict::AttemptFailed, &[54005, 501_481, 700_005]),
    (
        Verdict::InteractionRequired,
        &[
            50058, 50072, 50074, 50076, 50079, 50158, 53000, 53001, 53002, 53003, 53004,
        ],
    ),
    (Verdict::ConsentRequired, &[65001]),
    (Verdict::AccessDenied, &[65004]),
    (
        Verdict::AdminApprovalRequired,
        &[90093, 90094, 90095, 900_941],
    ),
    (
        Verdict::ClientRefused,
        &[
            70021, 700_024, 700_027, 700_211, 700_212, 700_213, 7_000_215, 7_000_218, 7_000_222,
            7_000_272,
        ],
    ),
    (
        Verdict::IntegrationMisconfigured,
        &[
            28002, 28003, 50011, 50194, 65005, 70011, 90002, 90014, 500_113, 650_053, 650_056,
            650_057, 700_016, 700_022, 700_023, 700_054, 900_144, 900_971, 7_000_112, 9_002_313,
        ],
    ),
    (Verdict::NotInDirectory, &[500_011, 650_051, 650_052]),
    (Verdict::Transient, &[50196, 90006, 90024, 90033, 90055]),
];

/// What `error` means when it comes in `phase`.
pub fn classify(phase: Phase, error: &EntraError) -> Verdict {
    let numbers = error.numbers();
    let known = |number: &u32| {
        let row = KNOWN.iter().find(|(_, numbers)| numbers.contains(number));
        row.map(|(verdict, _)| *verdict)
    };
    let verdict = numbers.iter().find_map(known);
    match verdict.unwrap_or_else(|| by_name(&error.error, !numbers.is_empty())) {
        // A code that is too old or was used before is a matter of this attempt.
        Verdict::GrantDead if phase == Phase::SignIn => Verdict::AttemptFailed,
        verdict => verdict,
    }
}

/// What the OAuth error code means (RFC 6749, 4.1.2.1 and 5.2; OpenID Connect Core, 3.1.2.6).
fn by_name(error: &str, has_unknown_number: bool) -> Verdict {
    match error {
        "invalid_grant" => Verdict::GrantDead,
        "interaction_required" | "login_required" => Verdict::InteractionRequired,
        "consent_required" => Verdict::ConsentRequired,
        "access_denied" => Verdict::AccessDenied,
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
                "Your directory asks for another proof of who you are. Connect again and follow Microsoft's steps.",
            ),
            Self::ConsentRequired => (
                ErrorCode::ConsentRequired,
                "The permissions were not granted. Connect again and accept them.",
            ),
            Self::AccessDenied => (
                ErrorCode::AccessDenied,
                "You cancelled the sign-in. Nothing was connected.",
            ),
            Self::AdminApprovalRequired => (
                ErrorCode::AdminApprovalRequired,
                "Your directory wants an administrator to approve this app. Send them the link below, then connect again.",
            ),
            Self::ClientRefused | Self::IntegrationMisconfigured => (
                ErrorCode::IntegrationMisconfigured,
                "This app's connection to Microsoft is not set up correctly. Its operator has to fix it; your account is fine.",
            ),
            Self::NotInDirectory => (
                ErrorCode::ProviderNotInDirectory,
                "Your directory has no Azure DevOps. Sign in with an account of a directory that has it.",
            ),
            Self::Transient => (
                ErrorCode::ProviderUnavailable,
                "Microsoft's sign-in is not available just now. Wait a moment and connect again.",
            ),
        }
    }
}

#[cfg(test)]
mod tests;
