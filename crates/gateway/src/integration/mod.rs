//! The Azure DevOps integration of a project: its app registration, its settings, how apps see it.

pub mod client_secrets;
pub mod connection_test;
pub mod dashboard_routes;
pub mod editing;
pub mod sdk_routes;
pub mod service;
pub mod settings;
pub mod store;
