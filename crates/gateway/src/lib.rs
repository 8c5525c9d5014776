//! Gateway.

pub mod sandbox;
