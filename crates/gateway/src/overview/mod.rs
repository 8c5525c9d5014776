//! The dashboard's first page: calls, runs and failures of a span of time.

mod failures;
pub mod routes;
pub mod service;
pub mod store;
mod window;
