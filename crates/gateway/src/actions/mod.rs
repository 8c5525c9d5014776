//! What apps and workflows do with work items: create, update, delete, search.

pub mod routes;
pub mod service;
