//! Use cases: authorise, read, decide, write. Nothing here knows HTTP requests or responses.

pub mod access;
pub mod account;
pub mod account_auth;
pub mod actions;
pub mod authorizer;
pub mod complete_install;
pub mod configurations;
pub mod connect;
pub mod credentials;
pub mod dashboard;
pub mod field_options;
pub mod inbox;
pub mod integration;
pub mod integration_settings;
pub mod leases;
pub mod personal_access_token;
pub mod provider;
pub mod provider_refusal;
pub mod proxy_calls;
pub mod reseal;
pub mod runs;
pub mod settings;
pub mod signing_keys;
pub mod triggers;
pub mod user_state;
pub mod workflows;
