//! Data table: the AADSTS errors that a sign-in or a refresh can end with, and who can do something about them.
//!
//! Source: Microsoft, "Microsoft Entra authentication and authorization error codes".

use super::Verdict;

/// Errors with one meaning.
pub(super) struct KnownError {
    pub(super) verdict: Verdict,
    pub(super) numbers: &'static [u32],
    /// What the person is told, where the verdict's own words say too little.
    pub(super) words: Option<&'static str>,
}

const fn plain(verdict: Verdict, numbers: &'static [u32]) -> KnownError {
    KnownError {
        verdict,
        numbers,
        words: None,
    }
}

const fn told(verdict: Verdict, numbers: &'static [u32], words: &'static str) -> KnownError {
    KnownError {
        verdict,
        numbers,
        words: Some(words),
    }
}

/// Every known error, whichever way it came: on the redirect URI or from the token endpoint.
pub(super) const KNOWN: &[KnownError] = &[
    plain(
        Verdict::GrantDead,
        &[
            70000, 70008, 70043, 50089, 50132, 50133, 50173, 700_082, 700_084,
        ],
    ),
    plain(Verdict::AttemptFailed, &[54005, 501_481, 700_005]),
    plain(Verdict::Cancelled, &[65004]),
    plain(Verdict::ConsentRequired, &[65001]),
    plain(
        Verdict::InteractionRequired,
        &[50058, 50072, 50074, 50076, 50079, 50158, 53004],
    ),
    told(
        Verdict::InteractionRequired,
        &[53000, 53001],
        "Your directory requires a managed device. Connect again from a managed device, or ask the directory's administrator.",
    ),
    told(
        Verdict::SignInBlocked,
        &[53002],
        "Your directory allows only approved apps on this device. Ask its administrator to approve this app, or connect again from another device.",
    ),
    told(
        Verdict::SignInBlocked,
        &[53003, 530_032],
        "Your directory's Conditional Access rules block this sign-in. Ask its administrator which devices, places and apps they allow, then connect again.",
    ),
    told(
        Verdict::SignInBlocked,
        &[50105],
        "Your directory allows only assigned users to use this app. Ask its administrator to assign you to the app, then connect again.",
    ),
    told(
        Verdict::SignInBlocked,
        &[50020, 50034, 51004],
        "This account does not belong to the directory that the app signs in to. Connect again with another account, or ask an administrator of that directory to invite this one.",
    ),
    told(
        Verdict::SignInBlocked,
        &[500_207],
        "Personal Microsoft accounts cannot be connected this way. Connect again with a work or school account, or use a personal access token.",
    ),
    told(
        Verdict::SignInBlocked,
        &[50053],
        "This account is locked after too many sign-in attempts. Wait a few minutes and connect again, or ask your directory's administrator to unlock it.",
    ),
    told(
        Verdict::SignInBlocked,
        &[50057],
        "This account is disabled. Ask your directory's administrator to enable it, then connect again.",
    ),
    plain(
        Verdict::AdminApprovalRequired,
        &[90093, 90094, 90095, 900_941],
    ),
    plain(
        Verdict::ClientRefused,
        &[
            70021, 700_024, 700_027, 700_211, 700_212, 700_213, 7_000_215, 7_000_218, 7_000_222,
            7_000_272,
        ],
    ),
    plain(
        Verdict::IntegrationMisconfigured,
        &[90014, 700_054, 900_144, 9_002_313],
    ),
    told(
        Verdict::IntegrationMisconfigured,
        &[65005, 650_056, 650_057],
        "This app asks for permissions that its registration with Microsoft does not list. The app's operator must add them. Your account is fine.",
    ),
    told(
        Verdict::IntegrationMisconfigured,
        &[28002, 28003, 70011, 650_053, 700_022, 700_023],
        "This app asks for permissions in a way that Microsoft does not accept. The app's operator must correct them. Your account is fine.",
    ),
    told(
        Verdict::IntegrationMisconfigured,
        &[50011, 500_113, 900_971],
        "This app's redirect address is not registered with Microsoft. The app's operator must register it. Your account is fine.",
    ),
    told(
        Verdict::IntegrationMisconfigured,
        &[50194, 700_016],
        "Microsoft does not know this app in your directory. The app's operator must check the client ID and which directories the app is registered for. Your account is fine.",
    ),
    told(
        Verdict::IntegrationMisconfigured,
        &[7_000_112],
        "This app is disabled at Microsoft. The app's operator or an administrator of your directory must enable it. Your account is fine.",
    ),
    told(
        Verdict::IntegrationMisconfigured,
        &[90002],
        "The directory that this app signs in to does not exist. The app's operator must correct it. Your account is fine.",
    ),
    plain(Verdict::NotInDirectory, &[500_011, 650_052]),
    told(
        Verdict::NotInDirectory,
        &[650_051],
        "Microsoft could not add this app and Azure DevOps to your directory. Connect again in a minute. If the problem persists, ask the directory's administrator to approve the app.",
    ),
    plain(Verdict::Transient, &[50196, 90006, 90024, 90033, 90055]),
];
