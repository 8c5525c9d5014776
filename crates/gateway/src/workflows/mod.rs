//! Workflows of a project: defined, edited, checked, deployed, and switched on by users.

pub mod catalog;
pub mod check;
pub mod dashboard_routes;
pub mod editing;
pub mod sdk_routes;
pub mod service;
pub mod step_test;
pub mod store;
