//! Operators of the dashboard: who they are, how they sign in, what their role lets them do.

pub mod accounts;
pub mod admission;
pub mod attempts;
pub mod device;
pub mod oidc;
pub mod password;
pub mod refusals;
pub mod routes;
pub mod service;
pub mod sessions;
pub mod sign_in;
pub mod store;
mod types;

pub use types::{Operator, Right, Role};
