//! Use cases: authorise, read, decide, write. Nothing here knows HTTP requests or responses.

pub mod access;
pub mod account;
pub mod authorizer;
pub mod connect;
pub mod credentials;
pub mod personal_access_token;
pub mod user_state;
