//! The connect flow as the gateway reports it to the SDK.
//!
//! The SDK makes a flow id and a one-time ticket, opens the popup on [`START_PATH`] with the ticket in the fragment
//! and registers the flow with the user's token. From then on the gateway's record of the flow decides its result.

use serde::{Deserialize, Serialize};

/// Page of the gateway that the popup opens: `{gateway}/connect/start#{ticket}`.
pub const START_PATH: &str = "/connect/start";

/// Length of a flow id and of a ticket: 256 random bits in unpadded base64url.
pub const ID_CHARS: usize = 43;

/// Window message from the popup's start page to its opener: may this flow go on?
pub const HELLO_MESSAGE: &str = "paragon-flow-hello";
/// Answer of the SDK to [`HELLO_MESSAGE`], sent to the popup alone.
pub const GO_MESSAGE: &str = "paragon-flow-go";
/// Window message and broadcast from the popup's last page: ask the gateway now. Carries no result.
pub const DONE_MESSAGE: &str = "paragon-flow-done";

/// Whether `text` has the form of a flow id or ticket.
pub fn is_flow_id(text: &str) -> bool {
    text.len() == ID_CHARS
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Body of `POST /projects/{project}/sdk/flows`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StartFlow {
    /// Flow id, made by the SDK.
    pub id: String,
    /// One-time ticket that the popup hands in, made by the SDK.
    pub ticket: String,
    /// Integration type, such as `azuredevops`.
    pub integration: String,
    /// Account type id; absent means the integration's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_type: Option<String>,
    /// Label for the new credential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Existing credential (UUID) to connect again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<String>,
    /// Page of the app to go back to, for a flow in the app's own window; of the same origin as the page that asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
    /// Organization to connect: its name, or any URL of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Whether the user may connect several organizations at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
}

/// Where a flow stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FlowStatus {
    /// Registered; the popup has not shown itself yet.
    Pending,
    /// The popup is on the gateway's start page.
    Opened,
    /// The popup was sent to the provider's sign-in page.
    Provider,
    /// The provider answered; the user chooses an organization.
    Organization,
    /// The account is connected; `credential_id` is set.
    Connected,
    /// It failed; `error` says why.
    Failed,
    /// The user, the app or a closed gateway page ended it.
    Cancelled,
    /// Nothing happened for too long.
    Expired,
}

impl FlowStatus {
    /// Whether nothing can follow this status.
    pub fn is_final(self) -> bool {
        match self {
            Self::Pending | Self::Opened | Self::Provider | Self::Organization => false,
            Self::Connected | Self::Failed | Self::Cancelled | Self::Expired => true,
        }
    }

    /// The status as it is written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Opened => "opened",
            Self::Provider => "provider",
            Self::Organization => "organization",
            Self::Connected => "connected",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// Every status, in the order a flow can take them.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Opened,
        Self::Provider,
        Self::Organization,
        Self::Connected,
        Self::Failed,
        Self::Cancelled,
        Self::Expired,
    ];
}

/// One state of a flow: the JSON of the long poll and the `data` of a server-sent event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FlowUpdate {
    /// Flow id.
    pub id: String,
    /// Rises by at least one with each change; the id of the server-sent event.
    pub version: u32,
    /// Where the flow stands.
    pub status: FlowStatus,
    /// Set when `status` is `connected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<String>,
    /// Set when `status` is `failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<FlowError>,
}

/// Why a flow failed, in words a user can act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FlowError {
    /// One of [`crate::ErrorCode`]'s codes.
    pub code: String,
    /// Human text without secrets.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_written_as_its_name() {
        for status in FlowStatus::ALL {
            let json = serde_json::to_value(status).expect("a unit variant serializes");
            assert_eq!(json, status.as_str());
        }
    }

    #[test]
    fn ids_have_one_form() {
        assert!(is_flow_id(&"aZ0-_".repeat(9)[..ID_CHARS]));
        assert!(!is_flow_id(&"a".repeat(ID_CHARS - 1)));
        assert!(!is_flow_id(&"a".repeat(ID_CHARS + 1)));
        assert!(!is_flow_id(&"/".repeat(ID_CHARS)));
    }
}
