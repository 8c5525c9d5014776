//! What operators do: sign in, read and change what the gateway's projects are set to.

pub mod accounts;
pub mod audit;
pub mod client_secrets;
pub mod integration;
pub mod integration_test;
pub mod operators;
pub mod runs;
pub mod sessions;
mod sign_in;
pub mod users;

pub use sign_in::{SignedIn, sign_in};
