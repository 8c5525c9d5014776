//! What the popup's page is to show.

use schemars::JsonSchema;
use serde::Serialize;
use url::Url;

use super::store::FlowRow;
use crate::error::ApiError;

/// Data of one view of the popup page.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(
    tag = "view",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum PageData {
    /// Reads the ticket from the fragment.
    Start,
    /// For the reference client: tells its opener that the cookie is set.
    Nonce {
        /// The only origin that is told.
        origin: String,
    },
    /// The user picks an organization.
    Organizations {
        /// Flow id.
        flow: String,
        /// The app's origin.
        origin: String,
        /// The app's name.
        app_name: String,
        /// What there is to pick; none where nothing was found.
        organizations: Vec<OrganizationChoice>,
        /// Whether several can be picked.
        several: bool,
        /// Who signed in.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<String>,
        /// Why the last try led to no account.
        #[serde(skip_serializing_if = "Option::is_none")]
        problem: Option<Problem>,
        /// Page of the app to go back to, for a flow in the app's own window.
        #[serde(skip_serializing_if = "Option::is_none")]
        return_to: Option<String>,
    },
    /// The organization that was named belongs to another directory: to be signed in to next.
    SignIn {
        /// Flow id.
        flow: String,
        /// The app's origin.
        origin: String,
        /// The app's name.
        app_name: String,
        /// Where to sign in.
        authorization_url: Url,
    },
    /// Connected.
    Done {
        /// Flow id.
        flow: String,
        /// The app's origin.
        origin: String,
        /// The app's name.
        app_name: String,
        /// Organization that was connected.
        organization: String,
        /// Page of the app to go back to, for a flow in the app's own window.
        #[serde(skip_serializing_if = "Option::is_none")]
        return_to: Option<String>,
    },
    /// It failed.
    Error(Box<ErrorPage>),
}

/// One organization to pick.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OrganizationChoice {
    /// Its name.
    pub name: String,
}

/// Why a try led to no account, and who can do what.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// Error code.
    pub code: &'static str,
    /// One sentence or two.
    pub message: String,
    /// Page on which somebody can change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Url>,
}

impl Problem {
    /// What `error` says to the person who is connecting.
    pub fn of(error: &ApiError) -> Self {
        Self {
            code: error.code.as_str(),
            message: error.message.clone(),
            link: error.link.as_deref().cloned(),
        }
    }
}

/// What the error view shows.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorPage {
    /// Flow id, where the flow is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    /// The app's origin, where the flow is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The app's name, where the flow is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_name: Option<String>,
    /// Page of the app to go back to, for a flow in the app's own window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
    /// Error code.
    pub code: &'static str,
    /// What happened and what to do.
    pub message: String,
    /// Request id, filled in by the route.
    pub request_id: String,
    /// Where an administrator approves the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_consent_url: Option<Url>,
    /// The provider's own page about the error, for whoever has to act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_url: Option<Url>,
}

impl PageData {
    /// The error view for `error`; with the flow it belongs to, if there is one.
    pub fn error(error: &ApiError, flow: Option<(&FlowRow, &str)>) -> Self {
        Self::Error(Box::new(ErrorPage {
            flow: flow.map(|(flow, _)| flow.id.clone()),
            origin: flow.map(|(flow, _)| flow.origin.clone()),
            app_name: flow.map(|(_, name)| name.to_owned()),
            return_to: flow.and_then(|(flow, _)| flow.return_to.clone()),
            code: error.code.as_str(),
            message: error.message.clone(),
            request_id: String::new(),
            admin_consent_url: None,
            help_url: None,
        }))
    }
}
