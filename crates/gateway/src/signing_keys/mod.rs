//! Keys that user tokens of a project are verified with.

pub mod in_force;
pub mod routes;
pub mod service;
pub mod store;
