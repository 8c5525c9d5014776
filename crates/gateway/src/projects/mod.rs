//! The host applications of this gateway.

pub mod routes;
mod types;

pub use types::{AzureDevopsSettings, ConfiguredAzureDevops, DevelopmentKeys, Project, Projects};
