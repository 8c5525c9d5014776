//! What operators do: sign in, read and change what the gateway's projects are set to.

pub mod accounts;
mod attempts;
pub mod audit;
pub mod client_secrets;
mod device;
pub mod integration;
pub mod integration_test;
pub mod oidc;
pub mod operators;
pub mod overview;
mod refusals;
pub mod runs;
pub mod sessions;
mod sign_in;
pub mod signing_keys;
pub mod step_test;
pub mod users;
pub mod workflow_check;
pub mod workflows;

pub use sign_in::{Browser, SignedIn, sign_in};
