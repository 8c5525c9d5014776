//! Names of integrations and of their account types.

/// The integration `type` of Azure DevOps, as apps name it.
pub const AZURE_DEVOPS: &str = "azuredevops";

/// Account type: sign in with Microsoft Entra ID (the default).
pub const ACCOUNT_ENTRA_ID: &str = "entra_id";
/// Account type: the user enters an organization and a personal access token.
pub const ACCOUNT_PERSONAL_ACCESS_TOKEN: &str = "personal_access_token";

/// Name of the input that holds the organization of a personal access token.
pub const INPUT_ORGANIZATION: &str = "ORGANIZATION";
/// Name of the input that holds the personal access token.
pub const INPUT_PERSONAL_ACCESS_TOKEN: &str = "PERSONAL_ACCESS_TOKEN";
