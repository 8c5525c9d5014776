//! Calls of the gateway's own to Azure DevOps: whose account a credential is, and which organizations it reaches.

pub mod account;
pub mod api_call;
pub mod directories;
pub mod discovery;
pub mod pauses;
pub mod provider;
pub mod refusal;

pub use api_call::{ApiCallError, ApiCaller};
