//! Connected accounts: made from proven tokens, kept sealed, refreshed ahead of expiry.

pub mod access;
pub mod account;
pub mod account_auth;
pub mod personal_access_token;
pub mod routes;
pub mod service;
pub mod store;
