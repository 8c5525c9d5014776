//! The way out: the only HTTP client that talks to providers, and the proxy built on it.

pub mod account_authorizer;
pub mod address;
pub mod authorizer;
pub mod calls;
pub mod egress;
pub mod envelope;
pub mod error;
mod exchange;
pub mod forward;
pub mod headers;
pub mod limits;
pub mod path;
mod request_body;
mod response_body;
pub mod routes;
mod standing;

pub use authorizer::Authorizer;
pub use egress::{EgressClient, EgressError, EgressPolicy};
pub use error::ProxyError;
pub use forward::{ProxyContext, forward};
pub use limits::ProxyLimits;
pub use path::path_behind;
