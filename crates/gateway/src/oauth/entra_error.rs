//! What an error of Entra ID means for a connect flow or a credential.
//!
//! Source: Microsoft, "Microsoft Entra authentication and authorization error codes" and "OAuth 2.0 authorization code
//! flow". Microsoft asks programs to branch on `error`; numbers are read only where one `error` stands for two cases.

use oauth2::ErrorResponse;
use paragon_wire::ErrorCode;
use serde::{Deserialize, Serialize};

/// Error body of the token endpoint, or the error parameters on the redirect URI.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntraError {
    /// OAuth error code.
    pub error: String,
    /// For developers; begins with `AADSTS{number}`.
    #[serde(default)]
    pub error_description: String,
    /// AADSTS numbers.
    #[serde(default)]
    pub error_codes: Vec<u32>,
    /// Refinement of `error`.
    #[serde(default)]
    pub suberror: Option<String>,
    /// What the next sign-in must prove; send it on as `claims`.
    #[serde(default)]
    pub claims: Option<String>,
    /// Microsoft's id of the failure.
    #[serde(default)]
    pub trace_id: Option<String>,
    /// Microsoft's id of the exchange.
    #[serde(default)]
    pub correlation_id: Option<String>,
}

impl ErrorResponse for EntraError {}

impl std::fmt::Display for EntraError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "`{}` {:?}", self.error, self.numbers())?;
        if let Some(trace) = &self.trace_id {
            write!(formatter, " trace {trace}")?;
        }
        if let Some(correlation) = &self.correlation_id {
            write!(formatter, " correlation {correlation}")?;
        }
        Ok(())
    }
}

impl EntraError {
    /// AADSTS numbers, from the body or from the description.
    pub fn numbers(&self) -> Vec<u32> {
        if !self.error_codes.is_empty() {
            return self.error_codes.clone();
        }
        let number = self.error_description.split("AADSTS").nth(1).map(|rest| {
            rest.chars()
                .take_while(char::is_ascii_digit)
                .collect::<String>()
        });
        number
            .and_then(|digits| digits.parse().ok())
            .into_iter()
            .collect()
    }

    fn has(&self, wanted: &[u32]) -> bool {
        self.numbers().iter().any(|number| wanted.contains(number))
    }
}

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
    /// The operator's settings are wrong; users' connections are not to blame.
    IntegrationMisconfigured,
    /// The directory has no Azure DevOps.
    NotInDirectory,
    /// It may work later.
    Transient,
}

const SECRET: &[u32] = &[7_000_215, 7_000_222, 7_000_218, 700_027];
const CONSENT: &[u32] = &[65001];
const ADMIN: &[u32] = &[90094, 90095];
const INTERACTION: &[u32] = &[
    50076, 50079, 50074, 50158, 53000, 53001, 53002, 53003, 53004, 50058,
];
const NO_RESOURCE: &[u32] = &[500_011, 650_052, 650_057];
const TRANSIENT: &[u32] = &[90033, 90006, 90024, 90055, 50196];

