//! The one list of error codes, and the JSON body that carries them.

use serde::{Deserialize, Serialize};

/// JSON body of every error answer of the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// What was wrong, where, and what would be right.
    pub message: String,
    /// One of [`ErrorCode`]'s codes.
    pub code: String,
    /// HTTP status, repeated for clients that only see the body.
    pub status: u16,
    /// Id under which the gateway's log has the details.
    pub request_id: String,
    /// Milliseconds to wait before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Each fault of an input, where there can be several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ErrorDetail>,
    /// What the provider said, when the error is its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderError>,
    /// Says that the integration, not the user token, is the cause: the SDK keeps the user signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<ErrorMeta>,
}

/// One fault of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorDetail {
    /// Where: a JSON pointer (RFC 6901) into the request's body.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

/// An error of the provider, in its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProviderError {
    /// HTTP status.
    pub status: u16,
    /// The provider's name for the kind of error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Its message.
    pub message: String,
    /// Id of the request, for the provider's support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Extra facts about an error of the integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorMeta {
    /// Always true: clients test for it.
    pub is_integration_error: bool,
    /// The same text as the body's `message`.
    pub message: String,
    /// The same code as the body's `code`.
    pub code: String,
}

macro_rules! error_codes {
    (
        $($(#[$app_doc:meta])* $app:ident = $app_text:literal, $app_status:literal, $app_integration:literal;)*
        @operators
        $($(#[$operator_doc:meta])* $operator:ident = $operator_text:literal, $operator_status:literal;)*
    ) => {
        error_codes!(@make
            [$($app),*]
            $($(#[$app_doc])* $app = $app_text, $app_status, $app_integration;)*
            $($(#[$operator_doc])* $operator = $operator_text, $operator_status, false;)*
        );
    };
    (
        @make [$($app:ident),*]
        $($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $integration:literal;)*
    ) => {
        /// A code is API: never renamed, always documented.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$doc])* $name,)* }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The codes that apps meet: all but those of the dashboard's API.
            pub const OF_APPS: &'static [Self] = &[$(Self::$app),*];

            /// The code as it stands in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// HTTP status the gateway answers with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// Whether the integration, not the user token, is the cause.
            pub const fn is_integration_error(self) -> bool {
                match self { $(Self::$name => $integration,)* }
            }
        }
    };
}

error_codes! {
    /// The request is not of the form it must have.
    InvalidRequest = "invalid_request", 400, false;
    /// No user token, or one that cannot be read.
    TokenInvalid = "token_invalid", 401, false;
    /// The user token's `exp` has passed.
    TokenExpired = "token_expired", 401, false;
    /// The page's origin is not among the project's allowed origins.
    OriginNotAllowed = "origin_not_allowed", 403, false;
    /// There is no such project.
    ProjectNotFound = "project_not_found", 404, false;
    /// The project has no such integration.
    IntegrationNotFound = "integration_not_found", 404, false;
    /// The user has no such credential.
    CredentialNotFound = "credential_not_found", 404, false;
    /// The credential has no such configuration.
    ConfigurationNotFound = "configuration_not_found", 404, false;
    /// The project has no such workflow.
    WorkflowNotFound = "workflow_not_found", 404, false;
    /// The project has no such resource.
    ResourceNotFound = "resource_not_found", 404, false;
    /// The integration has no such source of options.
    DataSourceNotFound = "data_source_not_found", 404, false;
    /// There is no such action.
    ActionNotFound = "action_not_found", 404, false;
    /// The user has not connected the integration.
    IntegrationNotConnected = "integration_not_connected", 404, true;
    /// There is no such connect flow, or it is another user's.
    FlowNotFound = "flow_not_found", 404, false;
    /// There is no such route.
    RouteNotFound = "route_not_found", 404, false;
    /// A credential with that external id exists already.
    ExternalIdTaken = "external_id_taken", 409, false;
    /// The default configuration lives as long as its credential.
    DefaultConfiguration = "default_configuration", 409, false;
    /// The workflow is switched on already.
    WorkflowAlreadyEnabled = "workflow_already_enabled", 409, false;
    /// The workflow is switched off for this user.
    WorkflowNotEnabled = "workflow_not_enabled", 409, false;
    /// The user has no such run.
    RunNotFound = "run_not_found", 404, false;
    /// The operator has switched the integration off.
    IntegrationInactive = "integration_inactive", 409, true;
    /// The project's settings keep access tokens out of browsers.
    AccountAuthNotAllowed = "account_auth_not_allowed", 403, true;
    /// The request body is larger than allowed.
    BodyTooLarge = "body_too_large", 413, false;
    /// The request body broke off, stood still or took too long.
    BodyIncomplete = "body_incomplete", 408, false;
    /// The proxy refuses the path or host; nothing was sent.
    ProxyPathRefused = "proxy_path_refused", 400, true;
    /// The provider no longer accepts the credential: the user must connect again.
    CredentialNeedsReconnect = "credential_needs_reconnect", 401, true;
    /// The credential exists but its set-up was not finished.
    CredentialPending = "credential_pending", 409, true;
    /// The provider knows the user but does not let them into this organization.
    ProviderForbidden = "provider_forbidden", 403, true;
    /// The provider has no such thing, or does not show it to this user.
    ProviderNotFound = "provider_not_found", 404, true;
    /// The provider's data changed meanwhile; read it again.
    ProviderConflict = "provider_conflict", 409, true;
    /// The provider refuses what it was sent, such as a value against its rules.
    ProviderRejected = "provider_rejected", 422, true;
    /// The provider wants fewer requests for now.
    ProviderThrottled = "provider_throttled", 429, true;
    /// The provider answered with a redirect that is not followed.
    ProviderRedirectRefused = "provider_redirect_refused", 502, true;
    /// The provider could not be reached.
    ProviderUnreachable = "provider_unreachable", 502, true;
    /// The provider took too long.
    ProviderTimeout = "provider_timeout", 504, true;
    /// The provider is failing or throttling for now.
    ProviderUnavailable = "provider_unavailable", 503, true;
    /// The integration's own settings (client id, secret, scopes, redirect URI) are refused by the provider.
    IntegrationMisconfigured = "integration_misconfigured", 502, true;
    /// The user pressed cancel on the provider's page.
    AccessDenied = "access_denied", 403, true;
    /// The directory does not let this account or this sign-in through; the message says who can change that.
    SignInBlocked = "sign_in_blocked", 403, true;
    /// The directory wants an administrator to approve the app.
    AdminApprovalRequired = "admin_approval_required", 403, true;
    /// The user must consent to the permissions again.
    ConsentRequired = "consent_required", 403, true;
    /// The sign-in needs the user: multi-factor, device or conditional access.
    InteractionRequired = "interaction_required", 403, true;
    /// The directory has no Azure DevOps.
    ProviderNotInDirectory = "provider_not_in_directory", 403, true;
    /// The user is member of no organization.
    NoOrganization = "no_organization", 403, true;
    /// There is no organization with the name that was entered.
    OrganizationNotFound = "organization_not_found", 404, true;
    /// The organization belongs to no directory, so that no app can sign in to it.
    OrganizationWithoutDirectory = "organization_without_directory", 403, true;
    /// The user is not a member of the organization that was named.
    NotAMember = "not_a_member", 403, true;
    /// Somebody else signed in than the person whose connection was to be renewed.
    AnotherAccount = "another_account", 409, true;
    /// This attempt to sign in failed (late, replayed or mixed-up code); try again.
    AttemptFailed = "attempt_failed", 400, true;
    /// The personal access token was refused for that organization.
    PersonalAccessTokenRefused = "personal_access_token_refused", 400, true;
    /// The project, user or address sends too many requests.
    RateLimited = "rate_limited", 429, false;
    /// The gateway failed; its log has the details under the request id.
    Internal = "internal", 500, false;
    /// The database cannot be written or reached now.
    StorageUnavailable = "storage_unavailable", 503, false;

    // The dashboard's API alone gives these: the SDK does not know them.
    @operators
    /// Nobody is signed in to the dashboard, or the session has ended.
    SignInRequired = "sign_in_required", 401;
    /// E-mail address or password is wrong.
    SignInRefused = "sign_in_refused", 401;
    /// What operators sign in with beside passwords does not answer, or not as it must.
    IdentityProviderUnavailable = "identity_provider_unavailable", 503;
    /// The operator's role does not allow this.
    RoleNotSufficient = "role_not_sufficient", 403;
    /// Somebody changed it meanwhile; read it again.
    RevisionConflict = "revision_conflict", 409;
    /// There is an operator with this e-mail address.
    OperatorTaken = "operator_taken", 409;
    /// There is no such operator.
    OperatorNotFound = "operator_not_found", 404;
    /// Without this operator nobody could manage the others.
    LastAdmin = "last_admin", 409;
    /// There are as many client secrets as there may be.
    ClientSecretLimit = "client_secret_limit", 409;
    /// There is no such client secret.
    ClientSecretNotFound = "client_secret_not_found", 404;
    /// There are as many signing keys as there may be.
    SigningKeyLimit = "signing_key_limit", 409;
    /// There is no such signing key.
    SigningKeyNotFound = "signing_key_not_found", 404;
    /// There is a workflow with this id.
    WorkflowTaken = "workflow_taken", 409;
    /// The workflow stands in the configuration file, which alone changes it.
    WorkflowInFile = "workflow_in_file", 409;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_in_snake_case() {
        let codes: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), ErrorCode::ALL.len());
        for code in codes {
            assert!(
                code.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
                "{code}"
            );
        }
    }

    #[test]
    fn statuses_are_errors() {
        for code in ErrorCode::ALL {
            assert!((400..600).contains(&code.status()), "{}", code.as_str());
        }
    }
}
