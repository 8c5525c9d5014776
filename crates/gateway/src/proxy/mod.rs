//! The way out: the only HTTP client that talks to providers, and the proxy built on it.

pub mod address;
pub mod egress;
pub mod headers;

pub use egress::{EgressClient, EgressError, EgressPolicy};