/// Reads an error as Microsoft documents it.
pub fn classify(phase: Phase, error: &EntraError) -> Verdict {
    if error.has(ADMIN) {
        return Verdict::AdminApprovalRequired;
    }
    match error.error.as_str() {
        "invalid_grant" if error.has(CONSENT) => Verdict::ConsentRequired,
        "invalid_grant" if error.has(INTERACTION) => Verdict::InteractionRequired,
        "invalid_grant" if phase == Phase::Refresh => Verdict::GrantDead,
        "invalid_grant" => Verdict::AttemptFailed,
        "interaction_required" | "login_required" => Verdict::InteractionRequired,
        "consent_required" => Verdict::ConsentRequired,
        "access_denied" => Verdict::AccessDenied,
        "invalid_client" | "unauthorized_client" | "invalid_scope" => {
            Verdict::IntegrationMisconfigured
        }
        "invalid_resource" => Verdict::NotInDirectory,
        "invalid_request" if error.has(NO_RESOURCE) => Verdict::NotInDirectory,
        "invalid_request" => Verdict::IntegrationMisconfigured,
        "temporarily_unavailable" | "server_error" => Verdict::Transient,
        _ if error.has(TRANSIENT) => Verdict::Transient,
        _ if error.has(SECRET) => Verdict::IntegrationMisconfigured,
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
            Self::IntegrationMisconfigured => (
                ErrorCode::IntegrationMisconfigured,
                "This app's connection to Microsoft is not set up correctly. Its operator has to mend it; your account is fine.",
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
mod tests {
    use super::*;

    fn error(name: &str, number: u32) -> EntraError {
        EntraError {
            error: name.into(),
            error_codes: vec![number],
            ..EntraError::default()
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn every_row_of_the_error_table() {
        let rows: &[(Phase, &str, &[u32], Verdict)] = &[
            (
                Phase::Refresh,
                "invalid_grant",
                &[70000, 70008, 700_082, 700_084, 50173, 70043, 50089],
                Verdict::GrantDead,
            ),
            (
                Phase::SignIn,
                "invalid_grant",
                &[54005, 70008, 501_481, 700_005],
                Verdict::AttemptFailed,
            ),
            (
                Phase::Refresh,
                "interaction_required",
                INTERACTION,
                Verdict::InteractionRequired,
            ),
            (
                Phase::SignIn,
                "interaction_required",
                INTERACTION,
                Verdict::InteractionRequired,
            ),
            (
                Phase::Refresh,
                "invalid_grant",
                INTERACTION,
                Verdict::InteractionRequired,
            ),
            (
                Phase::SignIn,
                "consent_required",
                &[65001],
                Verdict::ConsentRequired,
            ),
            (
                Phase::Refresh,
                "invalid_grant",
                &[65001],
                Verdict::ConsentRequired,
            ),
            (
                Phase::SignIn,
                "access_denied",
                &[65004],
                Verdict::AccessDenied,
            ),
            (
                Phase::SignIn,
                "access_denied",
                ADMIN,
                Verdict::AdminApprovalRequired,
            ),
            (
                Phase::SignIn,
                "invalid_client",
                SECRET,
                Verdict::IntegrationMisconfigured,
            ),
            (
                Phase::Refresh,
                "invalid_client",
                SECRET,
                Verdict::IntegrationMisconfigured,
            ),
            (
                Phase::SignIn,
                "unauthorized_client",
                &[700_016, 7_000_112, 50194],
                Verdict::IntegrationMisconfigured,
            ),
            (
                Phase::SignIn,
                "invalid_scope",
                &[70011, 28002, 28003, 700_022, 700_023],
                Verdict::IntegrationMisconfigured,
            ),
            (
                Phase::SignIn,
                "invalid_resource",
                NO_RESOURCE,
                Verdict::NotInDirectory,
            ),
            (
                Phase::SignIn,
                "invalid_request",
                &[900_144, 90014, 9_002_313, 50011, 900_971],
                Verdict::IntegrationMisconfigured,
            ),
            (
                Phase::Refresh,
                "temporarily_unavailable",
                TRANSIENT,
                Verdict::Transient,
            ),
            (Phase::SignIn, "server_error", TRANSIENT, Verdict::Transient),
        ];
        for (phase, name, numbers, verdict) in rows {
            for number in *numbers {
                assert_eq!(
                    classify(*phase, &error(name, *number)),
                    *verdict,
                    "{phase:?} {name} {number}"
                );
            }
        }
    }

    #[test]
    fn reads_the_number_from_the_description_of_a_redirect() {
        let error = EntraError {
            error: "access_denied".into(),
            error_description: "AADSTS90094: The grant requires admin permission. Trace ID: 7d1f"
                .into(),
            ..EntraError::default()
        };
        assert_eq!(error.numbers(), [90094]);
        assert_eq!(
            classify(Phase::SignIn, &error),
            Verdict::AdminApprovalRequired
        );
    }

    #[test]
    fn what_is_logged_leaves_the_description_out() {
        let error = EntraError {
            error_description: "user ada@example.test".into(),
            ..error("invalid_grant", 50173)
        };
        assert_eq!(error.to_string(), "`invalid_grant` [50173]");
    }
}
