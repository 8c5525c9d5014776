//! What users set for an account: the integration's settings, and those of each workflow.

pub mod field_options;
pub mod routes;
pub mod service;
pub mod settings;
pub mod store;
