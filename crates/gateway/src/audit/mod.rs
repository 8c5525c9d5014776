//! Who changed what in the dashboard.

pub mod routes;
pub mod service;
pub mod store;
